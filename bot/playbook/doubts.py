"""What a playbook may say and probably does not mean: told beside the check, and no reason to refuse it."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from bot.durations import say_duration
from bot.issue import TRACKERS
from bot.people import Group, Person
from bot.playbook.alert_doubts import alerts
from bot.playbook.misfit import At, Misfit, listed, quoted
from bot.playbook.places import places
from bot.playbook.process import Phase, Step
from bot.playbook.rota_doubts import rotas
from bot.playbook.rules.references import REFERENCES, Kind
from bot.playbook.shape import Playbook

PEOPLE = {Kind.PERSON, Kind.GROUP}
MEMBERS = ("groups.members", "contacts{}")
"""Where people are named who are asked for nothing by that alone."""
MANY = 4
"""From so many runbooks on, one that helps with every incident hides the one that helps with this."""


def doubts(playbook: Playbook) -> Iterator[Misfit]:
    """Everything that is worth a look."""
    for rule in (
        _roles,
        _ringing,
        _paging,
        _cadences,
        _first,
        _runbooks,
        _phases,
        _gates,
        alerts,
        _escalations,
        rotas,
        _steps,
        _handles,
        _tracker,
    ):
        yield from rule(playbook)


def _roles(playbook: Playbook) -> Iterator[Misfit]:
    for place, role in enumerate(playbook.roles):
        if role.required and role.starts_as == "nobody" and not role.rotation:
            found = f"{quoted(role.name)}, always required and held by nobody from the start"
            yield Misfit(("roles", place), found, "“starts_as: declarer” or a “rotation”")


def _ringing(playbook: Playbook) -> Iterator[Misfit]:
    """Every rung may turn out to be held by nobody; then a reminder would ring no one."""
    keys = {person.key for person in playbook.people} | {group.key for group in playbook.groups}
    sure = keys | {"channel", playbook.commander}
    for place, severity in enumerate(playbook.severities):
        rungs = playbook.rungs(severity.name)
        if severity.cadence is not None and not any(sure & set(rung.rings) for rung in rungs):
            found = f"a ladder for {severity.name} that may ring nobody"
            yield Misfit(("severities", place), found, f"“channel” or “{playbook.commander}” on some rung")


def _paging(playbook: Playbook) -> Iterator[Misfit]:
    worst = playbook.severities[0]
    if (playbook.rotations or playbook.paging.routes) and not worst.page:
        yield Misfit(("severities", 0), f"{worst.name}, the most severe, which pages nobody", "“page” with a rotation")


def _cadences(playbook: Playbook) -> Iterator[Misfit]:
    for place, (worse, severity) in enumerate(pairwise(playbook.severities), start=1):
        cadence = severity.cadence
        if cadence is not None and (worse.cadence is None or cadence < worse.cadence):
            found = f"{say_duration(cadence)}, more often than at {worse.name}, which is more severe"
            yield Misfit(("severities", place, "cadence"), found, "the most severe first and asked most often")


def _first(playbook: Playbook) -> Iterator[Misfit]:
    for place, severity in enumerate(playbook.severities):
        first, cadence = severity.first_update, severity.cadence
        if first is not None and cadence is not None and first > cadence:
            found = f"{say_duration(first)}, while every other update is owed after {say_duration(cadence)}"
            yield Misfit(("severities", place, "first_update"), found, "the first one at least as early")


def _runbooks(playbook: Playbook) -> Iterator[Misfit]:
    always = [place for place, book in enumerate(playbook.runbooks) if book.matches("") and not book.severities]
    if len(playbook.runbooks) > MANY or len(always) > 1:
        for place in always:
            found = f"{quoted(playbook.runbooks[place].title)}, shown with every incident beside what matches"
            yield Misfit(("runbooks", place), found, "words, components or labels that it helps with")


def _phases(playbook: Playbook) -> Iterator[Misfit]:
    """The first phase that fits is the current one, so one that a phase before it covers never is."""
    for place, phase in enumerate(playbook.phases):
        hiding = next((one for one in playbook.phases[:place] if _covers(one, phase)), None)
        if hiding is not None:
            found = f"{quoted(phase.name)}, which is never current: {quoted(hiding.name)} comes first"
            yield Misfit(("phases", place), found, "statuses or a window of its own")


def _covers(one: Phase, other: Phase) -> bool:
    if one.statuses or other.statuses:
        return bool(one.statuses and other.statuses) and set(other.statuses) <= set(one.statuses)
    never = timedelta.max
    return _begin(one) <= _begin(other) and (one.ends or never) >= (other.ends or never)


def _begin(phase: Phase) -> timedelta:
    return phase.begins if isinstance(phase.begins, timedelta) else timedelta(0)


def _gates(playbook: Playbook) -> Iterator[Misfit]:
    for name, gates in (("resolve", playbook.resolve), ("close", playbook.close)):
        for place, gate in enumerate(gates):
            if gate.checks and not playbook.checks:
                yield Misfit((name, place, "checks"), "green health checks and none to be asked", "“checks”")


def _escalations(playbook: Playbook) -> Iterator[Misfit]:
    for place, rule in enumerate(playbook.escalations):
        if rule.wait is not None and not rule.then:
            found = f"{say_duration(rule.wait)} after which nothing follows"
            yield Misfit(("escalations", place, "wait"), found, "“then” with the next rule")


def _steps(playbook: Playbook) -> Iterator[Misfit]:
    lists: list[tuple[At, tuple[Step, ...]]] = [
        *((("checklists", place), one.steps) for place, one in enumerate(playbook.checklists)),
        *((("runbooks", place), one.steps) for place, one in enumerate(playbook.runbooks)),
    ]
    for at, steps in lists:
        counted = Counter(step.any_of for step in steps)
        for place, step in enumerate(steps):
            if step.any_of and counted[step.any_of] == 1:
                found = f"{quoted(step.any_of)} at one step only"
                yield Misfit((*at, "steps", place, "any_of"), found, "the same word at the steps that stand for it")


def _handles(playbook: Playbook) -> Iterator[Misfit]:
    """Whoever is to be asked, called or paged, and can be rung on none of the platforms that the playbook lives on."""
    named = {name for path, kinds in REFERENCES.items() if PEOPLE & {*kinds} and path not in MEMBERS
             for _, name in places(playbook, path)}  # fmt: skip
    silent: list[At] = [("people", nth) for nth, one in enumerate(playbook.people) if not _rung(one, playbook)]
    silent += [
        ("groups", nth)
        for nth, group in enumerate(playbook.groups)
        if not _rung(group, playbook) and not any(_rung(one, playbook) for one in _members(group, playbook))
    ]
    mute = [(at, one) for at in silent if (one := getattr(playbook, str(at[0]))[at[1]]).key in named]
    if mute:
        where = listed(map(str.title, playbook.chats)) or "any platform"
        who = listed((one.key for _, one in mute), last="and")
        expected = f"each one's id there: “handles: {{ {(playbook.chats or ('slack',))[0]}: … }}”, or a group's members"
        yield Misfit(mute[0][0], f"nobody to ring on {where} for {who}", expected)


def _tracker(playbook: Playbook) -> Iterator[Misfit]:
    """A tracker in which nothing is filed."""
    tracker = playbook.tracker
    if tracker is None:
        return
    if not (tracker.incidents or tracker.actions):
        yield Misfit(("tracker",), "a tracker and nothing to file there", "“incidents” with severities, or “actions”")
    if tracker.labels and not tracker.incidents:
        yield Misfit(
            ("tracker", "labels"), "labels of incidents, none of which is filed", "“incidents” with severities"
        )


def _rung(one: Person | Group, playbook: Playbook) -> bool:
    return (
        any(platform in one.handles for platform in playbook.chats)
        if playbook.chats
        else bool(one.handles.keys() - TRACKERS.keys())
    )


def _members(group: Group, playbook: Playbook) -> Iterator[Person]:
    return (one for key in group.members if (one := playbook.person(key)) is not None)
