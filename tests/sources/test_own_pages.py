"""Pages of our own that come back as alerts declare nothing, by whichever door."""

import json
from typing import Any

import pytest

from adapters.opsgenie.source import Opsgenie
from adapters.pagerduty.events import Events
from adapters.pagerduty.source import PagerDuty
from bot.alerts.source import Delivery, Source
from tests.support.sources import ADAPTERS

OURS = "tocsin/42/page/1/0"
SAMPLES: list[tuple[Source, str, list[str]]] = [
    (PagerDuty(), "pagerduty/samples/triggered.json", ["event", "data", "incident_key"]),
    (PagerDuty(), "pagerduty/samples/resolved.json", ["event", "data", "incident_key"]),
    (Opsgenie(), "opsgenie/samples/create.json", ["alert", "alias"]),
    (Opsgenie(), "opsgenie/samples/acknowledge.json", ["alert", "alias"]),
    (Events(), "pagerduty/samples/events/trigger.json", ["dedup_key"]),
]


def delivery(sample: str, place: list[str], key: str) -> Delivery:
    """A recorded sample under another key."""
    said: dict[str, Any] = json.loads((ADAPTERS / sample).read_bytes())
    inner = said
    for name in place[:-1]:
        inner = inner[name]
    inner[place[-1]] = key
    return Delivery(body=json.dumps(said).encode())


@pytest.mark.parametrize(("source", "sample", "place"), SAMPLES)
def test_a_page_of_ours_is_no_alert_and_anybody_elses_is(source: Source, sample: str, place: list[str]) -> None:
    assert source.read(delivery(sample, place, OURS)) == []
    for other in ("checkout-slow", "tocsin", "tocsin/42", f"x{OURS}", f"{OURS}/1"):
        assert len(source.read(delivery(sample, place, other))) == 1
