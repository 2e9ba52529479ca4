"""docs/doctor.md has each misconfiguration that the doctor knows, and each is brought about in a test."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r'"([a-z]+\.[a-z0-9-]+)"')
ROW = re.compile(r"^\| `([a-z]+\.[a-z0-9-]+)` \| (\S.*) \| (\S.*) \|$", re.M)


OTHERS = {"applications.commands", "fuse.sshfs"}
"""What Discord and Linux call something."""


ROUND = ("composition", "examining")
"""They name modules as well."""


def known() -> set[str]:
    """Every name that is given to a finding: a word with a dot in what speaks of findings."""
    found: set[str] = set()
    for folder in ("bot", "adapters"):
        for file in (ROOT / folder).rglob("*.py"):
            text = file.read_text()
            if "from bot.doctor import" in text:
                names = set(NAMED.findall(text)) - OTHERS
                found |= {name for name in names if file.stem not in ROUND or not _module(name)}
    return found


def _module(name: str) -> bool:
    place = name.replace(".", "/")
    return any((ROOT / one).exists() for one in (f"{place}.py", place, f"adapters/{place}.py"))


def rows() -> list[str]:
    """The names of the page's tables."""
    return [name for name, *_ in ROW.findall((ROOT / "docs/doctor.md").read_text())]


def test_the_page_has_each_of_them_once() -> None:
    assert sorted(rows()) == sorted(known())
    assert len(rows()) >= 40


def test_each_is_brought_about_in_a_test() -> None:
    tests = "".join(file.read_text() for file in (ROOT / "tests").rglob("test_*.py"))
    assert [name for name in rows() if f'"{name}"' not in tests] == []
