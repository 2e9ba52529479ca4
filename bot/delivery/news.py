"""What people are told of effects that are late, made good or given up."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

import structlog

from bot import announcing
from bot.errors import TryLater
from bot.intents import CallOff
from bot.ledger import Claimed, Done, GivenUp, Outcome
from bot.patience import of_note

log = structlog.get_logger()


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


class News:
    """Is told beside the delivery, so that nothing waits for it."""

    def __init__(self, feedback: Feedback) -> None:
        self._feedback = feedback
        self._queue: asyncio.Queue[tuple[Tell, Claimed, str]] = asyncio.Queue()
        self.untold = 0
        """News that nobody was told yet."""

    def of(self, outcome: Outcome) -> None:
        """What people have to know of an outcome that was noted."""
        claim = outcome.claim
        if isinstance(outcome, Done) and (announcing.tried_again(claim) or (claim.attempts > 1 and of_note(claim))):
            self._owe(self._feedback.made_good, claim, "")
        elif isinstance(outcome, GivenUp) and not (claim.intent.needs() - claim.refs.keys()):
            self._gave_up(claim, outcome.why)

    def _gave_up(self, claim: Claimed, why: str) -> None:
        if of_note(claim) or announcing.about(claim) or isinstance(claim.intent, CallOff):
            self._owe(self._feedback.gave_up, claim, why)

    def late(self, claim: Claimed, why: str) -> None:
        """It has to wait."""
        if of_note(claim):
            self._owe(self._feedback.late, claim, why)

    async def tell(self) -> None:
        """One after the other, so that *late* never overtakes *made good*."""
        while True:
            tell, claim, why = await self._queue.get()
            try:
                await tell(claim, why)
            except TryLater as gone:
                log.warning("not_told", what=claim.key, why=gone.why)
            except Exception:  # the delivery's edge: a fault in telling goes to the log whole
                log.exception("not_told", what=claim.key)
            finally:
                self.untold -= 1
                self._queue.task_done()

    async def join(self) -> None:
        """Wait until all is told."""
        await self._queue.join()

    def _owe(self, tell: Tell, claim: Claimed, why: str) -> None:
        self.untold += 1
        self._queue.put_nowait((tell, claim, why))
