"""Say that one is on it, without an update."""

from typing import ClassVar

from bot import acts, paging, reminders
from bot.card import Card
from bot.commands.verb import Verb
from bot.heard import Answer
from bot.incident import HowAnswered
from bot.messages import answers
from bot.playbook.permissions import Right
from bot.scene import Scene
from bot.timeline import Kind


class Acknowledge(Verb):
    """Acknowledge."""

    words: ClassVar = ("ack", "acked", "acknowledge", "acknowledged", "on it", "looking")
    usage: ClassVar = "ack"
    says: ClassVar = "say that you are on it; I ask again in half the snooze"
    example: ClassVar = "/incident ack"
    right: ClassVar = Right.OPEN

    async def run(self, scene: Scene) -> Answer | Card | None:
        acknowledge(scene, how=HowAnswered.ACKNOWLEDGED)
        return answers.done("Noted: you are on it.", incident=scene.incident)


def acknowledge(scene: Scene, *, how: HowAnswered) -> None:
    """Somebody is on it: a reminder that stands is answered, and the next comes in half the snooze."""
    incident = scene.incident
    waiting = incident.reminding.waiting
    acts.acknowledge(scene)
    paging.acknowledge_incident(scene)
    reminders.answer(incident, how=how, by=scene.actor, now=scene.now)
    if waiting or incident.reminding.overdue(scene.now):
        reminders.put_off(incident, now=scene.now, by=scene.playbook.snooze / 2)
    scene.record(Kind.ANSWER, "Acknowledged")
