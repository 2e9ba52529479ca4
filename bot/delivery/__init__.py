"""The delivery: takes what is owed out of the ledger, does it on the platforms, and notes the outcome.

For each platform it holds a bounded number of effects in its hands. A first attempt simply acts; an attempt whose
predecessor may have had its effect looks first. Outcomes are noted in groups: one transaction for all that are
waiting. Every claim is a lease that is renewed while it is held, and nothing is sent on one that may have run out.
"""

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from time import monotonic

import structlog

from bot.delivery.attempts import Attempts
from bot.delivery.courtesy import Courtesy
from bot.delivery.lanes import LEASE, Held, Lane
from bot.delivery.news import Feedback, News
from bot.errors import TryLater
from bot.ledger import Claimed, Ledger, Outcome
from bot.ports import Meter, Platform

log = structlog.get_logger()

SLOTS = 48
"""Effects in hand at once on one platform: what a crash leaves to be looked up is at most this many."""
CROWD = 16
"""From more effects in hand than this on, outcomes are gathered before they are noted."""
GATHER = 0.02
"""Seconds in which they are gathered: dozens in one transaction cost hardly more than one."""
COURTESY = 0.05
"""Seconds for which the delivery lets people go first before each of its own steps: a command waits for no more than
the step in progress, and what is owed comes a moment later."""
SENDING = 2.5
"""Seconds that what is being sent may take to end when the delivery stops."""
POLL = 1.0
"""Seconds between looks at the ledger when nothing wakes us: work of another process is found by then."""


