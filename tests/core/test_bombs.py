"""Playbooks that would burst whoever reads them."""

from pathlib import Path

import pytest

from bot.playbook.load import BadPlaybook, load

ALIASES = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{after}: &{after} [{','.join([f'*{before}'] * 9)}]\n"
    for before, after in zip("abcdefghij", "bcdefghijk", strict=True)
)
"""Written out it is some billions of values."""


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (ALIASES, "aliases written out"),
        ("a: &a [*a]\n", "too deep"),
        ("a: &a {<<: *a}\n", "too deep"),
        ("[" * 2000 + "]" * 2000, "too deep"),
        ("{a: " * 2000 + "1" + "}" * 2000, "too deep"),
    ],
    ids=["aliases", "cycle", "merge", "lists", "keys"],
)
def test_a_playbook_that_would_burst_is_told_in_a_sentence(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "playbook.yaml").write_text(text)
    with pytest.raises(BadPlaybook, match=says):
        load(tmp_path)
