"""Let an alert be for a while."""

import re
from datetime import timedelta
from typing import ClassVar, Self

from pydantic import Field

from bot.alerts import following
from bot.alerts.tracked import Became
from bot.card import Card, When
from bot.commands.verb import Verb, Where, unwrapped
from bot.durations import parse_duration
from bot.errors import Mistake, Unsaid
from bot.heard import Answer
from bot.messages import alert_lists, answers
from bot.playbook.permissions import Right
from bot.scene import Scene
from bot.tracking import meant, tell

USUAL = timedelta(hours=2)
LONGEST = timedelta(days=30)
_FOR = re.compile(r"\s+for\s+(?P<span>\S.*)$", re.IGNORECASE)


class Ignore(Verb):
    """Ignore an alert."""

    words: ClassVar = ("ignore", "ignored", "silence")
    usage: ClassVar = "ignore KEY [for 2h]"
    says: ClassVar = "let an alert be for a while: it is counted, and declares or asks nothing"
    example: ClassVar = "/incident ignore a17 for 2h"
    right: ClassVar = Right.IGNORE
    where: ClassVar = Where.ANYWHERE

    alert: str = Field(min_length=1, max_length=400)
    span: timedelta = USUAL

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        if not rest:
            raise Unsaid(f"Say which alert, like `{cls.example}`. `/incident alerts` lists them.")
        rest = unwrapped(rest)
        found = _FOR.search(rest)
        if found is None:
            return cls.checked({"alert": rest})
        try:
            span = parse_duration(found["span"])
        except ValueError as error:
            raise Mistake(f"I cannot read “{found['span'][:40]}” as a time. Write it like `{cls.example}`.") from error
        if span > LONGEST:
            raise Mistake("An alert can be ignored for at most 30 days; after that its rule had better be mended.")
        return cls.checked({"alert": rest[: found.start()], "span": span})

    async def run(self, scene: Scene) -> Answer | Card | None:
        found = await meant(scene, self.alert)
        if len(found) != 1:
            return alert_lists.which(found, about=self.alert, does="ignore")
        tracked = found[0]
        with_it, left = await scene.work.alerts.behind(tracked.id), await following.released(scene, tracked)
        for one in (tracked, *with_it):
            one.muted_until, one.muted_by = scene.now + self.span, scene.actor.name
            one.tally.ignored += 1
            if not one.became.of_incident:
                one.became, one.by, one.decided_at = Became.IGNORED, scene.actor.name, scene.now
                one.behind = None
            one.look_at = one.muted_until
        tracked.followers = 0
        await tell(scene, tracked, *with_it, *left)
        there = f" It stays with #{tracked.incident}." if tracked.became.of_incident else ""
        return answers.done(
            f"“{tracked.alert.title[:100]}” is ignored until ", When(at=scene.now + self.span), f".{there}"
        )
