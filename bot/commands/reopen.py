"""Bring an ended incident back, without setting it up a second time."""

from typing import ClassVar

from bot import acts, reminders
from bot.card import Card
from bot.commands.verb import Because, Where
from bot.heard import Answer
from bot.intents import Unarchive, Urgency
from bot.messages import answers, notices
from bot.playbook.permissions import Right
from bot.playbook.process import Stage
from bot.progress import PublicState
from bot.scene import Scene
from bot.store import Owed
from bot.timeline import Kind


class Reopen(Because):
    """Reopen."""

    words: ClassVar = ("reopen", "reopened", "re-open", "unresolve", "again")
    usage: ClassVar = "reopen [because …]"
    says: ClassVar = "bring an ended incident back with its channel, roles and clock"
    example: ClassVar = "/incident reopen because the errors are back"
    right: ClassVar = Right.REOPEN
    where: ClassVar = Where.INCIDENT

    async def run(self, scene: Scene) -> Answer | Card | None:
        incident, playbook = scene.incident, scene.playbook
        if incident.open:
            return answers.done(f"{incident.name} is open.", incident=incident)
        incident.resolved_at = incident.ended_at = None
        public = incident.progress.public
        if public is not None and public.state is PublicState.RESOLVED:
            incident.progress.public = None  # what customers saw resolved is told anew
        acts.enter_stage(scene, Stage.INVESTIGATING)
        acts.acknowledge(scene)
        reminders.promise(incident, playbook, now=scene.now)
        scene.record(Kind.STATUS, f"Reopened: {self.because}" if self.because else "Reopened")
        back = self._unarchive(scene)
        scene.say(notices.reopened(incident, playbook, by=scene.actor.name, because=self.because))
        acts.announce(scene, notices.reopened(incident, playbook, by=scene.actor.name, because=self.because))
        scene.owed = [*back, *(_after(owed, back) for owed in scene.owed)]
        return answers.done(f"{incident.name} is open again.", incident=incident)

    def _unarchive(self, scene: Scene) -> list[Owed]:
        incident, back = scene.incident, []
        for platform, room in incident.rooms.items():
            if room.archived:
                incident.rooms[platform] = room.model_copy(update={"archived": False})
                key = f"unarchive/{incident.revision + 1}"
                back.append(Owed(key, platform, Unarchive(), Urgency.SETUP))
        incident.archived_at = None
        return back


def _after(owed: Owed, back: list[Owed]) -> Owed:
    keys = frozenset(one.key for one in back if one.platform == owed.platform)
    return Owed(owed.key, owed.platform, owed.intent, owed.urgency, owed.after | keys, owed.stream, owed.replaces)
