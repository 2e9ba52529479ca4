"""Rounds of news: when each audience is told next, as pure steps from one state to the next.

``start`` begins a cadence's rounds, ``ask`` is what the bot does when one is due, ``answer`` is what people say of it,
``stop`` ends them. Every step takes *now* and never reads a clock.
"""

from datetime import date, datetime, timedelta

from bot import calendar
from bot.calendar import WorkingTime
from bot.incident import Incident
from bot.people import Person
from bot.playbook.process import Cadence
from bot.playbook.shape import Playbook
from bot.progress import Round, RoundAsked, RoundEnd

ONE_OFF = 2
"""How often a single round, or the last one, is asked for; then it is noted as missed and left."""


def wanted(incident: Incident, playbook: Playbook) -> list[Cadence]:
    """The cadences that should run now."""
    if not incident.open:
        return []
    flags = incident.progress.flags
    return [one for one in playbook.cadences(incident.severity) if not one.flag or one.flag in flags]


def next_time(cadence: Cadence, here: WorkingTime, *, after: datetime) -> datetime | None:
    """When the round after this moment is due; ``None`` where there is only one round."""
    if cadence.every is not None:
        return after + cadence.every
    if cadence.at is None:
        return None
    day = here.day(after)
    while (moment := calendar.at(day, cadence.at, here.zone)) <= after or not _told_on(day, cadence, here):
        day += calendar.DAY
    return moment


def _told_on(day: date, cadence: Cadence, here: WorkingTime) -> bool:
    return cadence.days == "all" or here.on(day)


def start(before: Round, cadence: Cadence, here: WorkingTime, *, now: datetime) -> Round:
    """Begin: the first round is due at once, or when the rhythm first says so."""
    due = now if cadence.at_once else next_time(cadence, here, after=now)
    return before.model_copy(update={"rhythm": cadence.rhythm, "since": now, "due_at": due, "last": False})


def replan(before: Round, cadence: Cadence, here: WorkingTime, *, now: datetime) -> Round:
    """Follow a change to another rhythm, counted from when it was told last."""
    due = next_time(cadence, here, after=now)
    if cadence.every is not None:
        due = max(now, (before.since or now) + cadence.every)
    elif cadence.once and before.told_at is None:
        due = now
    return before.model_copy(update={"rhythm": cadence.rhythm, "due_at": due})


def conclude(before: Round, *, now: datetime) -> Round:
    """All that is still owed is the end: it is asked for at once, in place of a round that stands."""
    return _ended(before, RoundEnd.STOPPED, now=now).model_copy(update={"due_at": now, "since": now, "last": True})


def stop(before: Round, *, now: datetime, end: RoundEnd = RoundEnd.STOPPED) -> Round:
    """Nothing is asked for any more."""
    ended = _ended(before, end, now=now)
    return ended.model_copy(update={"rhythm": "", "since": None, "due_at": None, "last": False})


def given_up(before: Round, cadence: Cadence) -> bool:
    """Whether a single or last round was asked for often enough."""
    asked = before.asked
    return (before.last or cadence.once) and asked is not None and asked.missed >= ONE_OFF - 1


def ask(before: Round, cadence: Cadence, here: WorkingTime, *, now: datetime, wait: timedelta) -> Round:
    """Ask for the round that is due, once for all that are: those before it were missed.

    What has no next time of its own is asked for again after ``wait``.
    """
    due, gone = before.due_at or now, before.asked
    missed, first = (gone.missed + 1, gone.missed_from or gone.due_at) if gone is not None else (0, None)
    if not (before.last or cadence.once):
        latest, passed = _latest(cadence, here, due=due, now=now)
        missed, first = missed + passed, first or (due if passed else None)
        due = latest
    asked = RoundAsked(count=before.count + 1, due_at=due, missed=missed, missed_from=first, last=before.last)
    kept = _ended(before, RoundEnd.MISSED, now=now).posts[-1:]
    again = next_time(cadence, here, after=now) or now + wait
    return before.model_copy(update={"posts": (*kept, asked), "count": asked.count, "since": now, "due_at": again})


def _latest(cadence: Cadence, here: WorkingTime, *, due: datetime, now: datetime) -> tuple[datetime, int]:
    """The latest round that is due by now, and how many passed by before it."""
    if cadence.every is not None:
        passed = (now - due) // cadence.every
        return due + passed * cadence.every, passed
    passed = 0
    while (later := next_time(cadence, here, after=due)) is not None and later <= now:
        due, passed = later, passed + 1
    return due, passed


def leave(before: Round, *, now: datetime) -> Round:
    """Ask no more; what was asked stays to be answered."""
    return before.model_copy(update={"due_at": None, "since": now})


def answer(before: Round, cadence: Cadence, here: WorkingTime, *, end: RoundEnd, by: Person, now: datetime) -> Round:
    """Somebody told the audience, or leaves this round out; the next one is planned."""
    after = _ended(before, end, now=now, by=by)
    if end is RoundEnd.TOLD:
        after = after.model_copy(update={"told_at": now, "told_by": by.name})
    if not after.rhythm:
        return after
    if before.last:
        return stop(after, now=now)
    return after.model_copy(update={"since": now, "due_at": _after_answer(before, cadence, here, now=now)})


def _after_answer(before: Round, cadence: Cadence, here: WorkingTime, *, now: datetime) -> datetime | None:
    """What is told early on the day of a daily round counts for that round."""
    due = before.due_at
    if cadence.at is not None and before.asked is None and due is not None and due > now:
        counts = here.day(due) == here.day(now)
        return next_time(cadence, here, after=due if counts else now)
    return next_time(cadence, here, after=now)


def _ended(before: Round, end: RoundEnd, *, now: datetime, by: Person | None = None) -> Round:
    """With the round that stands answered, if one does."""
    asked = before.asked
    if asked is None:
        return before
    ended = asked.model_copy(update={"end": end, "ended_at": now, "by": by})
    return before.model_copy(update={"posts": (*before.posts[:-1], ended)})
