"""Broken playbooks: each is told of with exactly its mistakes, every one with its own line; none of them loads.

A file in ``broken/`` is a working playbook with one defect, or with several to show that all are told at once. What it
has to be told stands at its end: ``# expects: LINE: where: found …, expected …``, or the beginning of that.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from time import perf_counter
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from bot.composition import commands, reading
from bot.playbook.load import BadPlaybook, load
from bot.playbook.process import Stage
from bot.playbook.pruning import NAMES, STAND_INS
from bot.playbook.reading import KEPT
from bot.playbook.rules.process import ENDS
from bot.playbook.rules.words import harmless
from bot.playbook.shape import Playbook
from bot.playbook.tree import LARGEST
from bot.settings import SHIPPED
from tests.support.story import default

BROKEN = sorted((Path(__file__).parent / "broken").glob("*.yaml"))


def told(file: Path) -> list[str]:
    """What is wrong with a playbook, in the order of its lines."""
    with pytest.raises(BadPlaybook) as found:
        load(file, reading=reading())
    return [str(problem).removeprefix(f"{file}:") for problem in found.value.problems]


@pytest.mark.parametrize("file", BROKEN, ids=lambda file: file.stem)
def test_a_broken_playbook_is_told_of_with_its_lines_and_does_not_load(file: Path) -> None:
    expected = re.findall(r"^# expects: (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
    found = told(file)
    assert expected and len(found) == len(expected), found
    for one, beginning in zip(found, expected, strict=True):
        assert one.startswith(beginning)
        assert re.match(r"\d+: ", one) and " found " in one and ", expected " in one


def test_there_are_enough_of_them() -> None:
    assert len(BROKEN) >= 50


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"name: x\ntitle: caf\xe9\n", "2: found the byte 0xe9, expected text in UTF-8"),
        ("name: x\n".encode("utf-16"), "1: found the byte 0xff, expected text in UTF-8"),
        (b"name: x\ntitle: a\x07b\n", "2: found the character U+0007, expected text without control characters"),
        (b"#" * (LARGEST + 1), "1: found more than 256 KiB, expected a shorter file"),
        (b"[" * 20_000, "1: found lists or keys too deep within each other, expected at most 24 of them"),
    ],
)
def test_what_is_no_text_of_a_playbook_is_told(tmp_path: Path, raw: bytes, says: str) -> None:
    file = tmp_path / "playbook.yaml"
    file.write_bytes(raw)
    assert told(file) == [says]


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "playbook.yaml"
    file.write_text((SHIPPED / "default" / "playbook.yaml").read_text(encoding="utf-8"), encoding="utf-8-sig")
    assert load(file).version == default().version


def test_something_stands_in_for_whatever_a_part_cannot_be_without() -> None:
    fields = [each for part in parts(Playbook) for each in part.model_fields.items()]
    needed = {field.alias or name for name, field in fields if field.is_required()}
    assert needed <= {*NAMES, *STAND_INS}, "without one its part is taken away whole, with all else that is wrong in it"


def parts(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """The model and every model within it."""
    yield model
    for field in model.model_fields.values():
        for inner in within(field.annotation):
            yield from parts(inner)


def within(annotation: object) -> Iterator[type[BaseModel]]:
    """The models within a type such as ``tuple[Step, ...]``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from within(inner)


def test_times_and_days_are_read_alike_with_and_without_quotes(tmp_path: Path) -> None:
    text = (SHIPPED / "default" / "playbook.yaml").read_text(encoding="utf-8")
    made = []
    for quote in ("", '"', "'"):
        words = [f"{quote}{word}{quote}" for word in ("09:30", "17:00", "2026-12-24", "2026-01-05")]
        opens, closes, free, starts = words
        calendar = f"calendar: {{opens: {opens}, closes: {closes}, closed: [{free}], sprint: {{starts: {starts}}}}}\n"
        (tmp_path / "playbook.yaml").write_text(text + calendar, encoding="utf-8")
        made.append(load(tmp_path))
    assert made[0].calendar.opens.isoformat() == "09:30:00" and made[0].calendar.closed[0].isoformat() == "2026-12-24"
    assert made[0].version == made[1].version == made[2].version


