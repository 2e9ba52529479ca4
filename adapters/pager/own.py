"""People's own routes: what is sent to one for its own sake, and whether a host that somebody named may be sent to."""

import asyncio
from collections.abc import Awaitable, Callable

from adapters.pager.letter import Letter
from bot.intents import PAGER, SendToRoute
from bot.learned import RouteTried
from bot.loading import named
from bot.ports import Ear, Job
from bot.routes import Addressed, RouteBook

Public = Callable[[str], Awaitable[bool]]
"""Whether a host has public addresses only; asked at the moment of sending."""
INSIDE = "its host is not a public one"


class OwnRoutes:
    """Sends codes and tests."""

    def __init__(self, book: RouteBook, public: Public, *, within: float) -> None:
        self.book = book
        self._public, self._within = public, within

    async def allowed(self, route: Addressed) -> bool:
        """Whether it may be sent to; not where its host's name is not found in time."""
        if not route.host:
            return True
        try:
            async with asyncio.timeout(self._within):
                return await self._public(route.host)
        except TimeoutError:
            return False

    async def send(self, job: Job, intent: SendToRoute, ear: Ear) -> None:
        """Send it, unless there is no use in it any more; where that fails its person is told."""
        said = await self.book.letter(intent.route, test=intent.test)
        if said is None:
            return
        why = INSIDE
        if await self.allowed(said.to):
            letter = Letter(said.title, said.text, mark="")
            (came,) = await named("adapters.pager.sending", "send")([said.to.address], letter, within=self._within)
            why = f"{came.service} {came.why}" if came.why else ""
        if why:
            await ear.learn(RouteTried(key=f"{PAGER}:{job.key}", sent=intent, why=why))
