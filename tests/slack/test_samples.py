"""Payloads as Slack sends them become the core's words."""

import json
from datetime import UTC, datetime
from importlib.resources import files

from adapters.slack import heard
from adapters.slack.api import Identity
from adapters.slack.payloads import Command, MembershipEvent, OpeningEvent, Press, ReactionEvent, Shortcut, Submission
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
