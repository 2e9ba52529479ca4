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


def cadence(incident: Incident, playbook: Playbook) -> timedelta | None:
    """How often an update is owed now; ``None`` where none is."""
    severity = playbook.severity(incident.severity)
    return severity.cadence if severity is not None and incident.open else None


def promise(incident: Incident, playbook: Playbook, *, now: datetime, within: timedelta | None = None) -> None:
    """The next update is due ``within`` that time, or at the severity's cadence. A reminder that stands is over."""
    span = within if within is not None and incident.open else cadence(incident, playbook)
    due = now + span if span is not None else None
    _set(incident, due_at=due, ask_at=due)


def stop(incident: Incident) -> None:
    """No update is owed any more."""
    _set(incident, due_at=None, ask_at=None)


def _set(incident: Incident, *, due_at: datetime | None, ask_at: datetime | None, because: str | None = None) -> None:
    """Move the clock. An answer given just now keeps what was promised with it."""
    clock = incident.reminding
    given = clock.answer
    if given is not None and given.next_at is None:
        given = given.model_copy(update={"next_at": due_at or ask_at})
    moved = {"due_at": due_at, "ask_at": ask_at, "paused_because": because, "answer": given}
    incident.reminding = clock.model_copy(update=moved)


def replan(incident: Incident, playbook: Playbook, *, now: datetime, rose: bool) -> None:
    """Follow a change of severity: a rise never puts a promise off, and an unanswered reminder stays as it is.

    Where the new severity owes no update, the clock stops.
    """
    before = incident.reminding
    if cadence(incident, playbook) is None:
        stop(incident)
        return
    if before.waiting or before.paused_because is not None:
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
        given = Answered(how=how, by=by, at=now)
        incident.reminding = before.model_copy(update={"answer": given})


def put_off(incident: Incident, *, now: datetime, by: timedelta) -> None:
    """Ask again after ``by``, and promise the update for then. It never brings forward what is due later anyway."""
    before = incident.reminding
    ask_at = now + by
    if before.due_at is not None and before.paused_because is None:
        ask_at = max(ask_at, before.due_at)
    _set(incident, due_at=ask_at if before.due_at is not None else None, ask_at=ask_at)


def pause(incident: Incident, *, now: datetime, span: timedelta, because: str) -> None:
    """Ask nothing for ``span``; an empty reason is still asked for, and giving it later changes nothing else."""
    before = incident.reminding
    until = before.due_at if before.paused_because == "" and before.due_at is not None else now + span
    _set(incident, due_at=until, ask_at=until, because=because)


def ask(incident: Incident, playbook: Playbook, *, now: datetime) -> Rung:
    """Post the next reminder: the first of a new silence, the next rung, or the top one again. Returns its rung."""
    before = incident.reminding
    top = len(playbook.ladder)
    if before.waiting:
        rung = min(before.rung + 1, top)
        last = before.posts[-1]
        posts: tuple[Asked, ...] = (last, Asked(post=last.post + 1, rung=rung, at=now))
        silence, start = before.silence, before.rung_from or now
    else:
        rung, silence, start = 1, before.silence + 1, now
        posts = (Asked(post=1, rung=1, at=now),)
    if rung < top:
        next_at: datetime | None = max(start + playbook.ladder[rung].wait, now)
    else:
        repeat = cadence(incident, playbook)
        next_at = now + repeat if repeat is not None else None
    incident.reminding = Reminding(
        due_at=before.due_at,
        ask_at=next_at,
        silence=silence,
        rung_from=start,
        posts=posts,
        direct=before.direct if before.waiting else (),
    )
    return playbook.ladder[rung - 1]


def ask_directly(incident: Incident, person: Person, *, platform: str) -> None:
    """Let the newest post of this silence go to somebody privately, too."""
    clock = incident.reminding
    theirs = [one for one in clock.direct if (one.platform, one.person.key) == (platform, person.key)]
    kept = (one for one in clock.direct if one not in theirs[:-1])
    direct = (*kept, Direct(post=clock.posts[-1].post, platform=platform, person=person))
    incident.reminding = clock.model_copy(update={"direct": direct})
