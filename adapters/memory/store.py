"""The store: incidents as they are, their timelines, and every change with what it owed, in order."""

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from adapters.memory.accounts import NoAccounts
from adapters.memory.alerts import MemoryInbox, NoAlertBook
from adapters.memory.handoffs import NoHandoffs
from adapters.memory.overrides import MemoryOverrides
from adapters.memory.reader import MemoryReader
from adapters.memory.routes import NoRoutes
from bot.incident import Incident
from bot.ledger import Ledger
from bot.people import Person
from bot.playbook.shape import Playbook
from bot.ports import Clock
from bot.reader import Summary
from bot.store import Ages, Change, Owed, Parked
from bot.timeline import append


class MemoryStore:
    """See :class:`bot.store.Store`. Nothing is delivered: what is owed stays in ``changes`` to be told."""

    def __init__(self) -> None:
        self.changes: list[Change] = []
        """Every change saved so far."""
        self.held = MemoryReader()
        self.inbox = MemoryInbox()

    @property
    def reader(self) -> MemoryReader:
        """Answers questions."""
        return self.held

    @asynccontextmanager
    async def work(self, *, first: bool = False) -> AsyncIterator["MemoryWork"]:
        """One act at a time, so that nothing has to be undone."""
        yield MemoryWork(self)

    def ledger(self, worker: str, clock: Clock) -> Ledger:
        """There is none."""
        raise NotImplementedError("a rehearsal delivers nothing")


class MemoryWork:
    """See :class:`bot.store.Work`."""

    def __init__(self, store: MemoryStore) -> None:
        self._store, self._held = store, store.held
        self.accounts = NoAccounts()
        self.alerts = NoAlertBook()
        self.routes = NoRoutes()
        self.overrides = MemoryOverrides()
        self.handoffs = NoHandoffs()

    async def hear_once(self, key: str, *, at: datetime) -> bool:
        """Note an inbound event."""
        new = key not in self._held.heard
        self._held.heard.add(key)
        return new

    async def incident(self, number: int) -> Incident | None:
        """The incident, as a copy of its own."""
        return await self._held.incident(number)

    async def free_incident(self, number: int) -> Incident | None:
        """The incident: nobody else holds it."""
        return await self._held.incident(number)

    async def open_among(self, numbers: Collection[int]) -> set[int]:
        """Which of these incidents are open."""
        found = [await self._held.incident(number) for number in numbers]
        return {one.number for one in found if one is not None and one.open}

    async def due(self, now: datetime, *, limit: int) -> list[Incident]:
        """Incidents that are due."""
        numbers = [number for number, at in self._held.due.items() if at is not None and at <= now]
        return [found for number in numbers[:limit] if (found := await self._held.incident(number)) is not None]

    async def wake(self, now: datetime) -> None:
        """A rehearsal changes nothing that would need it."""

    async def number_of(self, platform: str, *, channel: str) -> int | None:
        """Channels are only names here: none is known."""
        return None

    async def message(self, platform: str, *, ref: str) -> tuple[int, str] | None:
        """No message stands anywhere."""
        return None

    async def channel_ref(self, number: int, platform: str) -> str | None:
        """No channel stands anywhere."""
        return None

    async def enter(self, incident: Incident) -> int:
        """Give a new incident its number."""
        incident.number = len(self._held.incidents) + 1
        self._held.incidents[incident.number] = incident
        return incident.number

    async def free_name(self, base: str) -> str:
        """The name as it would be on a day without another incident."""
        return base

    async def recent_open(self, since: datetime, *, limit: int) -> list[Summary]:
        """No other incident is open."""
        return []

    async def park(self, words: str, *, actor: Person, at: datetime) -> int:
        """Put words aside."""
        self._held.aside.append(Parked(len(self._held.aside) + 1, words, actor.key))
        return len(self._held.aside)

    async def parked(self, id: int) -> Parked | None:
        """Words put aside."""
        return self._held.aside[id - 1] if 0 < id <= len(self._held.aside) else None

    async def keep_playbook(self, playbook: Playbook, *, at: datetime) -> None:
        """Keep it."""
        self._held.playbooks[playbook.name, playbook.version] = playbook

    async def looked(self, number: int, *, person: str, seq: int) -> int:
        """Nobody looks."""
        return 0

    async def save(self, changes: Sequence[Change]) -> None:
        """Keep incidents, timelines and what is owed."""
        for change in changes:
            incident = change.incident
            chain = self._held.chains.setdefault(incident.number, [])
            links = append(incident.number, change.entries, length=incident.entries, head=incident.head)
            chain += links
            incident.entries += len(links)
            incident.head = links[-1].hash if links else incident.head
            incident.revision += 1
            self._held.incidents[incident.number] = incident
            self._held.due[incident.number] = change.next_due_at
            self._store.changes.append(change)

    async def forget(self, now: datetime, ages: Ages, *, limit: int) -> int:
        """Nothing grows old here."""
        return 0

    async def owe(self, owed: Sequence[Owed]) -> None:
        """What belongs to no incident is not told."""
