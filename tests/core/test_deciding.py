"""What follows from an alert: the playbook's rules in their order, what always holds, and quiet hours."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.alerts import deciding, levels
from bot.alerts.alert import Alert, Measure, Posted
from bot.alerts.deciding import Decision, Does, decide
from bot.playbook.load import load
from bot.playbook.shape import Playbook
from bot.settings import SHIPPED
from tests.support.alerts import alert
from tests.support.story import acquainted

NOW = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
POSTED = Posted(platform="slack", channel="C1", room="alerts", message="C1:1")


def playbook(*rules: dict[str, Any], **more: Any) -> Playbook:
    """The default one with these rules."""
    return acquainted(components=["checkout", "search"], alerts={"rules": rules} | more)


def decided(rules: Playbook, one: Alert, *, lasting: timedelta = timedelta(0), **more: Any) -> Decision:
    """What follows from an alert that has lasted for so long."""
    return decide(rules, one, since=NOW - lasting, now=NOW, **more)


# Words for how bad it is


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (
            "default",
            {"critical": "sev1", "P1": "sev1", "high": "sev2", "warning": "sev3", "info": "sev4", "P5": "sev4"},
        ),
        ("muntin", {"fatal": "P1", "P2": "P2", "sev-3": "P3", "notice": "P4"}),
        ("platform", {"critical": "Sev0", "sev0": "Sev0", "Sev1": "Sev1", "error": "Sev1", "info": "Sev3"}),
        ("werkly", {"page": "Sev1", "SEV 2": "Sev2", "warn": "Sev3", "low": "Sev4"}),
        ("sartiq", {"CRITICAL": "S1", "s2": "S2", "warning": "S3", "none": "S4"}),
        ("dragonfly", {"disaster": "SEV-1", "major": "SEV-2", "warning": "SEV-3", "info": "SEV-3"}),
    ],
)
def test_senders_words_are_the_playbooks_severities(name: str, words: dict[str, str]) -> None:
    known = load(SHIPPED / name)
    found = {word: severity.name for word in words if (severity := levels.severity(known, word)) is not None}
    assert found == words
    assert levels.severity(known, "") is None and levels.severity(known, "purple") is None


# Clocks that do not agree


@pytest.mark.parametrize("ahead", [timedelta(milliseconds=1), timedelta(hours=2)])
def test_an_alert_that_begins_later_than_now_is_decided_by_the_rules_all_the_same(ahead: timedelta) -> None:
    book = playbook({"name": "ask", "match": {"severities": ["critical"]}, "does": "offer", "severity": "sev2"})
    assert decided(book, alert(severity="critical"), lasting=-ahead).rule == "ask", "its replica's clock is ahead"


# What always holds


@pytest.mark.parametrize(
    ("severity", "does", "offered"),
    [
        ("critical", Does.DECLARE, ("sev1",)),
        ("warning", Does.OFFER, ("sev3",)),
        ("", Does.OFFER, ("sev1", "sev2", "sev3")),
        ("purple", Does.OFFER, ("sev1", "sev2", "sev3")),
    ],
)
def test_without_a_rule_the_worst_declares_and_the_rest_is_offered(
    severity: str, does: Does, offered: tuple[str, ...]
) -> None:
    found = decided(playbook(), alert(severity=severity))
    assert (found.does, found.severities, found.rule) == (does, offered, "")


def test_what_was_only_guessed_is_taken_by_nothing_but_a_rule_about_such_posts() -> None:
    guessed = alert(source="post", sure=False, posted=POSTED)
    every = {"name": "all", "does": "declare", "severity": "sev1"}
    posts = {"name": "posts", "match": {"channels": ["#Alerts"]}, "does": "offer", "severity": "sev2"}
    assert decided(playbook(every), guessed).does is Does.NOTHING
    assert decided(playbook(every, posts), guessed).rule == "posts"
    assert decided(playbook({**every, "match": {"sources": ["post"]}}), guessed).does is Does.DECLARE


# Rules


@pytest.mark.parametrize(
    ("match", "fits"),
    [
        ({"sources": ["alertmanager", "grafana"]}, True),
        ({"sources": ["grafana"]}, False),
        ({"severities": ["Critical"]}, True),
        ({"severities": ["warning"]}, False),
        ({"components": ["checkout"]}, True),
        ({"components": ["search"]}, False),
        ({"labels": {"team": "pay*"}}, True),
        ({"labels": {"team": "pay*", "zone": "eu"}}, False),
        ({"words": ["disk", "latency"]}, True),
        ({"words": ["tency"]}, False),
        ({"channels": ["alerts"]}, False),
        ({"measure": "error rate", "above": 5}, True),
        ({"measure": "error rate", "above": 7.5}, False),
        ({"measure": "queue depth", "above": 1}, False),
        ({"sources": ["alertmanager"], "words": ["disk"]}, False),
    ],
)
def test_all_that_a_rule_names_has_to_hold(match: dict[str, Any], fits: bool) -> None:
    rule = {"name": "rule", "match": match, "does": "ignore"}
    found = decided(
        playbook(rule),
        alert("Latency is high", component="Checkout", labels={"team": "payments"}, measures={Measure.ERRORS: 7.5}),
    )
    assert (found.rule == "rule") is fits


def test_the_first_rule_that_takes_it_decides() -> None:
    rules = (
        {"name": "disk", "match": {"words": ["disk"]}, "does": "ignore"},
        {"name": "slow", "match": {"words": ["slow"]}, "does": "offer", "severities": ["sev2", "sev3"]},
        {"name": "all", "does": "declare", "severity": "sev4"},
    )
    assert decided(playbook(*rules), alert("disk is slow")).rule == "disk"
    assert decided(playbook(*rules), alert("slow")).severities == ("sev2", "sev3")
    assert decided(playbook(*rules), alert("odd")) == Decision(Does.DECLARE, ("sev4",), "all")


def test_a_rule_attaches_only_where_its_component_has_an_incident() -> None:
    rules = playbook({"name": "join", "does": "attach"})
    one = alert(component="checkout", severity="warning")
    assert decided(rules, one, attachable=["checkout"]).does is Does.ATTACH
    assert decided(rules, one, attachable=["search"]).does is Does.OFFER
    assert decided(rules, alert(component="cdn", severity="warning"), attachable=["checkout"]).does is Does.OFFER


def test_a_rule_that_waits_says_when_it_is_to_be_asked_again() -> None:
    rules = playbook(
        {"name": "long", "match": {"for": "5m", "words": ["slow"]}, "does": "declare", "severity": "sev1"},
        {"name": "longer", "match": {"for": "9m"}, "does": "ignore"},
    )
    young = decided(rules, alert("slow", severity="warning"), lasting=timedelta(minutes=2))
    assert (young.does, young.look_at) == (Does.OFFER, NOW + timedelta(minutes=3))
    old = decided(rules, alert("slow", severity="warning"), lasting=timedelta(minutes=5))
    assert (old.does, old.rule, old.look_at) == (Does.DECLARE, "long", None)


def test_downtime_that_is_not_stated_is_counted_from_when_it_began() -> None:
    rules = playbook({"name": "down", "match": {"measure": "downtime", "above": 60}, "does": "ignore"})
    down = alert("shop is down", severity="")
    assert decided(rules, down, lasting=timedelta(seconds=59)).look_at == NOW + timedelta(seconds=1)
    assert decided(rules, down, lasting=timedelta(seconds=60)).rule == "down"
    assert decided(rules, alert("shop is slow", severity=""), lasting=timedelta(hours=1)).rule == ""
    assert decided(rules, alert("down", severity="", measures={Measure.DOWNTIME: 61})).rule == "down"


# Groups


@pytest.mark.parametrize(
    ("together", "labels", "group"),
    [
        ([], {"zone": "eu"}, ""),
        (["zone"], {"zone": "eu"}, "rule:eu"),
        (["zone", "team"], {"zone": "eu"}, "rule:eu:"),
        (["zone"], {}, ""),
        (["source", "component"], {}, "rule:alertmanager:checkout"),
        (["rule"], {}, "rule:rule"),
    ],
)
def test_alerts_with_something_in_common_are_a_group(together: list[str], labels: dict[str, str], group: str) -> None:
    rule = {"name": "rule", "does": "declare", "severity": "sev2", "together": together}
    assert decided(playbook(rule), alert(component="Checkout", labels=labels)).group == group


# Quiet hours


def quiet(begins: time, ends: time, *, zone: str = "America/New_York") -> Playbook:
    """At night sev2, sev3 and sev4 wait."""
    hours = {"from": begins, "until": ends, "holds": ["sev2", "sev3", "sev4"]}
    return acquainted(timezone=zone, alerts={"quiet": hours})


NIGHT = (time(22), time(7))


@pytest.mark.parametrize(
    ("hours", "now", "until"),
    [
        (NIGHT, "2026-11-20T02:59", None),
        (NIGHT, "2026-11-20T03:00", "2026-11-20T12:00"),
        (NIGHT, "2026-11-20T11:59", "2026-11-20T12:00"),
        (NIGHT, "2026-11-20T12:00", None),
        ((time(13), time(14)), "2026-11-20T18:30", "2026-11-20T19:00"),
        ((time(0), time(6)), "2026-11-20T05:00", "2026-11-20T11:00"),
        # clocks go back: the night has an hour more
        (NIGHT, "2026-11-01T02:00", "2026-11-01T12:00"),
        (NIGHT, "2026-11-01T06:30", "2026-11-01T12:00"),
        # clocks go forward: it has an hour less
        (NIGHT, "2026-03-08T03:00", "2026-03-08T11:00"),
        # it ends at a time of day that this night does not have
        ((time(22), time(2, 30)), "2026-03-08T06:59", "2026-03-08T07:30"),
    ],
)
def test_quiet_hours_go_by_the_clock_on_the_wall(hours: tuple[time, time], now: str, until: str | None) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    found = deciding.quiet_until(quiet(*hours), Decision(Does.OFFER, ("sev3",)), now=at)
    assert found == (datetime.fromisoformat(until).replace(tzinfo=UTC) if until else None)


@pytest.mark.parametrize(
    ("decision", "held"),
    [
        (Decision(Does.DECLARE, ("sev2",)), True),
        (Decision(Does.OFFER, ("sev3", "sev2")), True),
        (Decision(Does.OFFER, ("sev1", "sev2")), False),
        (Decision(Does.DECLARE, ("sev1",)), False),
        (Decision(Does.OFFER), False),
        (Decision(Does.ATTACH), False),
        (Decision(Does.IGNORE), False),
    ],
)
def test_quiet_hours_hold_back_only_what_is_certainly_milder(decision: Decision, held: bool) -> None:
    found = deciding.quiet_until(quiet(time(0), time(23, 59), zone="UTC"), decision, now=NOW)
    assert (found is not None) is held


@given(
    begins=st.times(timezones=st.none()),
    ends=st.times(timezones=st.none()),
    now=st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),
    zone=st.sampled_from(["America/New_York", "Europe/Rome", "Pacific/Chatham", "Asia/Kolkata", "UTC"]),
)
def test_whatever_is_held_back_is_let_go_within_a_day(begins: time, ends: time, now: datetime, zone: str) -> None:
    assume(begins != ends)
    until = deciding.quiet_until(quiet(begins, ends, zone=zone), Decision(Does.OFFER, ("sev3",)), now=now)
    assert until is None or now < until <= now + timedelta(hours=26)


# Which playbook


def test_the_playbook_that_watches_the_channel_decides_else_that_of_the_component_or_the_words() -> None:
    general = playbook()
    ops = acquainted(name="ops", alerts={"channels": {"slack": ["alerts"]}}, components=["edge"])
    shop = acquainted(name="shop", components=["basket"], chosen_by={"words": ["voucher"]})
    loaded = (general, ops, shop)
    assert deciding.choose(loaded, alert(posted=POSTED)).name == "ops"
    assert deciding.choose(loaded, alert(component="Basket")).name == "shop"
    assert deciding.choose(loaded, alert(labels={"service": "edge"})).name == "ops"
    assert deciding.choose(loaded, alert("Vouchers fail")).name == "shop"
    assert deciding.choose(loaded, alert()).name == general.name
