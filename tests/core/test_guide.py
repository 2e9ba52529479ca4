"""The page about writing playbooks: every example on it is right, and it speaks of every part there is."""

import re
from pathlib import Path

from bot.composition import reading
from bot.playbook.facts import ALWAYS, FACTS, LASTING
from bot.playbook.shape import Playbook
from bot.playbook.syntax import FILTERS
from bot.playbook.tree import read
from bot.settings import SHIPPED

PAGE = SHIPPED.parent / "docs" / "playbooks.md"


def examples(folder: Path) -> list[dict[str, object]]:
    """The YAML on the page, each block as values."""
    found = []
    for place, block in enumerate(re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)):
        file = folder / f"{place}.yaml"
        file.write_text(block, encoding="utf-8")
        tree = read(file)
        assert not tree.misfits
        found.append(tree.values)
    return found


def test_every_example_is_a_playbook_once_it_is_added_to_those_before_it(tmp_path: Path) -> None:
    first, *parts = examples(tmp_path)
    playbook = Playbook.model_validate(first, context=reading())
    assert len(parts) > 10 and playbook.name == "acme"
    whole = dict(first)
    for part in parts:
        whole |= part
        Playbook.model_validate(whole, context=reading())


def test_the_page_shows_every_part_of_a_playbook(tmp_path: Path) -> None:
    shown = {key for part in examples(tmp_path) for key in part}
    usual = {"shape", "about", "pause", "handover", "duplicates", "archive_after", "allowed_hosts", "mail"}
    assert set(Playbook.model_fields) - usual <= shown


def test_the_page_tells_every_fact_that_a_template_may_quote_in_the_words_of_the_code() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    assert rows == dict(FACTS) and list(rows)[:4] == list(ALWAYS)
    assert list(rows)[: len(LASTING)] == list(LASTING)
    assert all(f"`{name}`" in PAGE.read_text(encoding="utf-8") for name in FILTERS if name != "d")
