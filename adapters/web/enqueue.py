"""PagerDuty's Events API v2, so that whatever can page PagerDuty can page Tocsin by changing one address.

Answers are PagerDuty's own; ``error`` is added where they refuse, for people who read them.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from pydantic_core import from_json, to_json
from starlette.types import Receive, Scope

from adapters.web import answers, requests
from adapters.web.accepting import FULL
from adapters.web.answers import Answer, TurnedAway
from adapters.web.door import Door, Hall
from adapters.web.metrics import Arrival
from bot.alerts.source import Delivery, Events, NotUnderstood
from bot.logs import HIDDEN

EVENTS = "events"
"""Name of the source that reads them."""
KEY = "routing_key"


class EnqueueDoor(Door):
    """``/v2/enqueue``."""

    def __init__(self, source: Events, hall: Hall) -> None:
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
        try:
            body = requests.unpacked(body, head.headers)
        except NotUnderstood as packed:
            raise TurnedAway(_unrecognised(str(packed))) from packed
        event = _object(body)
        self._check_key(event, head)
        return await self._take(event, Delivery(body=body, headers=head.headers))

    def _check_key(self, event: Mapping[str, object], head: Delivery) -> None:
        """The secret is the ``routing_key``, which some clients give as a header."""
        key = event.get(KEY) or head.header("x-routing-key")
        if not self._hall.secrets.set:
            raise TurnedAway(_invalid(["This door is closed: set WEBHOOK_SECRET, and give it as 'routing_key'"]))
        if not isinstance(key, str) or not key:
            raise TurnedAway(_invalid(["'routing_key' is missing or blank; it is the value of WEBHOOK_SECRET"]))
        if not self._hall.secrets.fits([key.encode("utf-8", "replace")]):
            raise TurnedAway(_invalid(["Invalid routing key; it is the value of WEBHOOK_SECRET"]))

    async def _take(self, event: dict[str, object], delivery: Delivery) -> Answer:
        try:
            faults = self._source.faults(delivery)
            alerts = [] if faults else self._source.read(delivery)
        except NotUnderstood as wrong:
            faults, alerts = [str(wrong)], []
        if faults:
            await self._hall.aside.put(EVENTS, "; ".join(faults), to_json({**event, KEY: HIDDEN}))
            return _invalid(faults)
        await self._hall.accepting.accept(alerts)
        self._hall.meter.alerts(EVENTS, Arrival.ACCEPTED, len(alerts))
        key = self._source.dedup_key(delivery)
        return answers.json(HTTPStatus.ACCEPTED, {"status": "success", "message": "Event processed", "dedup_key": key})


def _object(body: bytes) -> dict[str, object]:
    try:
        event = from_json(body)
    except ValueError as broken:
        raise TurnedAway(_unrecognised("JSON parse error")) from broken
    if not isinstance(event, dict):
        raise TurnedAway(_unrecognised("JSON parse error: the body is no object"))
    return event


def _refused(status: HTTPStatus, named: str, message: str, errors: Sequence[str], **headers: str) -> Answer:
    """As PagerDuty refuses, with ``error`` for people and for whoever knows the other doors."""
    said = {"status": named, "message": message, "errors": errors, "error": "; ".join(errors)}
    return answers.json(status, said, **headers)


def _unrecognised(error: str) -> Answer:
    return _refused(HTTPStatus.BAD_REQUEST, "Unrecognized object", "Event object format is unrecognized", [error])


def _invalid(errors: Sequence[str]) -> Answer:
    return _refused(HTTPStatus.BAD_REQUEST, "invalid event", "Event object is invalid", errors)


def _throttled() -> Answer:
    why = f"{FULL:,} alerts wait to be handled; nothing was taken. Send it again a little later."
    return _refused(
        HTTPStatus.TOO_MANY_REQUESTS,
        "throttle exceeded",
        "Requests for this service are arriving too quickly. Please retry later.",
        [why],
        retry_after=str(answers.FULL_FOR),
    )
