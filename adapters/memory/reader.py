"""Answers questions out of memory."""

from collections.abc import AsyncIterator, Collection
from datetime import datetime

from adapters.memory.alerts import NoAlerts
from adapters.memory.handoffs import NoHandoffs
from bot.accounts import Account
from bot.chain import Illegible, Tail
from bot.incident import Incident
from bot.people import Person
from bot.playbook.shape import Playbook
from bot.public import PublicIncident
from bot.reader import Counted, Frozen, Sought, Summary, Todos
from bot.rotations import Override
from bot.routes import QuietHours, Route
from bot.store import Parked
from bot.timeline import Link


class MemoryReader:
    """See :class:`bot.reader.Reader`. A rehearsal has one incident, so lists are empty."""

    def __init__(self) -> None:
        self.incidents: dict[int, Incident] = {}
        self.chains: dict[int, list[Link]] = {}
        self.due: dict[int, datetime | None] = {}
        self.playbooks: dict[tuple[str, str], Playbook] = {}
        self.heard: set[str] = set()
        self.aside: list[Parked] = []
        self.alerts = NoAlerts()
        self.handoffs = NoHandoffs()

    async def routes(self, keys: Collection[str]) -> list[Route]:
        """Nobody has one."""
        return []

    async def route(self, id: int) -> Route | None:
        """There is none."""
        return None

    async def quiet(self, keys: Collection[str]) -> QuietHours | None:
        """Nobody has quiet hours."""
        return None

    async def incident(self, number: int) -> Incident | None:
        """The incident as last saved."""
        found = self.incidents.get(number)
        return found.model_copy(deep=True) if found is not None else None

    async def open(self, viewer: Person | None, *, limit: int = 20) -> list[Summary]:
        """No other is open."""
        return []

    async def frozen(self, viewer: Person | None) -> list[Frozen]:
        """No other is frozen for."""
        return []

    async def public_revisions(self, since: datetime) -> dict[int, int]:
        """No page is written."""
        return {}

    async def public(self, numbers: Collection[int]) -> dict[int, PublicIncident]:
        """No page is written."""
        return {}

    async def find(self, sought: Sought, viewer: Person | None, *, limit: int = 10) -> list[Summary]:
        """There is nothing to find."""
        return []

    async def summary(self, number: int) -> Summary | None:
        """No list is shown."""
        return None

    async def timeline(self, number: int, *, after: int = 0, limit: int = 50, newest: bool = False) -> list[Link]:
        """Entries after the ``after``-th."""
        found = [link for link in self.chains.get(number, []) if link.seq > after]
        return found[-limit:] if newest else found[:limit]

    async def chain(self, number: int) -> AsyncIterator[Link]:
        """The whole timeline."""
        for link in self.chains.get(number, []):
            yield link

    async def rows(self, number: int, *, after: int = 0) -> AsyncIterator[Link | Illegible]:
        """The timeline behind the ``after``-th entry."""
        for link in self.chains.get(number, [])[after:]:
            yield link

    async def tail(self, number: int) -> Tail | None:
        """How the incident says that its timeline ends."""
        found = self.incidents.get(number)
        return Tail(found.entries, found.head) if found is not None else None

    async def last_drill(self, playbook: str) -> Summary | None:
        """No drill was held."""
        return None

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
        """No list is shown."""
        return Todos([], 0, 0)

    async def numbers(self) -> list[int]:
        """Every incident's number."""
        return sorted(self.incidents)

    async def counted(self, sought: Sought) -> list[Counted]:
        """No figures are asked for."""
        return []

    async def counts(self) -> list[tuple[str, str, int]]:
        """No figures are asked for."""
        return []

    async def playbook(self, name: str, version: str) -> Playbook | None:
        """A kept version of a playbook."""
        return self.playbooks.get((name, version))

    async def number_of(self, platform: str, *, channel: str) -> int | None:
        """No channel stands anywhere."""
        return None

    async def message(self, platform: str, *, ref: str) -> tuple[int, str] | None:
        """No message stands anywhere."""
        return None

    async def accounts(self, platform: str, handles: Collection[str]) -> list[Account]:
        """Nobody has linked any."""
        return []

    async def overrides(self, playbook: str, *, since: datetime, until: datetime) -> list[Override]:
        """Everybody keeps their turn."""
        return []

    async def next_due_at(self) -> datetime | None:
        """When a timed rule next has to look at anything."""
        return min((at for at in self.due.values() if at is not None), default=None)

    async def ping(self) -> None:
        """It is there."""
