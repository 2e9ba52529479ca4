"""The clock of the status updates, as pure steps from one state to the next.

``promise`` says when the next update is due. ``ask`` is what the bot does when the time has come: it begins a
silence, climbs a rung, or repeats at the top. ``answer`` is what ends a silence. Every step takes *now* and never
reads a clock.
"""

from datetime import datetime, timedelta

from bot.incident import Answered, Asked, Direct, HowAnswered, Incident, Reminding
from bot.people import Person
from bot.playbook.process import Rung
from bot.playbook.shape import Playbook

PROMISING_NOTHING = (HowAnswered.STOPPED, HowAnswered.ENDED)
"""Answers after which no update is owed; what is promised later has nothing to do with them."""


def cadence(incident: Incident, playbook: Playbook) -> timedelta | None:
    """How often an update is owed now; ``None`` where none is, or only the first."""
    severity = playbook.severity(incident.severity)
    return severity.cadence if severity is not None and incident.open else None


def first_within(incident: Incident, playbook: Playbook) -> timedelta | None:
    """Within which time the first update is owed; ``None`` where it was given, or is owed at the cadence."""
    severity = playbook.severity(incident.severity)
    if severity is None or not incident.open or incident.updated_first_at is not None:
        return None
    return severity.first_update


def span(incident: Incident, playbook: Playbook) -> timedelta | None:
    """How long until the next update is owed; ``None`` where none is."""
    return first_within(incident, playbook) or cadence(incident, playbook)


def promise(incident: Incident, playbook: Playbook, *, now: datetime, within: timedelta | None = None) -> None:
    """The next update is due ``within`` that time, or as the severity asks. A reminder that stands is over."""
    length = within if within is not None and incident.open else span(incident, playbook)
    due = now + length if length is not None else None
    first = within is None and first_within(incident, playbook) is not None
    _set(incident, due_at=due, ask_at=due, first=first)


def resume(incident: Incident, playbook: Playbook, *, now: datetime) -> None:
    """Start the clock again after a pause; a first update that is owed stays promised for when it was."""
    before = incident.reminding
    if before.first and before.due_at is not None:
        _set(incident, due_at=before.due_at, ask_at=max(now, before.due_at), first=True)
    else:
        promise(incident, playbook, now=now)


def stop(incident: Incident) -> None:
    """No update is owed any more."""
    _set(incident, due_at=None, ask_at=None)


def _set(
    incident: Incident,
    *,
    due_at: datetime | None,
    ask_at: datetime | None,
    because: str | None = None,
    first: bool = False,
) -> None:
    """Move the clock. An answer given just now keeps what was promised with it; one that ended it promised nothing."""
    clock = incident.reminding
    given = clock.answer
    if given is not None and given.next_at is None and given.how not in PROMISING_NOTHING:
        next_at = ask_at if first else due_at or ask_at
        given = given.model_copy(update={"next_at": next_at, "still_owed": first})
    moved = {"due_at": due_at, "ask_at": ask_at, "paused_because": because, "answer": given, "first": first}
    incident.reminding = clock.model_copy(update=moved)


def replan(incident: Incident, playbook: Playbook, *, now: datetime, rose: bool) -> None:
    """Follow a change of severity: a rise never puts a promise off, and an unanswered reminder stays as it is.

    It goes on by the new severity's ladder. Where the new severity owes no update, the clock stops.
    """
    before = incident.reminding
    if span(incident, playbook) is None:
        stop(incident)
        return
    first = first_within(incident, playbook) is not None
    if before.waiting:
        ask_at = max(now, _asks_next(before, incident, playbook) or now)
        if rose and before.ask_at is not None:
            ask_at = min(ask_at, before.ask_at)
        incident.reminding = before.model_copy(update={"ask_at": ask_at, "first": first})
        return
    if before.paused_because is not None:
        incident.reminding = before.model_copy(update={"first": first})
        return
    promise(incident, playbook, now=now)
    planned = incident.reminding.due_at
    if rose and before.due_at is not None and planned is not None and before.due_at < planned:
        kept = {"due_at": before.due_at, "ask_at": before.due_at}
        incident.reminding = incident.reminding.model_copy(update=kept)


def answer(incident: Incident, *, how: HowAnswered, by: Person, now: datetime) -> None:
    """End the silence, if there is one; when to ask next is for the caller to set."""
    before = incident.reminding
    if before.waiting:
        given = Answered(how=how, by=by, at=now, severity=incident.severity)
        incident.reminding = before.model_copy(update={"answer": given})


def put_off(incident: Incident, *, now: datetime, by: timedelta) -> None:
    """Ask again after ``by``, and promise the update for then. It never brings forward what is due later anyway.

    The promise of a severity's first update stays; what is put off is only the asking once it is late.
    """
    before = incident.reminding
    ask_at, due_at = now + by, before.due_at
    if due_at is not None and before.paused_because is None:
        ask_at = due_at if before.first and now < due_at else max(ask_at, due_at)
    promised = due_at if before.first or due_at is None else ask_at
    _set(incident, due_at=promised, ask_at=ask_at, first=before.first)


def pause(incident: Incident, *, now: datetime, span: timedelta, because: str) -> None:
    """Ask nothing for ``span``; an empty reason is still asked for, and giving it later changes nothing else."""
    before = incident.reminding
    until = before.ask_at if before.paused_because == "" and before.ask_at is not None else now + span
    promised = before.due_at if before.first else until
    _set(incident, due_at=promised, ask_at=until, because=because, first=before.first)


def ask(incident: Incident, playbook: Playbook, *, now: datetime) -> Rung:
    """Post the next reminder: the first of a new silence, the next rung, or the top one again. Returns its rung."""
    before, ladder = incident.reminding, playbook.rungs(incident.severity)
    if before.waiting:
        last = before.posts[-1]
        rung = min(before.rung + 1, len(ladder))
        posts: tuple[Asked, ...] = (last, Asked(post=last.post + 1, rung=rung, at=now))
        silence, start = before.silence, before.rung_from or now
    else:
        rung, silence, start = 1, before.silence + 1, now
        posts = (Asked(post=1, rung=1, at=now),)
    clock = Reminding(
        due_at=before.due_at,
        silence=silence,
        rung_from=start,
        posts=posts,
        direct=before.direct if before.waiting else (),
        first=before.first,
    )
    next_at = _asks_next(clock, incident, playbook)
    next_at = max(next_at, now) if next_at is not None else None
    incident.reminding = clock.model_copy(update={"ask_at": next_at})
    return ladder[rung - 1]


def _asks_next(clock: Reminding, incident: Incident, playbook: Playbook) -> datetime | None:
    """When an unanswered reminder climbs, or repeats at the top of its severity's ladder; a shorter ladder than the
    one it began to climb has it at the top already.

    Repeats keep the rhythm in which updates are owed: whole cadences after the first reminder of the silence.
    """
    ladder, last = playbook.rungs(incident.severity), clock.posts[-1]
    began = clock.rung_from or last.at
    if clock.rung < len(ladder):
        return began + ladder[clock.rung].wait
    repeat = span(incident, playbook)
    return began + ((last.at - began) // repeat + 1) * repeat if repeat is not None else None


def ask_directly(incident: Incident, person: Person, *, platform: str) -> None:
    """Let the newest post of this silence go to somebody privately, too."""
    clock = incident.reminding
    theirs = [one for one in clock.direct if (one.platform, one.person.key) == (platform, person.key)]
    kept = (one for one in clock.direct if one not in theirs[:-1])
    direct = (*kept, Direct(post=clock.posts[-1].post, platform=platform, person=person))
    incident.reminding = clock.model_copy(update={"direct": direct})
