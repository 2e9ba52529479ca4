"""Deadlines, as pure steps from one state to the next: start, meet, drop, plan anew, ask.

Every step takes *now* and never reads a clock. Which deadlines an incident is under, from which moment they count and
what meets them follows from the incident and its playbook (``applying``, ``since``, ``fact``); what came of them is
kept in ``incident.progress.deadlines``.
"""

from datetime import datetime, timedelta

from bot import calendar
from bot.calendar import WorkingTime
from bot.incident import Incident
from bot.playbook.clocks import DeadlineRule, Meets, Starts
from bot.playbook.process import Stage
from bot.playbook.shape import Playbook
from bot.progress import Deadline
from bot.terms import Unit

HOUR = timedelta(hours=1)
RHYTHMS: tuple[tuple[timedelta, tuple[timedelta, ...], timedelta], ...] = (
    (HOUR, (timedelta(minutes=5),), timedelta(minutes=15)),
    (24 * HOUR, (HOUR,), HOUR),
    (timedelta.max, (24 * HOUR, 4 * HOUR), 4 * HOUR),
)
"""Up to which length a deadline is asked for how long before it is due, and how often once it is overdue."""


def applying(incident: Incident, playbook: Playbook) -> tuple[DeadlineRule, ...]:
    """The rules that an incident is under now: those of its severity. A drill owes no post-mortem."""
    if incident.stage is Stage.CANCELLED:
        return ()
    rules = playbook.deadlines_of(incident.severity)
    return tuple(rule for rule in rules if not (incident.drill and rule.met_by is Meets.PUBLISHED))


def rule_of(incident: Incident, playbook: Playbook, name: str) -> DeadlineRule | None:
    """The rule of this name: that of the severity, else any (one that was started by hand stays under its rule)."""
    rules = (*playbook.deadlines_of(incident.severity), *playbook.deadlines)
    return next((rule for rule in rules if rule.name == name), None)


def publication(incident: Incident, playbook: Playbook) -> Deadline | None:
    """The post-mortem that is owed now: until the incident is resolved none can be published."""
    for deadline in incident.progress.deadlines.values():
        rule = rule_of(incident, playbook, deadline.name)
        if deadline.running and rule is not None and rule.met_by is Meets.PUBLISHED:
            return deadline
    return None


def since(rule: DeadlineRule, incident: Incident) -> datetime | None:
    """The moment from which it counts by itself; ``None`` where that is still to come, or for a person to say."""
    match rule.starts:
        case Starts.DECLARED:
            return incident.declared_at
        case Starts.RESOLVED:
            return incident.resolved_at
        case Starts.CLOSED:
            return incident.ended_at if incident.stage is Stage.CLOSED else None
        case Starts.FLAG:
            raised = incident.progress.flags.get(rule.flag)
            return raised.at if raised is not None else None
    return None


def fact(rule: DeadlineRule, incident: Incident, *, after: datetime) -> datetime | None:
    """When, after that moment, what meets it happened; ``None`` where it has not, or is for a person to say."""
    update = incident.last_update.at if incident.last_update is not None else None
    moments: tuple[datetime | None, ...] = {
        Meets.RESPONSE: (incident.acknowledged_at, update),
        Meets.UPDATE: (incident.updated_first_at, update),
        Meets.RESOLVED: (incident.resolved_at,),
    }.get(rule.met_by, ())
    return next((moment for moment in moments if moment is not None and moment >= after), None)


def asked_anyway(rule: DeadlineRule) -> bool:
    """Whether the reminders ask for the same: then it asks at most once before and tells once that it was missed."""
    return rule.met_by in (Meets.RESPONSE, Meets.UPDATE)


def needs_a_word(rule: DeadlineRule) -> bool:
    """Whether only somebody's word meets it."""
    return rule.met_by in (Meets.DONE, Meets.PUBLISHED)


def start(
    incident: Incident,
    rule: DeadlineRule,
    *,
    moment: datetime,
    now: datetime,
    here: WorkingTime,
    by: str = "",
    words: str = "",
) -> Deadline:
    """Start it from ``moment``; ``by`` and ``words`` say who established that moment, and how they put it."""
    before = incident.progress.deadlines.pop(rule.name, None)
    made = Deadline(
        name=rule.name,
        title=rule.title,
        started_at=moment,
        due_at=calendar.due(rule.within, moment, here=here),
        term=str(rule.within),
        turn=before.turn + 1 if before is not None else 1,
        established_by=by,
        words=words,
    )
    return _plan(incident, made, rule, now=now, here=here)


def replan(incident: Incident, rule: DeadlineRule, *, now: datetime, here: WorkingTime) -> Deadline:
    """Plan it anew by the term that applies now, from the moment it was started at."""
    before = incident.progress.deadlines[rule.name]
    due = calendar.due(rule.within, before.started_at, here=here)
    missed = before.missed_at if due <= now else None
    planned = before.model_copy(update={"due_at": due, "term": str(rule.within), "missed_at": missed})
    return _plan(incident, planned, rule, now=now, here=here)


def move(incident: Incident, rule: DeadlineRule, *, moment: datetime, now: datetime, here: WorkingTime) -> Deadline:
    """Count it from another moment."""
    before = incident.progress.deadlines[rule.name]
    incident.progress.deadlines[rule.name] = before.model_copy(update={"started_at": moment})
    return replan(incident, rule, now=now, here=here)


