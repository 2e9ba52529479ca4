"""Have the health checks asked again and again; the bot speaks only when one changes."""

from datetime import timedelta
from typing import ClassVar, Self

from pydantic import field_validator

from bot import checks, quiet
from bot.card import Card
from bot.commands.check import all_of
from bot.commands.verb import Verb
from bot.durations import Duration, say_duration
from bot.heard import Answer
from bot.intents import Asking
from bot.messages import health
from bot.playbook.permissions import Right
from bot.progress import Watching
from bot.scene import Scene

OFTEN = timedelta(seconds=30)
"""The services are asked no more often than that."""
SELDOM = timedelta(hours=24)
_STOP = frozenset({"stop", "off", "end", "no more"})


class Watch(Verb):
    """Watch the health checks, or stop."""

    words: ClassVar = ("watch", "watching", "keep watching")
    usage: ClassVar = "watch [every 1m]"
    says: ClassVar = "ask the health checks again and again, and speak when one changes; watch stop ends it"
    example: ClassVar = "/incident watch every 1m"
    right: ClassVar = Right.OPEN

    every: Duration = checks.MINUTE
    stop: bool = False

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        if rest.casefold() in _STOP:
            return cls.checked({"stop": True})
        span = rest.casefold().removeprefix("every").strip()
        return cls.checked({"every": span} if span else {})

    @field_validator("every")
    @classmethod
    def _bearable(cls, every: timedelta) -> timedelta:
        if not OFTEN <= every <= SELDOM:
            raise ValueError(f"I can ask every {say_duration(OFTEN)} at most, and once a day at least")
        return every

    async def run(self, scene: Scene) -> Answer | Card | None:
        progress = scene.incident.progress
        if self.stop:
            return self._stop(scene)
        asked = all_of(scene)
        seconds = round(self.every.total_seconds())
        progress.watching = Watching(every=seconds, next_at=scene.now + self.every, by=scene.actor.name)
        progress.checks_shown = True
        checks.ask(scene, asked, why=Asking.WATCH)
        return health.watching(asked, self.every)

    def _stop(self, scene: Scene) -> Card:
        progress, scene.changed = scene.incident.progress, True
        needed = quiet.running(scene.incident) is not None
        if progress.watching is not None:
            kept = progress.watching.model_copy(update={"by": ""})
            progress.watching = kept if needed else None
        return health.watched_no_more(quiet=needed)
