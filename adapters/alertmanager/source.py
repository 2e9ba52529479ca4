"""Alertmanager as a source of alerts."""

from collections.abc import Mapping
from urllib.parse import quote

from adapters.alertmanager.payload import Notification
from bot.alerts.alert import Alert
from bot.alerts.foreign import read
from bot.alerts.grouped import Group, Told, first, spoken_in, tell
from bot.alerts.post import Post
from bot.alerts.source import Delivery, NotUnderstood

EXPECTED = "What Alertmanager sends was expected: a JSON object with “status”, “groupKey” and “alerts”"
GRAFANA = "This is what Grafana sends: its address ends in /alerts/grafana"
MATCHERS = 12
"""Labels that a silence is filled in with."""


class Alertmanager:
    """Reads Alertmanager's webhooks and its posts."""

    name = "alertmanager"
    title = "Alertmanager"

    def read(self, delivery: Delivery) -> list[Alert]:
        """One alert for the group that a webhook tells of."""
        group = read(Notification, delivery.body, expected=EXPECTED)
        if group.org is not None:
            raise NotUnderstood(GRAFANA)
        links = {
            "alertmanager": _page(group),
            "silence": _silence(group),
            "dashboard": first(group.annotations, ("dashboard_url", "dashboard")),
        }
        return [tell(Told(group, group.alerts, origin=_page(group), links=links), source=self.name)]

    def recognise(self, post: Post) -> list[Alert] | None:
        """One alert for the group that a post tells of; posts with other titles than the usual are not known."""
        if post.author.lower() == "grafana" or any(part.footer.startswith("Grafana") for part in post.parts):
            return None
        told = spoken_in(post)
        return [tell(told, source=self.name)] if told is not None else None

    def signed(self, delivery: Delivery, secret: str) -> bool | None:
        """Alertmanager signs nothing."""
        return None


def _page(group: Group) -> str:
    """Alertmanager's own page of what it sends to this receiver."""
    return f"{group.address.rstrip('/')}/#/alerts?receiver={quote(group.receiver)}" if group.address else ""


def _silence(group: Group) -> str:
    """Alertmanager's form for a silence, filled in."""
    labels = group.labels or group.grouped_by
    if not group.address or not labels:
        return ""
    return f"{group.address.rstrip('/')}/#/silences/new?filter={quote(_matchers(labels), safe='')}"


def _matchers(labels: Mapping[str, str]) -> str:
    escaped = {name: value.replace("\\", "\\\\").replace('"', '\\"') for name, value in list(labels.items())[:MATCHERS]}
    return "{" + ",".join(f'{name}="{value}"' for name, value in escaped.items()) + "}"