def establish(incident: Incident, name: str, *, by: str, words: str) -> Deadline:
    """Note who established the moment it counts from, and in whose words."""
    before = incident.progress.deadlines[name]
    return _keep(incident, before.model_copy(update={"established_by": by, "words": words}))


def resume(incident: Incident, rule: DeadlineRule, *, now: datetime, here: WorkingTime) -> Deadline:
    """It runs again: what met it is no longer so."""
    before = incident.progress.deadlines[rule.name]
    return _plan(incident, before.model_copy(update={"met_at": None}), rule, now=now, here=here)


def meet(incident: Incident, name: str, *, at: datetime, now: datetime, by: str = "") -> Deadline:
    """It is met; too late where ``at`` lies after its due time, which is then noted."""
    before = incident.progress.deadlines[name]
    missed = before.missed_at or (now if at > before.due_at else None)
    met = before.model_copy(update={"met_at": at, "met_by": by, "missed_at": missed, "ask_at": None})
    return _keep(incident, met)


def drop(incident: Incident, name: str, *, now: datetime, because: str = "") -> Deadline:
    """It ceases to apply, by itself or because somebody says so."""
    before = incident.progress.deadlines[name]
    gone = {"dropped_at": now, "dropped_because": because, "ask_at": None}
    return _keep(incident, before.model_copy(update=gone))


def tell(incident: Incident, name: str) -> Deadline:
    """Post in the channel how it stands."""
    before = incident.progress.deadlines[name]
    return _keep(incident, before.model_copy(update={"posts": before.posts + 1}))


def ask(incident: Incident, rule: DeadlineRule, *, now: datetime, here: WorkingTime) -> Deadline:
    """Ask for it: the first time, and when it becomes overdue, in a post of its own; else its last post is edited.

    Where an unanswered reminder asks for the same already, nothing is posted before it is due. A first status update
    is asked for by the reminder alone, which also says that it is late: before it is due only the card shows it,
    unless the reminder was put off until later.
    """
    before = incident.progress.deadlines[rule.name]
    overdue = now >= before.due_at
    missed = overdue and before.missed_at is None
    doubled = asked_anyway(rule) and (_reminded(incident, rule, before) or _told_with_another(incident, before))
    post = rule.met_by is not Meets.UPDATE if missed else not before.asked and not doubled
    asked = before.model_copy(
        update={
            "posts": before.posts + post,
            "asked": before.asked + 1,
            "missed_at": now if missed else before.missed_at,
        }
    )
    return _plan(incident, asked, rule, now=now, here=here)


def _reminded(incident: Incident, rule: DeadlineRule, deadline: Deadline) -> bool:
    """Whether a reminder asks for the same: one that stands, or the one that comes when a first update is due."""
    clock = incident.reminding
    comes = clock.ask_at is not None and clock.ask_at <= deadline.due_at
    return clock.waiting or (rule.met_by is Meets.UPDATE and comes)


def _told_with_another(incident: Incident, deadline: Deadline) -> bool:
    """Whether another that is due at the same time was posted already: one post at a time is enough."""
    others = (one for one in incident.progress.deadlines.values() if one.name != deadline.name)
    return any(one.running and one.posts and one.due_at == deadline.due_at for one in others)


def rhythm(deadline: Deadline, rule: DeadlineRule) -> tuple[tuple[timedelta, ...], timedelta | None]:
    """How long before it is due it is asked for, and how often afterwards (``None``: not again)."""
    length = deadline.due_at - deadline.started_at
    before, after = next((before, after) for most, before, after in RHYTHMS if length <= most)
    before = rule.before if rule.before is not None else before
    if asked_anyway(rule):
        return (min(before),) if before else (), None
    return before, rule.after or after


def near(deadline: Deadline, rule: DeadlineRule, *, now: datetime) -> bool:
    """Whether it runs and is overdue, or its first reminder's time has come."""
    before, _ = rhythm(deadline, rule)
    return deadline.running and now >= deadline.due_at - max(before, default=timedelta(0))


def next_ask(deadline: Deadline, rule: DeadlineRule, *, now: datetime, here: WorkingTime) -> datetime | None:
    """When it is asked for next: a while before it is due, when it is, and again while it is overdue.

    One whose term is counted in working time is asked for in working time only.
    """
    due = deadline.due_at
    if deadline.missed_at is None and due <= now:
        return due
    before, after = rhythm(deadline, rule)
    working = rule.within.unit is not Unit.PLAIN
    early = [here.next(due - span) if working else due - span for span in before]
    coming = [moment for moment in early if max(now, deadline.started_at) < moment < due]
    if coming or now < due:
        return min(coming, default=due)
    if after is None:
        return None
    again = due + after * ((now - due) // after + 1)
    return here.next(again) if working else again


def _plan(incident: Incident, deadline: Deadline, rule: DeadlineRule, *, now: datetime, here: WorkingTime) -> Deadline:
    ask_at = next_ask(deadline, rule, now=now, here=here)
    return _keep(incident, deadline.model_copy(update={"ask_at": ask_at}))


def _keep(incident: Incident, deadline: Deadline) -> Deadline:
    incident.progress.deadlines[deadline.name] = deadline
    return deadline
