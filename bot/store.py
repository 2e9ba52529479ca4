"""What the core asks of the database: one transaction for a change, a ledger of what is owed, and a reader.

Three ports, because they have three rhythms. :class:`Work` is one transaction in which an incident changes.
:class:`Ledger` hands out owed effects to whoever delivers them and takes back the outcomes. :class:`Reader` answers
questions and changes nothing.
"""

from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from bot.accounts import Account, Accounts
from bot.alerts.book import AlertBook, AlertReader, Inbox
from bot.chain import Illegible, Tail
from bot.handoff import HandoffReader, Handoffs
from bot.incident import Incident
from bot.intents import Intent, Urgency
from bot.people import Person
from bot.playbook.process import Stage
from bot.playbook.shape import Playbook
from bot.ports import Clock
from bot.progress import ActionItem, Allowed
from bot.public import PublicIncident
from bot.rotations import Override, Overrides
from bot.routes import QuietHours, Route, Routes
from bot.timeline import Entry, Link


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
class Summary:
    """An incident in a list."""

    number: int
    title: str
    severity: str
    status: str
    stage: Stage
    private: bool
    drill: bool
    component: str | None
    declared_at: datetime
    commander: str | None
    """Name of whoever leads it."""
    channel_name: str
    refs: dict[str, str] = field(default_factory=dict)
    """Platform to the id of its channel there."""


@dataclass(frozen=True, slots=True)
class Sought:
    """Which incidents are asked for; what is left empty does not matter."""

    words: str = ""
    """All of them stand in what is known of it (number, title, component, impact, affected, environment, fix, fields),
    or in its updates and notes, or are the severity; case and accents do not matter."""
    severities: frozenset[str] = frozenset()
    """One of these names."""
    component: str = ""
    """Its name, in any case of its letters."""
    since: datetime | None = None
    """Declared then or later."""
    until: datetime | None = None
    """Declared before."""


@dataclass(frozen=True, slots=True)
class Counted:
    """An incident as figures are made of it."""

    severity: str
    declared_at: datetime
    began_at: datetime
    acknowledged_at: datetime | None
    mitigated_at: datetime | None
    resolved_at: datetime | None


@dataclass(frozen=True, slots=True)
class Frozen:
    """An open incident that freezes production. Drills freeze nothing."""

    at: datetime
    """Since when."""
    summary: Summary | None
    """``None`` for a private one that the viewer may not see; then the words below are not for them either."""
    by: str = ""
    """Name of whoever froze it by hand; empty where that follows from the severity."""
    because: str = ""
    """Why, in their words."""
    allowed: tuple[Allowed, ...] = ()
    """The changes that may pass."""


@dataclass(frozen=True, slots=True)
class Todo:
    """An open action item in a list."""

    incident: Summary
    item: ActionItem


@dataclass(frozen=True, slots=True)
class Todos:
    """Open action items of several incidents."""

    shown: list[Todo]
    """The first due first, those without a date last."""
    open: int
    """How many there are in all."""
    overdue: int
    """How many of them are late."""


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


@dataclass(frozen=True, slots=True)
class Claimed:
    """One owed effect in the hands of one worker."""

    id: int
    fence: int
    """Grows with each claim: whoever holds an older one has lost it."""
    key: str
    platform: str
    incident: int | None
    intent: Intent
    attempts: int
    """Counts the attempts, this one included."""
    look_first: bool
    """An earlier attempt may have had its effect."""
    owed_at: datetime
    first_try_at: datetime
    refs: dict[str, str]
    """References of the keys the intent needs, and of ``channel``; one that is missing will never come."""
    urgency: Urgency
    stream: str | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """It is there."""

    claim: Claimed
    ref: str | None = None


@dataclass(frozen=True, slots=True)
class Later:
    """It has to be tried again. ``maybe_done`` makes the next attempt look first."""

    claim: Claimed
    wait: timedelta
    why: str
    maybe_done: bool = False


@dataclass(frozen=True, slots=True)
class GivenUp:
    """It will not be there: refused, or of no use any more. What needs it falls with it."""

    claim: Claimed
    why: str


Outcome = Done | Later | GivenUp


@dataclass(frozen=True, slots=True)
class Backlog:
    """How much is owed to a platform, and for how long."""

    platform: str
    depth: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Standstill:
    """What waits on one platform, and what of it waits longest though nothing stands before it."""

    platform: str
    depth: int
    """How many effects wait, those included that have to wait for others."""
    id: int
    """Of the one that waits longest: every worker sees the same, and another one once that is done."""
    since: datetime
    """When that was owed, on the ledger's own clock."""
    age: timedelta
    """How long ago that is, by the same clock."""
    why: str = ""
    """What the last attempt at it answered; empty before the first."""


