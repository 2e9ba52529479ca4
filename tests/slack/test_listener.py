"""What happens in Slack reaches the ear, is saved before it is acknowledged, and is answered after that."""

import asyncio
from typing import Any

import pytest

from adapters.sandbox.faults import FaultKind
from bot.card import Button, Card
from bot.forms import Ask, Form, FormField
from bot.heard import Answer, Filled, Moved, Reacted, Spoken
from bot.intents import Invite, OpenChannel, Post, Whisper
from tests.slack.conftest import ANA, Stage

ANA_ID, BO_ID = "U0ANA0001", "U0BO00002"
HOSTILE = "<!channel> <@U0ANA0001> *x* `y` 🔥 " + "é" * 5_000
FORM = Form(
    title="Declare an incident",
    does="declare",
    fields=(
        FormField(name="title", label="What is broken?", required=True),
        FormField(name="severity", label="Severity", ask=Ask.CHOICE, choices=(("sev1", "SEV1"), ("sev2", "SEV2"))),
        FormField(name="details", label="Details", ask=Ask.PARAGRAPH, hint="What you know"),
    ),
)
CARD = Card(text=("done",))


async def posted(stage: Stage, card: Card) -> tuple[str, str]:
    """A message of the bot in a channel of its own."""
    channel = await stage.do(OpenChannel(names=("incident-1",), topic="")) or ""
    stage.refs["channel"] = channel
    await stage.do(Invite(people=(ANA,)))
    ref = await stage.do(Post(card=card)) or ""
    return channel, ref.split(":")[1]


async def test_a_command_is_answered_with_its_acknowledgement(stage: Stage) -> None:
    stage.ear.answers = [Answer(card=Card(title="Declared", text=("see ", "there")))]
    before = len(stage.methods())
    delivery = await stage.workspace.command(ANA_ID, stage.general, "sev1 checkout is down, ask @bo")
    (heard,) = stage.ear.heard
    assert isinstance(heard, Spoken)
    assert heard.words == f"sev1 checkout is down, ask <@{BO_ID}|bo>"
    assert heard.key == f"slack:trigger:{delivery.envelope['payload']['trigger_id']}"
    assert (heard.actor.handles, heard.channel) == ({"slack": ANA_ID}, stage.general)
    assert delivery.acked
    assert stage.workspace.ephemerals(ANA_ID)[-1]["text"] == "Declared\nsee there"
    assert len(stage.methods()) == before


async def test_a_command_is_acknowledged_only_once_it_is_saved(stage: Stage) -> None:
    stage.ear.held = asyncio.Event()
    stage.ear.answers = [Answer(form=FORM)]
    before = len(stage.methods())
    sending = asyncio.create_task(stage.workspace.command(ANA_ID, stage.general, ""))
    await stage.ear.began.wait()
    assert not sending.done()
    stage.ear.held.set()
    delivery = await sending
    assert delivery.acked
    await stage.until(lambda: stage.workspace.open_view(ANA_ID))
    assert stage.methods()[before:] == ["views.open"]


