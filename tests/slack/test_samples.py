"""Payloads as Slack sends them become the core's words."""

import json
from datetime import UTC, datetime
from importlib.resources import files

import pytest

from adapters.slack import heard
from adapters.slack.api import Identity
from adapters.slack.flat import flat
from adapters.slack.payloads import Command, MembershipEvent, OpeningEvent, Press, ReactionEvent, Shortcut, Submission
from adapters.slack.posted import PostEvent, Said
from bot.alerts.post import Colour, Part
from bot.heard import Filled, Moved, Original, Reacted, Spoken
from bot.people import Person

ME = Identity(user="U0BOT0001", bot="B0BOT0001", team="T0TEAM0001", url="https://werkly.slack.com/", scopes=frozenset())
ANA = Person(key="slack:U0ANA0001", name="ana", handles={"slack": "U0ANA0001"})


def sample(name: str) -> str:
    return (files("adapters.slack") / "samples" / f"{name}.json").read_text()


def test_a_slash_command() -> None:
    assert heard.command(Command.model_validate_json(sample("command"))) == Spoken(
        key="slack:trigger:1795185300.1.aaaa",
        platform="slack",
        actor=ANA,
        channel="C0GENERAL",
        room="general",
        reply="https://hooks.slack.com/commands/T0TEAM0001/1/secret",
        words="sev1 checkout & payments are down, <@U0BO00002|bo> is on it",
    )


def test_a_channel_whose_name_slack_keeps_to_itself_has_none() -> None:
    for name in ("privategroup", "directmessage"):
        told = json.loads(sample("command")) | {"channel_name": name}
        assert heard.command(Command.model_validate(told)).room == ""


def test_a_button_under_a_post() -> None:
    spoken = heard.press(Press.model_validate_json(sample("press")))
    assert spoken.words == "#42 nochange"
    assert (spoken.channel, spoken.room) == ("C0INC0042", "incident-2026-11-20")
    assert spoken.message == "C0INC0042:1795185300.000100"
    assert spoken.reply == "https://hooks.slack.com/actions/T0TEAM0001/2/secret"


def test_a_button_under_a_private_answer_has_no_message_to_refer_to() -> None:
    spoken = heard.press(Press.model_validate_json(sample("press_private")))
    assert (spoken.words, spoken.channel, spoken.message) == ("declare anyway", "C0GENERAL", None)


def test_a_button_on_ones_own_page() -> None:
    spoken = heard.press(Press.model_validate_json(sample("press_home")))
    assert (spoken.words, spoken.channel, spoken.message, spoken.reply) == ("declare", None, None, None)


def test_a_form() -> None:
    assert heard.filled(Submission.model_validate_json(sample("submission"))) == Filled(
        key="slack:trigger:1795185301.5.eeee",
        platform="slack",
        actor=ANA,
        channel="C0INC0042",
        message="C0INC0042:1795185300.000100",
        words="#42 update",
        values={"text": "Rolled back & watching <the graphs>", "next": "", "severity": "sev2"},
    )


def test_a_shortcut_on_a_message() -> None:
    spoken = heard.shortcut(Shortcut.model_validate_json(sample("shortcut_message")), ME, "Bo Lindqvist")
    assert spoken.words == ""
    assert spoken.original == Original(
        text="checkout answers 500, see the graph (https://graphs.example/1) <@U0CLEO003>",
        author="Bo Lindqvist",
        at=datetime(2026, 11, 20, 14, 34, 50, 300, tzinfo=UTC),
        url="https://werkly.slack.com/archives/C0GENERAL/p1795185290000300",
    )


def test_a_shortcut_from_anywhere() -> None:
    spoken = heard.shortcut(Shortcut.model_validate_json(sample("shortcut_global")), ME, "")
    assert (spoken.words, spoken.channel, spoken.original) == ("", None, None)
    assert spoken.key == "slack:trigger:1795185301.7.0000"


def test_reactions() -> None:
    put = heard.reacted(ReactionEvent.model_validate_json(sample("reaction_added")), "Ana Reyes", None)
    taken = heard.reacted(ReactionEvent.model_validate_json(sample("reaction_removed")), "Ana Reyes", None)
    assert put == Reacted(
        key="slack:event:Ev0EVENT01",
        platform="slack",
        actor=Person(key="slack:U0ANA0001", name="Ana Reyes", handles={"slack": "U0ANA0001"}),
        channel="C0INC0042",
        message="C0INC0042:1795185300.000100",
        emoji="✅",
        added=True,
    )
    assert (taken.emoji, taken.added) == ("🙋", False)


def test_somebody_comes_in() -> None:
    moved = heard.moved(MembershipEvent.model_validate_json(sample("member_joined_channel")), "Bo Lindqvist")
    assert isinstance(moved, Moved)
    assert (moved.channel, moved.joined, moved.actor.name) == ("C0INC0042", True, "Bo Lindqvist")


def test_somebody_opens_their_page() -> None:
    opened = OpeningEvent.model_validate_json(sample("app_home_opened")).event
    assert (opened.user, opened.tab) == ("U0ANA0001", "home")


