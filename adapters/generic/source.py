"""Any sender that can send JSON, as a source of alerts."""

from adapters.generic.payload import MOST, Item, Several
from bot.alerts.alert import Alert, dedupe
from bot.alerts.foreign import read
from bot.alerts.labels import component, severity
from bot.alerts.measures import measures
from bot.alerts.post import Post
from bot.alerts.source import Delivery, NotUnderstood

EXPECTED = (
    "A JSON object with at least “title” (or “summary”, “message”, “text”) was expected, or a list of up to "
    f"{MOST} such objects"
)
STATES = (
    "“status” has to be “firing”, “acknowledged” or “resolved”, or a common word for one of them, such as “alerting”, "
    "“down”, “problem”, “ok”, “up” or “recovered”"
)


class Generic:
    """Reads alerts in our own shape. Posts in chat have none: the playbook's patterns read those."""

    name = "generic"
    title = "Generic JSON"

    def read(self, delivery: Delivery) -> list[Alert]:
        """The alerts of one request: one object, a list of them, or an object with a list named ``alerts``."""
        items = _items(delivery.body)
        return [_alert(item, place=place, several=len(items) > 1) for place, item in enumerate(items)]

    def recognise(self, post: Post) -> list[Alert] | None:
        """Nobody's posts."""
        return None

    def signed(self, delivery: Delivery, secret: str) -> bool | None:
        """Nothing is signed."""
        return None


def _items(body: bytes) -> list[Item]:
    bare = body.removeprefix(b"\xef\xbb\xbf").strip()
    if bare.startswith(b"["):
        return read(Several, b'{"alerts": ' + bare + b"}", expected=EXPECTED).alerts
    one = read(Item, body, expected=EXPECTED)
    return [one] if one.name else read(Several, body, expected=EXPECTED).alerts


def _alert(item: Item, *, place: int, several: bool) -> Alert:
    state = item.stands
    if not item.name:
        raise NotUnderstood(EXPECTED)
    if state is None:
        raise NotUnderstood(f"{STATES}; it was “{item.status[:60]}”")
    labels = {**({"source": item.source} if item.source else {}), **item.labels}
    stated = {**measures(item.name, item.body), **item.measures}
    delivery = f"{item.delivery}:{place}" if several and item.delivery else item.delivery
    return Alert(
        source="generic",
        key=dedupe("generic", item.key.strip() or item.name),
        state=state,
        title=item.name,
        text=item.body,
        severity=item.severity.strip() or severity(item.labels),
        component=item.component.strip() or component(item.labels),
        labels=labels,
        link=item.url,
        links={name: url for name, url in list(item.links.items())[:12] if url.startswith(("https://", "http://"))},
        runbook=item.runbook or item.labels.get("runbook_url", ""),
        started_at=item.started_at,
        ended_at=item.ended_at if state.over else None,
        measures={} if state.over else stated,
        delivery=f"generic:{delivery[:160]}" if delivery else "",
    )
