"""Playbooks: the shipped one is right, and a broken one is told with its line, what was found and what was expected."""

from pathlib import Path

import pytest

from bot.people import Person, stranger
from bot.playbook.load import BadPlaybook, load
from bot.settings import SHIPPED
from tests.fuzz.found import within
from tests.support.story import default

GOOD = """\
name: small
title: Small
severities:
  - name: sev1
    meaning: It is down
    cadence: 15m
roles:
  - name: lead
    title: Lead
commander: lead
ladder:
  - rings: [lead]
"""


def problems(folder: Path, text: str) -> list[str]:
    """What is wrong with a playbook, each without its file's folder."""
    file = folder / "playbook.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadPlaybook) as found:
        load(folder)
    return [str(problem).removeprefix(f"{file}:") for problem in found.value.problems]


def test_the_default_playbook_is_as_product_says() -> None:
    playbook = default()
    minutes = [s.cadence.total_seconds() / 60 if s.cadence else None for s in playbook.severities]
    assert minutes == [15, 30, 60, None]
    assert [rung.wait.total_seconds() / 60 for rung in playbook.ladder] == [0, 5, 10]
    assert playbook.ladder[-1].rings == ("channel",)
    assert (playbook.snooze.total_seconds(), playbook.archive_after.days) == (600, 7)
    assert len(playbook.runbooks) == 2 and playbook.channel == "incident-{{ date }}"
    assert load(SHIPPED / "default").version == playbook.version


def test_a_copy_with_other_people_finds_those_and_has_a_version_of_its_own() -> None:
    playbook, ana = default(), Person(key="ana", name="Ana", handles={"slack": "U1"})
    here = stranger("slack", "U1", "ana")
    before = playbook.version, playbook.known(here)
    copied = playbook.model_copy(update={"people": (ana,)})
    assert before[1] is here and copied.known(here) == ana and copied.version != before[0]


def test_a_small_playbook_is_enough(tmp_path: Path) -> None:
    (tmp_path / "playbook.yaml").write_text(GOOD, encoding="utf-8")
    playbook = load(tmp_path)
    assert playbook.severity("SEV 1") is playbook.severities[0] and playbook.snooze.total_seconds() == 600


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            "cadence: 15m",
            "cadance: 15m",
            "6: severities[0].cadance: found the unknown key “cadance”, expected “cadence”",
        ),
        ("cadence: 15m", "cadence: soon", "6: severities[0].cadence: found “soon”, expected something like 15m, 4h"),
        (
            "cadence: 15m",
            "cadence: 15",
            "6: severities[0].cadence: found 15, a number, expected something like 15m, 4h",
        ),
        ("cadence: 15m", "tone: pink", "6: severities[0].tone: found “pink”, expected one of calm, critical, major,"),
        ("    meaning: It is down\n", "", "4: severities[0].meaning: found no “meaning”, expected one"),
        ("title: Small\n", "", "1: title: found no “title”, expected one"),
        ("title: Small", "titel: Small", "2: titel: found the unknown key “titel”, expected “title”"),
        (
            "title: Small",
            "title: Small\ntimezone: Europe/Madird",
            "3: timezone: found “Europe/Madird”, expected a time zone; the nearest is Europe/Madrid",
        ),
        (
            "title: Small",
            f"title: Small\ntimezone: {'/'.join(['a'] * 300)}",
            "3: timezone: found “a/a/a",
        ),
        ("[lead]", "[]", "12: ladder[0].rings: found an empty list, expected at least 1"),
        (
            "[lead]",
            "[lead]\n    when: 5m",
            "13: ladder[0].when: found the unknown key “when”, expected one of after, rings or first",
        ),
        ("name: sev1", 'name: ""', "4: severities[0].name: found an empty text, expected letters, digits, spaces,"),
        ("name: small", "name: Small One", "1: name: found “Small One”, expected small letters, digits and dashes,"),
        (
            "title: Small",
            "title: Small\nreactions: {snooze: ✅}",
            "3: reactions: found ✅ more than once, expected one",
        ),
    ],
)
def test_a_mistake_is_told_with_its_line_and_what_would_be_right(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in GOOD
    found = problems(tmp_path, GOOD.replace(old, new, 1))
    assert any(one.startswith(says) for one in found), found


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    found = problems(tmp_path, GOOD.replace("15m", "soon").replace("[lead]", "[]").replace("title: Small", "x: 1"))
    for says in ("title: found no “title”", "found “soon”", "ladder[0].rings: ", "unknown key “x”"):
        assert any(says in one for one in found), says


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("commander: lead", "commander: boss", "10: commander: found “boss”, expected a role: lead"),
        (
            "[lead]",
            "[lead, laed]",
            "12: ladder[0].rings[1]: found “laed”, expected a role, a group, a person or “channel”; "
            "the nearest is “lead”",
        ),
    ],
)
def test_a_name_that_is_nobodys_is_told_with_its_line_and_those_that_are(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    assert problems(tmp_path, GOOD.replace(old, new, 1)) == [says]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "1: found an empty file, expected a playbook, which begins with `name:`"),
        ("- a\n- b\n", "1: found no keys and values, expected a playbook, which begins with `name:`"),
        (
            "name: small\ntitle: [a\n",
            "2: found a “[” that is never closed in “title: [a”, expected “,” between items and “]”",
        ),
        ("name: small\n\ttitle: x\n", "2: found a tab in “title: x”, expected spaces"),
    ],
)
def test_what_is_no_playbook_at_all_is_told_so(tmp_path: Path, text: str, says: str) -> None:
    found = problems(tmp_path, text)
    assert len(found) == 1 and says in found[0], found


