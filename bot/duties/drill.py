"""The announcement that asked for a drill says what became of it."""

from bot.intents import Edit, Urgency
from bot.messages import drills
from bot.scene import Scene
from bot.store import Owed


class TellDrill:
    """Bring the announcement of a drill up to date."""

    name = "drill"

    def settle(self, scene: Scene) -> None:
        """Edit it where a drill was begun for it, is over, or was called off. It belongs to no incident."""
        incident, progress = scene.incident, scene.incident.progress
        key, became = progress.drill_asked, drills.drilled(incident)
        if not key or progress.drill_told == became:
            return
        progress.drill_told = became.value
        edit = Edit(message=key, card=drills.answered(incident, scene.playbook, became))
        name = f"{key}/edit/{incident.number}/{incident.revision + 1}"
        for platform in scene.playbook.lives_on(scene.platforms):
            scene.loose.append(Owed(name, platform, edit, Urgency.EDIT, stream=key, replaces=True))
