"""An action item's owner is reminded a working day before it is due, and on working days after."""

from datetime import datetime

from bot import actions, calling
from bot.incident import Incident
from bot.intents import Urgency, Whisper
from bot.items import on_record
from bot.messages import actions as says
from bot.people import Person
from bot.playbook.shape import Playbook
from bot.progress import ActionItem
from bot.scene import Scene
from bot.store import Owed


class RemindOfActions:
    """Remind, and note what is overdue."""

    name = "action"

    def due(self, incident: Incident, playbook: Playbook) -> datetime | None:
        """When the first of the open ones is looked at next."""
        return min((item.ask_at for item in incident.progress.actions if item.ask_at is not None), default=None)

    def run(self, scene: Scene) -> None:
        """Remind of all whose time has come."""
        for before in scene.incident.progress.actions:
            if before.ask_at is None or before.ask_at > scene.now:
                continue
            after = actions.remind(scene.incident, before, now=scene.now, here=scene.working_time)
            if after.late and not before.late:
                on_record(scene, after, does="overdue")
            if after.told > before.told:
                self._tell(scene, after)

    @staticmethod
    def _tell(scene: Scene, item: ActionItem) -> None:
        """Its owner, else the members of the group that owns it; of a private incident only who may see it."""
        incident = scene.incident
        card = says.reminder(item, incident, now=scene.now)
        for person in _owners(scene, item):
            for platform in incident.rooms:
                if person.on(platform) and incident.sees(person):
                    key = f"action/{item.number}/direct/{item.told}/{person.key}"
                    scene.owed.append(Owed(key, platform, Whisper(person=person, card=card), Urgency.ASK))


def _owners(scene: Scene, item: ActionItem) -> list[Person]:
    if item.owner is not None:
        return [item.owner]
    return calling.members(item.group, scene.playbook) if item.group is not None else []
