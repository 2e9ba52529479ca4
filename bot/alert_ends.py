"""What an incident's end means for the alerts that belong to it."""

from bot.alerts.tracked import Became
from bot.scene import Scene
from bot.tracking import tell


async def called_off(scene: Scene) -> None:
    """Count with each alert that declared it that it was called off, and say so where the alert was posted."""
    incident = scene.incident
    if incident.progress.alerts is None:
        return
    of_it = [one.key for one in await scene.work.alerts.of_incident(incident.number)]
    known = await scene.work.alerts.known(of_it)
    changed = [one for one in known.values() if one.incident == incident.number and one.became is Became.DECLARED]
    for one in changed:
        one.tally.cancelled += 1
        await tell(scene, one)
