"""What whoever comes on call is told: what is open, what is due, and which alerts came."""

from datetime import UTC, datetime, time

from bot.messages import handover_note
from bot.messages.handover_note import Change, Digest, Noise
from bot.scene import Scene

LOOKED_AT = 200
"""Open incidents, and alerts, that are looked at."""


async def digest(scene: Scene, change: Change) -> Digest:
    """What everybody may know of the playbook's incidents, items and alerts; nothing of drills."""
    playbook, reader = scene.playbook, scene.reader
    open_ones = []
    for one in await reader.open(None, limit=LOOKED_AT):
        incident = await reader.incident(one.number) if not one.drill else None
        if incident is not None and incident.playbook == playbook.name:
            open_ones.append((one, incident))
    open_ones.sort(key=lambda each: (playbook.rank(each[0].severity), each[0].declared_at))
    items = await reader.actions(
        None, now=scene.now, playbook=playbook.name, until=change.turn.ends, drills=False, limit=handover_note.LISTED
    )
    return Digest(open_ones, items, await _noise(scene, change) if change.was is not None else None)


async def _noise(scene: Scene, change: Change) -> Noise | None:
    """The alerts of the turn that ended, the noisiest first; counted from the beginning of its first day, in UTC."""
    if change.was is None:
        return None
    day = change.was.begins.date()
    since = datetime.combine(day, time(), tzinfo=UTC)
    arrived = await scene.reader.alerts.arrived(since, scene.playbook.name, limit=LOOKED_AT)
    counted = [(one, tally) for one in arrived if (tally := one.lately(day)).posted]
    counted.sort(key=lambda each: (-each[1].posted, each[0].id))
    numbers = {one.incident for one, _ in counted if one.incident is not None}
    hidden = {number for number in numbers if await _hidden(scene, number)}
    return Noise(since, [each for each in counted if each[0].incident not in hidden])


async def _hidden(scene: Scene, number: int) -> bool:
    """Whether an incident is none of everybody's business, or a drill."""
    summary = await scene.reader.summary(number)
    return summary is None or summary.private or summary.drill
