"""Opsgenie, and Jira Service Management after it, as a source of alerts."""

import re

from adapters.opsgenie.payload import Hook, Ops
from bot import pages
from bot.alerts.alert import Alert, AlertState, dedupe
from bot.alerts.foreign import read
from bot.alerts.labels import component
from bot.alerts.measures import measures
from bot.alerts.post import Post
from bot.alerts.source import Delivery, NotUnderstood

EXPECTED = "What Opsgenie sends was expected: a JSON object with “action” and “alert”, whose “alertId” says which"
STATES = {
    "create": AlertState.FIRING,
    "unacknowledge": AlertState.FIRING,
    "updatepriority": AlertState.FIRING,
    "acknowledge": AlertState.ACKNOWLEDGED,
    "close": AlertState.CLEARED,
    "delete": AlertState.CLEARED,
}
"""Actions that say how it stands; of the others (a note, a tag, a snooze …) there is nothing to tell."""
SCANNED = 4000
TAGS = 20
_HEAD = re.compile(
    r"^(?P<before>[^\n#]{0,120}?)#(?P<tiny>\d{1,12})\b[:\]]?[ \"“]{0,3}(?P<message>[^\n]{0,500})", re.MULTILINE
)
_DETAIL = re.compile(r"https://(?:[\w-]{1,63}\.){0,4}opsgenie\.com/alert/detail/[\w-]{8,80}")
_AUTHOR = re.compile(r"opsgenie|jira service management|\bjsm\b", re.IGNORECASE)
_ACTIONS = (
    (re.compile(r"\bun-?ack(?:ed|nowledged)?\b|\bre-?opened\b", re.IGNORECASE), AlertState.FIRING),
    (re.compile(r"\b(?:closed|deleted)\b", re.IGNORECASE), AlertState.CLEARED),
    (re.compile(r"\back(?:ed|nowledged|'d)?\b", re.IGNORECASE), AlertState.ACKNOWLEDGED),
)
_TALK = re.compile(
    r"\b(?:note|assigned|tags?|snoozed|escalated|owner(?:ship)?|recipient|responder|viewed|commented)\b", re.IGNORECASE
)
_LINK = re.compile(r" ?\(https?://[^\s()]{1,2000}\)")


class Opsgenie:
    """Reads Opsgenie's webhooks and its posts."""

    name = "opsgenie"
    title = "Opsgenie"

    def read(self, delivery: Delivery) -> list[Alert]:
        """The alert that something was done to; none where that says nothing about how it stands."""
        hook = read(Hook, delivery.body, expected=EXPECTED)
        if not hook.action or hook.alert is None or not _key(hook.alert):
            raise NotUnderstood(EXPECTED)
        if pages.read_mark(hook.alert.alias) is not None:
            return []  # a page of our own that comes back
        action = hook.action.replace("-", "").replace("_", "").casefold()
        state = STATES.get(action)
        return [_alert(hook.alert, state=state)] if state is not None else []

    def recognise(self, post: Post) -> list[Alert] | None:
        """The alert that ``#28: message`` tells of; none where somebody only wrote a note, or took it over."""
        titled = next((part.link for part in post.parts if _DETAIL.match(part.link)), "")
        text = post.text[:SCANNED]
        head = _HEAD.search(_LINK.sub("", text))
        if head is None or not (titled or _AUTHOR.search(post.author)):
            return None
        fields = {name.casefold().strip(" :*"): value.strip() for name, value in post.fields.items()}
        state = _state(head["before"], fields.get("status", ""))
        if state is None:
            return []
        message = head["message"].strip(' "”*')
        return [
            Alert(
                source=self.name,
                key=dedupe(self.name, head["tiny"]),
                state=state,
                title=message or f"Alert #{head['tiny']}",
                text=text,
                severity=fields.get("priority", "").split(" ", 1)[0],
                component=component(fields) or fields.get("entity", ""),
                labels=post.fields,
                link=titled or next((address for address in post.addresses if _DETAIL.match(address)), ""),
                measures={} if state.over else measures(text),
                posted=post.place,
                delivery=post.key,
            )
        ]

    def signed(self, delivery: Delivery, secret: str) -> bool | None:
        """Opsgenie signs nothing."""
        return None


def _key(alert: Ops) -> str:
    return alert.tiny or alert.alias or alert.id


def _state(before: str, status: str) -> AlertState | None:
    """How it stands: by the field “Status”, else by what stands before the number; ``None`` where it is talk."""
    for said in (status, before):
        for words, state in _ACTIONS:
            if words.search(said):
                return state
    return None if _TALK.search(before) else AlertState.FIRING


def _labels(alert: Ops) -> dict[str, str]:
    """Details, tags that are pairs, and who it belongs to."""
    pairs = dict(tag.split(":", 1) for tag in alert.tags[:TAGS] if ":" in tag.strip(":"))
    plain = " ".join(tag for tag in alert.tags[:TAGS] if ":" not in tag.strip(":"))
    own = {"tags": plain, "team": alert.team, "entity": alert.entity, "alias": alert.alias}
    return {**{name: value for name, value in own.items() if value}, **pairs, **alert.details}


def _alert(alert: Ops, *, state: AlertState) -> Alert:
    labels = _labels(alert)
    return Alert(
        source="opsgenie",
        key=dedupe("opsgenie", _key(alert)),
        state=state,
        title=alert.message.strip() or f"Alert {_key(alert)}",
        text=alert.description,
        severity=alert.priority,
        component=component(labels) or alert.entity,
        labels=labels,
        link=f"https://app.opsgenie.com/alert/detail/{alert.id}/details" if alert.id else "",
        runbook=labels.get("runbook", "") or labels.get("runbook_url", ""),
        started_at=alert.created,
        measures={} if state.over else measures(alert.message, alert.description),
    )
