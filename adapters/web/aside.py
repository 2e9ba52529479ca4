"""Putting aside what nobody understands, for the operators: in the log, the metrics and the database, never in chat."""

import asyncio

import structlog

from adapters.web.metrics import Arrival, Metrics
from adapters.web.together import Together
from bot.alerts.book import Inbox, Strange
from bot.errors import TryLater
from bot.logs import Redactor
from bot.ports import Clock

log = structlog.get_logger()

KEPT = 100
"""Of all that nobody understood, the latest that are kept."""
BODY = 16 * 1024
"""Bytes of a body that are kept."""


class Aside:
    """Where payloads go that nobody understands."""

    def __init__(self, inbox: Inbox, clock: Clock, *, redactor: Redactor, meter: Metrics, quiet: asyncio.Event) -> None:
        self._inbox, self._clock, self._redactor, self._meter = inbox, clock, redactor, meter
        self._together: Together[Strange] = Together(lambda some: inbox.set_aside(some, keep=KEPT), quiet=quiet)

    async def put(self, source: str, why: str, body: bytes) -> None:
        """Note that a sender's request was not understood, and keep its beginning without secrets."""
        log.warning("alert_not_understood", source=source, why=why)
        self._meter.alerts(source, Arrival.NOT_UNDERSTOOD)
        kept = Strange(source=source, at=self._clock.now(), why=why, body=self._readable(body))
        try:
            await self._together.add([kept])
        except TryLater as gone:
            log.warning("alert_not_set_aside", source=source, why=gone.why)

    def _readable(self, body: bytes) -> str:
        """Cleaned before it is cut, so that no half of a secret is left at the end."""
        text = self._redactor.clean(body[: 4 * BODY].decode("utf-8", "replace"))
        return text.encode()[:BODY].decode("utf-8", "ignore")
