"""The doors for alerts: a webhook request is let in, read by its source, and stored, and only then answered."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import structlog
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope

from adapters.web import answers, requests
from adapters.web.accepting import FULL, Accepting
from adapters.web.answers import Answer, TurnedAway
from adapters.web.aside import Aside
from adapters.web.door import Door, Hall
from adapters.web.enqueue import EVENTS, EnqueueDoor
from adapters.web.metrics import Arrival, Metrics
from adapters.web.pace import Pace
from adapters.web.secrets import Secrets, given, without
from bot.alerts.book import Inbox
from bot.alerts.source import Delivery, Events, Fetch, Handshake, NotUnderstood, Source
from bot.errors import Refused
from bot.logs import Redactor
from bot.ports import Clock

log = structlog.get_logger()

UNKNOWN = "unknown"
"""Under this name requests to senders that nobody knows are counted, whatever they call themselves."""


class Doors:
    """``/alerts/SOURCE`` for every source, and PagerDuty's ``/v2/enqueue``."""

    def __init__(
        self,
        sources: Sequence[Source],
        inbox: Inbox,
        *,
        secrets: Secrets,
        clock: Clock,
        meter: Metrics,
        wake: Callable[[], None],
        quiet: asyncio.Event,
        fetch: Fetch,
    ) -> None:
        """``wake`` is called when alerts were stored; ``quiet`` is set while no person waits for an answer."""
        accepting = Accepting(inbox, clock, wake=wake, quiet=quiet)
        aside = Aside(inbox, clock, redactor=Redactor(secrets.named.values()), meter=meter, quiet=quiet)
        hall = Hall(accepting=accepting, aside=aside, secrets=secrets, meter=meter, quiet=quiet, pace=Pace())
        by_name = {source.name: source for source in sources}
        events = by_name.pop(EVENTS, None)
        self._alerts = AlertDoor(by_name, hall, fetch=fetch)
        self._enqueue = EnqueueDoor(events, hall) if isinstance(events, Events) else None

    def routes(self) -> list[BaseRoute]:
        """Where the doors are."""
        found: list[BaseRoute] = [Route("/alerts", self._alerts), Route("/alerts/{source:path}", self._alerts)]
        return [*found, Route("/v2/enqueue", self._enqueue)] if self._enqueue is not None else found


class AlertDoor(Door):
    """``/alerts/SOURCE``."""

    def __init__(self, sources: Mapping[str, Source], hall: Hall, *, fetch: Fetch) -> None:
        super().__init__(hall)
        self._sources, self._fetch = sources, fetch
        self._handshakes = {name: each for name, each in sources.items() if isinstance(each, Handshake)}

    def _label(self, scope: Scope) -> str:
        return _name(scope) if _name(scope) in self._sources else UNKNOWN

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        source = self._sources.get(_name(scope))
        if source is None:
            raise TurnedAway(answers.unknown(_name(scope), sorted(self._sources)))
        await self._begin(scope)
        head = requests.head(scope)
        known = self._knows(source, head)
        if await self._hall.accepting.full():
            raise TurnedAway(answers.full(FULL))
        delivery = without(head, await requests.read(receive, head.headers))
        if not known:
            await self._check_signature(source, delivery)
        try:
            delivery = replace(delivery, body=requests.unpacked(delivery.body, delivery.headers))
            return await self._take(source, delivery)
        except NotUnderstood as wrong:
            why = answers.ended(str(wrong))
            await self._hall.aside.put(source.name, why, delivery.body)
            return answers.not_understood(why)

    def _knows(self, source: Source, head: Delivery) -> bool:
        """Whether the secret was given; turned away is who gives another, or could prove nothing with a body."""
        signing = self._hall.secrets.signing(source.name)
        if not signing:
            raise TurnedAway(answers.closed(source.name))
        offered = given(head)
        if offered:
            if self._hall.secrets.fits(offered):
                return True
            raise TurnedAway(answers.wrong_secret())
        if source.name not in self._handshakes and source.signed(without(head, b""), signing) is None:
            raise TurnedAway(answers.no_secret())
        return False

    async def _check_signature(self, source: Source, delivery: Delivery) -> None:
        """Without the secret, the sender's own signature has to fit, over the body as it came."""
        signing, handshake = self._hall.secrets.signing(source.name), self._handshakes.get(source.name)
        try:
            if handshake is not None:
                fits = await handshake.certified(delivery, signing, self._fetch)
            else:
                fits = source.signed(delivery, signing) is True
        except Refused as no:
            log.warning("alert_certificate_refused", source=source.name, why=no.why)
            fits = False
        if not fits:
            raise TurnedAway(answers.wrong_signature(source.name))

    async def _take(self, source: Source, delivery: Delivery) -> Answer:
        """Read and store what a known sender says; its body is unpacked."""
        handshake = self._handshakes.get(source.name)
        if handshake is not None and await self._greeted(handshake, source.name, delivery):
            return answers.accepted(0)
        alerts = source.read(delivery)
        await self._hall.accepting.accept(alerts)
        self._hall.meter.alerts(source.name, Arrival.ACCEPTED, len(alerts))
        return answers.accepted(len(alerts))

    async def _greeted(self, handshake: Handshake, name: str, delivery: Delivery) -> bool:
        try:
            greeted = await handshake.greet(delivery, self._fetch)
        except Refused as no:
            raise NotUnderstood(f"The sender asked whether it may send, and refused the answer: {no.why}.") from no
        if greeted:
            log.info("alert_sender_greeted", source=name)
        return greeted


def _name(scope: Scope) -> str:
    name: str = scope["path_params"].get("source", "")
    return name.rstrip("/")
