"""A playbook in a few lines: each severity with its clocks, and who is asked."""

from collections.abc import Iterator

from bot.durations import say_duration
from bot.messages import alert_rules
from bot.playbook.process import Cadence, Need, Rung, Severity
from bot.playbook.shape import Playbook


def outline(playbook: Playbook) -> list[str]:
    """A line for each severity, the most severe first, then how alerts are taken, and the reminder ladder."""
    width = max(len(severity.name) for severity in playbook.severities)
    lines = [f"{severity.name.ljust(width)}  {' · '.join(_clocks(severity))}" for severity in playbook.severities]
    lines.append(f"{'alerts'.ljust(width)}  {' · '.join(alert_rules.told(playbook))}")
    return [*lines, f"{'asks'.ljust(width)}  {_ladder(playbook.ladder)}"]


def _clocks(severity: Severity) -> Iterator[str]:
    if severity.response is not None:
        yield f"response within {severity.response}"
    if severity.first_update is not None and severity.first_update != severity.cadence:
        yield f"first update within {say_duration(severity.first_update)}"
    yield f"update every {say_duration(severity.cadence)}" if severity.cadence else "no updates asked for"
    yield from map(_cadence, severity.cadences)
    if severity.resolution is not None:
        yield f"resolved within {severity.resolution}"
    if severity.page:
        yield f"pages {', '.join(severity.page)}"
    if severity.roles:
        yield f"needs {', '.join(severity.roles)}"
    if severity.freeze:
        yield "freezes production"
    review = severity.postmortem
    if review.need is not Need.NONE:
        yield f"post-mortem {review.need.value}" + (f" within {review.within}" if review.within is not None else "")
    if severity.ladder:
        yield f"asks {_ladder(severity.ladder)}"


def _cadence(cadence: Cadence) -> str:
    while_ = f" while {cadence.flag}" if cadence.flag else ""
    return f"{cadence.audience.value} {cadence.rhythm}{while_}"


def _ladder(rungs: tuple[Rung, ...]) -> str:
    return ", ".join(_rung(rung) for rung in rungs)


def _rung(rung: Rung) -> str:
    who = (" or " if rung.first else " and ").join(rung.rings)
    return f"after {say_duration(rung.wait)} {who}" if rung.wait else who
