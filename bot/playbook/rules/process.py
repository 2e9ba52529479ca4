"""What contradicts itself in how an incident runs: severities, their clocks and ladders, statuses, phases, gates."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from bot.durations import say_duration
from bot.playbook.misfit import At, Misfit, listed, quoted
from bot.playbook.places import places
from bot.playbook.process import Need, Rung, Severity, Stage
from bot.playbook.written import Written
from bot.terms import Term, Unit

ENDS = {Stage.RESOLVED: "resolve", Stage.CLOSED: "close", Stage.CANCELLED: "cancel"}
"""Stages that one verb leads to, and no other way."""


def ladders(playbook: Written) -> Iterator[Misfit]:
    """A rung that would be climbed before the one below it."""
    yield from _climbs(("ladder",), playbook.ladder)
    for place, severity in enumerate(playbook.severities):
        yield from _climbs(("severities", place, "ladder"), severity.ladder)


def _climbs(at: At, ladder: tuple[Rung, ...]) -> Iterator[Misfit]:
    for place, (below, rung) in enumerate(pairwise(ladder), start=1):
        if rung.wait < below.wait:
            expected = f"at least {say_duration(below.wait)}, as the rung before waits so long"
            found = say_duration(rung.wait) if rung.wait else "no wait at all"
            yield Misfit((*at, place, "after"), found, expected)


def statuses(playbook: Written) -> Iterator[Misfit]:
    """A stage that no status leads to, and a status that nothing leads to."""
    missing = [stage.value for stage in Stage if all(status.stage is not stage for status in playbook.statuses)]
    if missing:
        yield Misfit(("statuses",), f"no status of the stage {listed(missing)}", "one or more of each stage")
    first: dict[Stage, str] = {}
    for place, status in enumerate(playbook.statuses):
        taken = first.setdefault(status.stage, status.name)
        if status.stage in ENDS and taken != status.name:
            found = f"{quoted(status.name)}, a second status of the stage {status.stage.value}, which nothing leads to"
            yield Misfit(("statuses", place, "stage"), found, f"“{taken}” alone: `{ENDS[status.stage]}` leads there")


def severities(playbook: Written) -> Iterator[Misfit]:
    """Clocks of a severity that cannot all be kept."""
    for place, severity in enumerate(playbook.severities):
        for key, found, expected in _clocks(severity):
            yield Misfit(("severities", place, *key.split(".")), found, expected)


def _clocks(severity: Severity) -> Iterator[tuple[str, str, str]]:
    review = severity.postmortem
    response, resolution = _plain(severity.response), _plain(severity.resolution)
    if response is not None and resolution is not None and response > resolution:
        yield "response", f"{severity.response}", f"at most {severity.resolution}, when it is to be resolved"
    if review.need is Need.NONE and (review.within is not None or review.meeting is not None):
        yield "postmortem", "a term for a post-mortem that is not needed", "“need: required” or “need: recommended”"


def _plain(term: Term | None) -> timedelta | None:
    return term.length if term is not None and term.unit is Unit.PLAIN else None


def rhythms(playbook: Written) -> Iterator[Misfit]:
    """Audiences that are told in two rhythms, or in none."""
    for at, cadence in places(playbook, "severities.cadences"):
        if cadence.every is not None and cadence.at is not None:
            yield Misfit(at, "both “every” and “at”", "one of them: “every: 30m” or “at: 09:30”")
        if cadence.once and not cadence.at_once:
            expected = "one of them: “every: 30m” or “at: 09:30”, or “at_once: true” for a single round"
            yield Misfit(at, "neither “every” nor “at”", expected)


def phases(playbook: Written) -> Iterator[Misfit]:
    """A phase that ends before it begins."""
    for place, phase in enumerate(playbook.phases):
        begins = phase.begins if isinstance(phase.begins, timedelta) else timedelta(0)
        if phase.ends is not None and phase.ends <= begins:
            expected = f"more than {say_duration(begins)}, when it begins"
            yield Misfit(("phases", place, "ends"), say_duration(phase.ends), expected)


def gates(playbook: Written) -> Iterator[Misfit]:
    """A gate that asks for nothing."""
    for name, held in (("resolve", playbook.resolve), ("close", playbook.close)):
        for place, gate in enumerate(held):
            if not gate.model_dump(exclude={"severities"}, exclude_defaults=True):
                yield Misfit(
                    (name, place), "a gate that asks for nothing", "something that has to hold, such as quiet: 15m"
                )


def closing(playbook: Written) -> Iterator[Misfit]:
    """What is waited for before it is resolved, asked for once that is over."""
    for place, gate in enumerate(playbook.close):
        for key, given in (("quiet", gate.quiet is not None), ("checks", gate.checks)):
            if given:
                yield Misfit(("close", place, key), f"“{key}” before the close", "it under “resolve”")