class Delivery:
    """Does what is owed. ``run`` works until it is cancelled or :meth:`stop` is called."""

    def __init__(
        self,
        *,
        ledger: Ledger,
        platforms: Mapping[str, Platform],
        feedback: Feedback,
        meter: Meter,
        quiet: asyncio.Event | None = None,
        slots: int = SLOTS,
    ) -> None:
        self._ledger = ledger
        self._courtesy = Courtesy(quiet)
        self._news = News(feedback)
        self._attempts = Attempts(news=self._news, meter=meter, courtesy=self._courtesy)
        self._slots = slots
        self._lanes = {name: Lane(platform) for name, platform in platforms.items()}
        self._outcomes: asyncio.Queue[Outcome] = asyncio.Queue()
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping = False
        self._stopped = asyncio.Event()

    def wake(self) -> None:
        """Something may be owed: look now."""
        for lane in self._lanes.values():
            lane.wake.set()

    @property
    def in_hand(self) -> int:
        """Effects being done, outcomes not noted yet, and news not told yet."""
        return sum(len(lane.held) for lane in self._lanes.values()) + self._news.untold

    @property
    def lanes(self) -> Mapping[str, Lane]:
        """What it has in hand on each platform, and how that platform answers; to look at only."""
        return self._lanes

    async def run(self) -> None:
        """Work until stopped."""
        async with asyncio.TaskGroup() as group:
            for name, lane in self._lanes.items():
                group.create_task(self._serve(name, lane), name=f"delivery {name}")
            notes = group.create_task(self._note_outcomes(), name="delivery notes")
            group.create_task(self._renew(), name="delivery leases")
            telling = group.create_task(self._news.tell(), name="delivery news")
            await self._stopped.wait()
            for task in (notes, telling):  # idle by now, unless the time to stop in has run out
                task.cancel()

    async def stop(self, *, within: float = SENDING) -> None:
        """Take nothing new, give back what is not being sent yet, finish the rest within that many seconds.

        Only what is being sent even then keeps its lease until it runs out.
        """
        self._stopping = True
        self.wake()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within):
                await self._let_go()
                if self._tasks:
                    await asyncio.wait(self._tasks)
                await self._outcomes.join()
                await self._news.join()
        for task in self._tasks:
            task.cancel()
        self._stopped.set()

    async def _let_go(self) -> None:
        """Give back what is in hand and not being sent, so that another replica need not wait for the leases."""
        attempts = {one.attempt: one for lane in self._lanes.values() for one in lane.held.values() if not one.begun}
        under_way = [attempt for attempt in attempts if attempt is not None and not attempt.done()]
        for attempt in under_way:
            attempt.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
        await self._give_back([attempts[attempt].claim for attempt in under_way if attempt.cancelled()])

    async def _give_back(self, claims: Sequence[Claimed]) -> None:
        """Nothing of these was sent: whoever claims them next begins where we did."""
        for claim in claims:
            self._lanes[claim.platform].held.pop(claim.id, None)
        if not claims:
            return
        try:
            await self._ledger.release(claims)
        except TryLater as gone:
            log.warning("not_given_back", count=len(claims), why=gone.why)

    # Taking

    async def _serve(self, name: str, lane: Lane) -> None:
        while not self._stopping:
            lane.wake.clear()
            lane.looked_at = monotonic()
            free = self._slots - len(lane.held)
            now = monotonic()
            if free > 0 and now >= lane.closed_until:
                await self._claim(name, lane, free if not lane.failures else 1)
            await self._rest(lane)

    async def _claim(self, name: str, lane: Lane, limit: int) -> None:
        now = monotonic()
        lane.limited = {kind: until for kind, until in lane.limited.items() if until > now}
        await self._courtesy.give_way(COURTESY)
        try:
            claims = await self._ledger.claim(name, limit=limit, without=lane.limited)
        except TryLater as gone:
            log.warning("ledger_unreachable", why=gone.why)
            lane.closed_until = now + POLL
            return
        lane.more = len(claims) == limit
        await self._take(claims, courtesy=COURTESY / limit)

    async def _take(self, claims: Sequence[Claimed], *, courtesy: float) -> None:
        """Begin with what was claimed; what a stop overtook is given back."""
        late = []
        for claim in claims:
            if self._stopping:
                late.append(claim)
                continue
            self._begin(self._lanes[claim.platform], claim)
            await self._courtesy.give_way(courtesy)
        await self._give_back(late)

    async def _rest(self, lane: Lane) -> None:
        now = monotonic()
        ends = [until - now for until in (*lane.limited.values(), lane.closed_until) if until > now]
        try:
            async with asyncio.timeout(max(0.01, min([POLL, *ends]))):
                await lane.wake.wait()
        except TimeoutError:
            return

    def _begin(self, lane: Lane, claim: Claimed) -> None:
        if claim.id in lane.held:
            return
        held = Held(claim, monotonic())
        lane.held[claim.id] = held
        task = held.attempt = asyncio.create_task(self._attempt(lane, held), name=f"{claim.platform} {claim.key}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # Doing

    async def _attempt(self, lane: Lane, held: Held) -> None:
        outcome = await self._attempts.make(lane, held)
        if outcome is None:
            del lane.held[held.claim.id]
        else:
            self._outcomes.put_nowait(outcome)

    # Noting

    async def _note_outcomes(self) -> None:
        while True:
            outcomes = [await self._outcomes.get()]
            if self.in_hand > CROWD:
                await asyncio.sleep(GATHER)
            while not self._outcomes.empty():
                outcomes.append(self._outcomes.get_nowait())
            await self._courtesy.give_way(COURTESY)
            ready = await self._finish(outcomes)
            for outcome in outcomes:
                self._lanes[outcome.claim.platform].held.pop(outcome.claim.id, None)
                self._news.of(outcome)
            await self._take(ready, courtesy=COURTESY / max(1, len(ready)))
            for _ in outcomes:
                self._outcomes.task_done()
            for lane in self._lanes.values():
                if lane.more:
                    lane.wake.set()

    async def _finish(self, outcomes: list[Outcome]) -> list[Claimed]:
        wait = 0.1
        while True:
            try:
                return await self._ledger.finish(outcomes, claim=not self._stopping)
            except TryLater as gone:
                log.warning("outcomes_not_noted", count=len(outcomes), why=gone.why)
                await asyncio.sleep(wait)
                wait = min(2.0, wait * 2)

    # Keeping

    async def _renew(self) -> None:
        while not self._stopped.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LEASE / 4):
                    await self._stopped.wait()
            held = [one for lane in self._lanes.values() for one in lane.held.values()]
            if not held:
                continue
            at = monotonic()
            try:
                still = await self._ledger.renew([one.claim for one in held])
            except TryLater as gone:
                log.warning("leases_not_renewed", why=gone.why)
                continue
            for one in held:
                one.renewed = at
                one.lost = one.claim.id not in still
