"""Phases as such: which one is current by status and by window, which checklists open, and when to look again."""

from datetime import UTC, datetime, timedelta

from bot import phases
from bot.incident import Incident
from bot.people import Person
from bot.playbook.process import Checklist, Phase, Stage, Step
from bot.playbook.shape import Playbook
from tests.support.story import default

START = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
ANA = Person(key="ana", name="Ana")


def minutes(count: float) -> timedelta:
    """So many minutes."""
    return timedelta(minutes=count)


def incident(status: str = "investigating") -> Incident:
    """One declared at the start."""
    stage = Stage(status)
    return Incident(title="checkout is down", severity="sev1", status=status, stage=stage, playbook="default",
                    version="1", declared_at=START, declared_by=ANA, began_at=START)  # fmt: skip


def playbook(*stretches: Phase, lists: tuple[Checklist, ...] = ()) -> Playbook:
    """The default one with these phases and checklists."""
    return default().model_copy(update={"phases": stretches, "checklists": lists})


def at(book: Playbook, after: float, status: str = "investigating") -> str | None:
    """The name of the phase so many minutes after the declaration."""
    found = phases.current(incident(status), book, now=START + minutes(after))
    return found.name if found is not None else None


def again(book: Playbook, after: float, one: Incident | None = None) -> float | None:
    """In how many minutes after the declaration it is looked at again, asked so many minutes after it."""
    found = phases.again_at(one or incident(), book, now=START + minutes(after))
    return (found - START) / minutes(1) if found is not None else None


def opening(book: Playbook, after: float, one: Incident | None = None) -> list[str]:
    """The checklists that ought to open so many minutes after the declaration."""
    return [each.name for each in phases.opening(one or incident(), book, now=START + minutes(after))]


def listed(name: str, opens: str = "by hand", severities: tuple[str, ...] = ()) -> Checklist:
    """A checklist of one step."""
    shape = {"name": name, "title": name, "opens": opens, "severities": severities, "steps": [Step(text="do it")]}
    return Checklist.model_validate(shape)


TRIAGE = Phase(name="triage", title="Triage", ends=minutes(5), statuses=("Investigating",))
SEARCH = Phase(name="search", title="Search", begins=minutes(5), ends=minutes(30), statuses=("investigating",))
MEND = Phase(name="mend", title="Mend", statuses=("identified", "mitigated"))
"""``mitigated`` is another name of *monitoring*."""


def test_the_phase_follows_from_the_status_whatever_it_is_called() -> None:
    book = playbook(TRIAGE, SEARCH, MEND)
    assert [at(book, 1, s) for s in ("investigating", "identified", "monitoring")] == ["triage", "mend", "mend"]
    assert at(book, 1, "resolved") is None and at(playbook(), 1) is None


def test_of_several_phases_of_one_status_the_window_decides_and_the_last_one_stays() -> None:
    book = playbook(TRIAGE, SEARCH, MEND)
    assert [at(book, after) for after in (0, 4.9, 5, 29, 30, 300)] == ["triage"] * 2 + ["search"] * 4


def test_phases_without_a_status_go_by_the_clock_alone_while_it_is_open() -> None:
    first = Phase(name="first", title="First", ends=minutes(5))
    then = Phase(name="then", title="Then", begins=minutes(5), ends=minutes(15))
    over = Phase(name="over", title="Over", statuses=("resolved",))
    book = playbook(first, then, over)
    assert [at(book, after) for after in (0, 5, 60)] == ["first", "then", "then"]
    assert at(book, 3, "identified") == "first" and at(book, 3, "resolved") == "over" and at(book, 3, "closed") is None


def test_a_phase_by_the_clock_comes_before_one_of_the_status_that_has_not_begun() -> None:
    first = Phase(name="first", title="First", ends=minutes(5))
    book = playbook(first, SEARCH, MEND)
    assert [at(book, after) for after in (0, 5, 60)] == ["first", "search", "search"]
    assert at(book, 3, "identified") == "mend"


def test_a_gap_between_two_windows_belongs_to_the_earlier_phase() -> None:
    late = SEARCH.model_copy(update={"begins": minutes(10)})
    assert [at(playbook(TRIAGE, late), after) for after in (7, 10)] == ["triage", "search"]
    assert at(playbook(late), 1) == "search"  # none has begun yet: the first that fits


def test_it_is_looked_at_again_when_a_window_begins_or_ends_and_then_no_more() -> None:
    book = playbook(TRIAGE, SEARCH, MEND)
    assert [again(book, after) for after in (0, 5, 29, 30, 31)] == [5, 30, 30, None, None]
    assert again(playbook(MEND), 0, incident("identified")) is None


def test_checklists_open_with_what_they_are_for() -> None:
    book = playbook(lists=(listed("a", "declared"), listed("b", "declared", ("sev3",)), listed("c", "resolved"),
                           listed("d", "closed"), listed("e")))  # fmt: skip
    assert opening(book, 0) == ["a"]
    assert opening(book, 0, incident("resolved")) == ["c"]
    assert opening(book, 0, incident("closed")) == ["d"]
    assert opening(book, 0, incident("cancelled")) == []
    one = incident()
    one.progress.opened = ("a",)
    assert opening(book, 0, one) == []


def test_of_the_phases_checklists_one_opens_at_once_and_the_rest_when_ten_minutes_are_over() -> None:
    triage = TRIAGE.model_copy(update={"checklists": ("a", "b"), "ends": minutes(20)})
    search = SEARCH.model_copy(update={"checklists": ("c",), "begins": minutes(20)})
    book = playbook(triage, search, lists=(listed("a"), listed("b"), listed("c")))
    assert opening(book, 0) == ["a"] and again(book, 0) == 10
    one = incident()
    one.progress.opened = ("a",)
    assert opening(book, 9, one) == [] and again(book, 9, one) == 10
    assert opening(book, 10, one) == ["b"] and again(book, 10, one) == 20
    assert opening(book, 20, one) == ["c"]  # what was put off is not made up for once its phase is over


def test_a_phases_checklist_waits_where_one_opens_with_the_declaration() -> None:
    triage = TRIAGE.model_copy(update={"checklists": ("b", "a")})
    book = playbook(triage, lists=(listed("a", "declared"), listed("b")))
    assert opening(book, 0) == ["a"] and again(book, 0) == 5
    search = playbook(triage.model_copy(update={"ends": minutes(30)}), lists=book.checklists)
    assert again(search, 0) == 10


def test_the_current_phases_checklists_come_first_and_those_of_other_severities_not_at_all() -> None:
    triage = TRIAGE.model_copy(update={"checklists": ("c", "x")})
    book = playbook(triage, lists=(listed("a"), listed("c"), listed("x", severities=("sev4",))))
    assert [one.name for one in phases.ahead(incident(), book, now=START)] == ["c", "a"]
