"""PagerDuty's Events API v2, so that whatever can page PagerDuty can page Tocsin by changing one address.

Answers are PagerDuty's own; ``error`` is added where they refuse, for people who read them.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from uuid import uuid4

from pydantic_core import from_json, to_json
from starlette.types import Receive, Scope

from adapters.web import answers, requests
from adapters.web.accepting import FULL
from adapters.web.answers import Answer, TurnedAway
from adapters.web.door import Door, Hall
from adapters.web.metrics import Arrival
from bot.alerts.source import Delivery, Events, NotUnderstood, Source
from bot.logs import HIDDEN

EVENTS = "events"
"""Name of the source that reads them."""
KEY = "routing_key"


class EnqueueDoor(Door):
    """``/v2/enqueue``."""

    def __init__(self, source: Source, hall: Hall) -> None:
        super().__init__(hall)
        self._source = source

    def _label(self, scope: Scope) -> str:
        return EVENTS

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        await self._begin(scope)
        if await self._hall.accepting.full():
            raise TurnedAway(_throttled())
        head = requests.head(scope)
        body = await requests.read(receive, head.headers)
        event = _event(body, head.headers)
        self._check_key(event, head)
        return await self._take(event, Delivery(body=body, headers=head.headers))

    def _check_key(self, event: Mapping[str, object], head: Delivery) -> None:
        """The secret is the ``routing_key``, which some clients give as a header."""
        key = event.get(KEY) or head.header("x-routing-key")
        if not self._hall.secrets.set:
            raise TurnedAway(_invalid(["This door is closed: set WEBHOOK_SECRET, and give it as routing_key"]))
        if not isinstance(key, str) or not key:
            raise TurnedAway(_invalid(["'routing_key' is missing or blank; it is the value of WEBHOOK_SECRET"]))
        if not self._hall.secrets.fits([key.encode("utf-8", "replace")]):
            raise TurnedAway(_invalid(["Invalid routing key; it is the value of WEBHOOK_SECRET"]))

    async def _take(self, event: dict[str, object], delivery: Delivery) -> Answer:
        if not event.get("dedup_key") and event.get("event_action") == "trigger":
            event["dedup_key"] = uuid4().hex
        delivery = Delivery(body=to_json(event), headers=delivery.headers)
        faults = self._source.faults(delivery) if isinstance(self._source, Events) else []
        if not faults:
            try:
                alerts = self._source.read(delivery)
            except NotUnderstood as wrong:
                faults = [str(wrong)]
        if faults:
            await self._hall.aside.put(EVENTS, "; ".join(faults), to_json({**event, KEY: HIDDEN}))
            return _invalid(faults)
        await self._hall.accepting.accept(alerts)
        self._hall.meter.alerts(EVENTS, Arrival.ACCEPTED, len(alerts))
        said = {"status": "success", "message": "Event processed", "dedup_key": event.get("dedup_key")}
        return answers.json(HTTPStatus.ACCEPTED, said)


def _event(body: bytes, headers: Mapping[str, str]) -> dict[str, object]:
    try:
        event = from_json(requests.unpacked(body, headers))
    except NotUnderstood as packed:
        raise TurnedAway(_invalid([str(packed)])) from packed
    except ValueError as broken:
        raise TurnedAway(_invalid([f"The body is not JSON: {broken}"])) from broken
    if not isinstance(event, dict):
        raise TurnedAway(_invalid(["The body is not a JSON object"]))
    return event


def _invalid(errors: Sequence[str]) -> Answer:
    """As PagerDuty refuses an event."""
    said = {"status": "invalid event", "message": "Event object is invalid", "errors": errors}
    return answers.json(HTTPStatus.BAD_REQUEST, {**said, "error": "; ".join(errors)})


def _throttled() -> Answer:
    """As PagerDuty asks to wait."""
    why = f"{FULL:,} alerts wait to be handled; nothing was taken. Send it again a little later."
    said = {"status": "throttle exceeded", "message": "Requests are arriving too quickly", "errors": [why]}
    wait = str(answers.FULL_FOR)
    return answers.json(HTTPStatus.TOO_MANY_REQUESTS, {**said, "error": why}, retry_after=wait)
