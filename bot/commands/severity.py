"""Change how bad it is; cadence, roles and deadlines follow, and what changes is said."""

from typing import ClassVar, Self

from pydantic import Field

from bot import duties, reminders, runbooks
from bot.card import Card
from bot.commands.verb import Verb, reason
from bot.errors import Mistake, Unsaid
from bot.forms import Ask, Form, FormField
from bot.heard import Answer
from bot.incident import HowAnswered
from bot.messages import answers, notices, roles
from bot.messages import runbooks as help_says
from bot.messages.lengths import shorten
from bot.naming import read_severity
from bot.playbook.help import Runbook
from bot.playbook.permissions import Right
from bot.playbook.process import Severity
from bot.scene import Scene
from bot.timeline import Kind


class ChangeSeverity(Verb):
    """Change the severity."""

    words: ClassVar = ("severity", "sev", "priority", "upgrade", "downgrade")
    usage: ClassVar = "severity sev2 [because …]"
    says: ClassVar = "change how bad it is; the clock and the roles follow"
    example: ClassVar = "/incident severity sev2 because half the customers are back"
    right: ClassVar = Right.SEVERITY

    severity: str
    because: str = Field(default="", max_length=2000)

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        known = ", ".join(s.name for s in scene.playbook.severities)
        if not rest:
            raise Unsaid(f"Say how bad it is: {known}. Like `{cls.example}`.")
        severity, why = read_severity(rest.removeprefix("to "), scene.playbook)
        if severity is None:
            raise Mistake(f"“{rest.split()[0]}” is no severity. It can be {known}.")
        _ask_why(scene, severity, because=reason(why))
        return cls.checked({"severity": severity.name, "because": reason(why)})

    @classmethod
    def form(cls, scene: Scene, *, initial: str = "") -> Form:
        wanted, _ = read_severity(initial.removeprefix("to "), scene.playbook)
        least = _always(scene, wanted)
        known = tuple((s.name, shorten(f"{s.name.upper()} · {s.meaning}", 75)) for s in scene.playbook.severities)
        return Form(
            title="Severity",
            does=f"{scene.incident.name} severity",
            submit="Change",
            fields=(
                FormField(name="severity", label="How bad is it?", ask=Ask.CHOICE, choices=known[:25], required=True,
                          initial=wanted.name if wanted is not None else scene.incident.severity),
                FormField(name="because", label="Why?", longest=500, required=least is not None,
                          hint=f"It is always {least[0].name.upper()} at least" if least is not None else ""),
            ),
        )  # fmt: skip

    def needs(self, scene: Scene) -> tuple[Right, ...]:
        rank = scene.playbook.rank
        return (Right.LOWER if rank(self.severity) > rank(scene.incident.severity) else self.right,)

    async def run(self, scene: Scene) -> Answer | Card | None:
        incident, playbook = scene.incident, scene.playbook
        new, old = playbook.severity(self.severity), playbook.severity(incident.severity)
        if new is None:
            raise Mistake("I do not know that severity.")
        if old is not None and new.name == old.name:
            return answers.done(f"It is {new.name} already.", incident=incident)
        _ask_why(scene, new, because=self.because)
        rose = old is None or playbook.rank(new.name) < playbook.rank(old.name)
        incident.severity = new.name
        if reminders.span(incident, playbook) is None:
            reminders.answer(incident, how=HowAnswered.STOPPED, by=scene.actor, now=scene.now)
        reminders.replan(incident, playbook, now=scene.now, rose=rose)
        why = f" because {self.because}" if self.because else ""
        was = old.name if old is not None else "?"
        scene.record(Kind.SEVERITY, f"Severity: {was} → {new.name}{why}", old=was, new=new.name)
        wanted = roles.required(incident, playbook)
        needed = [r for r in playbook.roles if r.name in wanted and incident.holder(r.name) is None]
        duties.settle(scene)
        card = notices.severity_changed(
            incident, old, new, because=self.because, by=scene.actor.name, needed=needed, follows=scene.follows
        )
        scene.say(card)
        return answers.done(f"Severity is now {new.name}.", incident=incident)


def _always(scene: Scene, wanted: Severity | None) -> tuple[Severity, Runbook] | None:
    """What this kind of trouble always has at least, and says who, where a way down leads below it."""
    incident, rank = scene.incident, scene.playbook.rank
    labels = incident.progress.alerts.labels if incident.progress.alerts is not None else None
    least = runbooks.at_least(scene.playbook, runbooks.spoken(incident), incident.component, labels)
    if least is None or wanted is None or rank(wanted.name) <= rank(incident.severity):
        return None
    return least if rank(wanted.name) > rank(least[0].name) else None


def _ask_why(scene: Scene, wanted: Severity, *, because: str) -> None:
    """A way down to below what this kind of trouble always has needs a reason; raises ``Unsaid``."""
    least = _always(scene, wanted)
    if least is not None and not because:
        raise Unsaid(help_says.say_why(*least, wanted=wanted.name))
