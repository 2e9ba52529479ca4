"""Give a role to somebody."""

from typing import ClassVar, Self

from bot import acts
from bot.card import Card
from bot.commands.verb import Verb
from bot.errors import Mistake, Unsaid
from bot.heard import Answer
from bot.messages import answers, notices, roles
from bot.messages.words import who
from bot.playbook.permissions import Right
from bot.playbook.process import Role
from bot.playbook.shape import Playbook
from bot.scene import Scene


class GiveRole(Verb):
    """Give a role."""

    words: ClassVar = ("role", "assign", "assigned", "give")
    usage: ClassVar = "role comms @ana"
    says: ClassVar = "give a role to somebody; they are invited"
    example: ClassVar = "/incident role comms @ana"
    right: ClassVar = Right.ROLES
    people: ClassVar = True

    role: str = ""
    person: str = ""

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        if not rest:
            return cls.checked({})
        role, person = read_role(rest, scene.playbook, example=cls.example)
        if not person:
            raise Unsaid(
                f"Say who takes it, like `/incident role {role.name} @ana`; for yourself, `/incident take {role.name}`."
            )
        return cls.checked({"role": role.name, "person": person})

    def needs(self, scene: Scene) -> tuple[Right, ...]:
        return (self.right if self.role else Right.OPEN,)

    async def run(self, scene: Scene) -> Answer | Card | None:
        if not self.role:
            return roles.roster(scene.incident, scene.playbook)
        role = scene.playbook.role(self.role)
        if role is None:
            raise Mistake("I do not know that role.")
        person = scene.find_person(self.person)
        held = scene.incident.holder(role.name)
        if held is not None and held.key == person.key:
            return answers.done(*who(person), f" is {role.title} already.")
        acts.assign(scene, role, person)
        if person.key != scene.actor.key:
            scene.say(notices.role_given(role, person, by=scene.actor))
        return answers.done(f"{role.title}: ", *who(person), ".", incident=scene.incident)


def read_role(words: str, playbook: Playbook, *, example: str) -> tuple[Role, str]:
    """A role at the beginning of the words (its name may have several), and what follows it."""
    parts = words.split()
    for count in (3, 2, 1):
        role = playbook.role(" ".join(parts[:count]).rstrip(":"))
        if role is not None:
            rest = " ".join(parts[count:])
            return role, rest.removeprefix("to ").removeprefix("is ").strip()
    known = ", ".join(role.name for role in playbook.roles)
    raise Mistake(f"“{words.split()[0]}” is no role here. There are {known}. Like `{example}`.")
