"""A town whose bot files issues in a tracker of its own, and people with accounts there."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Self

from adapters.health.adapter import HealthAdapter
from adapters.tracker.adapter import TrackerAdapter
from adapters.tracker.tracker import Tracker
from bot.playbook.shape import Playbook
from bot.timeline import Kind
from tests.support.town import Town
from tests.support.wires import Wired


def with_accounts(playbook: Playbook, tracker: str, accounts: Mapping[str, str]) -> Playbook:
    """A playbook whose people (by key) have these accounts in a tracker."""
    people = tuple(
        one.model_copy(update={"handles": one.handles | {tracker: accounts[one.key]}}) if one.key in accounts else one
        for one in playbook.people
    )
    return playbook.model_copy(update={"people": people})


class Tracked:
    """The town and the tracker; ``async with`` starts both. ``make`` makes the client with a token."""

    def __init__(self, town: Town, fake: Wired, make: Callable[[str], Tracker], *, token: str, place: str) -> None:
        self.town, self.fake = town, fake
        self._make, self._place = make, place
        self._token = token
        self.tracker: TrackerAdapter

    async def __aenter__(self) -> Self:
        await self.fake.__aenter__()
        self.use(self._token)
        await self.town.__aenter__()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.town.__aexit__(*exc)
        await self.fake.__aexit__(*exc)

    def use(self, token: str = "") -> None:
        """From the next start on the bot has this token."""
        known: Any = self._make(token or self._token)
        known.settles = timedelta(milliseconds=50)
        places = [(known.name, self._place)]
        self.tracker = TrackerAdapter([known], self.town.clock, places=places, every=timedelta(hours=1))
        self.town.tools, self.town.trackers = [HealthAdapter(), self.tracker], (known.name,)

    async def looks(self) -> None:
        """The bot looks what changed there."""
        await self.tracker.look()
        await self.town.settle()

    async def later(self, **by: float) -> None:
        """Time goes by, and the bot looks."""
        await self.town.forward(**by)
        await self.looks()

    async def entries(self, number: int = 1) -> list[str]:
        """What the timeline says of issues and action items."""
        links = await self.town.timeline(number)
        return [link.entry.text for link in links if link.entry.kind in (Kind.LINK, Kind.ACTION)]
