"""Take a role oneself."""

from typing import ClassVar, Self

from bot import acts
from bot.card import Card
from bot.commands.role import read_role
from bot.commands.verb import Verb
from bot.errors import Mistake
from bot.heard import Answer
from bot.messages import answers
from bot.scene import Scene


class Take(Verb):
    """Take a role."""

    words: ClassVar = ("take", "took", "claim", "claimed", "volunteer", "lead", "ic")
    usage: ClassVar = "take ic"
    says: ClassVar = "take a role yourself; without a role, the lead"
    example: ClassVar = "/incident take scribe"

    role: str

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        if not rest:
            return cls.checked({"role": scene.playbook.commander})
        role, person = read_role(rest.removeprefix("the "), scene.playbook, example=cls.example)
        if person:
            raise Mistake(f"To give it to somebody else, type `/incident role {role.name} {person}`.")
        return cls.checked({"role": role.name})

    async def run(self, scene: Scene) -> Answer | Card | None:
        role = scene.playbook.role(self.role)
        if role is None:
            raise Mistake("I do not know that role.")
        before = acts.assign(scene, role, scene.actor)
        acts.acknowledge(scene)
        was = f" It was {before.name}'s." if before is not None else ""
        return answers.done(f"You are {role.title}.{was} {role.duties}.".replace(" .", "."), incident=scene.incident)
