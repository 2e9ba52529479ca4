"""Showing: what an incident's card tells of its alerts, brought up to date at a bounded rate."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot import quiet
from bot.alerts.tracked import Tracked
from bot.progress import Alerted, AlertSeen
from bot.scene import Scene

EVERY = timedelta(seconds=30)
"""How often a card is edited for alerts that are no news, at most."""
AT_ONCE = timedelta(seconds=5)
"""How long after an edit the next news of an alert is shown at once; what comes sooner is shown with the next look."""
READ = 500
"""Characters of an alert's words by which runbooks are found."""
SHOWN = 5
"""Alerts that a card names."""
TELL_AGAIN = timedelta(minutes=30)
"""For how long after people were told that all had cleared the same message serves again: flapping posts nothing."""


def rested(scene: Scene) -> bool:
    """Whether a card was left alone long enough to show news at once."""
    alerted = scene.incident.progress.alerts
    shown = alerted.shown_at if alerted is not None else None
    return shown is None or not scene.now - AT_ONCE < shown <= scene.now


def refresh(scene: Scene, found: Sequence[Tracked]) -> None:
    """Bring an incident's alerts up to date from all that belong to it."""
    incident, now = scene.incident, scene.now
    before = incident.progress.alerts or Alerted()
    firing = [one for one in found if one.fires]
    latest = sorted(found, key=lambda one: (one.fires, one.since if one.fires else one.last_at), reverse=True)
    origin = next((one for one in found if one.incident == incident.number), None)
    first = before.first or (origin.id if origin is not None else 0)
    if origin is not None and not before.first and not before.declared:
        before = before.model_copy(update=_words(before, origin))
    after = before.model_copy(
        update={
            "first": first,
            "alerts": len(found),
            "firing": len(firing),
            "arrived": sum(one.count for one in found),
            "latest": tuple(_seen(one, now=now) for one in latest[:SHOWN]),
            "shown_at": now,
        }
    )
    incident.progress.alerts = _cleared(scene, before, after)
    scene.changed = True


def _words(before: Alerted, origin: Tracked) -> dict[str, object]:
    """What the first alert of an incident that people declared says of it, so that its runbooks are found, too."""
    return {
        "labels": before.labels or dict(origin.alert.labels),
        "text": before.text or f"{origin.alert.title}\n{origin.alert.text}"[:READ],
        "runbook": before.runbook or origin.alert.runbook,
    }


def _seen(one: Tracked, *, now: datetime) -> AlertSeen:
    return AlertSeen(
        id=one.id,
        title=one.alert.title,
        source=one.sender or one.alert.source,
        link=one.alert.link,
        fires=one.fires,
        since=one.since if one.fires else one.cleared_at or one.last_at,
        count=one.count,
        flaps=one.flapping(now),
    )


def _cleared(scene: Scene, before: Alerted, after: Alerted) -> Alerted:
    """Note that the last of them cleared, or that one fires again."""
    if after.firing or not after.alerts:
        return after.model_copy(update={"cleared_at": None})
    if before.cleared_at is not None:
        return after
    quiet.calm(scene, "all alerts have cleared")
    again = before.told_at is None or scene.now - before.told_at > TELL_AGAIN
    told = {"told": before.told + 1, "told_at": scene.now} if again else {}
    return after.model_copy(update={"cleared_at": scene.now, **told})
