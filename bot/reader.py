"""What is asked of the database: incidents as lists and figures have them, and the port that answers."""

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.accounts import Account
from bot.alerts.book import AlertReader
from bot.chain import Illegible, Tail
from bot.handoff import HandoffReader
from bot.incident import Incident
from bot.people import Person
from bot.playbook.process import Stage
from bot.playbook.shape import Playbook
from bot.progress import ActionItem, Allowed
from bot.public import PublicIncident
from bot.rotations import Override
from bot.routes import QuietHours, Route
from bot.timeline import Link


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
