"""A door: one ASGI application for one address, and what is behind every door.

Plain ASGI: at thousands of requests a second each layer counts.
"""

import asyncio
from abc import ABC, abstractmethod
from dataclasses import dataclass
from http import HTTPMethod, HTTPStatus

import structlog
from starlette.types import Receive, Scope, Send

from adapters.web import answers
from adapters.web.accepting import Accepting
from adapters.web.answers import Answer, Left, TurnedAway
from adapters.web.aside import Aside
from adapters.web.metrics import Arrival, Metrics
from adapters.web.pace import Pace
from adapters.web.secrets import Secrets
from adapters.web.together import people_first
from bot.errors import TryLater

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Hall:
    """What is behind every door."""

    accepting: Accepting
    aside: Aside
    secrets: Secrets
    meter: Metrics
    quiet: asyncio.Event
    """Set while no person waits for an answer."""
    pace: Pace


class Door(ABC):
    """Answers requests, and counts those that it turns away."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            answer = await self._answer(scope, receive)
        except TurnedAway as turned:
            answer = turned.answer
            full = answer.status == HTTPStatus.TOO_MANY_REQUESTS
            self._hall.meter.alerts(self._label(scope), Arrival.FULL if full else Arrival.REFUSED)
        except TryLater as gone:
            answer = answers.away()
            log.warning("alert_not_taken", source=self._label(scope), why=gone.why)
            self._hall.meter.alerts(self._label(scope), Arrival.UNSAVED)
        except Left:
            return
        await self._hall.pace.step()
        await answer(send)

    async def _begin(self, scope: Scope) -> None:
        """What comes first at every door."""
        if scope["method"] != HTTPMethod.POST:
            raise TurnedAway(answers.only_post())
        await people_first(self._hall.quiet)
        await self._hall.pace.step()

    @abstractmethod
    def _label(self, scope: Scope) -> str:
        """Under which sender this counts."""

    @abstractmethod
    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        """Raises :class:`TurnedAway`, :class:`Left`, and :class:`~bot.errors.TryLater` where nothing was stored."""
