"""How the senders' own integrations draw an alert in chat, with everything in it that a reader may go by.

What each of these shapes is known from stands in the README of the sender's folder, under “Samples”.
"""

from enum import StrEnum
from typing import Any

Wire = dict[str, Any]

RED, GREEN = 0xD63232, 0x36A64F


class Stand(StrEnum):
    """How an alert stands."""

    FIRING = "firing"
    ACKNOWLEDGED = "acknowledged"
    CLEARED = "cleared"


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


def grafana(stand: Stand) -> tuple[Wire, Wire]:
    """Grafana's own contact points, on Slack and on Discord."""
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


def alertmanager(stand: Stand) -> tuple[Wire, Wire]:
    """Alertmanager's own receivers, on Slack and on Discord."""
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


def pagerduty(stand: Stand) -> Wire:
    """The card of PagerDuty's app in Slack."""
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


def datadog(stand: Stand) -> Wire:
    """Datadog's integration with Slack."""
    fires = stand is Stand.FIRING
    return _attachment(
        "danger" if fires else "good",
        title=f"{'Triggered' if fires else 'Recovered'}: [P1] Error rate is high on host:web-1,service:checkout",
        title_link="https://app.datadoghq.com/monitors/1234?group=host%3Aweb-1%2Cservice%3Acheckout",
        text=f"The error rate of checkout is {'7.2' if fires else '0.1'} %.",
    )


def betterstack(stand: Stand) -> Wire:
    """Better Stack's app in Slack."""
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


def uptimerobot(stand: Stand) -> tuple[Wire, Wire]:
    """UptimeRobot's integrations, on Slack and on Discord."""
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


def sentry(stand: Stand) -> tuple[Wire, Wire]:
    """A metric alert of Sentry's apps, on Slack and on Discord."""
    fires = stand is Stand.FIRING
    title = f"{'Critical' if fires else 'Resolved'}: Too many errors"
    link = "https://sentry.io/organizations/acme/alerts/rules/details/7/?alert=1&referrer=metric_alert_"
    body = f"{'1000' if fires else '10'} events in the last 10 minutes"
    started = "<!date^1795662640^Started: {date_pretty} at {time} | Sentry Incident>"
    slack = {
        "text": f"<{link}slack|*{title}*>",
        "attachments": [{"color": "#FA4747" if fires else "#4dc771", "blocks": [_section(f"{body}\n{started}")]}],
    }
    color = 0xFA4747 if fires else 0x4DC771
    discord = _embed(color, title=title, url=f"{link}discord", description=f"{body}\nStarted <t:1795662640:R>")
    return slack, discord


def cloudwatch(stand: Stand) -> Wire:
    """Amazon Q's posts about an alarm, in Slack."""
    fires = stand is Stand.FIRING
    page = (
        "https://us-west-2.console.aws.amazon.com/cloudwatch/home?region=us-west-2#alarmsV2:alarm/checkout-5xx-critical"
    )
    title = f"<{page}|CloudWatch Alarm | checkout-5xx-critical | us-west-2 | Account: 123456789012>"
    crossed = f"1 datapoint was {'' if fires else 'not '}greater than the threshold (5.0)."
    blocks = [_section(f"{'🚨' if fires else '✅'} *{title}*"), _section(f"Threshold Crossed: {crossed}")]
    color = "#d13212" if fires else "#1d8102"
    return {"text": "", "attachments": [{"color": color, "fallback": "CloudWatch Alarm", "blocks": blocks}]}


def opsgenie(stand: Stand) -> Wire:
    """The card of Opsgenie's app in Slack."""
    status = "Open" if stand is Stand.FIRING else "Closed"
    held = {"Priority": "P2 - High", "Status": status, "Entity": "eu-1", "Tags": "vip, service:checkout"}
    return _attachment(
        "#F04C2C",
        title="#28: Checkout answers slowly",
        title_link="https://acme.app.eu.opsgenie.com/alert/detail/052652ac-5d1c-464a-812a-7dd18bbfba8c/details",
        fields=[{"title": name, "value": value, "short": True} for name, value in held.items()],
        actions=[
            {"name": "ack", "text": "Ack", "type": "button"},
            {"name": "close", "text": "Close", "type": "button"},
        ],
    )
