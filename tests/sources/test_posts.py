"""Posts that are easily misread."""

from adapters.betterstack.source import BetterStack
from adapters.datadog.source import Datadog
from adapters.pagerduty.source import PagerDuty
from adapters.uptimerobot.source import UptimeRobot
from bot.alerts.alert import AlertState
from bot.alerts.post import Colour, Part, Post
from tests.support.posts import slack_post

INCIDENT = "https://uptime.betterstack.com/team/t12/incidents/42"
PAGED = "https://acme.eu.pagerduty.com/incidents/Q1ABC"


def _post(*parts: Part, addresses: tuple[str, ...]) -> Post:
    return slack_post({"text": "x"}).model_copy(update={"parts": parts, "addresses": addresses})


def _betterstack(*parts: Part) -> list[tuple[AlertState, str]]:
    alerts = BetterStack().recognise(_post(*parts, addresses=("https://example.com", INCIDENT)))
    return [(alert.state, alert.title) for alert in alerts or []]


def test_what_is_not_resolved_still_fires() -> None:
    reminder = Part(title="Reminder: incident is not resolved", colour=Colour.RED)

    assert _betterstack(reminder) == [(AlertState.FIRING, "Reminder: incident is not resolved")]


def test_the_words_of_a_cause_are_no_state() -> None:
    fields = {"*Monitor:*": "Checkout API", "Cause": "Host could not be resolved"}

    assert _betterstack(Part(text="Checkout API", fields=fields, colour=Colour.RED)) == [
        (AlertState.FIRING, "Checkout API: Host could not be resolved")
    ]
    assert _betterstack(Part(text="Checkout API", fields=fields)) == []


def test_a_link_alone_is_no_alert() -> None:
    assert _betterstack(Part(text=f"Have a look at {INCIDENT}")) == []
    assert PagerDuty().recognise(_post(Part(text=f"Have a look at {PAGED}"), addresses=(PAGED,))) is None


def test_whoever_only_mentions_an_incident_is_not_its_sender() -> None:
    for link in (INCIDENT, PAGED):
        said = {"username": "GitHub", "text": f"Merged #28: checkout answers again, resolved <{link}|the incident>"}
        relayed = {"username": "relay", "attachments": [{"title": "Resolved #28: Checkout", "title_link": link}]}

        for source in (BetterStack(), PagerDuty()):
            assert source.recognise(slack_post(said)) is None
        assert BetterStack().recognise(slack_post(relayed)) or PagerDuty().recognise(slack_post(relayed))


def test_a_page_about_an_alert_of_alertmanager_is_named_without_its_state() -> None:
    card = Part(text=f"Acknowledged by Ana\n#7: [FIRING:1] InstanceDown (node critical) ({PAGED})")

    alerts = PagerDuty().recognise(_post(card, addresses=(PAGED,)))

    assert alerts is not None
    assert [(alert.state, alert.title, alert.key) for alert in alerts] == [
        (AlertState.ACKNOWLEDGED, "InstanceDown (node critical)", "pagerduty:q1abc")
    ]


def _monitor(text: str) -> tuple[str, str, str]:
    """Key, name and link of the one alert that UptimeRobot's post tells of."""
    [alert] = UptimeRobot().recognise(slack_post({"username": "UptimeRobot", "attachments": [{"text": text}]})) or []
    return alert.key, alert.component, alert.link


def test_a_parenthesis_in_a_monitors_name_is_a_part_of_it() -> None:
    for name in ("API (EU)", "API (US)", "API (EU) v2", "Shop"):
        key = f"uptimerobot:{name.casefold()}"

        assert _monitor(f"Monitor is DOWN: {name} ( <https://api.example> )") == (key, name, "https://api.example")
        assert _monitor(f"Monitor is UP: {name} (https://api.example)") == (key, name, "https://api.example")
        assert _monitor(f"Monitor is DOWN: {name}\nReason: Timeout")[:2] == (key, name)
        shown = f"Monitor is DOWN: {name} ( <https://api.example|api.example> )"
        assert _monitor(shown) == (key, name, "https://api.example")


def test_an_address_of_somebody_else_is_not_taken_for_the_senders() -> None:
    for address in (
        "https://uptime.betterstack.com.evil.example/team/1/incidents/42",
        "https://evil.example/?https://uptime.betterstack.com/team/1/incidents/42",
        "https://acme.pagerduty.com.evil.example/incidents/Q1ABC",
        "https://evil.example/app.datadoghq.com/monitors/1",
        "https://evil-datadoghq.com/monitors/1",
        "https://datadoghq.com.evil.example/monitors/1",
    ):
        post = _post(Part(title="Triggered: incident started"), addresses=(address,))

        assert BetterStack().recognise(post) is None
        assert PagerDuty().recognise(post) is None
        assert Datadog().recognise(post) is None, address
