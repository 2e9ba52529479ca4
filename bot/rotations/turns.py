"""The turn of a moment, and the next hand-over, as the playbook has them: no override is looked at."""

from datetime import datetime, timedelta

from bot.playbook.escalation import Rotation
from bot.rotations.line import Turn, lines
from bot.rotations.schedule import LOOK_AHEAD, handovers, shift


def turn(rotation: Rotation, *, zone: str, now: datetime) -> Turn | None:
    """The turn of whoever the rotation has on call at this moment; ``None`` in a gap. ``zone`` is the playbook's."""
    return shift(rotation, zone=zone, overrides=(), now=now).turn


def next_handover(rotation: Rotation, *, zone: str, after: datetime) -> datetime | None:
    """The first moment after this one at which somebody else comes on call; the one that begins the rotation counts.

    ``None`` where nobody else does within a year, as where one person is always on call.
    """
    if len(rotation.everybody) == 1 and all(line.count(after) is not None for line in lines(rotation, zone)):
        return None
    for span in (timedelta(days=1), *LOOK_AHEAD):
        for _, one in handovers(rotation, zone=zone, since=after, until=after + span):
            if one.begins > after:
                return one.begins
    return None
