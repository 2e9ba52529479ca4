"""Grafana as a source of alerts."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence

from adapters.grafana.payload import Either, Fired, Legacy, Notification
from bot.alerts.alert import Alert, AlertState, dedupe
from bot.alerts.foreign import read
from bot.alerts.grouped import NAME, One, Told, spoken_in, tell
from bot.alerts.labels import component, severity
from bot.alerts.measures import measures
from bot.alerts.post import Post
from bot.alerts.source import Delivery

EXPECTED = "What Grafana sends was expected: a JSON object with “status”, “orgId” and “alerts”"
SIGNATURES = ("x-grafana-alerting-signature", "x-grafana-alert-signature")
"""The header's usual name, and the one that Grafana's library falls back on."""
TIMES = ("x-grafana-alerting-timestamp", "x-grafana-alert-timestamp", "x-grafana-alerting-signature-timestamp")
"""It has no usual name; these are the ones that Grafana's own examples and those of others give it."""
_BLIND = "monitoring is blind here, which says nothing yet about the service."
BLIND = {
    "DatasourceNoData": ("has no data", f"The query returned nothing: {_BLIND}"),
    "DatasourceError": ("cannot be evaluated", f"The data source failed: {_BLIND}"),
}
"""Names of alerts that Grafana makes about itself."""


class Grafana:
    """Reads Grafana's webhooks and its posts."""

    name = "grafana"
    title = "Grafana"

    def read(self, delivery: Delivery) -> list[Alert]:
        """One alert for the group that a webhook tells of; none for a contact point's test."""
        either = read(Either, delivery.body, expected=EXPECTED)
        if either.alerts is None and either.name is not None:
            return _legacy(read(Legacy, delivery.body, expected=EXPECTED))
        group = read(Notification, delivery.body, expected=EXPECTED)
        if all(one.labels.get(NAME) == "TestAlert" and one.labels.get("instance") == "Grafana" for one in group.alerts):
            return []
        look = [one for one in group.alerts if not one.over] or group.alerts
        return [self._tell(Told(group, group.alerts, links=_links(look)), adds=_values(look))]

    def recognise(self, post: Post) -> list[Alert] | None:
        """One alert for the group that a post tells of. Grafana's posts are known by their footer."""
        if not any(part.footer == "Grafana" or part.footer.startswith("Grafana v") for part in post.parts):
            return None
        told = spoken_in(post)
        return [self._tell(told)] if told is not None else None

    def signed(self, delivery: Delivery, secret: str) -> bool | None:
        """The contact point's HMAC over the body, with the time before it where one is sent."""
        given = next((delivery.header(name) for name in SIGNATURES if delivery.header(name)), "")
        at = next((delivery.header(name) for name in TIMES if delivery.header(name)), "")
        said = f"{at}:".encode("utf-8", "replace") + delivery.body if at else delivery.body
        expected = hmac.new(secret.encode(), said, hashlib.sha256).hexdigest()
        return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())

    def _tell(self, told: Told, *, adds: Sequence[str] = ()) -> Alert:
        names = {one.labels.get(NAME, "") for one in told.alerts}
        blind = BLIND.get(names.pop()) if len(names) == 1 else None
        if blind is None:
            return tell(told, source=self.name, adds=adds)
        rules = dict.fromkeys(one.labels.get("rulename", "") for one in told.alerts)
        called = f"{', '.join(rule for rule in rules if rule) or 'A rule'} {blind[0]}"
        return tell(told, source=self.name, called=called, adds=[blind[1], *adds])


def _links(look: Sequence[Fired]) -> Mapping[str, str]:
    """The first of each kind."""
    return {
        "silence": next((one.silence for one in look if one.silence), ""),
        "dashboard": next((one.dashboard for one in look if one.dashboard), ""),
        "panel": next((one.panel for one in look if one.panel), ""),
        "image": next((one.image for one in look if one.image), ""),
    }


def _values(look: Sequence[One]) -> list[str]:
    """What was measured, where there is one alert: Grafana names figures by letters that only its rule explains."""
    if len(look) != 1 or not isinstance(look[0], Fired) or not look[0].values:
        return []
    return [", ".join(f"{name} = {value}" for name, value in look[0].values.items())]


def _legacy(body: Legacy) -> list[Alert]:
    if body.state in ("paused", "pending", "unknown"):
        return []
    blind = BLIND["DatasourceNoData"] if body.state == "no_data" else None
    over = body.state == "ok"
    return [
        Alert(
            source=Grafana.name,
            key=dedupe(Grafana.name, body.name),
            state=AlertState.CLEARED if over else AlertState.FIRING,
            title=f"{body.name} {blind[0]}" if blind else body.name,
            text="\n".join(line for line in (body.message, blind[1] if blind else "") if line),
            severity=severity(body.tags),
            component=component(body.tags),
            labels=body.tags,
            link=body.link,
            links={"image": body.image} if body.image else {},
            measures={} if over else measures(body.message),
        )
    ]
