"""What the core asks of the database: one transaction for a change, and the way to what is owed and what is asked.

Three ports, because they have three rhythms. :class:`Work` is one transaction in which an incident changes.
:class:`~bot.ledger.Ledger` hands out owed effects to whoever delivers them and takes back the outcomes.
:class:`~bot.reader.Reader` answers questions and changes nothing.
"""

from collections.abc import Collection, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from bot.accounts import Accounts
from bot.alerts.book import AlertBook, Inbox
from bot.handoff import Handoffs
from bot.incident import Incident
from bot.intents import Intent, Urgency
from bot.ledger import Ledger
from bot.people import Person
from bot.playbook.shape import Playbook
from bot.ports import Clock
from bot.reader import Reader, Summary
from bot.rotations import Overrides
from bot.routes import Routes
from bot.timeline import Entry


@dataclass(frozen=True, slots=True)
class Owed:
    """One effect that is owed to a platform from the moment its transaction commits."""

    key: str
    """Names the effect for ever; unique within its incident and platform. At most 100 characters."""
    platform: str
    intent: Intent
    urgency: Urgency = Urgency.POST
    after: frozenset[str] = frozenset()
    """Keys that are tried first. One that was tried and has to wait holds nothing up: a refused invitation must not
    keep the card from the channel. What the intent itself *needs* has to be there, however long that takes."""
    stream: str | None = None
    """Effects of one stream are done one after the other, in the order they were owed."""
    replaces: bool = False
    """Earlier effects of the stream that nobody has begun yet are dropped: this one says it all."""
    instead_of: frozenset[str] = frozenset()
    """Keys of effects that are dropped, with all that needs them, if nobody has begun them yet."""


@dataclass(slots=True)
class Change:
    """One incident as it is to be saved, with what its change brings."""

    incident: Incident
    entries: list[Entry] = field(default_factory=list)
    owed: list[Owed] = field(default_factory=list)
    next_due_at: datetime | None = None
    """When a timed rule next has to look at it."""


@dataclass(frozen=True, slots=True)
class Parked:
    """Words put aside until their author decides."""

    id: int
    words: str
    actor: str
    """Key of the author; nobody else may take them up."""


@dataclass(frozen=True, slots=True)
class Ages:
    """For how long is kept what nobody asks for for ever."""

    heard: timedelta
    """Keys of inbound events."""
    parked: timedelta
    """Words put aside."""
    alerts: timedelta
    """What is known of an alert, since it arrived last."""
    strange: timedelta
    """What arrived and was not understood."""


class Work(Protocol):
    """One transaction. What it locks stays locked until it ends."""

    @property
    def accounts(self) -> Accounts:
        """What people linked by themselves."""
        ...

    @property
    def routes(self) -> Routes:
        """Where people are reached, set by themselves."""
        ...

    @property
    def alerts(self) -> AlertBook:
        """What is known of alerts."""
        ...

    @property
    def overrides(self) -> Overrides:
        """Who is on call in whose place."""
        ...

    @property
    def handoffs(self) -> Handoffs:
        """The hand-overs of on-call."""
        ...

    async def hear_once(self, key: str, *, at: datetime) -> bool:
        """Note an inbound event; ``False`` if it was noted before (then nothing else should happen)."""
        ...

    async def incident(self, number: int) -> Incident | None:
        """The incident, locked against every other change until the transaction ends."""
        ...

    async def free_incident(self, number: int) -> Incident | None:
        """The incident, locked; ``None`` where there is none, or where another holds it: nobody is waited for."""
        ...

    async def open_among(self, numbers: Collection[int]) -> set[int]:
        """Which of these incidents are open; not locked."""
        ...

    async def due(self, now: datetime, *, limit: int) -> list[Incident]:
        """Incidents whose ``next_due_at`` has come, earliest first, locked; those locked by another are passed over."""
        ...

    async def wake(self, now: datetime) -> None:
        """Have every open incident looked at by the timed rules and duties now; one that another holds may be passed
        over.
        """
        ...

    async def number_of(self, platform: str, *, channel: str) -> int | None:
        """The number of the incident whose channel this is."""
        ...

    async def message(self, platform: str, *, ref: str) -> tuple[int, str] | None:
        """Incident number and key of a message that the bot posted."""
        ...

    async def channel_ref(self, number: int, platform: str) -> str | None:
        """The incident's current channel on a platform, once it is there."""
        ...

    async def enter(self, incident: Incident) -> int:
        """Give a new incident its number; it is stored whole by :meth:`save`."""
        ...

    async def free_name(self, base: str) -> str:
        """``base``, or ``base-2``, ``base-3``, …: the first channel name that no incident has; held until work ends."""
        ...

    async def recent_open(self, since: datetime, *, limit: int) -> list[Summary]:
        """Open incidents declared since then, newest first."""
        ...

    async def park(self, words: str, *, actor: Person, at: datetime) -> int:
        """Put words aside; returns their id."""
        ...

    async def parked(self, id: int) -> Parked | None:
        """Words put aside."""
        ...

    async def keep_playbook(self, playbook: Playbook, *, at: datetime) -> None:
        """Store this version of a playbook, unless it is stored already."""
        ...

    async def looked(self, number: int, *, person: str, seq: int) -> int:
        """Note that somebody has seen the timeline up to ``seq``; returns up to where they had seen it before (0)."""
        ...

    async def save(self, changes: Sequence[Change]) -> None:
        """Store incidents with their entries, what they owe, and when they are due next.

        ``incident.entries``, ``head`` and ``revision`` are moved on. Readiness of what is owed is worked out here.
        """
        ...

    async def forget(self, now: datetime, ages: Ages, *, limit: int) -> int:
        """Delete what is older than it is kept, and codes that have run out by ``now``.

        An alert stays while it belongs to an open incident. At most ``limit`` rows of a kind; returns how many it was
        in all.
        """
        ...

    async def owe(self, owed: Sequence[Owed]) -> None:
        """Owe effects that belong to no incident: a private answer, the message about an alert.

        Those of one ``stream`` are done one after the other, and ``replaces`` drops earlier ones, as for an incident.
        What a card needs of the incident's channel it has to bring along. An ``Edit`` names a message by the key of a
        ``Post`` that was owed so, and belongs in that post's stream: there it waits for it, and falls with it.
        ``after`` and ``instead_of`` see no further than the stream. Owe all that is loose in one call, when everything
        else that is needed is locked already.
        """
        ...


class Store(Protocol):
    """The database."""

    def work(self, *, first: bool = False) -> AbstractAsyncContextManager[Work]:
        """Begin a transaction: committed when the block ends, undone when it raises.

        ``first`` where somebody waits for an answer: where there is one writer, this one is next.
        """
        ...

    @property
    def reader(self) -> Reader:
        """Answers questions."""
        ...

    @property
    def inbox(self) -> Inbox:
        """Where alerts are accepted."""
        ...

    def ledger(self, worker: str, clock: Clock) -> Ledger:
        """The ledger as one worker sees it; first attempts are noted on ``clock``, the one that platforms go by."""
        ...
