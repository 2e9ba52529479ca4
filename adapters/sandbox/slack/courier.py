"""Carries what happened to the app: an envelope each, acknowledged in time, or sent again, or given up."""

import asyncio
import time
from collections.abc import Coroutine
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import uuid4

from adapters.sandbox.slack import limits, scopes
from adapters.sandbox.slack.model import Channel, Delivery, Wire
from adapters.sandbox.slack.world import World

EVERYWHERE = ("channel_archive", "channel_unarchive", "channel_rename")
"""Events of public channels that reach the app even where it is no member."""
JOURNAL = 5_000


@dataclass(slots=True, eq=False)
class Envelope:
    """One thing to deliver. ``attempt`` counts the times it was sent before."""

    type: str
    """``events_api``, ``slash_commands`` or ``interactive``."""
    payload: Wire
    id: str = field(default_factory=lambda: str(uuid4()))
    attempt: int = 0
    reason: str = ""
    """Why it is sent again: ``timeout``, ``http_error``…"""
    answer: asyncio.Future[tuple[Wire | None, str]] | None = None
    timer: asyncio.TimerHandle | None = None
    over: bool = False
    """Acknowledged or given up: nothing more is to be done."""

    def __post_init__(self) -> None:
        # What was sent stays as it was, whatever becomes of the message or the view it tells of.
        self.payload = deepcopy(self.payload)

    @property
    def is_event(self) -> bool:
        return self.type == "events_api"

    @property
    def wire(self) -> Wire:
        """The envelope as Socket Mode frames it."""
        frame = {"envelope_id": self.id, "type": self.type, "payload": self.payload}
        if self.is_event:
            return {
                **frame,
                "accepts_response_payload": False,
                "retry_attempt": self.attempt,
                "retry_reason": self.reason,
            }
        return {**frame, "accepts_response_payload": True}

    def acknowledge(self, payload: Wire | None, *, failure: str = "") -> None:
        """The app has it; ``payload`` is what it answered. Or it refused, and ``failure`` says how."""
        self.over = True
        if self.timer is not None:
            self.timer.cancel()
        if self.answer is not None and not self.answer.done():
            self.answer.set_result((payload, failure))


class Way(Protocol):
    """A way to the app: Socket Mode or HTTP."""

    @property
    def is_open(self) -> bool:
        """Whether the app can be reached now."""

    def send(self, envelope: Envelope) -> bool:
        """Send it, or say that there is nobody to send it to."""


