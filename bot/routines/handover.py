"""At each rotation's hand-over a note tells who comes on what is open, what is due, and which alerts came.

Where the rotation has a checklist, the note is the beginning of a ritual: see :mod:`bot.handing`.
"""

from datetime import datetime, timedelta

from bot import briefing, calling, handing
from bot.calendar import WorkingTime
from bot.intents import Post
from bot.messages import handover_note
from bot.messages.handover_note import Change
from bot.playbook.escalation import Rotation
from bot.playbook.outside import place
from bot.playbook.shape import Playbook
from bot.rotations import Shift, Turn, handovers, next_handover, turn
from bot.routines.routine import Routine
from bot.scene import Scene
from bot.store import Owed

LATE = timedelta(hours=12)
"""A note that could not be posted for so long after its hand-over is left out: whoever is on call has looked by now."""
_NOW = timedelta(microseconds=1)


class TellHandover(Routine):
    """Tell of the hand-over."""

    name = "handover"

    def due(self, playbook: Playbook, here: WorkingTime, *, after: datetime) -> datetime | None:
        """The next hand-over of any rotation in which people take turns."""
        zone = playbook.timezone
        ahead = (next_handover(one, zone=zone, after=after) for one in _changing(playbook))
        return min((at for at in ahead if at is not None), default=None)

    def occasion(self, at: datetime) -> str:
        """To the minute: two rotations hand over on one day, and so does a daily one where the clocks change."""
        return f"{at:%Y-%m-%dT%H:%M}"

    async def run(self, scene: Scene, at: datetime) -> None:
        """One message for each rotation whose hand-over was not told yet; those of several that were slept through,
        too.
        """
        playbook = scene.playbook
        await scene.look_at_overrides()
        for rotation in _changing(playbook):
            found = [*handovers(rotation, zone=playbook.timezone, since=scene.now - LATE, until=scene.now + _NOW)]
            if not found:
                continue
            before, begun = found[-1]
            key = handing.key(playbook, rotation, begun)
            if await scene.work.hear_once(key, at=scene.now):
                await _tell(scene, rotation, before, begun, key=key)


def _changing(playbook: Playbook) -> list[Rotation]:
    """The rotations in which people take turns."""
    return [rotation for rotation in playbook.rotations if len(rotation.everybody) > 1]


async def _tell(scene: Scene, rotation: Rotation, before: Shift | None, begun: Shift, *, key: str) -> None:
    playbook, zone = scene.playbook, scene.playbook.timezone
    last = before.ends - timedelta(seconds=1) if before is not None else None
    off = calling.of_the_hour(rotation.name, playbook, overrides=scene.overrides, now=last) if last else None
    on = calling.of_the_hour(rotation.name, playbook, overrides=scene.overrides, now=max(begun.begins, scene.now))
    if on is None or (off is not None and off.key == on.key):
        return
    ends = next_handover(rotation, zone=zone, after=begun.begins) or begun.ends
    day = begun.turn.day if begun.turn is not None else begun.begins.date()
    ended = turn(rotation, zone=zone, now=last) if last is not None else None
    change = Change(rotation, Turn(day, begun.begins, ends), off, on, was=ended)
    digest = await briefing.digest(scene, change)
    brief = handover_note.brief(digest, playbook, now=scene.now)
    ritual = handing.begin(scene, rotation, key=key, off=off, on=on, brief=brief, begins=begun.begins, ends=ends)
    if ritual is not None:
        await handing.open_(scene, ritual)
        return
    card = handover_note.note(change, digest, playbook, now=scene.now)
    for platform in playbook.lives_on(scene.platforms):
        to = place(playbook.announce.channels | rotation.channels, platform)
        scene.owed.append(Owed(key, platform, Post(card=card, to=to)))
