"""What is wrong with an event is told in PagerDuty's words, and an event without a key is given one."""

import json
from typing import Any

import pytest

from adapters.pagerduty.events import NOT_JSON, Events, dedup_key, invalid
from bot.alerts.source import Delivery, NotUnderstood

PAYLOAD = {"summary": "DISK at 99%", "source": "db-1", "severity": "critical"}
TRIGGER: dict[str, Any] = {"routing_key": "k", "event_action": "trigger", "payload": PAYLOAD}


def _body(**changes: Any) -> bytes:
    return json.dumps({**TRIGGER, **changes}).encode()


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        (b"", [NOT_JSON]),
        (b"{", [NOT_JSON]),
        (b"[1]", [NOT_JSON]),
        (b"{}", ["'event_action' is missing or blank"]),
        (_body(event_action=" "), ["'event_action' is missing or blank"]),
        (_body(event_action="resolve"), ["'dedup_key' is missing or blank"]),
        (_body(event_action="acknowledge", dedup_key=""), ["'dedup_key' is missing or blank"]),
        (_body(dedup_key="k" * 256), ["'dedup_key' is too long (maximum is 255 characters)"]),
        (_body(payload=None), ["'payload' is missing or blank"]),
        (
            _body(payload={"summary": ""}),
            [f"'payload.{name}' is missing or blank" for name in ("summary", "source", "severity")],
        ),
        (
            _body(payload={**PAYLOAD, "severity": "sev1"}),
            ["'payload.severity' is invalid (must be one of the following: 'critical', 'warning', 'error' or 'info')"],
        ),
        (_body(), []),
        (_body(event_action="resolve", dedup_key="k", payload=None), []),
    ],
)
def test_what_is_wrong_with_an_event_is_said(body: bytes, wrong: list[str]) -> None:
    assert invalid(body) == wrong


@pytest.mark.parametrize("action", [7, None, ["trigger"], {"trigger": 1}, "snooze"])
def test_an_action_that_is_none_is_refused(action: object) -> None:
    with pytest.raises(NotUnderstood, match="event_action"):
        Events().read(Delivery(body=_body(event_action=action)))


def test_a_trigger_without_a_key_is_given_one_and_the_same_request_the_same() -> None:
    body, other = _body(), _body(payload={**PAYLOAD, "summary": "DISK at 98%"})

    assert dedup_key(body) == dedup_key(body)
    assert dedup_key(body) != dedup_key(other)
    assert [alert.key for alert in Events().read(Delivery(body=body))] == [f"events:{dedup_key(body)}"]


def test_a_key_that_was_given_is_told_as_it_was_written() -> None:
    assert dedup_key(_body(dedup_key="srv01/MySQL")) == "srv01/MySQL"
