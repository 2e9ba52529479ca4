"""Say when the trouble itself began."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import ClassVar, Self

from pydantic import AwareDatetime

from bot.card import Card, Style, When
from bot.commands.verb import Verb, Where
from bot.days import YEARS
from bot.errors import Mistake, Unsaid
from bot.heard import Answer
from bot.loading import named
from bot.messages import answers
from bot.playbook.permissions import Right
from bot.scene import Scene
from bot.timeline import Kind


class Began(Verb):
    """State when it began."""

    words: ClassVar = ("began", "begun", "started", "since", "start time")
    usage: ClassVar = "began 14:35"
    says: ClassVar = "say when the trouble itself began"
    example: ClassVar = "/incident began 14:35"
    right: ClassVar = Right.OPEN
    where: ClassVar = Where.INCIDENT

    at: AwareDatetime

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        if not rest:
            raise Unsaid(f"Say when, like `{cls.example}` or `/incident began 20 minutes ago`.")
        return cls.checked({"at": read_moment(rest.removeprefix("at "), scene)})

    async def run(self, scene: Scene) -> Answer | Card | None:
        incident = scene.incident
        if self.at > scene.now:
            raise Mistake("That is still to come. Write the date too, like `/incident began 2026-11-20 14:35`.")
        end = incident.resolved_at or incident.ended_at
        if end is not None and self.at > end:
            raise Mistake("That is after it was resolved.")
        incident.began_at = self.at
        scene.record(Kind.FACT, f"Began at {self.at:%Y-%m-%d %H:%M} UTC", began=self.at.isoformat())
        return answers.done("Began ", When(at=self.at, style=Style.MOMENT), ".")


class Lies(StrEnum):
    """On which side of now a time lies that could be on either."""

    PAST = "past"
    FUTURE = "future"


def read_moment(words: str, scene: Scene, *, lies: Lies = Lies.PAST) -> datetime:
    """A time in words, in the person's own zone (else the playbook's); raises ``Mistake``.

    Words such as *an hour ago* mean the same length of time everywhere; a time of the day is the wall clock's, on
    days that are 23 or 25 hours long, too.
    """
    zone = scene.actor.zone(scene.playbook.timezone)
    here = scene.now.astimezone(zone).replace(tzinfo=None)
    there = scene.now.astimezone(UTC).replace(tzinfo=None)
    local, utc = _parse(words, base=here, lies=lies), _parse(words, base=there, lies=lies)
    if local is None or utc is None or local.year not in YEARS:
        ago = "20 minutes ago" if lies is Lies.PAST else "tuesday 14:00"
        raise Mistake(f"I cannot read “{words[:60]}” as a time. Write it like `14:35`, `2026-11-20 14:35` or `{ago}`.")
    if local.tzinfo is not None:
        return local.astimezone(UTC)
    if local - here == utc - there:
        return utc.replace(tzinfo=UTC)
    return local.replace(tzinfo=zone).astimezone(UTC)


def _parse(words: str, *, base: datetime, lies: Lies) -> datetime | None:
    """As if ``base`` were now. Without a zone, unless the words name one."""
    settings = {"RELATIVE_BASE": base, "PREFER_DATES_FROM": lies.value}
    # By name, for no start needs it: its languages and time zones take a twentieth of a second to load.
    found: datetime | None = named("dateparser", "parse")(words, languages=["en"], settings=settings)
    return found
