"""Alerts as monitoring tools post them in either chat, ready to be posted: firing, and over again.

The shapes are those of the senders' own integrations, with everything in them that a reader may go by.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Wire = dict[str, Any]

RED, GREEN = 0xD63232, 0x36A64F


class Stand(StrEnum):
    """How an alert stands."""

    FIRING = "firing"
    ACKNOWLEDGED = "acknowledged"
    CLEARED = "cleared"


@dataclass(frozen=True, slots=True)
class Alarm:
    """One alert of one sender, in all that becomes of it."""

    key: str
    sender: str
    about: str
    """What it is about, in a few words."""
    slack: Mapping[Stand, Wire] = field(default_factory=dict)
    discord: Mapping[Stand, Wire] = field(default_factory=dict)
    as_app: bool = False
    """In Slack: whether its posts are those of an app with a bot of its own, and not of a webhook."""

    def of(self, platform: str) -> Mapping[Stand, Wire]:
        """Its posts on a platform; empty where the sender has no integration there."""
        return self.slack if platform == "slack" else self.discord


def alarm(key: str) -> Alarm:
    """One of them by its key. Raises :class:`LookupError`."""
    found = next((one for one in ALARMS if one.key == key), None)
    if found is None:
        raise LookupError(f"There is no alert {key!r} ready; there are: {', '.join(one.key for one in ALARMS)}.")
    return found


def shape(key: str, platform: str, stand: Stand) -> Wire:
    """What stands in the post. Raises :class:`LookupError` where the sender posts no such thing there."""
    found = alarm(key).of(platform).get(stand)
    if found is None:
        raise LookupError(f"{alarm(key).sender} posts nothing {stand} on {platform}.")
    return found


def _attachment(color: str, **more: Any) -> Wire:
    return {"text": "", "attachments": [{"color": color, "fallback": more.get("title", ""), **more}]}


def _embed(color: int, **more: Any) -> Wire:
    return {"content": "", "embeds": [{"type": "rich", "color": color, **more}]}


def _mrkdwn(text: str) -> Wire:
    return {"type": "mrkdwn", "text": text}


def _button(label: str, **more: Any) -> Wire:
    return {"type": "button", "text": {"type": "plain_text", "text": label}, **more}


def _section(text: str) -> Wire:
    return {"type": "section", "text": _mrkdwn(text)}


def _grafana(stand: Stand) -> tuple[Wire, Wire]:
    fires = stand is Stand.FIRING
    title = f"[{'FIRING:1' if fires else 'RESOLVED'}] CheckoutErrorRate (checkout critical)"
    host = "https://grafana.example"
    body = (
        f"**{'Firing' if fires else 'Resolved'}**\n\nValue: B={'7.4' if fires else '0.2'}, C={int(fires)}\nLabels:\n"
        " - alertname = CheckoutErrorRate\n - service = checkout\n - severity = critical\nAnnotations:\n"
        f" - runbook_url = https://runbooks.example/checkout\n - summary = More than 5 % of checkouts fail\n"
        f"Source: {host}/alerting/grafana/checkout/view?orgId=1\n"
        f"Silence: {host}/alerting/silence/new?alertmanager=grafana&matcher=alertname%3DCheckoutErrorRate&orgId=1\n"
    )
    link, footer = f"{host}/alerting/grafana/checkout/view?orgId=1", "Grafana v12.1.0"
    slack = _attachment("#D63232" if fires else "#36a64f", title=title, title_link=link, text=body, footer=footer)
    embed = {"type": "rich", "title": title, "url": f"{host}/alerting/list", "footer": {"text": footer}}
    return slack, {"content": body, "embeds": [embed | {"color": RED if fires else GREEN}]}


def _alertmanager(stand: Stand) -> tuple[Wire, Wire]:
    fires = stand is Stand.FIRING
    title = f"[{'FIRING:2' if fires else 'RESOLVED'}] HighLatency search (api prod warning)"
    lines = "".join(
        f"Labels:\n - alertname = HighLatency\n - component = search\n - job = api\n - pod = api-{pod}\n"
        " - env = prod\n - severity = warning\nAnnotations:\n - summary = p99 latency of search is above 2 s\n"
        "Source: http://prometheus.example/graph?g0.expr=latency\n"
        for pod in (1, 2)
    )
    text = f"Alerts {'Firing' if fires else 'Resolved'}:\n{lines}"
    slack = _attachment(
        "danger" if fires else "good",
        title=title,
        title_link="http://alertmanager.example/#/alerts?receiver=chat",
        text="",
        footer="",
        mrkdwn_in=["fallback", "pretext", "text"],
    )
    return slack, _embed(0x992D22 if fires else 0x2ECC71, title=title, description=f"\n\n{text}\n\n")


def _pagerduty(stand: Stand) -> Wire:
    word = {Stand.FIRING: "Triggered", Stand.ACKNOWLEDGED: "Acknowledged", Stand.CLEARED: "Resolved"}[stand]
    link = "https://acme.pagerduty.com/incidents/PT4KHLK"
    fields = [_mrkdwn("*Service*\nCheckout"), _mrkdwn("*Priority*\nP2"), _mrkdwn("*Assigned to*\nEsha Rao")]
    buttons = [_button("Acknowledge", action_id="ack", value="1"), _button("Resolve", action_id="res", value="1")]
    blocks: list[Wire] = [
        _section(f"*{word}* <{link}|#1234: Payments are slow to confirm>"),
        {"type": "section", "fields": fields},
        *([] if stand is Stand.CLEARED else [{"type": "actions", "elements": buttons}]),
    ]
    color = {Stand.FIRING: "e01e5a", Stand.ACKNOWLEDGED: "ecb22e", Stand.CLEARED: "2eb67d"}[stand]
    return {"text": f"{word} #1234: Payments are slow to confirm", "attachments": [{"color": color, "blocks": blocks}]}


def _datadog(stand: Stand) -> Wire:
    fires = stand is Stand.FIRING
    return _attachment(
        "danger" if fires else "good",
        title=f"{'Triggered' if fires else 'Recovered'}: [P1] Error rate is high on host:web-1,service:checkout",
        title_link="https://app.datadoghq.com/monitors/1234?group=host%3Aweb-1%2Cservice%3Acheckout",
        text=f"The error rate of checkout is {'7.2' if fires else '0.1'} %.",
    )


def _betterstack(stand: Stand) -> Wire:
    fires = stand is Stand.FIRING
    said = "New incident started" if fires else "Incident automatically resolved"
    link = "https://uptime.betterstack.com/team/123456/incidents/778899"
    fields = [_mrkdwn("*Monitor:*\nShop"), _mrkdwn("*Cause:*\nStatus 503"), _mrkdwn("*Length:*\n6 minutes")]
    blocks: list[Wire] = [
        _section(f"*<{link}|{said}>*"),
        {"type": "section", "fields": fields[:2] if fires else fields},
        {"type": "actions", "elements": [_button("View incident", action_id="view", url=link)]},
    ]
    return {"text": f"{said}: Shop", "attachments": [{"color": "dc2626" if fires else "22c55e", "blocks": blocks}]}


def _uptimerobot(stand: Stand) -> tuple[Wire, Wire]:
    fires = stand is Stand.FIRING
    word, color = ("DOWN", "danger") if fires else ("UP", "good")
    reason = "Reason" if fires else "Was down for"
    value = "HTTP 503 - Service Unavailable" if fires else "6 minutes and 12 seconds"
    slack = _attachment(
        color,
        text=f"Monitor is {word}: Shop ( <https://shop.example> )",
        fields=[{"title": reason, "value": value, "short": True}],
    )
    discord = _embed(
        0xE74C3C if fires else 0x2ECC71,
        title=f"Shop is {word.lower()}",
        url="https://shop.example",
        description=f"{reason}: {value}",
    )
    return slack, discord


BOTH = (Stand.FIRING, Stand.CLEARED)


def _on_both(key: str, sender: str, about: str, drawn: Callable[[Stand], tuple[Wire, Wire]]) -> Alarm:
    """Of a sender whose webhooks post on Slack and on Discord; ``drawn`` gives both posts."""
    posts = {stand: drawn(stand) for stand in BOTH}
    slack, discord = ({stand: both[side] for stand, both in posts.items()} for side in (0, 1))
    return Alarm(key, sender, about, slack=slack, discord=discord)


ALARMS: tuple[Alarm, ...] = (
    _on_both("grafana", "Grafana", "Checkouts fail (critical)", _grafana),
    _on_both("alertmanager", "Alertmanager", "Search is slow (warning)", _alertmanager),
    Alarm(
        "datadog",
        "Datadog",
        "Error rate of checkout (P1)",
        slack={stand: _datadog(stand) for stand in BOTH},
    ),
    Alarm(
        "pagerduty",
        "PagerDuty",
        "Payments are slow (P2)",
        slack={stand: _pagerduty(stand) for stand in Stand},
        as_app=True,
    ),
    Alarm(
        "betterstack",
        "Better Stack",
        "Shop answers 503",
        slack={stand: _betterstack(stand) for stand in BOTH},
        as_app=True,
    ),
    _on_both("uptimerobot", "UptimeRobot", "Shop is down", _uptimerobot),
)
"""What is ready, in the order in which it is offered."""
