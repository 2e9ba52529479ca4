"""What a playbook says of the outside and of the end, for rehearsals: no part of the chat does it by itself.

Who is paged and by which way, what customers see, which clocks may be started, what has to hold before the end.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise

from bot import calling, checks, gates, templates
from bot.durations import say_duration
from bot.happenings import Happening, Kind, moment, spoken
from bot.incident import Incident
from bot.issue import TRACKERS
from bot.messages.gates import phrases
from bot.playbook.clocks import DeadlineRule, Starts
from bot.playbook.escalation import Rotation
from bot.playbook.outside import Gate
from bot.playbook.part import fold, named
from bot.playbook.process import Need
from bot.playbook.shape import Playbook
from bot.progress import Lack, Lacking
from bot.terms import Unit


def ahead(incident: Incident, playbook: Playbook, *, at: datetime) -> Iterator[Happening]:
    """Who is paged, what customers see, which clocks may be started."""
    yield from _page(incident, playbook, at)
    yield from _public(incident, playbook, at)
    yield from _written(incident, playbook, at)
    for rule in playbook.deadlines_of(incident.severity):
        if rule.starts in (Starts.BY_HAND, Starts.FLAG) and rule.name not in incident.progress.deadlines:
            yield _startable(rule, playbook, at)


def end(incident: Incident, playbook: Playbook, *, at: datetime) -> Iterator[Happening]:
    """What has to hold before it is resolved, and before it is closed."""
    for stage, rules in (("resolved", playbook.resolve), ("closed", playbook.close)):
        lacks = list(_lacks(incident, playbook, gates.applying(rules, incident, playbook)))
        if lacks:
            yield Happening(at=at, kind=Kind.GATE, text=f"Before it is {stage}: {phrases(lacks, playbook)}")


def _lacks(incident: Incident, playbook: Playbook, rules: Sequence[Gate]) -> Iterator[Lack]:
    yield from gates.lacks(incident, playbook, rules)
    asked = tuple(check.called for check in checks.belonging(incident, playbook))
    if asked and any(gate.checks for gate in rules):
        yield Lack(kind=Lacking.CHECKS, names=asked)
    if (span := gates.quiet(rules)) is not None:
        yield Lack(kind=Lacking.QUIET, span=span)
    severity = playbook.severity(incident.severity)
    required = severity is not None and severity.postmortem.need is Need.REQUIRED
    if required and any(gate.postmortem for gate in rules):
        yield Lack(kind=Lacking.POSTMORTEM)


def _page(incident: Incident, playbook: Playbook, at: datetime) -> Iterator[Happening]:
    severity = playbook.severity(incident.severity)
    if severity is None or not severity.page or incident.drill:
        return
    names = [_named(key, playbook) for key in severity.page]
    shown = (_turn(key, name, playbook, at) for key, name in zip(severity.page, names, strict=True))
    lines = [f"Paged: {', '.join(shown)}", *_ways(playbook), *_backups(severity.page, playbook)]
    yield Happening(at=at, kind=Kind.PAGE, text="\n".join(lines), who=tuple(names))


def _turn(key: str, name: str, playbook: Playbook, at: datetime) -> str:
    """A rotation with whoever is on call: ``on-call (Ana)``."""
    person = calling.of_the_hour(key, playbook, overrides=(), now=at)  # a rehearsal knows only the playbook
    return f"{name} ({person.name})" if person is not None else name


def _ways(playbook: Playbook) -> Iterator[str]:
    routes = playbook.paging.routes
    words = [f"By {routes[0].title or routes[0].name}"] if routes else []
    for before, route in pairwise(routes):
        wait = f" for {say_duration(before.wait)}" if before.wait is not None else ""
        words.append(f"unanswered{wait}, by {route.title or route.name}")
    if words:
        yield "; ".join(words)


def _backups(paged: Sequence[str], playbook: Playbook) -> Iterator[str]:
    for key in paged:
        rotation: Rotation | None = named(playbook.rotations, key)
        if rotation is not None and rotation.backup:
            wait = f" for {say_duration(rotation.answer)}" if rotation.answer is not None else ""
            backup = ", ".join(_named(name, playbook) for name in rotation.backup)
            yield f"Where {_small(rotation.title)} does not answer{wait}: {backup}"
    rotations = [rotation for key in paged if (rotation := named(playbook.rotations, key)) is not None]
    known = {*paged, *(name for rotation in rotations for name in rotation.backup)}
    emergency = [name for name in playbook.paging.emergency if name not in known]
    if rotations and emergency:
        yield f"Where nobody answers: {', '.join(_named(name, playbook) for name in emergency)}"


def _public(incident: Incident, playbook: Playbook, at: datetime) -> Iterator[Happening]:
    page = playbook.status_page
    if page.opens == "by hand" or incident.drill or incident.private:
        return
    if not playbook.applies(page.severities, incident.severity):
        return
    word = page.states.get(incident.status, incident.status)
    when = "opens at once" if not page.approve else "is drafted at once; customers see it when somebody approves"
    text = f"Status page ({page.url or 'address not set'}): a public incident, {word}, {when}"
    if page.approve:
        text += f"\nA text that waits {say_duration(page.behind)} is told to whoever sees to customers"
    if page.opens == "alert":
        text += "\nWhere a monitor began it: with the monitor's components, and its summary as the first update"
    yield Happening(at=at, kind=Kind.STATUS_PAGE, text=text, who=("customers",))


def _written(incident: Incident, playbook: Playbook, at: datetime) -> Iterator[Happening]:
    """The report that is started, and the issue in the tracker."""
    severity, record, tracker = playbook.severity(incident.severity), playbook.record, playbook.tracker
    if severity is not None and severity.report != "none":
        path = templates.report(incident, playbook)
        file = f": {path}" if path else ""
        log = f"; a line in {record.log} at the end" if record.log else ""
        yield Happening(at=at, kind=Kind.REPORT, text=f"Incident report, {severity.report}{file}{log}")
    if tracker is not None and tracker.incidents and playbook.applies(tracker.incidents, incident.severity):
        labels = [label for name, given in tracker.labels.items() if fold(name) == fold(incident.severity)
                  for label in given]  # fmt: skip
        shown = f", labelled {', '.join(labels)}" if labels else ""
        fields = f", with {', '.join(tracker.fields)}" if tracker.fields else ""
        yield Happening(at=at, kind=Kind.TRACKER, text=f"Tracker: an issue in {TRACKERS[tracker.kind]}{shown}{fields}")


def _startable(rule: DeadlineRule, playbook: Playbook, at: datetime) -> Happening:
    flag = playbook.flag(rule.flag)
    starts = f"flag “{flag.title}” is set" if flag is not None else rule.moment or "somebody starts it"
    due = at + rule.within.length if rule.within.unit is Unit.PLAIN else None
    now = f"; counted from now it would be due {moment(due)}" if due is not None else ""
    to = f" to {rule.audience}" if rule.audience else ""
    text = f"{rule.title}{to}: {spoken(rule.within)}, counted from when {starts}{now}"
    return Happening(at=at, kind=Kind.DEADLINE, text=text, due=due)


def _named(key: str, playbook: Playbook) -> str:
    """What a rotation, group, person or role is called."""
    rotation: Rotation | None = named(playbook.rotations, key)
    if rotation is not None:
        return _small(rotation.title)
    known = playbook.group(key) or playbook.person(key)
    role = playbook.role(key)
    return known.name if known is not None else role.title if role is not None else key


def _small(title: str) -> str:
    """A title within a sentence: ``on-call``."""
    return title[:1].lower() + title[1:]
