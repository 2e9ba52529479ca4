"""The pager as one thing: what is owed is sent once, and what came of it brought back.

Apprise cannot look whether a page was sent. So that nobody is paged twice by one step, each attempt first notes in the
incident that it begins, under a token of its own; only the attempt whose token stands there sends. Whoever comes after
a crash finds the note, and sends again only where the service itself drops doubles; else the step counts as unknown,
and the chain goes on (``docs/decisions/0032-paging.md``).
"""

import asyncio
import secrets
from collections.abc import Mapping
from types import MappingProxyType

from adapters.pager.letter import Letter, letter
from adapters.pager.own import OwnRoutes, Public
from adapters.pager.reach import Answers, Reaching
from adapters.pager.reach import Found as Reached
from adapters.pager.settings import PagerSettings
from bot import pages
from bot.errors import Refused, TryLater
from bot.intents import PAGER, CallOff, PagePerson, SendToRoute
from bot.learned import PageBegun, Paged, Received
from bot.loading import named
from bot.ports import Ear, Found, Job
from bot.progress import PageStep, StepState
from bot.reader import Reader
from bot.routes import RouteBook

CHANNEL_WITHIN = 2.0
"""Seconds that a page waits for the channel it is to lead to; without one it goes out all the same."""
SAVE_AGAIN = (0.1, 0.3, 1.0)
"""Seconds between attempts to save what came of a page."""


class PagerPlatform:
    """Sends pages; see :class:`bot.ports.Platform`."""

    name = PAGER
    ready = connected = True
    """There is nothing to connect to."""

    def __init__(
        self,
        reaching: Reaching,
        *,
        reader: Reader | None,
        addresses: Mapping[str, str],
        answers: Answers | None,
        within: float,
        own: OwnRoutes | None = None,
    ) -> None:
        self.ear: Ear | None = None
        self._own = own
        self._reaching, self._reader, self._addresses, self._answers = reaching, reader, addresses, answers
        self._within = within
        self._came: dict[str, Paged] = {}
        """What came of pages and could not be saved yet."""

    async def perform(self, job: Job) -> str | None:
        """Page, unless nobody is to be paged any more, or an earlier attempt may have."""
        if isinstance(job.intent, CallOff):
            await self._call_off(job.intent, job.incident or 0)
            return None
        page = job.intent
        if isinstance(page, SendToRoute):
            if self.ear is None or self._own is None:
                raise TryLater("not started yet")
            await self._own.send(job, page, self.ear)
            return None
        if not isinstance(page, PagePerson) or job.incident is None:
            raise Refused(f"the pager knows no “{page.kind}”")
        if self.ear is None or self._reader is None:
            raise TryLater("not started yet")
        came = self._came.get(job.key) or await self._attempt(job, page, job.incident)
        if came is not None:
            self._came[job.key] = came
            await self._save(came)
            del self._came[job.key]
        return None

    async def _call_off(self, over: CallOff, number: int) -> None:
        """End it where that can be done; once more does no harm."""
        page = over.sent
        reached = await self._reaching.of(page, over=True)
        said = letter(page, number=number, mark=pages.mark(number, page.page, page.step))
        why = await named("adapters.pager.sending", "call_off")(reached.addresses, said, within=self._within)
        if why:
            raise Refused(why)

    async def find(self, job: Job) -> Found | None:
        """Every attempt looks first (see :meth:`_attempt`), and what it brings back is learned once."""
        return None

    async def _attempt(self, job: Job, page: PagePerson, number: int) -> Paged | None:
        """Send it; ``None`` where it is not to be sent."""
        step = await self._step(number, page)
        if step is None or step.state.settled:
            return None
        reached = await self._reaching.of(page)
        again = reached.drops_doubles
        if step.state is StepState.BEGUN and not again:
            return _paged(job, page, number, Received.UNKNOWN)
        if not reached.addresses:
            return _paged(job, page, number, Received.FAILED, reached.why)
        said = await self._letter(page, number)
        if not await self._begin(job, page, number, again=again):
            return None
        return await self._send(job, page, number, reached, said)

    async def _begin(self, job: Job, page: PagePerson, number: int, *, again: bool) -> bool:
        """Note that this attempt sends; whether it may."""
        token = secrets.token_hex(8)
        key = f"{PAGER}:{job.key}:{token}"
        begun = PageBegun(key=key, incident=number, page=page.page, step=page.step, token=token, again=again)
        await self._learn(begun)
        step = await self._step(number, page)
        return step is not None and step.state is StepState.BEGUN and step.token == token

    async def _send(self, job: Job, page: PagePerson, number: int, reached: Reached, said: Letter) -> Paged:
        came = await named("adapters.pager.sending", "send")(reached.addresses, said, within=self._within)
        if any(not one.why for one in came):
            return _paged(job, page, number, Received.SENT)
        why = "; ".join(dict.fromkeys(f"{one.service} {one.why}" for one in came))
        return _paged(job, page, number, Received.FAILED, why[:200])

    async def _letter(self, page: PagePerson, number: int) -> Letter:
        mark = pages.mark(number, page.page, page.step)
        answer = self._answers.link(number, page.page, page.person) if self._answers is not None else ""
        return letter(page, number=number, mark=mark, channel=await self._channel(number), answer=answer)

    async def _channel(self, number: int) -> str:
        """Where the incident's channel is, once it is there."""
        if self._reader is None or not self._addresses:
            return ""
        until = asyncio.get_running_loop().time() + CHANNEL_WITHIN
        while True:
            summary = await self._reader.summary(number)
            for platform, ref in summary.refs.items() if summary is not None else ():
                if platform in self._addresses:
                    return self._addresses[platform].format(ref)
            if asyncio.get_running_loop().time() > until:
                return ""
            await asyncio.sleep(0.1)

    async def _step(self, number: int, page: PagePerson) -> PageStep | None:
        """The step as it stands in the incident now."""
        incident = await self._reader.incident(number) if self._reader is not None else None
        kept = pages.get(incident, page.page) if incident is not None else None
        return kept.steps[page.step] if kept is not None and page.step < len(kept.steps) else None

    async def _save(self, came: Paged) -> None:
        """Bring back what came of it, a few times where the database is gone: a page whose outcome is lost counts as
        unknown."""
        for wait in SAVE_AGAIN:
            try:
                return await self._learn(came)
            except TryLater:
                await asyncio.sleep(wait)
        try:
            await self._learn(came)
        except TryLater as gone:
            raise TryLater(gone.why, unreachable=gone.unreachable, maybe_done=True) from gone

    async def _learn(self, learned: Paged | PageBegun) -> None:
        if self.ear is None:
            raise TryLater("stopped")
        await self.ear.learn(learned)


