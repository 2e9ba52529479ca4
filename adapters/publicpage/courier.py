"""The courier: sends each subscriber what was told and not sent yet, in order, one sender at a time for each."""

import asyncio
import contextlib
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus

import structlog
from pydantic_core import to_json

from adapters.publicpage.edition import Edition
from adapters.publicpage.posting import Posting
from adapters.publicpage.summary import message, update_id
from bot.errors import TryLater
from bot.keys import Keys, Unsealable
from bot.ports import Clock
from bot.public import PublicIncident, PublicUpdate
from bot.subscriptions import Subscription, Subscriptions, told

log = structlog.get_logger()

LOOK = 2.0
"""Seconds between two looks at most."""
AT_ONCE = 8
"""Addresses that are sent to side by side."""


class Courier:
    """Runs beside the press, and sends what that has seen."""

    def __init__(
        self,
        kept: Subscriptions,
        posting: Posting,
        clock: Clock,
        *,
        keys: Keys,
        edition: Callable[[], Edition | None],
    ) -> None:
        """``edition`` gives what customers know, ``None`` while the database cannot be asked."""
        self._kept, self._post, self._clock, self._keys, self._edition = kept, posting, clock, keys, edition
        self._told: dict[str, int] = {}
        self._again: datetime | None = None
        """When somebody who could not be sent to may be tried again."""
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._running: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to look."""
        self._running = asyncio.create_task(self._run(), name="subscribers")

    async def stop(self) -> None:
        """Send no more. What was on its way is sent again by the next process, under the same name."""
        if self._running is not None:
            self._running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._running

    async def _run(self) -> None:
        while True:
            try:
                await self.round()
            except Exception:
                log.exception("subscribers_fault")  # the outermost edge: the next round tries again
            await asyncio.sleep(LOOK)

    async def round(self) -> None:
        """Send what is owed and may be tried now."""
        edition, now = self._edition(), self._clock.now()
        if edition is None:
            return
        known = told(edition.incidents)
        if known == self._told and (self._again is None or now < self._again):
            return
        try:
            everybody = await self._kept.all()
            owing = [one for one in everybody if one.owed(edition.incidents)]
            waits = await asyncio.gather(*(self._see_to(one, edition, now) for one in owing))
        except TryLater:
            return  # all of it stays owed
        self._told, self._again = known, min((at for at in waits if at is not None), default=None)

    async def _see_to(self, one: Subscription, edition: Edition, now: datetime) -> datetime | None:
        """Send to one; returns when there is more to be done for it."""
        until = one.waits_until()
        if until is not None and now < until:
            return until
        async with self._turns:
            claimed = await self._kept.claim(one.id, now=now)
            if claimed is None:
                return now  # somebody else has it: look again
            return await self._send(claimed, edition)

    async def _send(self, one: Subscription, edition: Edition) -> datetime | None:
        try:
            at = one.reached(self._keys)
        except Unsealable as sealed:
            await self._end(one, str(sealed))
            return None
        for incident, update in one.owed(edition.incidents):
            body = to_json(message(edition, incident, unsubscribe=f"{edition.address}subscriptions/{one.id}"))
            now = self._clock.now()
            answer = await self._post(at.url, body, secret=at.secret, delivery=update_id(incident, update), at=now)
            if not answer.well:
                gone = answer.status == HTTPStatus.GONE
                return await self._failed(one, now=now, gone=gone)
            one = await self._took(one, incident, update)
        await self._kept.keep(one.freed())
        return None

    async def _took(self, one: Subscription, incident: PublicIncident, update: PublicUpdate) -> Subscription:
        """Saved at once: what was sent is not sent again by whoever comes next."""
        took = one.took(incident.mark, update.id, now=self._clock.now())
        await self._kept.keep(took)
        return took

    async def _failed(self, one: Subscription, *, now: datetime, gone: bool) -> datetime | None:
        failed = None if gone else one.failed(now)
        if failed is None:
            await self._end(one, "it answered 410" if gone else "it failed for too long")
            return None
        await self._kept.keep(failed.freed())
        return failed.try_at

    async def _end(self, one: Subscription, why: str) -> None:
        await self._kept.drop(one.id)
        log.info("subscription_ended", subscription=one.id[:6], why=why)
