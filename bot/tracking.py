"""Tracking: which alert somebody means, what is told of it after an act, and the incident of an act in short."""

import re
from dataclasses import replace

from bot import offers
from bot.alerts import telling
from bot.alerts.tracked import Tracked
from bot.card import Card
from bot.messages import alert_lists
from bot.reader import Summary
from bot.scene import Scene

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


async def taken_up(scene: Scene, tracked: Tracked) -> Card | None:
    """What whoever comes too late is told of an alert: it belongs to an open incident. ``None`` where it does not."""
    taken = await scene.reader.summary(tracked.incident) if tracked.incident and tracked.became.of_incident else None
    return alert_lists.taken(tracked, taken) if taken is not None and taken.stage.open else None


async def tell(scene: Scene, tracked: Tracked, *others: Tracked) -> None:
    """Save alerts as an act left them, and owe what the message about the first should read now, and those about the
    others, as far as they have one."""
    for one in (tracked, *(other for other in others if other.answers)):
        mine = next((playbook for playbook in scene.loaded if playbook.name == one.playbook), scene.playbook)
        playbook = scene.playbook if one.became.of_incident else mine
        scene.loose += offers.settle(one, mine, connected=scene.connected, now=scene.now)
        scene.loose += telling.settle(one, playbook, await _incident(scene, one), places={}, now=scene.now)
    await scene.work.alerts.save([tracked, *others])


async def _incident(scene: Scene, tracked: Tracked) -> Summary | None:
    """The incident that an alert belongs or belonged to: as this act leaves it, else as it was last saved."""
    if tracked.incident is None:
        return None
    saved = await scene.reader.summary(tracked.incident)
    if scene.here is None or scene.here.number != tracked.incident:
        return saved
    return replace(brief(scene), refs=saved.refs if saved is not None else {})


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
