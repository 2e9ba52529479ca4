"""Health, readiness and metrics over HTTP, with the routes that other adapters bring (Slack's signed events)."""

import asyncio
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from http import HTTPMethod
from time import monotonic
from typing import Protocol

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from adapters.web.metrics import Metrics
from adapters.web.patient import PatientProtocol
from bot.alerts.book import Inbox
from bot.errors import TryLater
from bot.ledger import Ledger
from bot.reader import Reader

DEPTH = 100_000
"""Alerts in the inbox that the metrics count at most."""


class Readiness(Protocol):
    """What the bot says of itself."""

    async def state(self) -> dict[str, str]:
        """Part to what is wrong with it: ``database``, ``clock``, each platform never connected; empty when ready."""
        ...

    async def remarks(self) -> dict[str, str]:
        """What is not as it should be though the bot works: a platform lost, a backlog."""
        ...


KEPT = 100
"""Seconds for which an idle connection is kept: longer than whoever sends keeps it (Go's ``http.DefaultTransport``, so
Alertmanager, 90; nginx and AWS's load balancers 60). Whoever hangs up first must be them: what they send at the very
moment in which we do is lost, and a POST is not sent again by itself."""


class WebServer:
    """One ASGI application on one address."""

    def __init__(
        self,
        *,
        host: str,
        port: int,
        readiness: Readiness,
        metrics: Metrics,
        reader: Reader,
        ledger: Ledger,
        inbox: Inbox | None = None,
        routes: Sequence[BaseRoute] = (),
        early: Sequence[BaseRoute] = (),
        protocol: type[PatientProtocol] = PatientProtocol,
    ) -> None:
        self._readiness, self._metrics, self._reader, self._ledger = readiness, metrics, reader, ledger
        self._inbox = inbox
        own: list[BaseRoute] = [Route("/healthz", self._healthz), Route("/readyz", self._readyz), *early]
        self._early = [*own, Route("/{rest:path}", _not_yet, methods=list(HTTPMethod))]
        self._all = [*own, Route("/metrics", self._page), *routes]
        self.application = Starlette(routes=self._all)
        config = uvicorn.Config(
            self.application, host=host, port=port, log_config=None, access_log=False, lifespan="off",
            timeout_graceful_shutdown=2, timeout_keep_alive=KEPT, http=protocol, server_header=False,
            headers=[("x-content-type-options", "nosniff")],
        )  # fmt: skip
        self._server = _QuietServer(config)
        self._host, self._wanted = host, port
        self._socket: socket.socket | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self, *, opened: bool = True) -> None:
        """Listen; raises ``OSError`` where the address is taken. Not ``opened``, it answers only what needs no database
        until :meth:`open`."""
        self.application.router.routes[:] = self._all if opened else self._early
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        made = socket.create_server((self._host, self._wanted), family=family)
        # asyncio turns Nagle's waiting off only for sockets that name their protocol, and an answer is two writes
        self._socket = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP, fileno=made.detach())
        self._task = asyncio.create_task(self._server.serve(sockets=[self._socket]), name="web")

    def open(self) -> None:
        """Answer everything from now on."""
        self.application.router.routes[:] = self._all

    @property
    def port(self) -> int:
        """The port it listens on, also where 0 asked for any."""
        return int(self._socket.getsockname()[1]) if self._socket is not None else self._wanted

    async def stop(self) -> None:
        """Finish what is being answered and close."""
        self._server.should_exit = True
        if self._task is not None:
            await self._task

    async def _healthz(self, request: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def _readyz(self, request: Request) -> Response:
        wrong = await self._readiness.state()
        body: dict[str, object] = {"ready": not wrong}
        if wrong:
            body["reason"] = wrong
        else:
            body["remarks"] = await self._readiness.remarks()
        return JSONResponse(body, status_code=503 if wrong else 200)

    async def _page(self, request: Request) -> Response:
        counts, backlog, began = [], [], monotonic()
        try:
            await self._reader.ping()
            self._metrics.database(monotonic() - began)
            self._metrics.state(await self._readiness.state(), await self._readiness.remarks())
            counts, backlog = await self._reader.counts(), await self._ledger.backlog()
            if self._inbox is not None:
                self._metrics.waiting(await self._inbox.depth(most=DEPTH))
        except TryLater as gone:  # each further question would wait as long in vain
            self._metrics.database(None)
            self._metrics.state({"database": gone.why}, {})
        text = self._metrics.page(counts, backlog, now=datetime.now(UTC).timestamp())
        return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")


async def _not_yet(request: Request) -> Response:
    """While the bot starts, senders are told to come again, as when the database is away later."""
    said = {"error": "Tocsin is starting and waits for its database. Send it again a little later."}
    return JSONResponse(said, status_code=503, headers={"Retry-After": "5"})


class _QuietServer(uvicorn.Server):
    """Leaves signals to the bot, which stops all of its parts in order."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