def test_a_file_that_is_not_there_or_no_text_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(BadPlaybook, match="found no readable file: No such file"):
        load(tmp_path / "nowhere")
    (tmp_path / "playbook.yaml").write_bytes(b"\xff\xfe\x00name")
    with pytest.raises(BadPlaybook, match=r":1: found the byte 0xff, expected text in UTF-8"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("yaml", "says"),
    [
        (
            "severities:\n  - {name: sev1, meaning: x}\n  - {name: SEV-1, meaning: y}",
            "severities[1].name: found “SEV-1”, which is severities[0].name already",
        ),
        (
            "roles:\n  - {name: lead, title: L}\n  - {name: x, title: X, aliases: [Lead]}",
            "roles[1].aliases[0]: found “Lead”, which is roles[0].name already",
        ),
        (
            "ladder:\n  - {rings: [lead], after: 10m}\n  - {rings: [lead], after: 5m}",
            "ladder[1].after: found 5m, expected at least 10m",
        ),
        (
            "statuses:\n  - {name: a, stage: investigating}",
            "statuses: found no status of the stage identified, monitoring",
        ),
    ],
)
def test_what_contradicts_itself_is_told(tmp_path: Path, yaml: str, says: str) -> None:
    key = yaml.partition(":")[0]
    kept = "\n".join(block for block in _blocks(GOOD) if not block.startswith(f"{key}:"))
    found = problems(tmp_path, f"{kept}\n{yaml}\n")
    assert any(says in one for one in found), found


def _blocks(text: str) -> list[str]:
    """The top-level blocks of a YAML file."""
    blocks: list[str] = []
    for line in text.splitlines():
        if line.startswith((" ", "-")):
            blocks[-1] += f"\n{line}"
        else:
            blocks.append(line)
    return blocks


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('title: "Sm\\ud800all"', "2: title: found the character U+D800, expected text without control characters"),
        ('title: "Sm\\x1b[31mall"', "2: title: found the character U+001B, expected text without control characters"),
        ('"tit\\0le": Small', "2: found the character U+0000, expected text without control characters"),
    ],
)
def test_what_no_text_should_hold_is_named_and_not_shown(tmp_path: Path, line: str, says: str) -> None:
    assert says in problems(tmp_path, GOOD.replace("title: Small", line))


def test_a_character_that_turns_the_direction_is_spelled_where_it_is_quoted(tmp_path: Path) -> None:
    said = "\n".join(problems(tmp_path, GOOD.replace("name: small", 'name: "s\\u2069mall"')))
    assert "found “sU+2069mall”" in said


def test_a_hundred_thousand_brackets_are_refused_at_once(tmp_path: Path) -> None:
    with within(4.0):  # of the processor's time; 20,000 took seconds, and each doubling four times as long
        said = problems(tmp_path, GOOD + "roles2: " + "[" * 100_000 + "]" * 100_000 + "\n")
    assert "lists or keys too deep within each other" in said[0]
