"""The delivery: takes what is owed out of the ledger, does it on the platforms, and notes the outcome.

For each platform it holds a bounded number of effects in its hands. A first attempt simply acts; an attempt whose
predecessor may have had its effect looks first. Outcomes are noted in groups: one transaction for all that are
waiting. Every claim is a lease that is renewed while it is held, and nothing is sent on one that may have run out.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic
from typing import Protocol

import structlog

from bot.errors import Refused, TryLater
from bot.patience import LONGEST_WAIT, after_refusal, backoff, is_late, of_note
from bot.ports import Job, Meter, Platform
from bot.store import Claimed, Done, GivenUp, Later, Ledger, Outcome

log = structlog.get_logger()

SLOTS = 48
"""Effects in hand at once on one platform: what a crash leaves to be looked up is at most this many."""
CROWD = 16
"""From more effects in hand than this on, outcomes are gathered before they are noted."""
GATHER = 0.02
"""Seconds in which they are gathered: dozens in one transaction cost hardly more than one."""
STEP_ASIDE = 0.1
"""Seconds for which a single effect lets people go first, just before it is sent."""
COURTESY = 0.05
"""Seconds for which the delivery lets people go first before each of its own steps: a command waits for no more than
the step in progress, and what is owed comes a moment later."""
POLL = 1.0
"""Seconds between looks at the ledger when nothing wakes us: work of another process is found by then."""
LEASE = 10.0
"""Seconds a claim holds in the ledger; nothing is sent on one last renewed more than half of that ago."""


class Feedback(Protocol):
    """Who is told what became of what was owed: the desk."""

    async def late(self, claim: Claimed, why: str) -> None:
        """It has to wait."""
        ...

    async def made_good(self, claim: Claimed, why: str) -> None:
        """It was tried more than once and is there now."""
        ...

    async def gave_up(self, claim: Claimed, why: str) -> None:
        """It will not be there."""
        ...


Tell = Callable[[Claimed, str], Awaitable[None]]


@dataclass(slots=True)
class _Held:
    """A claim in hand."""

    claim: Claimed
    renewed: float
    """Monotonic time of the claim or its last renewal."""
    lost: bool = False
    begun: bool = False
    """Whether it is being sent: from then on it may have had its effect."""
    attempt: asyncio.Task[None] | None = None


@dataclass(slots=True)
class _Lane:
    """One platform's part of the work."""

    platform: Platform
    held: dict[int, _Held] = field(default_factory=dict)
    closed_until: float = 0.0
    """Monotonic time until which the platform as a whole is left alone."""
    failures: int = 0
    limited: dict[str, float] = field(default_factory=dict)
    """Kind of intent to the monotonic time until which the platform's rate limit holds it back."""
    more: bool = False
    """Whether the last claim took all it could: only then a place that becomes free is worth another look."""
    wake: asyncio.Event = field(default_factory=asyncio.Event)


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
        self._feedback = feedback
        self._meter = meter
        self._quiet = quiet or _always()
        """Set while nobody is being heard who waits for an answer."""
        self._slots = slots
        self._lanes = {name: _Lane(platform) for name, platform in platforms.items()}
        self._outcomes: asyncio.Queue[Outcome] = asyncio.Queue()
        self._news: asyncio.Queue[tuple[Tell, Claimed, str]] = asyncio.Queue()
        self._untold = 0
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
        return sum(len(lane.held) for lane in self._lanes.values()) + self._untold

    async def run(self) -> None:
        """Work until stopped."""
        async with asyncio.TaskGroup() as group:
            for name, lane in self._lanes.items():
                group.create_task(self._serve(name, lane), name=f"delivery {name}")
            notes = group.create_task(self._note_outcomes(), name="delivery notes")
            group.create_task(self._renew(), name="delivery leases")
            telling = group.create_task(self._tell(), name="delivery news")
            await self._stopped.wait()
            for task in (notes, telling):  # idle by now, unless the time to stop in has run out
                task.cancel()

    async def stop(self, *, within: float = 4.0) -> None:
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

    async def _serve(self, name: str, lane: _Lane) -> None:
        while not self._stopping:
            lane.wake.clear()
            free = self._slots - len(lane.held)
            now = monotonic()
            if free > 0 and now >= lane.closed_until:
                await self._claim(name, lane, free if not lane.failures else 1)
            await self._rest(lane)

    async def _claim(self, name: str, lane: _Lane, limit: int) -> None:
        now = monotonic()
        lane.limited = {kind: until for kind, until in lane.limited.items() if until > now}
        await self._give_way(COURTESY)
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
            await self._give_way(courtesy)
        await self._give_back(late)

    async def _give_way(self, most: float) -> None:
        """Let whoever waits for the process go first, and those being heard for ``most`` seconds."""
        await asyncio.sleep(0)
        if not self._quiet.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(most):
                    await self._quiet.wait()

    async def _rest(self, lane: _Lane) -> None:
        now = monotonic()
        ends = [until - now for until in (*lane.limited.values(), lane.closed_until) if until > now]
        try:
            async with asyncio.timeout(max(0.01, min([POLL, *ends]))):
                await lane.wake.wait()
        except TimeoutError:
            return

    def _begin(self, lane: _Lane, claim: Claimed) -> None:
        if claim.id in lane.held:
            return
        held = _Held(claim, monotonic())
        lane.held[claim.id] = held
        task = held.attempt = asyncio.create_task(self._attempt(lane, held), name=f"{claim.platform} {claim.key}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # Doing

    async def _attempt(self, lane: _Lane, held: _Held) -> None:
        claim = held.claim
        missing = claim.intent.needs() - claim.refs.keys()
        if missing:
            self._outcomes.put_nowait(GivenUp(claim, f"nothing stands at {', '.join(sorted(missing))}"))
            return
        began = monotonic()
        try:
            outcome: Outcome = Done(claim, await self._do(lane.platform, held))
            lane.failures = 0
        except TryLater as later:
            outcome = self._later(lane, claim, later)
        except Refused as refused:
            outcome = self._refused(claim, refused)
        except _LeaseLost:
            del lane.held[claim.id]
            return
        except Exception:  # the delivery's edge: a fault goes to the log whole, and others go on
            log.exception("delivery_failed", platform=claim.platform, what=claim.key, incident=claim.incident)
            outcome = Later(claim, timedelta(seconds=LONGEST_WAIT), "fault", maybe_done=True)
        result = {Done: "done", Later: "later", GivenUp: "given up"}[type(outcome)]
        self._meter.delivered(claim.platform, claim.intent.kind, result, seconds=monotonic() - began)
        self._outcomes.put_nowait(outcome)

    async def _do(self, platform: Platform, held: _Held) -> str | None:
        claim = held.claim
        job = Job(f"{claim.incident or 0}/{claim.key}", claim.intent, claim.incident, claim.first_try_at, claim.refs)
        if claim.look_first:
            found = await platform.find(job)
            if found is not None:
                return found.ref
        await self._give_way(STEP_ASIDE)
        if held.lost or monotonic() - held.renewed > LEASE / 2:
            raise _LeaseLost
        held.begun = True
        return await platform.perform(job)

    def _later(self, lane: _Lane, claim: Claimed, later: TryLater) -> Outcome:
        wait = backoff(claim.attempts)
        if later.after is not None:
            wait = max(later.after.total_seconds(), 0.05)
            lane.limited[claim.intent.kind] = monotonic() + wait
            self._meter.limited(claim.platform, claim.intent.kind, seconds=wait)
        elif later.unreachable:
            lane.failures += 1
            lane.closed_until = monotonic() + backoff(lane.failures)
        log.info(
            "try_later", platform=claim.platform, what=claim.key, incident=claim.incident, why=later.why, wait=wait
        )
        if is_late(claim):
            self._news_of(self._feedback.late, claim, later.why)
        return Later(claim, timedelta(seconds=wait), later.why, maybe_done=later.maybe_done)

    def _refused(self, claim: Claimed, refused: Refused) -> Outcome:
        log.warning("refused", platform=claim.platform, what=claim.key, incident=claim.incident, why=refused.why)
        wait = after_refusal(claim)
        if wait is None:
            return GivenUp(claim, refused.why)
        self._news_of(self._feedback.late, claim, refused.why)
        return Later(claim, timedelta(seconds=wait), refused.why)

    # Noting

    async def _note_outcomes(self) -> None:
        while True:
            outcomes = [await self._outcomes.get()]
            if self.in_hand > CROWD:
                await asyncio.sleep(GATHER)
            while not self._outcomes.empty():
                outcomes.append(self._outcomes.get_nowait())
            await self._give_way(COURTESY)
            ready = await self._finish(outcomes)
            for outcome in outcomes:
                self._lanes[outcome.claim.platform].held.pop(outcome.claim.id, None)
                self._follow(outcome)
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

    # Telling

    def _follow(self, outcome: Outcome) -> None:
        claim = outcome.claim
        if isinstance(outcome, Done) and claim.attempts > 1:
            self._news_of(self._feedback.made_good, claim, "")
        elif isinstance(outcome, GivenUp) and not (claim.intent.needs() - claim.refs.keys()):
            self._news_of(self._feedback.gave_up, claim, outcome.why)

    def _news_of(self, tell: Tell, claim: Claimed, why: str) -> None:
        if of_note(claim):
            self._untold += 1
            self._news.put_nowait((tell, claim, why))

    async def _tell(self) -> None:
        """One after the other, so that *late* never overtakes *made good*."""
        while True:
            tell, claim, why = await self._news.get()
            try:
                await tell(claim, why)
            except TryLater as gone:
                log.warning("not_told", what=claim.key, why=gone.why)
            except Exception:  # the delivery's edge: a fault in telling goes to the log whole
                log.exception("not_told", what=claim.key)
            finally:
                self._untold -= 1
                self._news.task_done()

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


def _always() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event


class _LeaseLost(Exception):
    """The claim may be another's by now; nothing was sent."""