def test_an_incoming_webhooks_post_is_laid_flat() -> None:
    parts, addresses = flat(PostEvent.model_validate_json(sample("alert_webhook")).event.said)
    assert parts == (
        Part(
            title="[FIRING:1] p99 > 2 s (critical & slow)",
            link="https://grafana.example.com/alerting/list?a=1&b=2",
            text="@channel <@U0BO00002> 🚨\nLabels:\n - severity = critical\n"
            "Source: the rule (https://grafana.example.com/view)\nPanel: https://grafana.example.com/d/abcd",
            fields={"Region": "eu-west-1 🌊"},
            colour=Colour.RED,
            footer="Grafana v12.1.0",
        ),
    )
    assert addresses == (
        "https://grafana.example.com/alerting/list?a=1&b=2",
        "https://grafana.example.com/view",
        "https://grafana.example.com/d/abcd",
    )


def test_an_apps_blocks_are_laid_flat_in_reading_order() -> None:
    said = PostEvent.model_validate_json(sample("alert_app")).event.said
    (part,), addresses = flat(said)
    assert part.text.splitlines() == [
        "Triggered #1234: The server is on fire.",
        "🔥 On fire",
        "*Triggered* #1234: The server is on fire. (https://acme.pagerduty.com/incidents/PT4KHLK)",
        "*Urgency:* High",
        "Assigned to *Earline* 5 min ago",
        "See the status (https://status.example.com) 👀 <@U0BO00002>@here",
        "first",
        "second",
    ]
    assert part.fields == {"Service": "My Mail Service (https://acme.pagerduty.com/services/PIJ90N7)"}
    assert addresses == (
        "https://acme.pagerduty.com/incidents/PT4KHLK",
        "https://runbooks.example.com/fire",
        "https://acme.pagerduty.com/services/PIJ90N7",
        "https://status.example.com",
        "https://acme.pagerduty.com/incidents/PT4KHLK/timeline",
    )
    assert (said.by_app, said.reply, said.bot_profile.name) == (True, True, "PagerDuty")


def test_fields_of_one_name_or_of_none_hide_each_other_nowhere() -> None:
    told = [
        ("Host", "web-1"),
        ("Host", "web-2"),
        ("Host", "web-1"),
        ("", "a"),
        ("", "<https://b.example|page>"),
        ("", ""),
    ]
    beside = [{"title": title, "value": value} for title, value in told]
    [part], addresses = flat(Said.model_validate({"attachments": [{"title": "Down", "fields": beside}]}))
    assert part.fields == {"Host": "web-1"}
    assert part.text == "Host: web-2\na\npage (https://b.example)"
    assert addresses == ("https://b.example",)
    named = [{"type": "mrkdwn", "text": f"*{title}*\n{value}"} for title, value in told[:2]]
    [own], _ = flat(Said.model_validate({"blocks": [{"type": "section", "fields": named}]}))
    assert (own.fields, own.text) == ({"Host": "web-1"}, "Host: web-2")


def test_what_rich_text_says_twice_stands_twice_and_what_the_message_said_before_does_not() -> None:
    def rich(kind: str, *lines: str) -> dict[str, object]:
        return {"type": kind, "elements": [{"type": "text", "text": "\n".join(lines)}]}

    log = rich("rich_text_preformatted", "timeout", "retry", "timeout")
    items = [rich("rich_text_section", "web-1"), rich("rich_text_section", "web-1")]
    elements = [rich("rich_text_section", "It fails"), log, {"type": "rich_text_list", "elements": items}]
    [alone], _ = flat(Said.model_validate({"blocks": [{"type": "rich_text", "elements": elements}]}))
    assert alone.text.splitlines() == ["It fails", "timeout", "retry", "timeout", "web-1", "web-1"]
    for said in ("It fails", alone.text):
        [both], _ = flat(Said.model_validate({"text": said, "blocks": [{"type": "rich_text", "elements": elements}]}))
        assert both.text == alone.text


def test_an_edited_post_is_what_it_is_now() -> None:
    event = PostEvent.model_validate_json(sample("alert_edited")).event
    (part,), _ = flat(event.said)
    assert event.changed
    assert (part.title, part.colour) == ("[RESOLVED] InstanceDown (node critical)", Colour.GREEN)


WRONG: tuple[object, ...] = (
    None,
    7,
    "x",
    [],
    {},
    [1],
    {"text": 7},
    [{"type": {"a": 1}, "elements": "x", "fields": {}, "text": []}],
)


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_what_is_not_as_slack_sends_it_keeps_nothing_else_from_being_read(wrong: object) -> None:
    for part in ("attachments", "blocks", "bot_profile", "thread_ts", "username", "message", "previous_message"):
        told = json.loads(sample("alert_webhook"))
        told["event"]["text"] = "down &amp; out"
        told["event"][part] = wrong
        assert flat(PostEvent.model_validate(told).event.said)[0][0].text.startswith("down & out")
    PostEvent.model_validate({"event": wrong})
