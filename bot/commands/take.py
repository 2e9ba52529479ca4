"""Take a role oneself."""

from typing import ClassVar, Self

from bot import acts
from bot.card import Card, Text
from bot.commands.role import GiveRole, read_role
from bot.commands.verb import Verb
from bot.errors import Mistake
from bot.heard import Answer
from bot.messages import answers
from bot.messages.words import who
from bot.playbook.permissions import Right
from bot.scene import Scene


class Take(Verb):
    """Take a role."""

    words: ClassVar = ("take", "took", "claim", "claimed", "volunteer", "lead", "ic", "commander")
    usage: ClassVar = "take ic"
    says: ClassVar = "take a role yourself; without a role, the lead"
    example: ClassVar = "/incident take scribe"
    right: ClassVar = Right.ROLES
    people: ClassVar = True

    role: str
    person: str = ""
    """Somebody else to take it (``ic @bo``), in words."""

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        if not rest:
            return cls.checked({"role": scene.playbook.commander})
        if rest.startswith(("@", "<@")):
            return cls.checked({"role": scene.playbook.commander, "person": rest})
        role, person = read_role(rest.removeprefix("the "), scene.playbook, example=cls.example)
        if person:
            raise Mistake(f"To give it to somebody else, type `/incident role {role.name} {person}`.")
        return cls.checked({"role": role.name})

    async def run(self, scene: Scene) -> Answer | Card | None:
        if self.person:
            return await GiveRole(role=self.role, person=self.person).run(scene)
        role = scene.playbook.role(self.role)
        if role is None:
            raise Mistake("I do not know that role.")
        holder = scene.incident.holder(role.name)
        if holder is not None and holder.key == scene.actor.key:
            return answers.done(f"You are {role.title} already.", incident=scene.incident)
        before = acts.assign(scene, role, scene.actor)
        acts.acknowledge(scene)
        was: Text = (" It was held by ", *who(before), ".") if before is not None else ()
        duties = f" {role.duties.rstrip('.')}." if role.duties else ""
        return answers.done(f"You are {role.title} now.", *was, duties, incident=scene.incident)
