"""Sentry as a source of alerts."""

import hmac
from hashlib import sha256

from adapters.sentry.chat import recognised
from adapters.sentry.keys import key_of, named
from adapters.sentry.payload import Data, Event, Hook, Issue, MetricAlert, PlugIn
from bot.alerts.alert import Alert, AlertState
from bot.alerts.foreign import read
from bot.alerts.labels import component
from bot.alerts.measures import measures
from bot.alerts.post import Post
from bot.alerts.source import Delivery, NotUnderstood

EXPECTED = "What Sentry sends was expected: a JSON object with “action” and “data”"
ISSUES = {
    "created": AlertState.FIRING,
    "unresolved": AlertState.FIRING,
    "triggered": AlertState.FIRING,
    "resolved": AlertState.CLEARED,
    "archived": AlertState.CLEARED,
    "ignored": AlertState.CLEARED,
}
"""What happens to an issue, to how it stands; anything else is no news of it."""
METRICS = {
    "critical": AlertState.FIRING,
    "warning": AlertState.FIRING,
    "open": AlertState.FIRING,
    "resolved": AlertState.CLEARED,
}
KINDS = {
    "event_alert": "event",
    "error": "error",
    "issue": "issue",
    "activity_alert": "issue",
    "metric_alert": "metric",
}
"""Resource, as a header names it, to where in the body it is told of."""


class Sentry:
    """Reads Sentry's webhooks and its posts."""

    name = "sentry"
    title = "Sentry"

    def read(self, delivery: Delivery) -> list[Alert]:
        """The alert that a webhook tells of; none for an installation, a comment, or an issue that was assigned."""
        hook = read(Hook, delivery.body, expected=EXPECTED)
        if hook.data is None or not hook.action:
            return [_plugged(read(PlugIn, delivery.body, expected=EXPECTED))]
        resource = delivery.header("sentry-hook-resource")
        if resource and resource not in KINDS:
            return []
        found = _told(hook, resource)
        return [_delivered(alert, delivery) for alert in found]

    def recognise(self, post: Post) -> list[Alert] | None:
        """The alert that a post of Sentry's app tells of."""
        return recognised(post)

    def signed(self, delivery: Delivery, secret: str) -> bool | None:
        """Whether ``Sentry-Hook-Signature`` is the body's HMAC with the integration's client secret."""
        ours = hmac.new(secret.encode(errors="replace"), delivery.body, sha256).hexdigest()
        theirs = delivery.header("sentry-hook-signature").encode(errors="replace")
        return hmac.compare_digest(ours.encode(), theirs)


def _delivered(alert: Alert, delivery: Delivery) -> Alert:
    request = delivery.header("request-id")
    return alert.model_copy(update={"delivery": f"sentry:{request[:100]}"}) if request else alert


def _told(hook: Hook, resource: str) -> list[Alert]:
    data = hook.data or Data()
    about = KINDS.get(resource) or next((kind for kind in KINDS.values() if getattr(data, kind) is not None), "")
    if about == "metric" and data.metric is not None:
        state = METRICS.get(hook.action)
        return [_metric(data.metric, data, state=state, action=hook.action)] if state is not None else []
    if about == "issue" and data.issue is not None:
        state = ISSUES.get(hook.action)
        return [_issue(data.issue, state=state, action=hook.action)] if state is not None else []
    event = data.event if about == "event" else data.error if about == "error" else None
    if event is None:
        raise NotUnderstood(EXPECTED)
    return [_event(event, rule=data.rule)]


def _event(event: Event, *, rule: str) -> Alert:
    labels = event.tags
    if event.environment:
        labels = {"environment": event.environment, **labels}
    title = event.title or event.message or event.metadata.get("title", "")
    said = event.metadata.get("value", "") or event.message
    lines = [line for line in (said, event.culprit, f"Rule: {rule}" if rule else "") if line and line != title]
    return Alert(
        source="sentry",
        key=key_of(event.page, event.address, issue=event.issue, title=title),
        state=AlertState.FIRING,
        title=named(title),
        text="\n".join(lines),
        severity=event.level or labels.get("level", ""),
        component=component(labels) or _project(event.address),
        labels=labels,
        link=event.page,
        started_at=event.at,
        measures=measures(title, *lines),
    )


def _project(address: str) -> str:
    """The project's short name, in the address of an event: ``…/projects/ORGANISATION/PROJECT/events/…``."""
    parts = address.split("/")
    return parts[parts.index("projects") + 2] if "projects" in parts[:-2] else ""


def _issue(issue: Issue, *, state: AlertState, action: str) -> Alert:
    title = issue.title or issue.metadata.get("title", "")
    page = issue.page or issue.permalink
    project = issue.project.slug or issue.project.name if issue.project is not None else ""
    said = issue.metadata.get("value", "")
    lines = [line for line in (said, issue.culprit, issue.short) if line and line != title]
    return Alert(
        source="sentry",
        key=key_of(page, issue=issue.id, title=title),
        state=state,
        title=named(title),
        text="\n".join(lines),
        severity=issue.level,
        component=project,
        labels={"project": project} if project else {},
        link=page,
        started_at=issue.first_seen if action == "created" else issue.last_seen,
        measures={} if state.over else measures(title, *lines),
    )


def _metric(alert: MetricAlert, data: Data, *, state: AlertState, action: str) -> Alert:
    rule = alert.rule
    title = (rule.name if rule is not None else "") or data.title.partition(": ")[2] or data.title or alert.title
    projects = alert.projects or (rule.projects if rule is not None else [])
    text = data.text.replace("\\n", "\n")
    return Alert(
        source="sentry",
        key=key_of(data.page, alert.page, metric=(rule.id if rule is not None else "") or alert.id, title=title),
        state=state,
        title=named(title),
        text=text,
        severity="" if state.over else action,
        component=projects[0] if len(projects) == 1 else "",
        labels={"projects": " ".join(projects)} if projects else {},
        link=data.page or alert.page,
        started_at=alert.began,
        ended_at=alert.closed if state.over else None,
        measures={} if state.over else measures(title, text),
    )


def _plugged(plug: PlugIn) -> Alert:
    event = plug.event
    if event is None or not plug.url or not (plug.id or plug.project or plug.slug):
        raise NotUnderstood(EXPECTED)
    title = event.title or plug.message or event.message
    told = _event(event, rule="")
    return told.model_copy(
        update={
            "key": key_of(plug.url, issue=plug.id, title=title),
            "title": named(title),
            "severity": plug.level or told.severity,
            "component": told.component or plug.slug or plug.project or plug.name,
            "link": plug.url if plug.url.startswith(("https://", "http://")) else "",
        }
    )
