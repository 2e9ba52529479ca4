"""Say that an audience was told: customers, the stakeholders, the team in its standup."""

import re
from datetime import timedelta
from typing import ClassVar, Self

from pydantic import Field

from bot import rounds
from bot.card import Card
from bot.commands.verb import Verb, Where
from bot.errors import Mistake, Unsaid
from bot.forms import Ask, Form, FormField
from bot.heard import Answer
from bot.messages import rounds as words
from bot.playbook.permissions import Right
from bot.playbook.process import Audience, Cadence
from bot.progress import Round, RoundEnd
from bot.scene import Scene
from bot.timeline import Kind

ECHO = timedelta(minutes=1)
"""Two who tap *Told them* so soon after one another mean the same round."""
_SKIP = re.compile(r"^skip(?:ped)?(?:[\s:,]+(?:because\s+)?(?P<because>.*))?$", re.IGNORECASE | re.DOTALL)


class Told(Verb):
    """Note who was told what, and plan the next round."""

    words: ClassVar = ("told", "informed", "notified")
    usage: ClassVar = "told NAME [TEXT]"
    says: ClassVar = "note that customers or others were told; the next round is counted from then"
    example: ClassVar = "/incident told customers half of them can pay again"
    right: ClassVar = Right.OPEN
    where: ClassVar = Where.INCIDENT

    whom: str
    text: str = Field(default="", max_length=20_000)

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        if not rest:
            raise Unsaid(f"Say whom you told, like `{cls.example}`.")
        named = sorted(_names(scene).items(), key=lambda one: -len(one[0]))
        for name, whom in named:
            found = re.match(rf"(?:the\s+|our\s+)?{re.escape(name)}(?![\w-])[\s:,]*", rest, re.IGNORECASE)
            if found is not None:
                return cls.checked({"whom": whom, "text": rest[found.end() :].strip()})
        raise Mistake(words.unknown(rest.split()[0], scene.playbook, scene.incident.severity))

    @classmethod
    def form(cls, scene: Scene, *, initial: str = "") -> Form:
        known = {one.name: one.title for one in scene.playbook.cadences(scene.incident.severity)}
        choices = tuple(known.items()) or tuple((one.value, one.value.capitalize()) for one in Audience)
        return Form(
            title="Who was told?",
            does=f"{scene.incident.name} told",
            submit="Note",
            fields=(
                FormField(name="whom", label="Whom did you tell?", ask=Ask.CHOICE, choices=choices[:25], required=True),
                FormField(name="text", label="What did you tell them?", ask=Ask.PARAGRAPH, longest=3000),
            ),
        )

    async def run(self, scene: Scene) -> Answer | Card | None:
        incident = scene.incident
        cadence = scene.playbook.cadence(self.whom, incident.severity)
        before = incident.progress.rounds.get(self.whom, Round())
        skip = _SKIP.match(self.text)
        if skip is not None:
            return self._skip(scene, cadence, before, because=skip["because"] or "")
        if not self.text and _echo(before, scene):
            return words.noted(cadence, before, told=True, already=before.told_by)
        audience = cadence.audience if cadence is not None else Audience(self.whom)
        said = words.told(audience, cadence, self.text)
        scene.record(Kind.ROUND, said, audience=audience, round=self.whom, end=RoundEnd.TOLD)
        scene.bring(scene.actor)
        if cadence is None:
            return words.noted(None, None, told=True)
        return words.noted(cadence, _answer(scene, cadence, before, RoundEnd.TOLD), told=True)

    def _skip(self, scene: Scene, cadence: Cadence | None, before: Round, *, because: str) -> Card:
        if cadence is None or before.asked is None:
            raise Mistake(words.nothing_to_skip(cadence))
        scene.record(Kind.ROUND, words.skipped(cadence, because), round=self.whom, end=RoundEnd.SKIPPED)
        return words.noted(cadence, _answer(scene, cadence, before, RoundEnd.SKIPPED), told=False)


def _names(scene: Scene) -> dict[str, str]:
    """Everything that names an audience: the severity's cadences by name, title and audience; then any others."""
    playbook = scene.playbook
    here = playbook.cadences(scene.incident.severity)
    elsewhere = [one for severity in playbook.severities for one in severity.cadences]
    names: dict[str, str] = {one.value: one.value for one in Audience}
    for one in reversed((*here, *elsewhere)):
        names |= {one.audience.value: one.name}
    for one in reversed((*here, *elsewhere)):
        names |= {one.title.casefold(): one.name, one.name: one.name}
    return names


def _echo(before: Round, scene: Scene) -> bool:
    return before.asked is None and before.told_at is not None and scene.now - before.told_at < ECHO


def _answer(scene: Scene, cadence: Cadence, before: Round, end: RoundEnd) -> Round:
    after = rounds.answer(before, cadence, scene.working_time, end=end, by=scene.actor, now=scene.now)
    scene.incident.progress.rounds[cadence.name] = after
    return after
