"""Action items, as pure steps from one state to the next: add, own, date, finish, drop, take up again, remind.

Every step takes *now* and never reads a clock. They are kept in ``incident.progress.actions``, whatever becomes of the
incident.
"""

from collections.abc import Iterator
from datetime import date as Day  # noqa: N812  # a step here is called date
from datetime import datetime
from typing import Any

from bot.calendar import DAY, WorkingTime
from bot.incident import Incident
from bot.issue import Issue
from bot.people import Group, Person
from bot.progress import ActionItem, ActionKind

REMINDERS = 3
"""How often an owner is reminded once it is overdue: on as many working days."""
OWNER, DATE = "an owner", "a date"
"""What an item may lack."""


def get(incident: Incident, number: int) -> ActionItem | None:
    """The item of this number."""
    return next((item for item in incident.progress.actions if item.number == number), None)


def open_ones(incident: Incident) -> list[ActionItem]:
    """Those that still have to be done, the first due first, those without a date last."""
    left = [item for item in incident.progress.actions if item.open]
    return sorted(left, key=lambda item: (item.due_at is None, item.due_at or item.added_at, item.number))


def overdue(item: ActionItem, *, now: datetime) -> bool:
    """Whether it is late."""
    return item.open and item.due_at is not None and item.due_at <= now


def lacks(item: ActionItem) -> tuple[str, ...]:
    """What it needs before an incident may be closed that asks for it: a person who owns it, and a date."""
    missing = ((OWNER, item.owner is None), (DATE, item.due_at is None))
    return tuple(what for what, so in missing if so)


def add(
    incident: Incident,
    *,
    text: str,
    by: Person,
    now: datetime,
    here: WorkingTime,
    kind: ActionKind | None = None,
    owner: Person | Group | None = None,
    due_at: datetime | None = None,
    url: str = "",
    message: str = "",
) -> ActionItem:
    """A new one."""
    number = len(incident.progress.actions) + 1
    item = ActionItem(number=number, text=text, kind=kind, due_at=due_at, added_at=now, added_by=by, url=url,
                      message=message)  # fmt: skip
    return _keep(incident, _owned(item, owner) if owner is not None else item, now=now, here=here)


def own(incident: Incident, item: ActionItem, owner: Person | Group, *, now: datetime, here: WorkingTime) -> ActionItem:
    """Give it to somebody, or to a group that is asked to name a person."""
    return _keep(incident, _owned(item, owner), now=now, here=here)


def date(incident: Incident, item: ActionItem, due_at: datetime, *, now: datetime, here: WorkingTime) -> ActionItem:
    """Another due date: its reminders begin anew."""
    return _keep(incident, _with(item, due_at=due_at, warned=False, late=False, asked=0), now=now, here=here)


def reword(incident: Incident, item: ActionItem, *, text: str, kind: ActionKind | None) -> ActionItem:
    """Other words, or another kind."""
    return _put(incident, _with(item, text=text, kind=kind))


def finish(incident: Incident, item: ActionItem, *, by: str, now: datetime) -> ActionItem:
    """It is done."""
    return _put(incident, _with(item, done_at=now, done_by=by, ask_at=None))


def drop(incident: Incident, item: ActionItem, *, because: str, now: datetime) -> ActionItem:
    """It will not be done."""
    return _put(incident, _with(item, dropped_at=now, dropped_because=because, ask_at=None))


def take_up(incident: Incident, item: ActionItem, *, now: datetime, here: WorkingTime) -> ActionItem:
    """It is to be done after all."""
    again = _with(item, done_at=None, done_by="", dropped_at=None, dropped_because="")
    return _keep(incident, again, now=now, here=here)


def track(incident: Incident, item: ActionItem, issue: Issue) -> ActionItem:
    """What is kept of its issue in a tracker."""
    return _put(incident, _with(item, issue=issue))


def told(incident: Incident, item: ActionItem) -> ActionItem:
    """Somebody is told of it directly."""
    return _put(incident, _with(item, told=item.told + 1))


def remind(incident: Incident, item: ActionItem, *, now: datetime, here: WorkingTime) -> ActionItem:
    """Its time has come: its owner is reminded before it is due, it becomes overdue, and its owner is reminded again.

    ``told`` goes up where the owner is to be reminded. Whatever was slept through, it is one reminder, in working time.
    """
    if item.due_at is None:
        return item
    if item.due_at <= now and not item.late:
        slept = next(_openings_after(item.due_at, here)) <= now == here.next(now)
        after = _with(item, warned=True, late=True, asked=int(slept), told=item.told + slept)
    elif item.late:
        after = _with(item, asked=item.asked + 1, told=item.told + 1)
    else:
        after = _with(item, warned=True, told=item.told + 1)
    return _keep(incident, after, now=now, here=here)


def next_ask(item: ActionItem, *, now: datetime, here: WorkingTime) -> datetime | None:
    """When it is looked at next: as the working day before its day opens, when it is due, and as each of the next
    working days open.
    """
    if not item.open or item.due_at is None:
        return None
    day = here.day(item.due_at)
    if not item.late:
        before = here.opens(_working_day_before(day, here))
        return before if not item.warned and before > now else item.due_at
    if item.asked >= REMINDERS:
        return None
    return next(opens for opens in _openings_after(item.due_at, here) if opens > now)


def _openings_after(due_at: datetime, here: WorkingTime) -> Iterator[datetime]:
    """When work begins on each working day after the one on which it is due."""
    return (here.opens(day) for day in here.days(here.day(due_at) + DAY))


def _working_day_before(day: Day, here: WorkingTime) -> Day:
    day -= DAY
    while not here.on(day):
        day -= DAY
    return day


def _owned(item: ActionItem, owner: Person | Group) -> ActionItem:
    if isinstance(owner, Person):
        return _with(item, owner=owner)
    return _with(item, owner=None, group=owner, turn=item.turn + 1)


def _with(item: ActionItem, **changes: Any) -> ActionItem:
    return item.model_copy(update=changes)


def _keep(incident: Incident, item: ActionItem, *, now: datetime, here: WorkingTime) -> ActionItem:
    return _put(incident, _with(item, ask_at=next_ask(item, now=now, here=here)))


def _put(incident: Incident, item: ActionItem) -> ActionItem:
    before = incident.progress.actions
    others = (item if one.number == item.number else one for one in before)
    incident.progress.actions = tuple(others) if item.number <= len(before) else (*before, item)
    return item
