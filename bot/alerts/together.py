"""Together: what an alert belongs with: the incident of its group, of its component or of a storm, or an offer that
stands for many."""

from datetime import UTC, datetime

from bot.alerts.batch import Batch
from bot.alerts.tracked import Became, Tracked
from bot.playbook.shape import Playbook
from bot.reader import Summary
from bot.scene import Scene

LOOK_BACK = 200
"""Open incidents among which one of the same component is looked for."""
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


async def incident_of(batch: Batch, tracked: Tracked, playbook: Playbook) -> int | None:
    """The incident of its group, or the newest one of a storm."""
    number = await group_of(batch, tracked, playbook)
    if number is not None:
        return number
    storm = playbook.alerts.storm
    lately = set(await batch.work.alerts.declared_since(batch.now - storm.within, playbook.name))
    lately |= {number for number, scene in batch.touched.items() if _declared_now(scene, playbook)}
    return max(lately) if len(lately) >= storm.alerts else None


async def group_of(batch: Batch, tracked: Tracked, playbook: Playbook) -> int | None:
    """The newest open incident of its group."""
    if not tracked.group:
        return None
    known = await batch.work.alerts.firing_in(tracked.group, playbook.name)
    here = [number for number, scene in batch.touched.items() if _of_group(scene, tracked, playbook)]
    return max([*here, *([known] if known is not None else [])], default=None)


def _of_group(scene: Scene, tracked: Tracked, playbook: Playbook) -> bool:
    """Whether an incident that this very batch declared is of the same group."""
    alerts = scene.incident.progress.alerts
    return _declared_now(scene, playbook) and alerts is not None and alerts.group == tracked.group


async def attachable(batch: Batch, playbook: Playbook) -> list[Summary]:
    """Open incidents of a component to which a rule may attach; asked once."""
    if not any(rule.does == "attach" for rule in playbook.alerts.rules):
        return []
    if batch.attachable is None:
        found = await batch.work.recent_open(LONG_AGO, limit=LOOK_BACK)
        batch.attachable = [one for one in found if one.component and not one.private and not one.drill]
    return batch.attachable


async def offer(batch: Batch, tracked: Tracked, playbook: Playbook) -> None:
    """Offer it; where many are offered at once, one offer stands for them. One that is asked by a message of its
    own already goes on being so."""
    storm, others = playbook.alerts.storm, {one.id: one for one in batch.tracked.values()}
    stored = await batch.work.alerts.offered_since(batch.now - storm.within, playbook.name)
    offers = [id for id in stored if id not in others or others[id].asks]
    new = [one for one in batch.tracked.values() if one.asks and one.decided_at == batch.now and one.id not in offers]
    if tracked.id in offers or len(offers) + len(new) < storm.alerts or not offers:
        return _offer(tracked)
    leader = await batch.get(offers[0])
    if leader is None:
        return _offer(tracked)
    leader.followers += 1
    tracked.became, tracked.behind = Became.OFFERED, leader.id
    tracked.tally.offered += 1
    return None


def _offer(tracked: Tracked) -> None:
    tracked.became = Became.OFFERED
    tracked.tally.offered += 1


def _declared_now(scene: Scene, playbook: Playbook) -> bool:
    """Whether an alert declared an incident in this very batch, under this playbook."""
    incident = scene.incident
    return incident.revision == 0 and incident.by_alert and incident.playbook == playbook.name
