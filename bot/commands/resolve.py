"""Say that it is over: customers no longer feel it. The playbook may ask for more before it counts as resolved."""

from typing import ClassVar, Self

from pydantic import Field

from bot import changes, gates, resolving
from bot.card import Card, Code
from bot.commands.fact import accepted
from bot.commands.verb import Verb, Where, overrides
from bot.errors import Mistake, Unsaid
from bot.forms import Ask, Form, FormField
from bot.heard import Answer, Spoken
from bot.messages import answers
from bot.messages import gates as gates_said
from bot.playbook.part import fold, named
from bot.playbook.permissions import Right
from bot.playbook.process import Stage
from bot.playbook.written import Fact
from bot.progress import Lack, Lacking
from bot.scene import Scene
from bot.timeline import Kind

FACT = "fact "
"""Before the name of a playbook's field in a form, lest it should be called like one of ours."""
MOST = 5
"""Questions of one form."""


class Resolve(Verb):
    """Resolve."""

    words: ClassVar = ("resolve", "resolved", "fixed", "solved", "over")
    usage: ClassVar = "resolve [WHAT FIXED IT]"
    says: ClassVar = "say that it is over; reminders stop"
    example: ClassVar = "/incident resolve the pool was restarted with twice the size"
    right: ClassVar = Right.RESOLVE
    where: ClassVar = Where.INCIDENT

    fix: str = Field(default="", max_length=2000)
    impact: str = Field(default="", max_length=2000)
    affected: str = Field(default="", max_length=200)
    facts: dict[str, str] = Field(default_factory=dict)
    """Fields of the playbook."""
    now: bool = False
    """Whatever the playbook still asks for."""
    because: str = Field(default="", max_length=2000)
    """Why it is resolved at once, where that was said (``resolve now because …``)."""

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        if rest.casefold() == "form":
            raise Unsaid(f"Say what fixed it, like `{cls.example}`.")
        because = overrides(rest)
        if because is not None:
            return cls.checked({"now": True, "because": because})
        return cls.checked({"fix": rest})

    @classmethod
    def form(cls, scene: Scene, *, initial: str = "") -> Form:
        """What the playbook asks for and nobody said comes first."""
        asked = {fold(lack.names[0]): lack.names[0] for lack in _unsaid(scene)}
        usual = [_usual(name, scene, required=name in asked) for name in gates.STATED]
        facts = [fact for fact in scene.playbook.fields if fold(fact.name) in asked]
        fields = [*(field for field in usual if field.required), *map(_asking, facts)]
        fields += [field for field in usual if not field.required]
        name = scene.incident.name
        return Form(title="Resolve", does=f"{name} resolve", submit="Resolve", fields=tuple(fields[:MOST]))

    @classmethod
    def fill(cls, values: dict[str, str], scene: Scene, rest: str) -> Self:
        given = {name: value for name, value in values.items() if value.strip()}
        facts: dict[str, str] = {}
        for name in [name for name in given if name.startswith(FACT)]:
            fact = named(scene.playbook.fields, name.removeprefix(FACT))
            if fact is not None:
                facts[fact.name] = accepted(fact, given[name].strip())
        return cls.checked({**given, "facts": facts})

    async def run(self, scene: Scene) -> Answer | Card | None:
        incident = scene.incident
        if incident.stage in (Stage.CLOSED, Stage.CANCELLED):
            raise Mistake(f"{incident.name} is {incident.status}. `/incident reopen` brings it back.")
        again = incident.stage is Stage.RESOLVED
        if again and not (self.fix or self.impact or self.affected or self.facts):
            return self._again(scene)
        self._keep(scene)
        if again:
            return answers.done("Noted on the card.")
        return self._at_once(scene) if self.now else self._properly(scene)

    def _again(self, scene: Scene) -> Card:
        name = scene.incident.name
        return answers.done(f"{name} is resolved already. ", Code(text="/incident close"), " closes it.")

    def _at_once(self, scene: Scene) -> Card:
        missing = resolving.unmet(scene)
        if missing and not self.because:
            raise Mistake(gates_said.say_why("resolve now", missing, scene.playbook))
        return resolving.finish(scene, because=self.because, without=missing)

    def _properly(self, scene: Scene) -> Answer | Card:
        changes.by_word(scene)
        missing = resolving.lacks(scene)
        unsaid = any(lack.kind is Lacking.FIELD for lack in missing)
        if unsaid and isinstance(scene.heard, Spoken) and scene.platform in scene.platforms:
            return Answer(form=self.form(scene))
        if missing:
            changes.again(scene, missing)
            return gates_said.not_resolved(missing, scene.incident, scene.playbook)
        return resolving.step(scene, fix=self.fix)

    def _keep(self, scene: Scene) -> None:
        incident = scene.incident
        for name, value in (("fix", self.fix), ("impact", self.impact), ("affected", self.affected)):
            if value and getattr(incident, name) != value:
                setattr(incident, name, value)
                scene.record(Kind.FACT, f"{name.capitalize()}: {value}")
        for name, value in self.facts.items():
            if incident.fields.get(name) != value:
                incident.fields[name] = value
                title = gates_said.title(name, scene.playbook)
                scene.record(Kind.FACT, f"{title}: {value}", field=name, value=value)


def _unsaid(scene: Scene) -> list[Lack]:
    """Fields that nobody stated and that the playbook asks for: before it is resolved, then before it is closed."""
    incident, playbook = scene.incident, scene.playbook
    asked = gates.applying(playbook.resolve if incident.open else playbook.close, incident, playbook)
    return [lack for lack in gates.lacks(incident, playbook, asked) if lack.kind is Lacking.FIELD]


def _usual(name: str, scene: Scene, *, required: bool) -> FormField:
    label = {"fix": "What fixed it?", "impact": "What did customers see?", "affected": "How many were affected?"}[name]
    ask, longest = (Ask.LINE, 200) if name == "affected" else (Ask.PARAGRAPH, 2000)
    said = gates.stated(scene.incident, name)
    return FormField(name=name, label=label, ask=ask, initial=said, required=required, longest=longest)


def _asking(fact: Fact) -> FormField:
    choices = tuple((choice, choice) for choice in fact.choices[:25])
    ask = Ask.CHOICE if choices else Ask.PARAGRAPH if fact.longest > 200 else Ask.LINE
    name = f"{FACT}{fact.name}"
    return FormField(name=name, label=fact.title[:45], ask=ask, required=True, choices=choices, longest=fact.longest)
