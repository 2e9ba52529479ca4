"""Set a field that the playbook declares."""

import re
from collections.abc import Sequence
from typing import ClassVar, Self

from pydantic import Field

from bot.card import Card
from bot.commands.verb import Verb, Where
from bot.errors import Mistake, Unsaid
from bot.heard import Answer
from bot.messages import answers
from bot.playbook.part import fold
from bot.playbook.permissions import Right
from bot.playbook.shape import Playbook
from bot.playbook.written import Fact
from bot.scene import Scene
from bot.timeline import Kind

ENVIRONMENT = "environment"
"""A field that every incident has, where its playbook names environments."""


class SetFact(Verb):
    """Set a field."""

    words: ClassVar = ("set", "field")
    usage: ClassVar = "set FIELD VALUE"
    says: ClassVar = "set a field that the playbook declares"
    example: ClassVar = "/incident set cause a connection leak"
    right: ClassVar = Right.OPEN
    where: ClassVar = Where.INCIDENT

    field: str
    value: str = Field(min_length=1, max_length=2000)

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        facts = settable(scene.playbook)
        if not facts:
            raise Mistake("This playbook declares no fields to set.")
        names = ", ".join(fact.name for fact in facts)
        if not rest:
            raise Unsaid(f"Say which field and its value, like `/incident set {facts[0].name} …`. There are {names}.")
        fact, value = _which(rest, facts)
        if fact is None:
            raise Mistake(f"“{rest.split()[0][:60]}” is no field here. There are {names}.")
        if not value:
            raise Unsaid(f"Say the value too, like `/incident set {fact.name} …`.")
        return cls.checked({"field": fact.name, "value": accepted(fact, value)})

    async def run(self, scene: Scene) -> Answer | Card | None:
        title = next((fact.title for fact in settable(scene.playbook) if fact.name == self.field), self.field)
        if self.field == ENVIRONMENT and scene.playbook.environments:
            scene.incident.environment = self.value
        else:
            scene.incident.fields[self.field] = self.value
        scene.record(Kind.FACT, f"{title}: {self.value}", field=self.field, value=self.value)
        return answers.done(f"{title} noted on the card.")


def accepted(fact: Fact, value: str) -> str:
    """The value, where the field takes it."""
    if len(value) > fact.longest:
        raise Mistake(f"{fact.title} takes {fact.longest} characters at most; this has {len(value)}.")
    chosen = next((choice for choice in fact.choices if fold(choice) == fold(value)), None)
    if fact.choices and chosen is None:
        raise Mistake(f"{fact.title} can be {', '.join(fact.choices)}.")
    return chosen or value


def settable(playbook: Playbook) -> tuple[Fact, ...]:
    """What people may set: the playbook's own fields, and the environment where it names some."""
    if not playbook.environments:
        return playbook.fields
    where = Fact(name=ENVIRONMENT, title="Environment", choices=playbook.environments)
    return (*(fact for fact in playbook.fields if fact.name != ENVIRONMENT), where)


def _which(words: str, facts: Sequence[Fact]) -> tuple[Fact | None, str]:
    """The field named at the beginning of the words (its name may have several), and the value after it."""
    parts = words.split(maxsplit=3)
    for count in range(min(3, len(parts)), 0, -1):
        named = fold(" ".join(parts[:count]).rstrip(":="))
        fact = next((f for f in facts if named in (fold(f.name), fold(f.title))), None)
        if fact is not None:
            value = words.split(maxsplit=count)[count:]
            return fact, re.sub(r"^(?:to\s+|[:=]\s*)", "", value[0].strip()) if value else ""
    return None, ""
