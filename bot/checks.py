"""Health checks: which belong to an incident, how they are asked, and what their answers change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.acts import owe_whisper, whispering
from bot.card import Card
from bot.incident import Incident
from bot.intents import HEALTH, Asking, Probe, Urgency
from bot.learned import Met, Probed, Reading
from bot.messages import health
from bot.playbook.help import HealthCheck
from bot.playbook.shape import Playbook
from bot.progress import Checked
from bot.scene import Scene
from bot.store import Owed
from bot.timeline import Kind

CHECKS = "checks"
"""Key of the message that shows what they answered."""
MINUTE = timedelta(minutes=1)
"""How often they are asked while they are watched, unless somebody says otherwise; and always in a quiet period."""


@dataclass(frozen=True, slots=True)
class Turned:
    """A health check that changed between green and red, or is red the first time it is asked."""

    check: HealthCheck
    now: Checked
    lasted: timedelta | None
    """How long it had been otherwise; ``None`` where it was never asked before."""


def belonging(incident: Incident, playbook: Playbook) -> tuple[HealthCheck, ...]:
    """The checks that say something about this incident."""
    return tuple(c for c in playbook.checks if c.belongs(incident.component, incident.environment))


def red(incident: Incident, playbook: Playbook) -> tuple[HealthCheck, ...]:
    """Those of them that were not green when they were last asked."""
    known = incident.progress.checks
    return tuple(c for c in belonging(incident, playbook) if c.name in known and not known[c.name].ok)


def unknown(incident: Incident, playbook: Playbook) -> tuple[HealthCheck, ...]:
    """Those of them that were never asked."""
    return tuple(c for c in belonging(incident, playbook) if c.name not in incident.progress.checks)


def outstanding(incident: Incident) -> bool:
    """Whether a run was asked for that is not answered yet."""
    return incident.progress.checked > incident.progress.answered


def ask(scene: Scene, checks: Sequence[HealthCheck], *, why: Asking) -> None:
    """Owe a probe of these checks; runs of one incident never overlap."""
    progress, heard = scene.incident.progress, scene.heard
    pressed = why is Asking.CHECK and heard is not None and heard.message is not None
    progress.checked += 1
    probe = Probe(
        run=progress.checked,
        checks=tuple(checks),
        allowed_hosts=scene.playbook.allowed_hosts,
        why=why,
        asked_at=scene.now,
        by=scene.actor if heard is not None else None,
        platform=scene.platform,
        answer=None if pressed else whispering(scene),  # a button of the message itself: its edit is the answer
    )
    key = f"probe/{progress.checked}"
    scene.owed.append(Owed(key, HEALTH, probe, Urgency.ASK, stream="probe"))


def stand(incident: Incident) -> bool:
    """Whether the message with their answers stands somewhere already."""
    return any(mark.partition(":")[2].split("/")[0] == CHECKS for mark in incident.standing)


def take(scene: Scene, probed: Probed) -> list[Turned]:
    """Keep what the checks answered; returns those that turned.

    While they are watched, an answer that is good (or bad) as before changes no word that stands in the channel.
    """
    progress, probe, turned = scene.incident.progress, probed.probe, []
    progress.answered = max(progress.answered, probe.run)
    for check in probe.checks:
        reading = probed.readings.get(check.name)
        if reading is None:
            continue
        ok, before = green(check, reading), progress.checks.get(check.name)
        same = before is not None and before.ok == ok
        says = before.says if before and same and probe.why is Asking.WATCH else health.says(check, reading)
        since = before.since if before and same else scene.now
        now = progress.checks[check.name] = Checked(ok=ok, says=says, at=scene.now, since=since)
        if not same and (before is not None or not ok):
            turned.append(Turned(check, now, scene.now - before.since if before else None))
    _note(scene, probe, turned)
    return turned


def tell(scene: Scene, probe: Probe, card: Card) -> None:
    """Tell whoever asked for a probe."""
    if probe.answer is not None and probe.platform in scene.incident.rooms:
        owe_whisper(scene, probe.answer.model_copy(update={"card": card}), platform=probe.platform)


def green(check: HealthCheck, reading: Reading) -> bool:
    """Whether a check was told what its playbook expects."""
    return reading.met is Met.ANSWER and check.expects(reading.status) and reading.words


def _note(scene: Scene, probe: Probe, turned: Sequence[Turned]) -> None:
    """On the timeline: all that somebody asked for, and every change."""
    asked = turned if probe.why is Asking.WATCH else probe.checks
    checks = [each.check if isinstance(each, Turned) else each for each in asked]
    known = scene.incident.progress.checks
    if checks:
        told = "; ".join(health.line(check, known[check.name]) for check in checks if check.name in known)
        scene.record(Kind.CHECK, f"Health checks: {told}")
