"""Senders of alerts as they are on the wire, and what a process is given to make of them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
from ruamel.yaml import YAML

from bot.playbook.load import FILE
from bot.settings import SHIPPED

SECRET = "between-us"  # opens a bot of the tests, for as long as it runs
ENQUEUE, EVENTS = "/v2/enqueue", "events"
"""Where PagerDuty's events are sent, and what their source is called."""
HEADERS = {"Authorization": f"Bearer {SECRET}", "Content-Type": "application/json"}


EACH: dict[str, Any] = {
    "rules": [{"name": "each", "does": "declare", "severity": "sev1"}],
    "storm": {"alerts": 100},
}
"""Rules by which each key makes an incident of its own."""
ALONE: dict[str, Any] = EACH | {"storm": {"alerts": 100, "within": "0.01s"}}
"""The same, however many come: no hundred incidents are made within a hundredth of a second."""
TOGETHER: dict[str, Any] = {
    "rules": [{"name": "all", "does": "declare", "severity": "sev1", "together": ["source"]}],
}
"""Rules by which all alerts of one sender are one incident."""


ASKING: dict[str, Any] = {
    "rules": [
        {"name": "ask", "match": {"severities": ["warning"]}, "does": "offer", "severity": "sev2"},
        *EACH["rules"],
    ],
    "storm": {"alerts": 100},
}
"""Rules by which a warning is offered, and anything else makes an incident of its own."""
CLUSTERS: dict[str, Any] = {
    "rules": [
        {"name": "alone", "match": {"labels": {"cluster": "none"}}, "does": "declare", "severity": "sev1"},
        {"name": "group", "does": "declare", "severity": "sev1", "together": ["cluster"]},
    ],
    "storm": {"alerts": 100},
}
"""Rules by which all alerts of a cluster are one incident, and those without one stand alone."""


def playbook(folder: Path, alerts: dict[str, Any]) -> Path:
    """A folder with the default process that does this with alerts."""
    yaml = YAML()
    process = yaml.load((SHIPPED / "default" / FILE).read_text())
    process["alerts"] = alerts
    folder.mkdir(parents=True, exist_ok=True)
    yaml.dump(process, folder / FILE)
    return folder


def key(name: str, *, source: str = "alertmanager") -> str:
    """The dedupe key of the alert of this name."""
    return f"{source}:{name.casefold()}"


def title(name: str) -> str:
    """What an incident is called that the alert of this name makes."""
    return f"{name} (node critical)"


def plain(name: str, *, delivery: str, severity: str = "critical", over: bool = False) -> bytes:
    """An alert in our own shape. ``delivery`` is the same however often it is sent."""
    told = {"title": name, "severity": severity, "event_id": delivery, "status": "resolved" if over else "firing"}
    return json.dumps(told).encode()


def event(name: str, *, over: bool = False) -> bytes:
    """An event as PagerDuty takes them; its sender is known by the key in it."""
    about = {"summary": title(name), "source": "db1", "severity": "critical"}
    action = "resolve" if over else "trigger"
    return json.dumps({"routing_key": SECRET, "event_action": action, "dedup_key": name, "payload": about}).encode()


def firing(
    name: str,
    *,
    labels: dict[str, str] | None = None,
    severity: str = "critical",
    alerts: int = 1,
    over: bool = False,
) -> bytes:
    """What Alertmanager sends of the alert of this name, with so many of its group written out."""
    status = "resolved" if over else "firing"
    common = {"alertname": name, "severity": severity, "job": "node"} | (labels or {})
    one = {
        "status": status,
        "annotations": {"description": f"{name} has been so for more than a minute."},
        "startsAt": "2026-11-26T03:10:38.326Z",
        "endsAt": "2026-11-26T04:10:38.326Z" if over else "0001-01-01T00:00:00Z",
        "generatorURL": "http://prometheus:9090/graph?g0.expr=up+%3D%3D+0&g0.tab=1",
        "fingerprint": "f404ecabc8dd5cd7",
    }
    told = {
        "version": "4",
        "groupKey": f'{{}}:{{alertname="{name}"}}',
        "truncatedAlerts": 0,
        "status": status,
        "receiver": "tocsin",
        "groupLabels": {"alertname": name},
        "commonLabels": common,
        "commonAnnotations": {},
        "externalURL": "http://alertmanager:9093",
        "alerts": [one | {"labels": common | {"instance": f"host-{n}:9100"}} for n in range(alerts)],
    }
    return json.dumps(told).encode()


def several(clusters: dict[str, str]) -> bytes:
    """Alerts in our own shape, by name, in one request: each of this cluster."""
    told = [{"title": name, "severity": "critical", "labels": {"cluster": of}} for name, of in clusters.items()]
    return json.dumps({"alerts": told}).encode()


async def send(
    client: httpx.AsyncClient,
    port: int,
    body: bytes,
    *,
    source: str = "alertmanager",
    silent: Callable[[str], None] = lambda _: None,
) -> int:
    """Send it to a bot on this machine; the status that it answers, 0 for none, of which ``silent`` is told why."""
    address = ENQUEUE if source == EVENTS else f"/alerts/{source}"
    headers = {} if source == EVENTS else HEADERS
    try:
        answer = await client.post(f"http://127.0.0.1:{port}{address}", content=body, headers=headers)
    except httpx.TransportError as gone:
        silent(f"{address} at {port} gave no answer: {gone!r}")
        return 0
    return answer.status_code
