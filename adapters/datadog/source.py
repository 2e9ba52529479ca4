"""Datadog as a source of alerts."""

import re

from adapters.datadog.payload import Notification
from adapters.datadog.titles import MONITOR, SILENT, STATES, Title, group, group_of, title
from bot.alerts.alert import Alert, AlertState, dedupe
from bot.alerts.foreign import read
from bot.alerts.labels import component
from bot.alerts.measures import measures
from bot.alerts.post import Post
from bot.alerts.source import Delivery, NotUnderstood

EXPECTED = (
    "What Datadog sends was expected: a JSON object with “title”, and best with the whole body that the README gives"
)
STATE = f"{EXPECTED} (what happened is missing: “alert_transition”, or a title such as “[Triggered] …”)"
GRAFANA = "This is what Grafana sends: its address ends in /alerts/grafana"
BLIND = "No data arrives: monitoring is blind here, which says nothing yet about the service."
TYPES = {"error": AlertState.FIRING, "warning": AlertState.FIRING, "success": AlertState.CLEARED}
"""What ``$ALERT_TYPE`` says of the state, where nothing else does."""
_FRAME = re.compile(r"^%{3}\s*$|^- - -\s*$", re.MULTILINE)


class Datadog:
    """Reads Datadog's webhooks and its posts."""

    name = "datadog"
    title = "Datadog"

    def read(self, delivery: Delivery) -> list[Alert]:
        """The alert that a notification is; none for a test, and where a monitor was only muted."""
        told = read(Notification, delivery.body, expected=EXPECTED)
        called = title(told.title)
        if not called.rest or told.rule is not None:
            raise NotUnderstood(f"{EXPECTED} (“title” is empty)" if not called.rest else GRAFANA)
        word = told.transition.lower() or called.word
        if called.test or word in SILENT:
            return []
        stands = STATES.get(word) or (TYPES.get(told.kind.lower()) if not word else None)
        if stands is None:
            raise NotUnderstood(STATE)
        return [_alert(told, called, word=word, stands=stands)]

    def recognise(self, post: Post) -> list[Alert] | None:
        """The alert that a post tells of: its title says what happened, and it leads to a monitor."""
        monitor = next((hit for hit in map(MONITOR.match, post.addresses) if hit), None)
        if monitor is None:
            return None
        for line in (part.title or part.text.partition("\n")[0] for part in post.parts):
            called = title(line)
            if called.test or called.word in SILENT:
                return []
            if called.word:
                return [_posted(post, called, monitor=monitor)]
        return None

    def signed(self, delivery: Delivery, secret: str) -> bool | None:
        """Datadog signs nothing."""
        return None


def _alert(told: Notification, called: Title, *, word: str, stands: AlertState) -> Alert:
    monitor = MONITOR.search(told.url) or MONITOR.search(told.body)
    where = called.group or (group_of(monitor[0]) if monitor else "") or group(told.scope)
    labels = _labels(told.tags) | _labels(where)
    body = _body(told.body)
    return Alert(
        source=Datadog.name,
        key=_key(told.monitor or (monitor[1] if monitor else ""), where, other=told.together or called.rest),
        state=stands,
        title=called.rest,
        text="\n".join(line for line in (told.status, body, BLIND if "no data" in word else "") if line),
        severity=_severity(word, told.priority or called.priority, told.kind),
        component=component(labels),
        labels=labels,
        link=told.url or (monitor[0] if monitor else ""),
        links={"snapshot": told.snapshot} if told.snapshot.startswith("http") else {},
        started_at=told.date if word in ("triggered", "warn", "no data") else None,
        ended_at=told.date if stands.over else None,
        told_at=told.date,
        measures={} if stands.over else measures(called.rest, told.status, body),
        delivery=f"{Datadog.name}:{told.id}" if told.id else "",
    )


def _posted(post: Post, called: Title, *, monitor: re.Match[str]) -> Alert:
    stands = STATES[called.word]
    where = called.group or group_of(monitor[0])
    text = "\n".join(part.text for part in post.parts if part.title)
    labels = _labels(where)
    return Alert(
        source=Datadog.name,
        key=_key(monitor[1], where, other=""),
        state=stands,
        title=called.rest or f"Monitor {monitor[1]}",
        text="\n".join(line for line in (text, BLIND if "no data" in called.word else "") if line),
        severity=_severity(called.word, called.priority, ""),
        component=component(labels),
        labels=labels,
        link=monitor[0],
        measures={} if stands.over else measures(called.rest, text),
        posted=post.place,
        delivery=post.key,
    )


def _body(written: str) -> str:
    """What people wrote into the monitor: without the frame, the pictures and the links that Datadog puts around it."""
    inside = _FRAME.split(written.removeprefix("%%%").strip())[0]
    return "\n".join(line for line in inside.splitlines() if line.strip() and not _aside(line)).strip()


def _aside(line: str) -> bool:
    """A picture, or a line of those who are notified."""
    return line.lstrip().startswith("[![") or all(word.startswith("@") for word in line.split())


def _key(monitor: str, where: str, *, other: str) -> str:
    return dedupe(Datadog.name, *([monitor, where] if monitor and where else [monitor or other]))


def _severity(word: str, priority: str, kind: str) -> str:
    """The monitor's priority; below its threshold for alerts it is only a warning, whatever the priority."""
    if word in ("warn", "re-warn"):
        return "warning"
    return priority or (kind if kind.lower() not in ("success", "info") else "")


def _labels(tags: str) -> dict[str, str]:
    several = (tag.strip().partition(":") for tag in tags.split(",")[:60])
    return {name: value for name, colon, value in several if name and colon and value}