def test_lists_may_be_shared_by_anchors_and_keys_merged(tmp_path: Path) -> None:
    text = (SHIPPED / "default" / "playbook.yaml").read_text(encoding="utf-8")
    phases = (
        "phases:\n"
        "  - &first { name: first, title: First, statuses: &open [investigating, identified] }\n"
        "  - { <<: *first, name: second, statuses: *open }\n"
    )
    (tmp_path / "playbook.yaml").write_text(text + phases, encoding="utf-8")
    first, second = load(tmp_path).phases
    assert second.title == "First" and second.statuses == first.statuses == ("investigating", "identified")


def test_names_that_are_never_looked_up_are_no_commands() -> None:
    for word, verb in commands().items():
        assert not harmless(word, None), f"“{word}” of `{verb}` would not be seen as taken"
        ended = next((stage for stage in Stage if harmless(word, stage)), None)
        assert ended is None or ENDS[ended] == verb


def test_a_version_that_was_kept_is_read_though_later_rules_would_refuse_it() -> None:
    kept = default().model_dump_json().replace('"asks":["comms","commander"]', '"asks":["nobody"]')
    with pytest.raises(ValueError, match="found “nobody”, expected a role"):
        Playbook.model_validate_json(kept)
    assert Playbook.model_validate_json(kept, context=KEPT).asks == ("nobody",)


def test_ten_thousand_mistakes_take_no_more_than_seconds(tmp_path: Path) -> None:
    (tmp_path / "playbook.yaml").write_text("roles:\n" + "  - 1\n" * 10_000, encoding="utf-8")
    began = perf_counter()
    assert len(told(tmp_path / "playbook.yaml")) > 10_000
    assert perf_counter() - began < 20


WORDS = (
    "[", "]", "{", "}", ": ", "- ", "\t", "\n", "'", '"', "&a ", "*a", "<<: *a", "!!int ", "!x ", "|\n", "#", "? ",
    "---\n", "%YAML 1.1\n", "@", "\x00", "null", "0900", "1e999", ".nan", "2026-13-45", "true", "-5", "9" * 30, "🔥",
    "after: 5m", "name: x", "!!timestamp x", "!!set {a}", "=", "0x_", "next sprint", "\ufeff",
)  # fmt: skip


def _cut(text: str, luck: Random) -> str:
    start = luck.randrange(len(text) + 1)
    return text[:start] + luck.choice(("", *WORDS)) + text[start + luck.randrange(30) :]


def _shuffled(text: str, luck: Random) -> str:
    lines = text.split("\n")
    lines.insert(luck.randrange(len(lines) + 1), lines.pop(luck.randrange(len(lines))))
    return "\n".join(lines)


def _filled(text: str, luck: Random) -> str:
    lines = text.split("\n")
    place = luck.randrange(len(lines))
    lines[place] = f"{lines[place].partition(':')[0]}: {luck.choice(WORDS)}"
    return "\n".join(lines)


def _doubled(text: str, luck: Random) -> str:
    lines = text.split("\n")
    lines.insert(luck.randrange(len(lines) + 1), luck.choice(lines))
    return "\n".join(lines)


CHANGES: tuple[Callable[[str, Random], str], ...] = (_cut, _shuffled, _filled, _doubled)
SOURCES = [*BROKEN, *sorted(SHIPPED.glob("*/playbook.yaml"))]


@given(st.sampled_from(SOURCES), st.lists(st.sampled_from(CHANGES), max_size=6), st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=3000, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_stands_in_the_file_it_loads_or_says_what_is_wrong(
    tmp_path: Path, source: Path, changes: list[Callable[[str, Random], str]], luck: Random
) -> None:
    text = source.read_text(encoding="utf-8")
    for change in changes:
        text = change(text, luck)
    file = tmp_path / "playbook.yaml"
    file.write_text(text, encoding="utf-8")
    try:
        load(file)
    except BadPlaybook as bad:
        lines = text.count("\n") + 1
        assert bad.problems and all(1 <= problem.line <= lines + 1 for problem in bad.problems)
