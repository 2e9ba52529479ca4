"""What has to hold between the parts of a playbook: one function a rule, in the room of its part."""

from collections.abc import Callable, Iterator

from bot.playbook.misfit import At, Misfit
from bot.playbook.reading import Reading
from bot.playbook.rules import clocks, doubles, escalation, help, outside, process, references, templates, words
from bot.playbook.written import Written

Rule = Callable[[Written], Iterator[Misfit]]
RULES: tuple[Rule, ...] = (
    references.unknown,
    doubles.doubled,
    doubles.reserved,
    process.ladders,
    process.statuses,
    process.severities,
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
    help.bodies,
    outside.alerts,
    outside.patterns,
    outside.reactions,
    templates.allowed,
)
"""Every rule that needs nothing but the playbook."""


def misfits(playbook: Written, reading: Reading) -> Iterator[Misfit]:
    """Everything that does not hold, each value told of once."""
    told: set[At] = set()
    for one in _all(playbook, reading):
        if one.at not in told:
            told.add(one.at)
            yield one


def _all(playbook: Written, reading: Reading) -> Iterator[Misfit]:
    for rule in RULES:
        yield from rule(playbook)
    yield from words.words(playbook, reading.verbs)
    if reading.holidays is not None:
        yield from clocks.holidays(playbook, reading.holidays)