class Ledger(Protocol):
    """Hands out what is owed, to one worker at a time.

    Leases are counted on the database's own clock (PostgreSQL) or the machine's (SQLite), never on the clock that
    people see, so that moving the latter forward takes no work away from anybody.
    """

    async def claim(self, platform: str, *, limit: int, without: Iterable[str] = ()) -> list[Claimed]:
        """Take up to ``limit`` effects that can be done now, most urgent first; kinds in ``without`` are left alone.

        Ready are those whose dependencies are done, whose wait is over, and that nobody holds or whose holder's lease
        has run out.
        """
        ...

    async def finish(self, outcomes: Sequence[Outcome], *, claim: bool = True) -> list[Claimed]:
        """Note outcomes in one transaction; returns what became ready by them, claimed already.

        An outcome whose claim was lost meanwhile (another holds a newer fence) is dropped; see :meth:`lost`.
        """
        ...

    async def renew(self, claims: Iterable[Claimed]) -> set[int]:
        """Extend the leases of these claims; returns the ids still held."""
        ...

    async def release(self, claims: Iterable[Claimed]) -> None:
        """Give claims back untouched (nothing was sent): the next attempt need not look first for this one's sake."""
        ...

    async def backlog(self) -> list[Backlog]:
        """What is owed and not done, by platform."""
        ...

    async def standstills(self) -> list[Standstill]:
        """For each platform to which something is owed: what waits longest. What is meant to wait for days (a
        deployment, for the end of the freeze) does not count."""
        ...

    async def keys(self, beginning: str) -> set[tuple[str, str]]:
        """Platform and key of everything that was ever owed to chat platforms or tools, belongs to no incident, and
        whose key begins so."""
        ...


class Reader(Protocol):
    """Answers questions; every list already leaves out what the viewer may not see."""

    @property
    def alerts(self) -> AlertReader:
        """Answers questions about alerts."""
        ...

    async def routes(self, keys: Collection[str]) -> list[Route]:
        """Somebody's own routes in order, by all keys that they may be kept under."""
        ...

    async def route(self, id: int) -> Route | None:
        """One route."""
        ...

    async def quiet(self, keys: Collection[str]) -> QuietHours | None:
        """When somebody is left alone."""
        ...

    @property
    def handoffs(self) -> HandoffReader:
        """Answers questions about the hand-overs of on-call."""
        ...

    async def incident(self, number: int) -> Incident | None:
        """The incident as last saved, not locked."""
        ...

    async def open(self, viewer: Person | None, *, limit: int = 20) -> list[Summary]:
        """Open incidents, most recently declared first. ``None`` sees no private ones."""
        ...

    async def frozen(self, viewer: Person | None) -> list[Frozen]:
        """What freezes production now, longest first."""
        ...

    async def public_revisions(self, since: datetime) -> dict[int, int]:
        """Number to revision of the incidents that customers were told of, but for those that were over before then.

        An alert that customers were told of before any incident took it over stands there, too, by its id below zero.
        """
        ...

    async def public(self, numbers: Collection[int]) -> dict[int, PublicIncident]:
        """What customers may see of these incidents; those of which they may see nothing are left out."""
        ...

    async def find(self, sought: Sought, viewer: Person | None, *, limit: int = 10) -> list[Summary]:
        """Incidents that are sought, newest first."""
        ...

    async def summary(self, number: int) -> Summary | None:
        """One incident as it stands in lists."""
        ...

    async def timeline(self, number: int, *, after: int = 0, limit: int = 50, newest: bool = False) -> list[Link]:
        """Entries after the ``after``-th in order; with ``newest`` the last ``limit`` of them (still in order)."""
        ...

    def chain(self, number: int) -> AsyncIterator[Link]:
        """The whole timeline, piece by piece."""
        ...

    def rows(self, number: int, *, after: int = 0) -> AsyncIterator[Link | Illegible]:
        """The timeline behind the ``after``-th entry as it stands in the database, be it readable or not."""
        ...

    async def tail(self, number: int) -> Tail | None:
        """How the incident says that its timeline ends; ``None`` where there is no such incident."""
        ...

    async def last_drill(self, playbook: str) -> Summary | None:
        """The drill last declared under the playbook of this name, whoever may see it; none that was called off."""
        ...

    async def actions(
        self,
        viewer: Person | None,
        *,
        now: datetime,
        owners: Collection[str] | None = None,
        playbook: str | None = None,
        until: datetime | None = None,
        drills: bool = True,
        limit: int = 20,
    ) -> Todos:
        """Open action items, whatever became of their incidents; those of these owners (by key), of this playbook, due
        by ``until``, and with those of drills or without.
        """
        ...

    async def numbers(self) -> list[int]:
        """The number of every incident, and of everything that a timeline is kept for, ascending."""
        ...

    async def counted(self, sought: Sought) -> list[Counted]:
        """Incidents that are sought, oldest first, for figures: no drills, no private ones, none that was cancelled."""
        ...

    async def counts(self) -> list[tuple[str, str, int]]:
        """Severity, status and number of incidents that are neither drills nor private."""
        ...

    async def playbook(self, name: str, version: str) -> Playbook | None:
        """A stored version of a playbook."""
        ...

    async def number_of(self, platform: str, *, channel: str) -> int | None:
        """The number of the incident whose channel this is."""
        ...

    async def message(self, platform: str, *, ref: str) -> tuple[int, str] | None:
        """Incident number and key of a message that the bot posted."""
        ...

    async def accounts(self, platform: str, handles: Collection[str]) -> list[Account]:
        """Every linked account of whoever has one of these, on any platform."""
        ...

    async def overrides(self, playbook: str, *, since: datetime, until: datetime) -> list[Override]:
        """Those of a playbook's rotations that touch a span, the oldest first; one that was taken back ends there."""
        ...

    async def next_due_at(self) -> datetime | None:
        """When a timed rule next has to look at anything."""
        ...

    async def ping(self) -> None:
        """Ask the database anything; raises what it raises where it does not answer."""
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
