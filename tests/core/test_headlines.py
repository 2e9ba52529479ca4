"""Titles of Alertmanager's and Grafana's posts, taken apart."""

import pytest

from bot.alerts.alert import AlertState
from bot.alerts.headline import Headline, blocks, headline, plain

FIRING, CLEARED = AlertState.FIRING, AlertState.CLEARED


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("[FIRING:2] InstanceDown (node critical)", Headline(FIRING, "InstanceDown", "node critical")),
        ("[RESOLVED] InstanceDown (node critical)", Headline(CLEARED, "InstanceDown", "node critical")),
        ("[FIRING:2, RESOLVED:1] HighLatency (prod)", Headline(FIRING, "HighLatency", "prod")),
        ("[FIRING:1]  (val1)", Headline(FIRING, "", "val1")),
        ("[FIRING:1] Watchdog ", Headline(FIRING, "Watchdog", "")),
        ("[FIRING:1] Latency (p95) api (critical)", Headline(FIRING, "Latency (p95) api", "critical")),
        ("[FIRING:1] Down (job (old) critical)", Headline(FIRING, "Down", "job (old) critical")),
        ("[FIRING:1] Down (node crit…", Headline(FIRING, "Down", "node crit…")),
        ("[FIRING:1] f(x)", Headline(FIRING, "f(x)", "")),
        ("[FIRING:1] half ) open", Headline(FIRING, "half ) open", "")),
    ],
)
def test_a_title_is_taken_apart(title: str, told: Headline) -> None:
    assert headline(title) == told


@pytest.mark.parametrize("title", ["", "db is down", "[RESOLVE] x", "FIRING:1 x", "see [FIRING:1] x", "[firing:1] x"])
def test_other_titles_are_none(title: str) -> None:
    assert headline(title) is None


def test_a_name_that_holds_parentheses_stays_whole_where_it_is_known() -> None:
    told = headline("[FIRING:1] Disk full (prod)", name="Disk full (prod)")

    assert told is not None
    assert (told.subject, told.rest) == ("Disk full (prod)", "")


def test_the_state_is_taken_off_what_others_were_sent() -> None:
    assert plain("[FIRING:1] InstanceDown (node critical)") == "InstanceDown (node critical)"
    assert plain("Disk\nis full") == "Disk is full"
    assert plain("[RESOLVED]") == "[RESOLVED]"


def test_alerts_below_a_title_are_told_apart() -> None:
    first, second = blocks(
        "**Firing**\n\nValue: A=1\nLabels:\n - alertname = Down\n - expr = a = b\nAnnotations:\n - summary = One\n"
        "and two\nSource: https://example.com/a\n\n**Resolved**\n\nValue: [no value]\nLabels:\n - alertname = Up\n"
    )

    assert (first.over, first.labels) == (False, {"alertname": "Down", "expr": "a = b"})
    assert (first.annotations, first.links) == ({"summary": "One\nand two"}, {"source": "https://example.com/a"})
    assert (second.over, second.labels, second.annotations) == (True, {"alertname": "Up"}, {})
