"""Events as PagerDuty's Events API v2 takes them: whatever can page PagerDuty can page Tocsin the same way."""

from hashlib import sha256
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, TypeAdapter, ValidationError, field_validator

from bot import pages
from bot.alerts.alert import Alert, AlertState, dedupe
from bot.alerts.foreign import Foreign, Text, When, pairs, read, text
from bot.alerts.headline import plain
from bot.alerts.labels import component
from bot.alerts.measures import measures, stated
from bot.alerts.post import Post
from bot.alerts.source import Delivery, NotUnderstood

ACTIONS = {
    "trigger": AlertState.FIRING,
    "acknowledge": AlertState.ACKNOWLEDGED,
    "resolve": AlertState.CLEARED,
}
SEVERITIES = ("critical", "warning", "error", "info")
LONGEST_KEY = 255
"""Characters of a dedup_key."""
NOT_JSON = "JSON parse error"
"""The one error of a body that is no object of JSON at all; PagerDuty then says ``Unrecognized object``."""
RUNBOOKS = ("runbook_url", "runbook")
_ANY: TypeAdapter[Any] = TypeAdapter(Any)


def _details(value: Any) -> dict[str, str] | str:
    return pairs(value) if isinstance(value, dict) else text(value)


class Link(Foreign):
    """A link, or a picture."""

    href: Text = ""
    src: Text = ""
    text: Text = ""
    alt: Text = ""


class Payload(Foreign):
    """What is the matter."""

    summary: Text = ""
    source: Text = ""
    severity: Text = ""
    timestamp: When = None
    component: Text = ""
    group: Text = ""
    kind: Text = Field(default="", alias="class")
    given: Annotated[dict[str, str] | str, BeforeValidator(_details)] = Field(default="", alias="custom_details")

    @property
    def details(self) -> dict[str, str]:
        """Names and values."""
        return self.given if isinstance(self.given, dict) else {}

    @property
    def said(self) -> str:
        """Where the details are one text."""
        return self.given if isinstance(self.given, str) else ""


class Event(Foreign):
    """One event; :func:`invalid` has said whether it is one."""

    action: Text = Field(alias="event_action")
    key: Text = Field(default="", alias="dedup_key")
    payload: Payload = Payload()
    client: Text = ""
    client_url: Text = ""
    links: list[Link] = Field(default_factory=list)
    images: list[Link] = Field(default_factory=list)

    @field_validator("payload", mode="before")
    @classmethod
    def _object(cls, value: Any) -> Any:
        return value if isinstance(value, dict) else {}

    @field_validator("links", "images", mode="before")
    @classmethod
    def _objects(cls, value: Any) -> Any:
        return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


class Events:
    """Reads events of the Events API v2."""

    name = "events"
    title = "PagerDuty Events"

    def read(self, delivery: Delivery) -> list[Alert]:
        """The alert that an event is about."""
        wrong = invalid(delivery.body)
        if wrong:
            raise NotUnderstood(f"Event object is invalid: {'; '.join(wrong)}")
        event = read(Event, delivery.body, expected="An event of PagerDuty's Events API v2 was expected")
        if pages.read_mark(event.key) is not None:
            return []  # a page of our own, sent to ourselves
        return [_alert(event, key=dedup_key(delivery.body))]

    def recognise(self, post: Post) -> list[Alert] | None:
        """Nobody posts events."""
        return None

    def signed(self, delivery: Delivery, secret: str) -> bool | None:
        """Events are not signed: the routing key is their secret."""
        return None

    def faults(self, delivery: Delivery) -> list[str]:
        """See :func:`invalid`."""
        return invalid(delivery.body)

    def dedup_key(self, delivery: Delivery) -> str:
        """See :func:`dedup_key`."""
        return dedup_key(delivery.body)


def invalid(body: bytes) -> list[str]:
    """What is wrong with an event, in the words that PagerDuty has for it; empty where nothing is.

    Whether the routing key is right is not looked at: whoever opens the door knows that.
    """
    try:
        event = _ANY.validate_json(body)
    except ValidationError:
        return [NOT_JSON]
    if not isinstance(event, dict):
        return [NOT_JSON]
    action, key = event.get("event_action"), event.get("dedup_key")
    wrong = [] if _said(action) else ["'event_action' is missing or blank"]
    if _said(action) and action not in ACTIONS:
        wrong.append("'event_action' is invalid (must be one of the following: 'trigger', 'acknowledge' or 'resolve')")
    if action in ("acknowledge", "resolve") and not _said(key):
        wrong.append("'dedup_key' is missing or blank")
    if key is not None and not isinstance(key, str):
        wrong.append("'dedup_key' must be a string")
    if isinstance(key, str) and len(key) > LONGEST_KEY:
        wrong.append(f"'dedup_key' is too long (maximum is {LONGEST_KEY} characters)")
    return wrong + (_payload(event.get("payload")) if action == "trigger" else [])


def dedup_key(body: bytes) -> str:
    """The key of a valid event, as it is told to its sender: made of the event itself where it has none, so that the
    same request sent twice is the same alert."""
    given = read(Event, body, expected="An event was expected").key.strip()
    return given or sha256(body).hexdigest()[:32]


def _said(value: object) -> bool:
    return isinstance(value, str) and bool(value.replace("\x00", "").strip())


def _payload(payload: object) -> list[str]:
    if not isinstance(payload, dict):
        return ["'payload' is missing or blank"]
    missing = [name for name in ("summary", "source", "severity") if not _said(payload.get(name))]
    wrong = [f"'payload.{name}' is missing or blank" for name in missing]
    if "severity" not in missing and payload["severity"] not in SEVERITIES:
        wrong.append(
            "'payload.severity' is invalid (must be one of the following: 'critical', 'warning', 'error' or 'info')"
        )
    return wrong


def _alert(event: Event, *, key: str) -> Alert:
    about, stands = event.payload, ACTIONS[event.action]
    named = {"source": about.source, "component": about.component, "group": about.group, "class": about.kind}
    labels = {**{name: value for name, value in named.items() if value}, **about.details}
    if event.client:
        labels["client"] = event.client
    return Alert(
        source=Events.name,
        key=dedupe(Events.name, key),
        state=stands,
        title=plain(about.summary) or key,
        text=about.said,
        severity=about.severity,
        component=about.component or component(labels),
        labels=labels,
        link=event.client_url or next((link.href for link in event.links if link.href), ""),
        links=_links(event),
        runbook=next((about.details[name] for name in RUNBOOKS if about.details.get(name)), ""),
        started_at=about.timestamp if stands is AlertState.FIRING else None,
        ended_at=about.timestamp if stands.over else None,
        measures=measures(about.summary, about.said, stated(about.details)) if stands is AlertState.FIRING else {},
    )


def _links(event: Event) -> dict[str, str]:
    links = {link.text[:80] or f"link {at}": link.href for at, link in enumerate(event.links[:10], 1) if link.href}
    images = {image.alt[:80] or f"image {at}": image.src for at, image in enumerate(event.images[:10], 1) if image.src}
    return {name: url for name, url in {**links, **images}.items() if url.startswith("http")}
