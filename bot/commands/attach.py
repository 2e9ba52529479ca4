"""Put an alert to an incident."""

import re
from typing import ClassVar, Self

from pydantic import Field

from bot.alerts import following, showing, taking
from bot.alerts.tracked import Became, Tracked
from bot.card import Card
from bot.commands.link import AddLink
from bot.commands.reopen import Reopen
from bot.commands.verb import Verb, Where, unwrapped
from bot.errors import Mistake, Unsaid
from bot.heard import Answer
from bot.messages import alert_lists, answers
from bot.playbook.permissions import Right
from bot.scene import Scene
from bot.tracking import meant, taken_up, tell

_REOPEN = re.compile(r"\s+reopen$", re.IGNORECASE)


class Attach(Verb):
    """Attach an alert."""

    words: ClassVar = ("attach", "attached")
    usage: ClassVar = "attach LINK"
    says: ClassVar = "put an alert to this incident, by its address or its name in the list of alerts"
    example: ClassVar = "/incident attach a17"
    right: ClassVar = Right.OPEN
    where: ClassVar = Where.INCIDENT

    alert: str = Field(min_length=1, max_length=2000)
    reopen: bool = False

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        if not rest:
            raise Unsaid(f"Say which alert, like `{cls.example}`. `/incident alerts` lists them.")
        words = _REOPEN.sub("", rest)
        return cls.checked({"alert": unwrapped(words), "reopen": words != rest})

    def needs(self, scene: Scene) -> tuple[Right, ...]:
        return (Right.REOPEN if self.reopen else self.right,)

    async def run(self, scene: Scene) -> Answer | Card | None:
        found = await meant(scene, self.alert)
        if not found and self.alert.startswith(("https://", "http://")):
            await AddLink.read(f"{self.alert} alert", scene).run(scene)
            return alert_lists.only_a_link(scene.incident.name)
        if len(found) != 1:
            return alert_lists.which(found, about=self.alert, does=f"{scene.incident.name} attach")
        incident, tracked = scene.incident, found[0]
        reopens = not incident.open
        if reopens and not self.reopen:
            raise Mistake(f"{incident.name} is {incident.status}. `/incident reopen` brings it back first.")
        if tracked.incident == incident.number and tracked.became.of_incident and not reopens:
            return answers.done(f"{tracked.name} belongs to {incident.name} already.")
        taken = await taken_up(scene, tracked)
        if taken is not None:
            return taken
        if reopens:
            await Reopen(because=f"the alert “{tracked.alert.title[:100]}” fires again").run(scene)
        return await self._attach(scene, tracked)

    async def _attach(self, scene: Scene, tracked: Tracked) -> Card:
        incident, alerts = scene.incident, scene.work.alerts
        with_it, left = await alerts.behind(tracked.id), await following.released(scene, tracked)
        for one in (tracked, *with_it):
            taking.join(scene, one, Became.ATTACHED if one is tracked else Became.JOINED, by=scene.actor)
            one.by, one.decided_at = scene.actor.name, scene.now
        tracked.followers = 0
        await alerts.save([tracked, *with_it])
        showing.refresh(scene, await alerts.of_incident(incident.number))
        await tell(scene, tracked, *with_it, *left)
        scene.bring(scene.actor)
        return answers.done(f"{tracked.name} “{tracked.alert.title[:100]}” belongs to {incident.name} now.")
