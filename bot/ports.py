"""Ports: what the core asks of the outside. Adapters implement them; tests hand in real ones.

Chat platforms and tools implement :class:`Platform`, the database :class:`Store` (see ``bot/store.py``), APScheduler
:class:`Alarm`, and whoever tells the time :class:`Clock`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.alerts.alert import Posted
from bot.alerts.post import Post
from bot.heard import Answer, Heard, Original, Suggestion
from bot.intents import Intent
from bot.learned import Learned


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Aware, in UTC."""
        ...


class Alarm(Protocol):
    """Wakes the bot for what is due."""

    def ring_at(self, when: datetime | None) -> None:
        """Ring at ``when`` (aware UTC) at the latest; it rings every second in any case."""
        ...


@dataclass(frozen=True, slots=True)
class Job:
    """One intent on its way to a platform."""

    key: str
    """Names this effect for ever, over all attempts: unique in its platform. At most 255 characters."""
    intent: Intent
    incident: int | None
    """Number of the incident it belongs to."""
    first_try_at: datetime
    """When it was first attempted, on the clock of whoever tried."""
    refs: dict[str, str] = field(default_factory=dict)
    """The platform's references of the keys that the intent needs, and of ``channel`` where there is one."""
    owed_at: datetime | None = None
    """When it was owed, on the database's clock."""

    @property
    def since(self) -> datetime:
        """An effect from an earlier attempt cannot be older than this.

        Whoever tried first may have had a clock that was hours ahead: on the database's clock nothing was done before
        it was owed.
        """
        return self.first_try_at if self.owed_at is None else min(self.first_try_at, self.owed_at)


@dataclass(frozen=True, slots=True)
class Found:
    """An effect that is there already."""

    ref: str | None


class Platform(Protocol):
    """Where effects happen, as far as the core knows it: a chat platform, or a tool (``adapters/health/``)."""

    name: str
    """Of its lane: what is owed to it is owed under this name."""

    @property
    def ready(self) -> bool:
        """Whether it was connected at least once since the start."""
        ...

    @property
    def connected(self) -> bool:
        """Whether it is connected now."""
        ...

    async def perform(self, job: Job) -> str | None:
        """Do it, and return the platform's reference of the channel or message that came of it, if any.

        What is there already counts as done (already pinned, already in the channel). Raises
        :class:`~bot.errors.TryLater` or :class:`~bot.errors.Refused`.
        """
        ...

    async def find(self, job: Job) -> Found | None:
        """Look whether an earlier attempt of this very job had its effect; ``None`` where it had not.

        Intents that may be repeated harmlessly answer ``None`` without asking. Raises as :meth:`perform` does.
        """
        ...


class Lists(Protocol):
    """Lists of customers' addresses, which the operator keeps and playbooks name."""

    def addresses(self, name: str) -> tuple[str, ...]:
        """The addresses of a list as it is now; empty where there is none of that name."""
        ...


class Meter(Protocol):
    """Counts what the operators want to see."""

    def delivered(self, platform: str, kind: str, result: str, *, seconds: float) -> None:
        """One attempt at an effect: ``done``, ``later``, ``given up``, or ``lease lost`` where nothing was sent;
        ``seconds`` is how long it took."""
        ...

    def limited(self, platform: str, kind: str, *, seconds: float) -> None:
        """The platform asked us to wait that long."""
        ...

    def rang(self, rule: str, *, late: float) -> None:
        """A timed rule acted (``remind``: a reminder was sent), that many seconds after it was due."""
        ...

    def commanded(self, platform: str, result: str, *, seconds: float) -> None:
        """Somebody's command or form has its answer after so long: ``saved``, ``mistake`` or ``unsaved``."""
        ...

    def watched(self, *, silent: float, clock: bool, outboxes: Mapping[str, bool]) -> None:
        """What the watch saw: seconds since the clock last rang through, whether it is stuck, and of each platform and
        tool whether its outbox is."""
        ...


class Ear(Protocol):
    """Where adapters bring what they hear and learn: the desk, seen from outside."""

    async def hear(self, heard: Heard) -> Answer:
        """Save it and act on it, then say what its author gets back at once.

        Never raises for what a person did wrong: the answer says so. An event heard before gets an empty answer.
        """
        ...

    async def learn(self, learned: Learned) -> None:
        """Save what came of an effect outside chat and act on it; a second time the same key changes nothing.

        Raises :class:`~bot.errors.TryLater` where it could not be saved: the effect is then to be tried again.
        """
        ...

    async def wants_original(self, platform: str, channel: str, emoji: str) -> bool:
        """Whether a reaction with this emoji in this channel needs the message it stands on."""
        ...

    def watches(self, place: Posted) -> bool:
        """Whether posts of bots in this channel are read as alerts; asks nobody and is quick."""
        ...

    async def posted(self, post: Post) -> int:
        """Save the alerts of a post by a bot, an app or a webhook in a watched channel; returns how many it tells of.

        Nothing is to be given for the bot's own posts. Raises :class:`~bot.errors.TryLater` where they are not saved.
        """
        ...

    async def suggest(self, platform: str, channel: str | None, typed: str, *, room: str = "") -> list[Suggestion]:
        """What the words typed so far could become, best first, at most 25; ``room`` is the channel's name."""
        ...

    async def home(self, platform: str, handle: str) -> Answer:
        """The person's own page: open incidents that they may see, and a button to declare."""
        ...


__all__ = ["Alarm", "Answer", "Clock", "Ear", "Found", "Job", "Lists", "Meter", "Original", "Platform"]