class Courier:
    """Sends envelopes the way that is configured, and keeps a journal of them."""

    def __init__(self, world: World, *, sockets: Way, http: Way) -> None:
        self._world = world
        self._sockets, self._http = sockets, http
        self._tasks: set[asyncio.Task[None]] = set()
        self.ack_seconds = limits.ACK_SECONDS
        """Real seconds to wait for an acknowledgement."""
        self.retry_delays: tuple[float, ...] = limits.EVENT_RETRIES
        """Real seconds after which an unacknowledged event is sent again, one for each retry."""
        self.journal: list[Envelope] = []
        """Everything that was sent, oldest first."""
        self.waiting: list[Envelope] = []
        """What waits for a connection."""
        self.lost: list[Envelope] = []
        """Events that were never acknowledged."""

    @property
    def way(self) -> Way:
        return self._http if self._world.http_url else self._sockets

    def emit(self, event: Wire, channel: Channel | None) -> None:
        """Send an event to the app, if its scopes and its membership let it hear of it."""
        if self._hears(event, channel):
            envelope = Envelope("events_api", self._event_callback(event))
            self._record(envelope)
            self.send(envelope)

    def send(self, envelope: Envelope) -> None:
        """Send an envelope, or keep it until there is a way."""
        if not self.way.send(envelope) and envelope not in self.waiting:
            self.waiting = [*self.waiting[-JOURNAL:], envelope]

    def sent(self, envelope: Envelope) -> None:
        """An event went out: start to wait for its acknowledgement."""
        if envelope.is_event and not envelope.over:
            if envelope.timer is not None:
                envelope.timer.cancel()
            loop = asyncio.get_running_loop()
            envelope.timer = loop.call_later(self.ack_seconds, self.failed, envelope, "timeout")

    def failed(self, envelope: Envelope, reason: str) -> None:
        """An attempt came to nothing: send the event again later, or give it up."""
        if envelope.over or not envelope.is_event:
            return
        if envelope.attempt >= len(self.retry_delays):
            envelope.over = True
            self.lost.append(envelope)
            self._world.changed("event lost")
            return
        delay = self.retry_delays[envelope.attempt]
        envelope.attempt += 1
        envelope.reason = reason
        envelope.timer = asyncio.get_running_loop().call_later(delay, self.send, envelope)

    def orphaned(self, envelope: Envelope) -> None:
        """The connection that carried it is gone before it was acknowledged: over to another, or to the next."""
        if envelope.over:
            return
        if envelope.timer is not None:
            envelope.timer.cancel()
        if envelope.is_event:
            envelope.attempt += 1
            envelope.reason = "timeout"
        self.send(envelope)

    def opened(self) -> None:
        """There is a way again: send what was waiting."""
        waiting, self.waiting = self.waiting, []
        for envelope in waiting:
            if not envelope.over:
                self.send(envelope)

    async def deliver(self, envelope: Envelope) -> Delivery:
        """Send an envelope and wait for its acknowledgement, as long as Slack would."""
        began = time.monotonic()
        envelope.answer = asyncio.get_running_loop().create_future()
        if not self.way.is_open:
            envelope.over = True
            return Delivery(False, None, 0.0, envelope.wire, error="dispatch_failed")
        if not envelope.attempt:
            self._record(envelope)
        self.send(envelope)
        try:
            answer, failure = await asyncio.wait_for(envelope.answer, self.ack_seconds)
        except TimeoutError:
            envelope.over = not envelope.is_event
            spent = time.monotonic() - began
            return Delivery(False, None, spent, envelope.wire, timed_out=True, error="operation_timeout")
        finally:
            envelope.answer = None
        spent = time.monotonic() - began
        return Delivery(not failure, answer, spent, envelope.wire, error=failure)

    async def again(self, which: int) -> Delivery:
        """Deliver something that was delivered before once more, with the same ids."""
        known = self.journal[which]
        copy = Envelope(known.type, known.payload, known.id, attempt=known.attempt + 1, reason="timeout")
        return await self.deliver(copy)

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something on the side."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """Stop waiting and sending."""
        for envelope in [*self.journal, *self.waiting]:
            if envelope.timer is not None:
                envelope.timer.cancel()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _record(self, envelope: Envelope) -> None:
        self.journal.append(envelope)
        if len(self.journal) > 2 * JOURNAL:
            self.journal = self.journal[-JOURNAL:]

    def _hears(self, event: Wire, channel: Channel | None) -> bool:
        kind = channel.kind if channel is not None else ""
        chosen = self._world.subscriptions
        if chosen is not None and event["type"] not in chosen:
            return False
        if not scopes.allowed(scopes.EVENTS.get(event["type"], scopes.NONE), self._world.scopes, kind):
            return False
        if channel is None or (event["type"] in EVERYWHERE and kind == "public"):
            return True
        return self._world.bot_user_id in channel.members

    def _event_callback(self, event: Wire) -> Wire:
        world = self._world
        authorization = {"enterprise_id": None, "team_id": world.team_id, "user_id": world.bot_user_id, "is_bot": True}
        return {
            "token": world.verification_token,
            "team_id": world.team_id,
            "context_team_id": world.team_id,
            "context_enterprise_id": None,
            "api_app_id": world.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": world.stamps.id("Ev"),
            "event_time": world.stamps.seconds(),
            "authorizations": [{**authorization, "is_enterprise_install": False}],
            "is_ext_shared_channel": False,
            "event_context": f"4-{world.stamps.secret('event context')}",
        }
