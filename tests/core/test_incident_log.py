"""The log of incidents: one line for each, in the shape that its file has, and no line of others touched."""

import pytest

from bot.postmortem import seal
from bot.postmortem.log import Entered, Row, enter
from tests.support.drafts import shown

LOG = "docs/INCIDENT_LOG.md"
TABLE = """# Incident log

Newest last.

| ID | When | Sev | What happened | Root cause | Ticket | Post-mortem |
|----|:-----|-----|---------------|------------|--------|-------------|
| 7 | 2026-01-02 | SEV-2 | queue stuck | a worker died | T-1 | [r](incidents/a.md) |
| 9 | 2026-03-04 | SEV-3 | typo | | | |

More words.
"""


def row(number: int = 42, **more: str) -> Row:
    """A line."""
    known = {"date": "2026-11-20", "severity": "SEV-1", "title": "all down", "status": "resolved"}
    return Row.model_validate({"number": number, **known, "cause": "a leak", "report": "docs/incidents/x.md", **more})


def without(text: str, number: int) -> str:
    """The log without an incident's line."""
    return "".join(line for line in text.splitlines(keepends=True) if f"tocsin {number} " not in line)


def the_line(text: str, number: int = 42) -> str:
    """That line."""
    (line,) = [line for line in text.splitlines() if f"tocsin {number} " in line]
    return line


def test_a_new_log_begins_with_a_table() -> None:
    text, what = enter("", row(duration="23m"), log=LOG)
    assert what is Entered.WRITTEN
    assert text.startswith("# Incident log\n\n| Date | No | Severity | Incident | Status | Duration | Report |\n|---|")
    assert the_line(text).startswith("| 2026-11-20 | 42 | SEV-1 | all down | resolved | 23m | [report](incidents/x.md)")


def test_a_table_gets_a_row_by_what_its_columns_are_called_and_leaves_the_others_empty() -> None:
    text, _ = enter(TABLE, row(), log=LOG)
    assert without(text, 42) == TABLE
    assert the_line(text).startswith(
        "| 42 | 2026-11-20 | SEV-1 | all down | a leak |  | [report](incidents/x.md) <!-- tocsin 42 "
    )
    assert text.index("typo") < text.index("all down") < text.index("More words")


def test_where_the_newest_stands_first_the_row_goes_to_the_top() -> None:
    rows = [line for line in TABLE.splitlines(keepends=True) if line.startswith(("| 7", "| 9"))]
    newest_first = TABLE.replace("".join(rows), "".join(reversed(rows)))
    text, _ = enter(newest_first, row(), log=LOG)
    assert without(text, 42) == newest_first and text.index("all down") < text.index("typo")


def test_a_list_gets_an_item_with_its_own_bullet() -> None:
    before = "# Log\n\n* 2026-01-02: queue stuck\n* 2026-03-04: typo\n\nEnd."
    text, _ = enter(before, row(), log=LOG)
    assert without(text, 42) == before
    assert the_line(text).startswith("* 2026-11-20 · SEV-1 · all down · resolved · [report](incidents/x.md) <!-- ")
    assert text.index("typo") < text.index("all down") < text.index("End.")
    text, _ = enter("- 2026-03-04 typo\n- 2026-01-02 stuck\n", row(), log=LOG)
    assert text.index("all down") < text.index("typo")


@pytest.mark.parametrize(
    "before",
    [
        "Only words.\n",
        "No end of the line",
        "```\n| Date | What |\n|---|---|\n```\n",
        "| A | B |\n|---|---|\n| 1 | 2 |\n",
    ],
)
def test_where_there_is_neither_a_table_follows_what_is_there(before: str) -> None:
    text, _ = enter(before, row(), log=LOG)
    assert text.startswith(before) and "| Date | No |" in text[len(before) :]


