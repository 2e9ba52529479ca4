"""A town whose bot tells customers on status pages: both of those outside, or only some."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Self

from adapters.health.adapter import HealthAdapter
from adapters.statuspage.adapter import StatusPageAdapter
from adapters.statuspage.atlassian import Statuspage
from adapters.statuspage.betterstack import BetterStack
from adapters.statuspage.page import Page
from bot.progress import Publication
from bot.timeline import Kind
from tests.support.seen import Seen
from tests.support.statuspages import KEY, PAGE, REPORTS, TOKEN, FakeBetterStack, FakeStatuspage
from tests.support.story import ROOM, posts
from tests.support.town import Side, Town


class PublishedTown:
    """The town and its pages; ``async with`` starts them. ``on`` are the lanes that are connected."""

    def __init__(self, town: Town, *, on: Sequence[str] = ("statuspage", "betterstack")) -> None:
        self.town, self.on = town, tuple(on)
        self.statuspage = FakeStatuspage(now=town.clock.now)
        self.betterstack = FakeBetterStack(now=town.clock.now)

    async def __aenter__(self) -> Self:
        await self.statuspage.__aenter__()
        await self.betterstack.__aenter__()
        self.connect()
        await self.town.__aenter__()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.town.__aexit__(*exc)
        await self.betterstack.__aexit__(*exc)
        await self.statuspage.__aexit__(*exc)

    def connect(self, *, key: str = KEY) -> None:
        """From the next start on the bot has these pages."""
        known: dict[str, Page] = {
            "statuspage": Statuspage(url=self.statuspage.url.rstrip("/"), key=key, page=PAGE, patience=1.0),
            "betterstack": BetterStack(url=self.betterstack.url.rstrip("/"), token=TOKEN, page=REPORTS, patience=1.0),
        }
        for page in known.values():
            page.settles = timedelta(milliseconds=50)
        self.town.tools = [HealthAdapter(), *(StatusPageAdapter(known[lane]) for lane in self.on)]
        self.town.pages = self.on

    async def publication(self, number: int = 1) -> Publication:
        """As saved."""
        kept = (await self.town.incident(number)).progress.publication
        assert kept is not None
        return kept

    async def entries(self, number: int = 1) -> list[tuple[str, str]]:
        """What the timeline says of customers, and by whom."""
        links = await self.town.timeline(number)
        return [(link.entry.text, link.entry.by) for link in links if link.entry.kind is Kind.PUBLIC]

    def drafts(self, side: Side, room: str = ROOM) -> list[Seen]:
        """The texts for customers that were shown in the channel."""
        return [one for one in posts(side, room) if one.text.startswith(("For customers: ", "*For customers: "))
                or "For customers: " in one.text.splitlines()[0]]  # fmt: skip

    def behind(self, side: Side, room: str = ROOM) -> list[Seen]:
        """The messages that the page is behind."""
        return [one for one in posts(side, room) if "status page is" in one.text.splitlines()[0].casefold()]
