"""Checklists as such: what is next, what stands for what, what is still missing."""

from datetime import UTC, datetime

from bot import checklists
from bot.checklists import Sheet
from bot.incident import Incident
from bot.people import Person
from bot.playbook.process import Checklist, Stage, Step
from bot.playbook.shape import Playbook
from bot.progress import Tick
from tests.support.story import default

NOW = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
ANA = Person(key="ana", name="Ana")


def incident(severity: str = "sev1") -> Incident:
    """One that was declared just now."""
    return Incident(
        title="checkout is down",
        severity=severity,
        status="investigating",
        stage=Stage.INVESTIGATING,
        playbook="default",
        version="1",
        declared_at=NOW,
        declared_by=ANA,
        began_at=NOW,
    )


def playbook(*steps: Step, severities: tuple[str, ...] = ()) -> Playbook:
    """A playbook with one checklist."""
    checklist = Checklist(name="end", title="The end", steps=steps, severities=severities)
    return default().model_copy(update={"checklists": (checklist,)})


def sheet(*steps: Step, ordered: bool = False) -> Sheet:
    """A sheet of these steps."""
    return Sheet("end", "The end", steps, ordered)


def done(*numbers: int) -> dict[int, Tick]:
    """These steps are ticked."""
    return {number: Tick(at=NOW, by=ANA) for number in numbers}


A, B, C = (Step(text=text) for text in "abc")
TEST, WATCH = (Step(text=text, any_of="guard") for text in ("a test", "a monitor"))


def missing(one: Incident, book: Playbook) -> list[str]:
    """What is still missing, by its text."""
    return [step.text for step in checklists.missing(one, book, "end")]


def test_every_step_is_missing_where_none_is_marked_as_required() -> None:
    one, book = incident(), playbook(A, B, C)
    assert missing(one, book) == ["a", "b", "c"]
    one.progress.ticks["end"] = done(2)
    assert missing(one, book) == ["a", "c"]


def test_only_the_required_steps_are_missing_where_some_are_marked() -> None:
    must = B.model_copy(update={"required": True})
    one, book = incident(), playbook(A, must, C)
    assert missing(one, book) == ["b"]
    one.progress.ticks["end"] = done(1, 3)
    assert missing(one, book) == ["b"]
    one.progress.ticks["end"] = done(2)
    assert missing(one, book) == []


def test_one_of_several_steps_that_stand_for_each_other_is_enough() -> None:
    one, book = incident(), playbook(TEST, WATCH, A)
    assert missing(one, book) == ["a test", "a monitor", "a"]
    one.progress.ticks["end"] = done(2)
    assert missing(one, book) == ["a"]


def test_a_step_left_out_with_a_reason_is_not_missing_but_stands_for_no_other() -> None:
    one, book = incident(), playbook(TEST, WATCH)
    one.progress.ticks["end"] = {1: Tick(at=NOW, by=ANA, skipped="it cannot be tested")}
    assert missing(one, book) == ["a monitor"]
    one.progress.ticks["end"][2] = Tick(at=NOW, by=ANA)
    assert missing(one, book) == []


def test_nothing_is_missing_on_a_checklist_that_does_not_apply() -> None:
    book = playbook(A, severities=("SEV 1",))
    assert missing(incident("sev1"), book) == ["a"]
    assert missing(incident("sev2"), book) == []
    assert checklists.missing(incident(), book, "another") == []


def test_an_ordered_sheet_offers_the_next_step_and_a_free_one_all_that_are_open() -> None:
    assert checklists.upcoming(sheet(A, B, C, ordered=True), done()) == [1]
    assert checklists.upcoming(sheet(A, B, C, ordered=True), done(1, 3)) == [2]
    assert checklists.upcoming(sheet(A, B, C, ordered=True), done(1, 2, 3)) == []
    assert checklists.upcoming(sheet(A, B, C), done(2)) == [1, 3]


def test_where_the_next_step_has_others_that_stand_for_it_all_of_them_are_next() -> None:
    ordered = sheet(A, TEST, B, WATCH, ordered=True)
    assert checklists.upcoming(ordered, done(1)) == [2, 4]
    assert checklists.upcoming(ordered, done(1, 4)) == [3]
    assert checklists.upcoming(sheet(A, TEST, B, WATCH), done(4)) == [1, 3]


def test_steps_that_stand_for_each_other_count_as_one() -> None:
    four = sheet(A, TEST, B, WATCH)
    assert checklists.count(four, done()) == (0, 3)
    assert checklists.count(four, done(4)) == (1, 3)
    left_out = {2: Tick(at=NOW, by=ANA, skipped="no")}
    assert checklists.count(four, left_out) == (0, 3)
    assert checklists.count(four, left_out | done(1, 3, 4)) == (3, 3)


def test_a_runbooks_steps_are_a_sheet_under_its_name_or_the_slug_of_its_title() -> None:
    book = default().runbooks[0].model_copy(update={"steps": (A, B), "title": "Undo the last deploy!"})
    unnamed = default().model_copy(update={"runbooks": (book,)})
    assert [one.key for one in checklists.sheets(unnamed)] == ["runbook/undo-the-last-deploy"]
    named = default().model_copy(update={"runbooks": (book.model_copy(update={"name": "undo"}),)})
    found = checklists.sheet(named, "runbook/undo")
    assert found is not None and found.name == "undo"
