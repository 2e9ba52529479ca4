"""Lay a role down."""

from typing import ClassVar, Self

from bot.card import Card, Text
from bot.commands.role import read_role
from bot.commands.verb import Verb
from bot.errors import Mistake, Unsaid
from bot.heard import Answer
from bot.messages import answers
from bot.messages.words import who
from bot.playbook.permissions import Right
from bot.scene import Scene
from bot.timeline import Kind


class Drop(Verb):
    """Drop a role."""

    words: ClassVar = ("drop", "dropped", "unassign", "leave role", "release")
    usage: ClassVar = "drop scribe"
    says: ClassVar = "lay a role down; the card asks for somebody where it is needed"
    example: ClassVar = "/incident drop scribe"
    right: ClassVar = Right.ROLES

    role: str

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        if not rest:
            raise Unsaid(f"Say which role, like `{cls.example}`.")
        role, _ = read_role(rest, scene.playbook, example=cls.example)
        return cls.checked({"role": role.name})

    def needs(self, scene: Scene) -> tuple[Right, ...]:
        holder = scene.incident.holder(self.role)
        return (Right.OPEN if holder is not None and holder.keys & scene.actor.keys else self.right,)

    async def run(self, scene: Scene) -> Answer | Card | None:
        role = scene.playbook.role(self.role)
        holder = scene.incident.roles.pop(self.role, None)
        if role is None or holder is None:
            raise Mistake("Nobody holds that role. `/incident roles` shows who holds which.")
        scene.record(Kind.ROLE, f"{role.title}: nobody (was {holder.name})", role=role.name, person="")
        was: Text = (" It was held by ", *who(holder), ".") if holder.key != scene.actor.key else ()
        return answers.done(f"{role.title} is free now.", *was)
