"""Come into an incident's channel."""

from typing import ClassVar

from bot.card import Card, Room
from bot.commands.verb import Verb, Where
from bot.heard import Answer
from bot.messages import answers
from bot.playbook.permissions import Right
from bot.scene import Scene
from bot.timeline import Kind


class Join(Verb):
    """Join."""

    words: ClassVar = ("join", "joined", "come in", "enter")
    usage: ClassVar = "#42 join"
    says: ClassVar = "come into an incident's channel"
    example: ClassVar = "/incident #42 join"
    right: ClassVar = Right.OPEN
    where: ClassVar = Where.INCIDENT

    async def run(self, scene: Scene) -> Answer | Card | None:
        incident = scene.incident
        if scene.actor.key not in incident.responders:
            scene.record(Kind.PEOPLE, f"{scene.actor.name} joined", person=scene.actor.key)
        scene.bring(scene.actor)
        scene.changed = True
        room = incident.rooms.get(scene.platform)
        if room is not None and scene.actor.key in room.left:
            back = {"left": room.left - {scene.actor.key}, "invited": room.invited - {scene.actor.key}}
            incident.rooms[scene.platform] = room.model_copy(update=back)
        ref = await scene.work.channel_ref(incident.number, scene.platform)
        refs = {scene.platform: ref} if ref is not None else {}
        return answers.done("Come in: ", Room(name=incident.channel_name, refs=refs), ".")