@pytest.mark.parametrize("before", ["", TABLE, "- 2026-01-02 queue stuck\n"])
def test_the_line_is_brought_up_to_date_in_its_place_and_never_doubled(before: str) -> None:
    text, _ = enter(before, row(), log=LOG)
    text, _ = enter(text, row(43, title="another"), log=LOG)
    again, what = enter(text, row(title="all down again"), log=LOG)
    assert what is Entered.WRITTEN and again.count("tocsin 42 ") == 1
    assert without(again, 42) == without(text, 42) and "all down again" in the_line(again)
    assert enter(again, row(title="all down again"), log=LOG) == (again, Entered.SAME)


def test_a_line_that_somebody_changed_is_theirs() -> None:
    text, _ = enter(TABLE, row(), log=LOG)
    changed = text.replace("all down", "the big one")
    assert enter(changed, row(status="closed"), log=LOG) == (changed, Entered.LEFT)


def test_a_table_that_was_aligned_is_not_changed_by_hand() -> None:
    text, _ = enter(TABLE, row(), log=LOG)
    aligned = text.replace("| SEV-1 |", "| SEV-1      |").replace("| all down", "|     all down")
    again, what = enter(aligned, row(title="all up"), log=LOG)
    assert what is Entered.WRITTEN and "all up" in the_line(again)


def test_a_column_that_is_added_later_is_filled() -> None:
    text, _ = enter("| Date | What |\n|---|---|\n", row(), log=LOG)
    wider = text.replace("| Date | What |", "| Date | What | Status |").replace("|---|---|", "|---|---|---|")
    again, _ = enter(wider, row(), log=LOG)
    assert the_line(again).startswith("| 2026-11-20 | all down | resolved <!-- ")


def test_line_ends_stay_what_they_are() -> None:
    text, _ = enter(TABLE.replace("\n", "\r\n"), row(), log=LOG)
    assert text.count("\n") == text.count("\r\n")


@pytest.mark.parametrize(
    "title", ["a | b", "<!-- tocsin 7 123456789abc -->", "![x](http://evil/)", "a\n| new | row |", "`|`"]
)
def test_what_people_call_an_incident_stays_one_cell_and_nothing_in_it_acts(title: str) -> None:
    text, _ = enter(TABLE, row(title=title), log=LOG)
    again, _ = enter(text, row(title=title, status="closed"), log=LOG)
    assert len(again.splitlines()) == len(TABLE.splitlines()) + 1 and seal.name_of(again) == "42"
    assert " ".join(title.split()) in shown(again)


@pytest.mark.parametrize(
    "before", ["- 2026-01-02 queue stuck", "| Date | What |\n|---|---|\n| 2026-01-02 | queue stuck |", "Only words."]
)
def test_where_the_last_line_has_no_end_the_new_one_is_a_line_of_its_own(before: str) -> None:
    text, _ = enter(before, row(), log=LOG)
    assert text.startswith(f"{before}\n") and not the_line(text).startswith(before[-8:])
    assert "queue stuck" not in the_line(text)
    assert before.startswith("Only") is ("Only words.\n\n| Date | No |" in text)


def test_of_two_columns_that_may_hold_the_same_only_the_first_is_filled() -> None:
    text, _ = enter("| Date | Incident | Description | Status |\n|---|---|---|---|\n", row(), log=LOG)
    assert the_line(text).startswith("| 2026-11-20 | all down |  | resolved <!-- ")


def test_a_table_with_a_date_alone_is_about_something_else() -> None:
    before = "| Date | On call |\n|---|---|\n| 2026-01-02 | Bo |\n"
    text, _ = enter(before, row(), log=LOG)
    assert text.startswith(before) and "| Date | No |" in text[len(before) :]


@pytest.mark.parametrize(
    ("report", "cell"),
    [
        ("docs/incidents/all down (1).md", "[report](<incidents/all down (1).md>)"),
        ("docs/incidents/rack#3-100%.md", "[report](incidents/rack%233-100%25.md)"),
        ("https://wiki.example/1", "[report](<https://wiki.example/1>)"),
        ("", ""),
    ],
)
def test_a_report_is_linked_wherever_it_is(report: str, cell: str) -> None:
    line = the_line(enter("| Date | Report | Status |\n|---|---|---|\n", row(report=report), log=LOG)[0])
    assert line.startswith(f"| 2026-11-20 | {cell} | resolved ")
