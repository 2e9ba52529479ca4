"""The reminder: asks for the status update that is owed, and climbs while nobody answers."""

from datetime import datetime

from bot import reminders
from bot.incident import Incident
from bot.messages.words import rung_people
from bot.people import Person
from bot.playbook.process import Rung
from bot.playbook.shape import Playbook
from bot.scene import Scene
from bot.timeline import Kind


class Remind:
    """Ask, climb, repeat."""

    name = "remind"

    def due(self, incident: Incident, playbook: Playbook) -> datetime | None:
        """When the clock of the updates next asks."""
        return incident.reminding.ask_at if incident.open else None

    def run(self, scene: Scene) -> None:
        """Post the next reminder (the post itself follows from the incident's state) and tell those outside."""
        incident, playbook = scene.incident, scene.playbook
        rung = reminders.ask(incident, playbook, now=scene.now)
        clock, ladder = incident.reminding, playbook.rungs(incident.severity)
        again = f"Nobody answered: asked again, rung {clock.rung} of {len(ladder)}"
        first = clock.posts[-1].post == 1
        scene.record(Kind.REMINDER, "Asked for a status update" if first else again, rung=str(clock.rung))
        self._tell_absent(scene, rung)

    def _tell_absent(self, scene: Scene, rung: Rung) -> None:
        """Somebody who is rung but not in the channel is asked privately (the message follows from that as well)."""
        incident = scene.incident
        named = [p for p in (scene.playbook.person(key) for key in rung.rings) if p is not None]
        rung_now = {person.key: person for person in (*rung_people(rung, incident), *named)}
        for platform, room in incident.rooms.items():
            for person in rung_now.values():
                if _absent(person, room.invited, room.left) and person.on(platform) and incident.sees(person):
                    reminders.ask_directly(incident, person, platform=platform)


def _absent(person: Person, invited: frozenset[str], left: frozenset[str]) -> bool:
    return person.key not in invited or person.key in left
