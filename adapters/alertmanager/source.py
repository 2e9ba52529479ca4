"""Alertmanager as a source of alerts."""

from collections.abc import Mapping
from urllib.parse import quote

from adapters.alertmanager.payload import Notification
from bot.alerts.alert import Alert
from bot.alerts.foreign import read
from bot.alerts.grouped import NAME, Group, first, tell, written_out
from bot.alerts.headline import blocks, headline
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
        return [tell(group, group.alerts, source=self.name, origin=_page(group), links=links)]

    def recognise(self, post: Post) -> list[Alert] | None:
        """One alert for the group that a post tells of; posts with other titles than the usual are not known."""
        if any(part.footer.startswith("Grafana v") for part in post.parts) or post.author.lower() == "grafana":
            return None
        told = [written_out(block) for block in blocks(post.text)]
        name = next((one.labels[NAME] for one in told if one.labels.get(NAME)), "")
        for part in post.parts:
            said = headline(part.title or part.text, name=name)
            if said is None:
                continue
            group = Group(status="resolved" if said.state.over else "firing")
            alert = tell(group, told, source=self.name, said=said, origin=part.link)
            return [alert.model_copy(update={"posted": post.place, "delivery": post.key})]
        return None

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