async def test_what_could_not_be_saved_is_not_acknowledged(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    stage.ear.faults = [RuntimeError("the database is gone")]
    stage.workspace.courier.ack_seconds = 0.3
    delivery = await stage.workspace.command(ANA_ID, stage.general, "sev1 checkout is down")
    assert not delivery.acked
    assert "the database is gone" in caplog.text


async def test_a_command_without_an_answer_is_only_acknowledged(stage: Stage) -> None:
    delivery = await stage.workspace.command(ANA_ID, stage.general, "ack")
    assert delivery.acked
    assert not stage.workspace.ephemerals(ANA_ID)


async def test_the_longest_hostile_answer_is_taken(stage: Stage) -> None:
    stage.ear.answers = [Answer(card=Card(title=HOSTILE, text=(HOSTILE * 4,), footer=(HOSTILE,)))]
    delivery = await stage.workspace.command(ANA_ID, stage.general, HOSTILE[:200])
    assert delivery.error == ""
    assert isinstance(stage.ear.heard[0], Spoken)
    assert stage.ear.heard[0].words.startswith("<!channel>") or stage.ear.heard[0].words.startswith("@channel")
    assert "<!" not in stage.workspace.ephemerals(ANA_ID)[-1]["text"]


async def test_a_form_is_opened_filled_in_and_sent(stage: Stage) -> None:
    stage.ear.answers = [Answer(form=FORM), Answer(card=Card(text=("declared",)))]
    await stage.workspace.command(ANA_ID, stage.general, "")
    view = await stage.until(lambda: stage.workspace.open_view(ANA_ID))
    assert view["title"]["text"] == "Declare an incident"
    await stage.workspace.submit_view(ANA_ID, {"title": "a < b <!channel>", "severity": "sev1"})
    filled = stage.ear.heard[-1]
    assert isinstance(filled, Filled)
    assert (filled.words, filled.channel) == ("declare", stage.general)
    assert filled.values == {"title": "a < b <!channel>", "severity": "sev1", "details": ""}
    assert stage.workspace.open_view(ANA_ID) is None


async def test_the_answer_to_a_form_is_whispered(stage: Stage) -> None:
    channel, _ = await posted(stage, CARD)
    stage.ear.answers = [Answer(form=FORM), Answer(card=Card(text=("declared",)))]
    await stage.workspace.command(ANA_ID, channel, "")
    await stage.until(lambda: stage.workspace.open_view(ANA_ID))
    await stage.workspace.submit_view(ANA_ID, {"title": "x"})
    assert (await stage.whispered(ANA_ID))["text"] == "declared"


async def test_a_form_may_give_way_to_the_next(stage: Stage) -> None:
    stage.ear.answers = [Answer(form=FORM), Answer(form=FORM.model_copy(update={"title": "Once more", "does": "b"}))]
    await stage.workspace.command(ANA_ID, stage.general, "")
    await stage.until(lambda: stage.workspace.open_view(ANA_ID))
    await stage.workspace.submit_view(ANA_ID, {"title": "x"})
    view = await stage.until(lambda: stage.workspace.open_view(ANA_ID))
    assert view["title"]["text"] == "Once more"


async def test_a_button_does_what_its_words_say(stage: Stage) -> None:
    channel, ts = await posted(stage, Card(text=("due",), buttons=(Button(label="No change", does="#1 nochange"),)))
    stage.ear.heard.clear()
    delivery = await stage.workspace.press(ANA_ID, channel, ts, "No change")
    assert delivery.acked
    spoken = stage.ear.heard[-1]
    assert isinstance(spoken, Spoken)
    assert (spoken.words, spoken.message, spoken.channel) == ("#1 nochange", f"{channel}:{ts}", channel)
    assert spoken.reply is not None


async def test_a_buttons_answer_is_private(stage: Stage) -> None:
    channel, ts = await posted(stage, Card(text=("due",), buttons=(Button(label="Roles", does="roles"),)))
    stage.ear.answers = [Answer(card=CARD, replaces=True)]
    await stage.workspace.press(ANA_ID, channel, ts, "Roles")
    assert (await stage.whispered(ANA_ID))["text"] == "done"
    message = stage.workspace.place(channel).message(ts)
    assert message is not None
    assert message["text"] == "due"


async def test_a_button_may_open_a_form(stage: Stage) -> None:
    channel, ts = await posted(stage, Card(text=("due",), buttons=(Button(label="Post update", does="update"),)))
    stage.ear.answers = [Answer(form=FORM)]
    await stage.workspace.press(ANA_ID, channel, ts, "Post update")
    view = await stage.until(lambda: stage.workspace.open_view(ANA_ID))
    assert f"{channel}:{ts}" in view["private_metadata"]


async def test_an_answer_takes_the_place_of_the_private_message_that_was_pressed(stage: Stage) -> None:
    asks = Card(text=("A likely duplicate is open.",), buttons=(Button(label="Join", does="#1 join"),))
    stage.ear.answers = [Answer(card=asks), Answer(card=CARD, replaces=True)]
    await stage.workspace.command(ANA_ID, stage.general, "sev1 x")
    ts = stage.workspace.ephemerals(ANA_ID)[-1]["ts"]
    await stage.workspace.press(ANA_ID, stage.general, ts, "Join")
    await stage.until(lambda: stage.workspace.ephemerals(ANA_ID)[-1]["text"] == "done")
    assert len(stage.workspace.ephemerals(ANA_ID)) == 1
    spoken = stage.ear.heard[-1]
    assert spoken.message is None


async def test_a_private_message_goes_where_the_answer_is_empty_but_replaces(stage: Stage) -> None:
    asks = Card(text=("Sure?",), buttons=(Button(label="No", does="never mind"),))
    stage.ear.answers = [Answer(card=asks), Answer(replaces=True)]
    await stage.workspace.command(ANA_ID, stage.general, "cancel")
    ts = stage.workspace.ephemerals(ANA_ID)[-1]["ts"]
    await stage.workspace.press(ANA_ID, stage.general, ts, "No")
    await stage.until(lambda: not stage.workspace.ephemerals(ANA_ID))


async def test_a_button_with_an_address_is_only_acknowledged(stage: Stage) -> None:
    channel, ts = await posted(stage, Card(text=("x",), buttons=(Button(label="Console", url="https://x.example"),)))
    stage.ear.heard.clear()
    delivery = await stage.workspace.press(ANA_ID, channel, ts, "Console")
    assert delivery.acked
    assert not stage.ear.heard


async def test_an_answer_that_slack_loses_is_told_another_way(stage: Stage) -> None:
    channel, ts = await posted(stage, Card(text=("due",), buttons=(Button(label="Roles", does="roles"),)))
    stage.ear.answers = [Answer(card=CARD)]
    stage.fault(FaultKind.REFUSE, "views.open", error="expired_trigger_id")
    for url in list(stage.workspace.response_urls.values()):
        url.uses = 99
    await stage.workspace.press(ANA_ID, channel, ts, "Roles")
    assert (await stage.whispered(ANA_ID))["text"] == "done"


async def test_a_message_becomes_an_incident(stage: Stage) -> None:
    said = await stage.workspace.post(BO_ID, stage.general, "checkout answers 500 & more, see https://g.example @ana")
    stage.ear.answers = [Answer(form=FORM)]
    await stage.workspace.shortcut(ANA_ID, "declare", channel_id=stage.general, ts=said["ts"])
    spoken = stage.ear.heard[-1]
    assert isinstance(spoken, Spoken)
    assert spoken.original is not None
    assert spoken.words == ""
    assert spoken.original.text == f"checkout answers 500 & more, see https://g.example <@{ANA_ID}>"
    assert spoken.original.author == BO_ID
    assert spoken.original.url is not None
    assert spoken.original.url.endswith(f"/archives/{stage.general}/p{said['ts'].replace('.', '')}")
    await stage.until(lambda: stage.workspace.open_view(ANA_ID))


async def test_an_incident_is_declared_from_anywhere(stage: Stage) -> None:
    stage.ear.answers = [Answer(form=FORM)]
    await stage.workspace.shortcut(ANA_ID, "declare_global")
    assert stage.ear.heard[-1].channel is None
    await stage.until(lambda: stage.workspace.open_view(ANA_ID))


async def test_reactions_are_heard_as_emoji(stage: Stage) -> None:
    channel, ts = await posted(stage, Card(text=("due",)))
    stage.ear.heard.clear()
    await stage.workspace.react(ANA_ID, channel, ts, "raising_hand::skin-tone-4")
    (put,) = await stage.ear.until(1)
    await stage.workspace.unreact(ANA_ID, channel, ts, "raising_hand::skin-tone-4")
    taken = (await stage.ear.until(2))[-1]
    assert isinstance(put, Reacted)
    assert isinstance(taken, Reacted)
    assert (put.emoji, put.added, put.message, put.original) == ("🙋", True, f"{channel}:{ts}", None)
    assert (taken.emoji, taken.added) == ("🙋", False)
    assert put.actor.name == "Ana Reyes"
    assert put.key.startswith("slack:event:Ev")


async def test_the_message_under_a_pin_is_brought_along(stage: Stage) -> None:
    channel, _ = await posted(stage, CARD)
    top = await stage.workspace.post(ANA_ID, channel, "we rolled back")
    reply = await stage.workspace.post(ANA_ID, channel, "and it helped", thread_ts=top["ts"])
    stage.ear.heard.clear()
    for said in (top, reply):
        await stage.workspace.react(ANA_ID, channel, said["ts"], "pushpin")
    first, second = await stage.ear.until(2)
    texts = {r.original.text: r.original.author for r in (first, second) if isinstance(r, Reacted) and r.original}
    assert texts == {"we rolled back": "Ana Reyes", "and it helped": "Ana Reyes"}


async def test_a_pinned_message_that_slack_does_not_give_now_is_sent_again(stage: Stage) -> None:
    channel, _ = await posted(stage, CARD)
    said = await stage.workspace.post(ANA_ID, channel, "we rolled back")
    stage.ear.heard.clear()
    stage.workspace.courier.ack_seconds = 0.3
    stage.fault(FaultKind.SERVER_ERROR, "conversations.history")
    await stage.workspace.react(ANA_ID, channel, said["ts"], "pushpin")
    (reacted,) = await stage.ear.until(1)
    assert isinstance(reacted, Reacted)
    assert reacted.original is not None


async def test_the_bots_own_reactions_and_other_bots_are_left_alone(stage: Stage) -> None:
    channel, ts = await posted(stage, CARD)
    stage.workspace.users[BO_ID]["is_bot"] = True
    await stage.workspace.join(BO_ID, channel)
    stage.ear.heard.clear()
    await stage.workspace.react(stage.workspace.bot_user_id, channel, ts, "eyes")
    await stage.workspace.react(BO_ID, channel, ts, "eyes")
    await stage.workspace.react(ANA_ID, channel, ts, "eyes")
    (only,) = await stage.ear.until(1)
    assert only.actor.key == f"slack:{ANA_ID}"


async def test_comings_and_goings_are_heard(stage: Stage) -> None:
    channel, _ = await posted(stage, CARD)
    (invited,) = await stage.ear.until(1)
    await stage.workspace.join(BO_ID, channel)
    joined = (await stage.ear.until(2))[-1]
    await stage.workspace.leave(BO_ID, channel)
    left = (await stage.ear.until(3))[-1]
    assert isinstance(invited, Moved)
    assert isinstance(joined, Moved)
    assert isinstance(left, Moved)
    assert (invited.actor.key, invited.joined) == (f"slack:{ANA_ID}", True)
    assert (joined.actor.name, joined.channel, joined.joined) == ("Bo Lindqvist", channel, True)
    assert not left.joined


async def test_ones_own_page_is_shown_and_its_buttons_work(stage: Stage) -> None:
    stage.ear.page = Card(title="Open incidents", buttons=(Button(label="Declare", does="declare"),))
    await stage.workspace.open_home(ANA_ID)
    await stage.until(lambda: stage.workspace.home(ANA_ID))
    stage.ear.answers = [Answer(card=CARD)]
    await stage.workspace.press_in_view(ANA_ID, "do:0")
    assert stage.ear.heard[-1].channel is None
    direct = await stage.until(lambda: stage.workspace.dm(stage.workspace.bot_user_id, ANA_ID).messages)
    assert direct[-1]["text"] == "done"


async def test_messages_and_everything_else_are_acknowledged(stage: Stage) -> None:
    channel, _ = await posted(stage, CARD)
    await stage.ear.until(1)
    await stage.workspace.post(ANA_ID, channel, "hello")
    await stage.workspace.command(ANA_ID, channel, "list")
    sent = stage.workspace.courier.journal
    assert {"message", "member_joined_channel"} <= {envelope.payload["event"]["type"] for envelope in sent[:-1]}
    assert all(envelope.over for envelope in sent)
    assert not stage.workspace.courier.lost


async def test_a_redelivered_event_has_the_same_key(stage: Stage) -> None:
    await stage.workspace.command(ANA_ID, stage.general, "sev1 x")
    await stage.workspace.redeliver()
    first, second = stage.ear.heard
    assert first.key == second.key


async def test_the_socket_is_opened_again(stage: Stage) -> None:
    for cut in (stage.workspace.drop_sockets, stage.workspace.refresh_sockets):
        await cut()
        async with asyncio.timeout(10):
            await stage.workspace.wait_connected()
        delivery: Any = None
        async with asyncio.timeout(10):
            while delivery is None or not delivery.acked:
                delivery = await stage.workspace.command(ANA_ID, stage.general, "list")
    assert stage.adapter.platform.connected


async def test_a_whisper_through_the_commands_own_reply(stage: Stage) -> None:
    await stage.workspace.command(ANA_ID, stage.general, "sev1 x")
    await stage.do(Whisper(person=ANA, card=CARD, reply=stage.ear.heard[0].reply, channel=stage.general))
    assert (await stage.whispered(ANA_ID))["text"] == "done"
