"""The quiet period: an incident counts as resolved when nothing goes red for so long; a disturbance starts it over."""

from datetime import datetime, timedelta

from bot import acts, checks, reminders
from bot.durations import say_duration
from bot.incident import HowAnswered, Incident
from bot.people import Person
from bot.playbook.process import Stage
from bot.playbook.shape import Playbook
from bot.progress import Quiet, QuietEnd, Watching
from bot.scene import Scene
from bot.timeline import Kind

FRESH = timedelta(minutes=2)
"""How old the health checks' answers may be when it ends: they are asked every minute, and take half of one at most."""


def running(incident: Incident) -> Quiet | None:
    """The quiet period, while there is one."""
    quiet = incident.progress.quiet
    return quiet if quiet is not None and quiet.over is None else None


def due(incident: Incident, playbook: Playbook) -> datetime | None:
    """When it ends; ``None`` while a health check is red, or while their last answers are too old to tell.

    They are watched meanwhile, so the next answer brings the time.
    """
    quiet, known = running(incident), incident.progress.checks
    if quiet is None or checks.red(incident, playbook) or checks.unknown(incident, playbook):
        return None
    asked = [known[check.name].at for check in checks.belonging(incident, playbook)]
    return quiet.until if all(at >= quiet.until - FRESH for at in asked) else None


def begin(scene: Scene, span: timedelta) -> Quiet:
    """Begin to wait ``span``, for the scene's actor."""
    incident, playbook = scene.incident, scene.playbook
    if incident.stage is not Stage.MONITORING:
        acts.enter_stage(scene, Stage.MONITORING)
        scene.record(Kind.STATUS, f"Status: {incident.status}", status=incident.status)
    acts.acknowledge(scene)
    last = incident.progress.quiet
    begun = incident.progress.quiet = Quiet(
        id=last.id + 1 if last is not None else 1,
        since=scene.now,
        until=scene.now + span,
        by=scene.actor,
        updates=incident.updates,
        severity=incident.severity,
    )
    if checks.belonging(incident, playbook):
        _watch(scene)
    reminders.answer(incident, how=HowAnswered.ACKNOWLEDGED, by=scene.actor, now=scene.now)
    _hold_reminders(scene)
    scene.record(Kind.END, f"To be resolved after {say_duration(span)} of quiet")
    return begun


def _watch(scene: Scene) -> None:
    """See to it that the health checks are asked every minute, from the next ring on."""
    progress = scene.incident.progress
    watching = progress.watching or Watching(every=round(checks.MINUTE.total_seconds()), next_at=scene.now, by="")
    progress.watching = watching.model_copy(update={"next_at": scene.now})


def disturb(scene: Scene, by: str) -> None:
    """Start over, because of ``by``: words such as ``a new alert: disk full``. Nothing happens where none runs."""
    quiet = running(scene.incident)
    if quiet is None:
        return
    news = {"broken": quiet.broken + 1, "broken_by": by, "broken_at": scene.now}
    _count_from_now(scene, quiet.model_copy(update=news))
    scene.record(Kind.END, f"The quiet period starts over: {by}")


def heed(scene: Scene, turned: list[checks.Turned]) -> None:
    """Follow the health checks: one that goes red starts it over, and it counts from when all are green again."""
    quiet = running(scene.incident)
    here = {check.name for check in checks.belonging(scene.incident, scene.playbook)}
    changes = [each for each in turned if each.check.name in here]
    if quiet is None or not changes:
        return
    red = [f"{each.check.called} is red ({each.now.says})" for each in changes if not each.now.ok]
    if red:
        disturb(scene, ", ".join(red))
    elif not checks.red(scene.incident, scene.playbook):
        _count_from_now(scene, quiet)
        scene.record(Kind.END, "All health checks are green again: the quiet period counts from now")


def calm(scene: Scene, by: str) -> None:
    """Count from now, because of ``by``: words such as ``all alerts have cleared``. Nothing happens where none runs."""
    quiet = running(scene.incident)
    if quiet is not None:
        _count_from_now(scene, quiet)
        scene.record(Kind.END, f"The quiet period counts from now: {by}")


def _count_from_now(scene: Scene, quiet: Quiet) -> None:
    moved = {"since": scene.now, "until": scene.now + quiet.span}
    scene.incident.progress.quiet = quiet.model_copy(update=moved)
    _hold_reminders(scene)


def _hold_reminders(scene: Scene) -> None:
    """Ask for no status update before it is over: how things stand is said, and an update would end the quiet."""
    clock, quiet = scene.incident.reminding, running(scene.incident)
    if quiet is None or clock.due_at is None or clock.waiting or clock.paused_because is not None:
        return
    reminders.put_off(scene.incident, now=scene.now, by=quiet.span)


def end(scene: Scene, how: QuietEnd, *, by: Person) -> None:
    """End it. Nothing happens where none runs."""
    progress, quiet = scene.incident.progress, running(scene.incident)
    if quiet is None:
        return
    progress.quiet = quiet.model_copy(update={"over": how, "over_by": by.name})
    if progress.watching is not None and not progress.watching.by:
        progress.watching = None


def ended_by(incident: Incident, playbook: Playbook, *, now: datetime) -> QuietEnd | None:
    """What of that which happened since ends it; ``None`` where nothing did, or where none runs."""
    quiet = running(incident)
    if quiet is None:
        return None
    if not incident.open:
        return QuietEnd.CALLED_OFF
    if playbook.rank(incident.severity) < playbook.rank(quiet.severity):
        return QuietEnd.SEVERITY
    if incident.stage is not Stage.MONITORING:
        return QuietEnd.STATUS
    return QuietEnd.UPDATE if incident.updates > quiet.updates and not _nothing_new(incident, now) else None


def _nothing_new(incident: Incident, now: datetime) -> bool:
    """Whether the status update given now only says that there is nothing new: then it is still quiet."""
    answer, last = incident.reminding.answer, incident.last_update
    tapped = answer is not None and answer.how is HowAnswered.NO_CHANGE and answer.at == now
    return tapped or (last is not None and last.confirmed_at == now)
