"""PagerDuty as a source of alerts: each of its incidents is one."""

import hashlib
import hmac
import re

from adapters.pagerduty.payload import Event, Hook, Incident
from bot import pages
from bot.alerts.alert import Alert, AlertState, dedupe
from bot.alerts.foreign import read
from bot.alerts.headline import plain
from bot.alerts.measures import measures
from bot.alerts.post import Post
from bot.alerts.source import Delivery, NotUnderstood
from bot.alerts.written import lines, named, state, wrote

EXPECTED = (
    "What PagerDuty sends was expected: a version 3 webhook, a JSON object with “event”, in it “event_type” and “data”"
)
SIGNATURE = "x-pagerduty-signature"
SIGNATURES = 10
"""While a secret is changed there are several; more than these are not looked at."""
STATES = {
    "incident.triggered": AlertState.FIRING,
    "incident.unacknowledged": AlertState.FIRING,
    "incident.reopened": AlertState.FIRING,
    "incident.acknowledged": AlertState.ACKNOWLEDGED,
    "incident.resolved": AlertState.CLEARED,
}
PRIORITY = "incident.priority_updated"
STATUSES = {"triggered": AlertState.FIRING, "acknowledged": AlertState.ACKNOWLEDGED, "resolved": AlertState.CLEARED}
ADDRESS = re.compile(r"https://[\w-]{1,80}(?:\.eu)?\.pagerduty\.com/incidents/([A-Z0-9]{1,30})(?![A-Za-z0-9])")
WORDS = {
    AlertState.CLEARED: re.compile(r"\bresolved\b", re.IGNORECASE),
    AlertState.ACKNOWLEDGED: re.compile(r"(?<!un)\backnowledged\b", re.IGNORECASE),
    AlertState.FIRING: re.compile(r"\b(?:triggered|unacknowledged|reopened)\b", re.IGNORECASE),
}
_NUMBERED = re.compile(r"(?P<before>[^#]{0,80})#(?P<number>\d{1,12})\]?:?\s(?P<title>.*)")


class PagerDuty:
    """Reads PagerDuty's webhooks and its posts."""

    name = "pagerduty"
    title = "PagerDuty"

    def read(self, delivery: Delivery) -> list[Alert]:
        """The alert that an incident is; none for a ping, and for events that do not change how an incident stands."""
        event = read(Hook, delivery.body, expected=EXPECTED).event
        stands = STATUSES.get(event.data.status) if event.kind == PRIORITY else STATES.get(event.kind)
        if stands is None:
            return []
        if pages.read_mark(event.data.key) is not None:
            return []  # a page of our own that comes back
        if not event.data.id:
            raise NotUnderstood(f"{EXPECTED} (“event.data.id” is missing)")
        return [_alert(event, stands)]

    def recognise(self, post: Post) -> list[Alert] | None:
        """The alert that a post tells of: it leads to an incident, and says how it stands."""
        found = next((hit for hit in map(ADDRESS.match, post.addresses) if hit), None)
        if found is None or not wrote(post, "pagerduty", address=ADDRESS):
            return None
        written = lines(post)
        for line in written[:8]:
            numbered = _NUMBERED.match(line)
            stands = state(numbered["before"] if numbered else line, WORDS)
            if stands is None:
                continue
            whole = numbered or next((hit for hit in map(_NUMBERED.match, written) if hit), None)
            called = whole["title"].strip() if whole else ""
            return [_posted(post, key=found[1], link=found[0], stands=stands, called=called or line)]
        return None

    def signed(self, delivery: Delivery, secret: str) -> bool | None:
        """Whether one of the signatures fits: a digest of the body for each secret that is valid at the time."""
        expected = b"v1=" + hmac.new(secret.encode(), delivery.body, hashlib.sha256).hexdigest().encode()
        given = delivery.header(SIGNATURE).split(",")[:SIGNATURES]
        fits = [hmac.compare_digest(one.strip().encode("utf-8", "replace"), expected) for one in given]
        return any(fits)


def _alert(event: Event, stands: AlertState) -> Alert:
    about = event.data
    return Alert(
        source=PagerDuty.name,
        key=dedupe(PagerDuty.name, about.id),
        state=stands,
        title=plain(about.title) or f"Incident {about.number or about.id}",
        severity=about.priority.summary or about.urgency,
        component=about.service.summary,
        labels=_labels(about),
        link=about.link,
        started_at=about.created_at,
        ended_at=event.at if stands.over else None,
        told_at=event.at,
        measures={} if stands.over else measures(about.title),
        delivery=event.id,
    )


def _labels(about: Incident) -> dict[str, str]:
    labels = {
        "number": about.number,
        "service": about.service.summary,
        "priority": about.priority.summary,
        "urgency": about.urgency,
        "escalation_policy": about.policy.summary,
    }
    return {name: value for name, value in labels.items() if value}


def _posted(post: Post, *, key: str, link: str, stands: AlertState, called: str) -> Alert:
    return Alert(
        source=PagerDuty.name,
        key=dedupe(PagerDuty.name, key),
        state=stands,
        title=plain(called),
        severity=named(post, "Priority") or named(post, "Urgency"),
        component=named(post, "Service", "Impacted Service"),
        link=link,
        measures={} if stands.over else measures(called),
        posted=post.place,
        delivery=post.key,
    )
