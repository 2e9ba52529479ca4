"""Answer with one tap what is asked about an alert: declare it, attach it, or take back what it declared."""

import re
from enum import StrEnum
from typing import ClassVar, Self

from bot import declaring, offers
from bot.acts import whisper
from bot.alerts import deciding, following, showing, taking
from bot.alerts.tracked import Became, Tracked
from bot.card import Card
from bot.commands.cancel import Cancel
from bot.commands.verb import Verb, Where
from bot.errors import Mistake
from bot.heard import Answer
from bot.messages import alert_lists, answers, notices
from bot.messages import declaring as says
from bot.playbook.permissions import Right
from bot.playbook.process import Severity
from bot.scene import Scene
from bot.tracking import taken_up, tell

_TAP = re.compile(
    r"a(?P<alert>\d{1,15})\s+(?P<tap>declare|attach|offer|mistaken|over)(?:\s+(?P<severity>.+))?", re.IGNORECASE
)


class Tap(StrEnum):
    """What was tapped."""

    DECLARE = "declare"
    ATTACH = "attach"
    OFFER = "offer"
    """What was ignored is to be offered after all."""
    MISTAKEN = "mistaken"
    OVER = "over"
    """Customers, who were told of it, are told that it is over."""


class AnswerAlert(Verb):
    """Answer what is asked about an alert; what was answered already is left as it is."""

    words: ClassVar = ("alert-answer",)
    usage: ClassVar = "alert-answer a17 declare SEVERITY|attach|offer|mistaken|over"
    says: ClassVar = "answer what is asked about an alert"
    example: ClassVar = "alert-answer a17 declare sev1"
    right: ClassVar = Right.OPEN
    where: ClassVar = Where.ANYWHERE
    listed: ClassVar = False

    alert: int
    tap: Tap
    severity: str = ""

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        found = _TAP.fullmatch(rest)
        if found is None:
            raise Mistake("That answers nothing. Press one of the buttons under the alert, or type `/incident alerts`.")
        return cls.checked({name: value for name, value in found.groupdict().items() if value is not None})

    def needs(self, scene: Scene) -> tuple[Right, ...]:
        match self.tap:
            case Tap.MISTAKEN:
                return (Right.CANCEL,)
            case Tap.OVER:
                return (Right.PUBLISH,)
        return (self.right,)

    async def run(self, scene: Scene) -> Answer | Card | None:
        if self.tap is Tap.MISTAKEN:
            return await self._mistaken(scene)
        tracked = await scene.work.alerts.get(self.alert)
        if tracked is None:
            raise Mistake(f"There is no alert a{self.alert} any more. `/incident alerts` lists those that are known.")
        if self.tap is Tap.OVER:
            return await self._over(scene, tracked)
        taken = await taken_up(scene, tracked)
        if taken is not None:
            return taken
        match self.tap:
            case Tap.ATTACH:
                return alert_lists.to_which(tracked, await scene.reader.open(scene.actor, limit=5))
            case Tap.OFFER:
                return await self._offer(scene, tracked)
        return await self._declare(scene, tracked)

    async def _declare(self, scene: Scene, tracked: Tracked) -> Card:
        scene.here = None
        scene.playbook = next((one for one in scene.loaded if one.name == tracked.playbook), scene.playbook)
        severity: Severity | None = scene.playbook.severity(self.severity)
        if severity is None:
            known = ", ".join(one.name for one in scene.playbook.severities)
            raise Mistake(f"There is no “{self.severity[:40]}” here any more. It can be {known}.")
        why = await declaring.declare(scene, severity, taking.facts(tracked, scene.playbook, by=scene.actor))
        with_it, left = await scene.work.alerts.behind(tracked.id), await following.released(scene, tracked)
        tracked.became, tracked.incident, tracked.stale = Became.DECLARED, scene.incident.number, True
        tracked.by, tracked.decided_at, tracked.muted_until = scene.actor.name, scene.now, None
        tracked.followers = 0
        taking.hand_over(scene, tracked)
        tracked.tally.declared += 1
        for one in with_it:
            taking.join(scene, one, Became.JOINED)
        await scene.work.alerts.save([tracked, *with_it])
        showing.refresh(scene, await scene.work.alerts.of_incident(scene.incident.number))
        await tell(scene, tracked, *with_it, *left)
        whisper(scene, notices.declared(scene.incident, scene.playbook, follows=why))
        return says.declared(scene.incident, scene.playbook, heard_on=scene.platform, follows=why)

    async def _offer(self, scene: Scene, tracked: Tracked) -> Card:
        playbook = next((one for one in scene.loaded if one.name == tracked.playbook), scene.playbook)
        names = tuple(one.name for one in playbook.severities[: deciding.OFFERED])
        tracked.became, tracked.by, tracked.muted_until = Became.OFFERED, "", None
        tracked.severities = tracked.severities or names
        await tell(scene, tracked)
        return alert_lists.offered(tracked)

    async def _over(self, scene: Scene, tracked: Tracked) -> Card:
        playbook = next((one for one in scene.loaded if one.name == tracked.playbook), scene.playbook)
        owed = offers.take_back(tracked, playbook, by=scene.actor, connected=scene.connected, now=scene.now)
        if tracked.publication is None or tracked.publication.resolved_at != scene.now:
            return answers.done("Customers read nothing of it any more that could be taken back.")
        scene.loose += owed
        await tell(scene, tracked)
        return answers.done("Customers are told that it is over.")

    async def _mistaken(self, scene: Scene) -> Answer | Card | None:
        """Call the incident off, and say which alert and which rule declared it."""
        incident = scene.incident
        alerted, tracked = incident.progress.alerts, await scene.work.alerts.get(self.alert)
        rule = f" by the rule “{alerted.rule}”" if alerted is not None and alerted.rule else ""
        named = f" “{tracked.alert.title[:100]}”" if tracked is not None else ""
        return await Cancel(because=f"declared by mistake{rule}, from the alert{named}").run(scene)
