"""Tracking: which alert somebody means, and the incident of an act as others read of it."""

import re

from bot.alerts.tracked import Tracked
from bot.scene import Scene
from bot.store import Summary

_NAME = re.compile(r"a(?P<id>\d{1,15})", re.IGNORECASE)
SHOWN = 5


async def meant(scene: Scene, words: str) -> list[Tracked]:
    """The alerts that these words may mean: ``a17``, a key, an address, or words of the title. One alone is locked."""
    named = _NAME.fullmatch(words.strip())
    if named is not None:
        one = await scene.work.alerts.get(int(named["id"]))
        return [one] if one is not None else []
    found = await scene.reader.alerts.find(words.strip(), limit=SHOWN)
    if len(found) != 1:
        return found
    one = await scene.work.alerts.get(found[0].id)
    return [one] if one is not None else []


def brief(scene: Scene) -> Summary:
    """An incident of this act as it stands in lists; its channels may not be there yet."""
    incident = scene.incident
    commander = incident.holder(scene.playbook.commander)
    return Summary(
        number=incident.number,
        title=incident.title,
        severity=incident.severity,
        status=incident.status,
        stage=incident.stage,
        private=incident.private,
        drill=incident.drill,
        component=incident.component,
        declared_at=incident.declared_at,
        commander=commander.name if commander is not None else None,
        channel_name=incident.channel_name,
    )