class PagerAdapter:
    """A tool of the bot; see :class:`bot.running.Outside`.

    ``reader`` tells where a step stands, and ``addresses`` where channels are, by platform, with ``{}`` for the id.
    ``book`` knows people's own routes, ``answers`` the link by which a page is answered. A service has ``within``
    seconds to take a page. What sends is loaded by name: Apprise takes half a second, and a command needs none of it.
    """

    def __init__(
        self,
        settings: PagerSettings,
        *,
        reader: Reader | None = None,
        addresses: Mapping[str, str] = MappingProxyType({}),
        book: RouteBook | None = None,
        public: Public | None = None,
        answers: Answers | None = None,
        within: float = 10.0,
    ) -> None:
        self._settings = settings
        own = OwnRoutes(book, public or _nowhere, within=within) if book is not None else None
        self.platform = PagerPlatform(
            Reaching(settings, own), reader=reader, addresses=addresses, answers=answers, within=within, own=own
        )

    async def start(self, ear: Ear) -> None:
        """From now on pages can be sent."""
        if self._settings.names:  # whoever has set up paging learns at the start that Apprise cannot be loaded
            named("adapters.pager.sending", "send")
        self.platform.ear = ear

    async def stop(self) -> None:
        """Nothing is left open: what was under way was stopped with its attempt."""
        self.platform.ear = None


async def _nowhere(host: str) -> bool:
    """Where nobody can look a host up, none that somebody named is sent to."""
    return False


def _paged(job: Job, page: PagePerson, number: int, came: Received, why: str = "") -> Paged:
    return Paged(key=f"{PAGER}:{job.key}", incident=number, page=page.page, step=page.step, came=came, why=why)
