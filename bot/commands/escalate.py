"""Call somebody in from outside the channel, by the playbook's escalation rules."""

from typing import ClassVar, Self

from pydantic import Field

from bot import escalating, escalations
from bot.card import Card
from bot.commands.severity import ChangeSeverity
from bot.commands.verb import Verb, reason
from bot.errors import Mistake
from bot.escalations import BY_HAND, Ground
from bot.heard import Answer
from bot.messages import calls
from bot.naming import near_name, read_name, read_severity
from bot.playbook.escalation import Escalation
from bot.playbook.part import fold
from bot.playbook.permissions import Right
from bot.playbook.shape import Playbook
from bot.scene import Scene


class Escalate(Verb):
    """Call by a rule."""

    words: ClassVar = ("escalate", "escalation", "escalations", "escalated", "escalated to", "call in")
    usage: ClassVar = "escalate [NAME] [because …]"
    says: ClassVar = "call somebody in from outside; without a name, show whom"
    example: ClassVar = "/incident escalate leadership because the press is asking"
    right: ClassVar = Right.PAGE

    name: str = ""
    because: str = Field(default="", max_length=500)
    severity: str = ""
    """A severity and why, in words: ``escalate to sev1`` means a change of severity."""

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        playbook = scene.playbook
        rest = rest.removeprefix("to ").removeprefix("the ")
        if read_severity(rest, playbook)[0] is not None:
            return cls.checked({"severity": rest})
        if not playbook.escalations:
            raise Mistake("This playbook names nobody to escalate to. `/incident role …` brings in somebody you know.")
        if not rest:
            return cls.checked({})
        rule, why = _read(rest, playbook)
        return cls.checked({"name": rule.name, "because": reason(why)})

    def needs(self, scene: Scene) -> tuple[Right, ...]:
        if self.severity:
            return ChangeSeverity.read(self.severity, scene).needs(scene)
        return (self.right if self.name else Right.OPEN,)

    async def run(self, scene: Scene) -> Answer | Card | None:
        incident, playbook = scene.incident, scene.playbook
        if self.severity:
            return await ChangeSeverity.read(self.severity, scene).run(scene)
        if not self.name:
            return calls.path(incident, playbook, overrides=scene.overrides, now=scene.now)
        rule = escalations.rule(self.name, playbook)
        if rule is None:
            raise Mistake("I do not know whom to call by that name.")
        before = escalations.standing(incident, rule)
        if before is not None and not self.because:
            return calls.called_already(rule, before)
        why = self.because or f"{scene.actor.name} asked for it"
        called = escalating.call(scene, Ground(rule, BY_HAND, why))
        scene.bring(scene.actor)
        return calls.called_already(rule, before) if before is not None else calls.called_now(rule, called, playbook)


def _read(words: str, playbook: Playbook) -> tuple[Escalation, str]:
    """A rule named at the beginning of the words, and what follows; raises ``Mistake``."""
    names = _names(playbook)
    rule, rest = read_name(words, names)
    if rule is not None:
        return rule, rest
    near = near_name(words, names)
    meant = f" Did you mean `/incident escalate {near.name}`?" if near is not None else ""
    known = ", ".join(rule.name for rule in playbook.escalations)
    raise Mistake(f"I cannot call “{words[:60]}”.{meant} I can call {known}; a reason comes after “because”.")


def _names(playbook: Playbook) -> dict[str, Escalation]:
    """Every word for a rule: its own names first, then those of the groups that it calls."""
    names: dict[str, Escalation] = {}
    for rule in playbook.escalations:
        for name in (rule.name, rule.title, *rule.aliases):
            names.setdefault(fold(name), rule)
    for rule in playbook.escalations:
        groups = [group for key in rule.to if (group := playbook.group(key)) is not None]
        for group in groups:
            for name in (group.key, group.name):
                names.setdefault(fold(name), rule)
    return names
