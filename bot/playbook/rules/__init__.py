"""What has to hold between the parts of a playbook: one function a rule, in the room of its part."""

from collections.abc import Callable, Iterator

from bot.playbook.misfit import At, Misfit
from bot.playbook.reading import Reading
from bot.playbook.rules import (
    clocks,
    doubles,
    escalation,
    help,
    outside,
    permissions,
    process,
    references,
    templates,
    words,
)
from bot.playbook.written import Written

Rule = Callable[[Written], Iterator[Misfit]]
RULES: tuple[Rule, ...] = (
    references.unknown,
    doubles.doubled,
    doubles.across,
    doubles.repeated,
    doubles.reserved,
    process.ladders,
    process.statuses,
    process.severities,
    process.rhythms,
    process.phases,
    process.gates,
    process.closing,
    clocks.sprints,
    clocks.calendar,
    clocks.deadlines,
    clocks.drills,
    escalation.paths,
    escalation.severities,
    escalation.rotations,
    escalation.people,
    help.runbooks,
    help.hosts,
    help.checks,
    help.bodies,
    outside.alerts,
    outside.measures,
    outside.patterns,
    outside.record,
    outside.reactions,
    outside.tracker,
    outside.mail,
    permissions.groups,
    permissions.words,
    templates.allowed,
)
"""Every rule that needs nothing but the playbook."""


def misfits(playbook: Written, reading: Reading) -> Iterator[Misfit]:
    """Everything that does not hold; of each value what the first rule says that it offends."""
    told: set[At] = set()
    for found in _each(playbook, reading):
        new = [one for one in found if one.at not in told]
        told |= {one.at for one in new}
        yield from new


def _each(playbook: Written, reading: Reading) -> Iterator[Iterator[Misfit]]:
    for rule in RULES:
        yield rule(playbook)
    yield words.words(playbook, reading.verbs)
    if reading.holidays is not None:
        yield clocks.holidays(playbook, reading.holidays)
