"""Answer a call: whoever was called in is here."""

from typing import ClassVar, Self

from bot import acts, escalating
from bot.card import Card
from bot.commands.verb import Verb, Where
from bot.errors import Mistake
from bot.heard import Answer
from bot.incident import Incident
from bot.messages import calls
from bot.people import Person
from bot.playbook.permissions import Right
from bot.progress import Called
from bot.scene import Scene


class Here(Verb):
    """Say that one is here."""

    words: ClassVar = ("here", "im here", "i'm here", "i’m here", "i am here")
    usage: ClassVar = "here"
    says: ClassVar = "answer the call that brought you in; nobody else is called"
    example: ClassVar = "/incident here"
    right: ClassVar = Right.OPEN
    where: ClassVar = Where.INCIDENT
    listed: ClassVar = False

    id: int = 0

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        return cls.checked({"id": rest if rest.isdecimal() else 0})

    async def run(self, scene: Scene) -> Answer | Card | None:
        called = _which(scene.incident, self.id, scene.actor)
        if called is None:
            raise Mistake("No call waits for an answer here. `/incident catchup` shows what happened.")
        if called.standing:
            escalating.answer(scene, called)
        if scene.incident.open:
            acts.acknowledge(scene)
        scene.bring(scene.actor)
        scene.changed = True
        return calls.welcome(scene.incident, called, answered=called.standing)


def _which(incident: Incident, id: int, person: Person) -> Called | None:
    """The call of this id; without one, the latest that waits for this person. Nobody answers for another unsaid."""
    made = incident.progress.calls
    if id:
        return next((call for call in made if call.id == id), None)
    waiting = [call for call in made if call.standing]
    mine = [call for call in waiting if person.key in {one.key for one in call.people}]
    if waiting and not mine:
        raise Mistake("No call waits for you. To answer for somebody, press “I'm here” on their call.")
    return next(reversed(mine), None)
