"""Ask the playbook's health checks; what they answer stands in one message of the channel."""

import re
from typing import ClassVar, Self

from bot import checks
from bot.card import Card
from bot.commands.verb import Verb, Where
from bot.errors import Mistake
from bot.heard import Answer
from bot.intents import Asking
from bot.messages import health
from bot.playbook.help import HealthCheck
from bot.playbook.part import named
from bot.playbook.permissions import Right
from bot.playbook.process import Stage
from bot.scene import Scene


class Check(Verb):
    """Run health checks."""

    words: ClassVar = ("check", "checks", "health")
    usage: ClassVar = "check [NAME…]"
    says: ClassVar = "ask the playbook's health checks; the answers stand in the channel"
    example: ClassVar = "/incident check"
    right: ClassVar = Right.OPEN
    where: ClassVar = Where.INCIDENT

    names: tuple[str, ...] = ()

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        return cls.checked({"names": tuple(name for name in re.split(r"[\s,;]+", rest) if name)})

    async def run(self, scene: Scene) -> Answer | Card | None:
        incident = scene.incident
        if incident.stage in (Stage.CLOSED, Stage.CANCELLED):
            raise Mistake(f"{incident.name} is {incident.status}. `/incident reopen` brings it back first.")
        asked = _named(self.names, scene) if self.names else all_of(scene)
        checks.ask(scene, asked, why=Asking.CHECK)
        incident.progress.checks_shown = True
        return health.asking(asked)


def _named(names: tuple[str, ...], scene: Scene) -> tuple[HealthCheck, ...]:
    found: dict[str, HealthCheck] = {}
    for name in names:
        check = named(scene.playbook.checks, name)
        if check is None:
            raise Mistake(health.no_such(name, scene.playbook) if scene.playbook.checks else health.none_here())
        found[check.name] = check
    return tuple(found.values())


def all_of(scene: Scene) -> tuple[HealthCheck, ...]:
    """Every check that belongs to the incident; a ``Mistake`` where none does."""
    found = checks.belonging(scene.incident, scene.playbook)
    if found:
        return found
    if scene.playbook.checks:
        raise Mistake(health.none_belong(scene.incident, scene.playbook))
    raise Mistake(health.none_here())
