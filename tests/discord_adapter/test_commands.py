"""What people type, press and send in Discord is heard, and answered to them alone."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest

from adapters.discord import limits
from adapters.discord.platform import UNANSWERED
from bot.card import Button, Card
from bot.errors import TryLater
from bot.forms import Ask, Form, FormField
from bot.heard import Answer, Filled, Heard, Spoken, Suggestion
from bot.intents import Whisper
from bot.people import Person
from tests.support.sources import ADAPTERS

SAMPLES = ADAPTERS / "discord" / "samples"
EPHEMERAL = 64
UPDATE = Form(
    title="Post an update",
    does="#42 update",
    fields=(
        FormField(name="text", label="What is new?", ask=Ask.PARAGRAPH, required=True, hint="For everybody"),
        FormField(name="status", label="Status", ask=Ask.CHOICE, choices=(("identified", "Identified"), ("x", "X"))),
        FormField(name="next", label="Next update in", initial="20m"),
    ),
)
CARD = Card(title="SEV1", buttons=(Button(label="Post update", does="#42 update"), Button(label="New", does="")))


def said(message: dict[str, Any]) -> str:
    return str(message["embeds"][0].get("description"))


async def slash(stage: Any, who: Person, what: str | None = None, details: str | None = None) -> Any:
    options = {name: value for name, value in (("what", what), ("details", details)) if value is not None}
    return await stage.guild.command(who.handles["discord"], stage.named("general"), options=options)


async def test_a_slash_command_is_heard_and_answered_privately(stage: Any, ana: Person) -> None:
    stage.ear.answer = Answer(card=Card(text=("I am opening the channel.",)))
    done = await slash(stage, ana, "sev1", "checkout is down")
    heard = stage.ear.heard[0]
    assert isinstance(heard, Spoken)
    assert (heard.words, heard.channel, heard.platform) == (
        "sev1 checkout is down",
        stage.named("general"),
        "discord",
    )
    assert heard.key == f"discord:interaction:{done.id}"
    who = ana.handles["discord"]
    assert heard.actor == Person(key=f"discord:{who}", name="Ana Reyes", handles={"discord": who})
    assert done.message["flags"] & EPHEMERAL
    assert said(done.message) == "I am opening the channel."


async def test_who_asks_on_another_server_is_told_and_not_heard(stage: Any, ana: Person) -> None:
    message = await stage.posted(CARD, await stage.channel())
    channel = message["channel_id"]
    world, another = stage.guild.world, "1573306918502499999"
    for known in (world.roles, world.commands):
        known[another] = known[world.guild_id]
    world.guild_id = another
    typed = await slash(stage, ana, "ack")
    pressed = await stage.guild.press(ana.handles["discord"], channel, message["id"], "Post update")
    for done in (typed, pressed):
        assert done.message["flags"] & EPHEMERAL
        assert said(done.message).startswith("Tocsin serves another server")
    assert stage.ear.heard == []


async def test_an_interaction_of_nobody_is_left_alone(stage: Any, ana: Person) -> None:
    command = json.loads((SAMPLES / "button.json").read_text())
    command["guild_id"] = command["guild"]["id"] = stage.guild.guild_id
    del command["member"]
    stage.guild.world.emit("INTERACTION_CREATE", command)
    stage.guild.world.emit("INTERACTION_CREATE", command | {"id": "7", "type": [3]})
    stage.ear.answer = Answer(card=Card(text=("ok",)))
    await slash(stage, ana, "ack")
    assert [heard.words for heard in stage.ear.heard] == ["ack"]


async def test_nothing_is_said_before_it_is_saved(stage: Any, ana: Person) -> None:
    before = len(stage.calls())
    calls: list[int] = []

    async def saving(_: Heard) -> Answer:
        calls.append(len(stage.calls()) - before)
        return Answer(card=Card(text=("saved",)))

    stage.ear.answering = saving
    await slash(stage, ana, "ack")
    assert calls == [0]


@pytest.mark.parametrize(
    ("what", "details", "words"), [(None, None, ""), ("ack", None, "ack"), (None, "sev2 slow", "sev2 slow")]
)
async def test_the_words_are_what_and_details(
    stage: Any, ana: Person, what: str | None, details: str | None, words: str
) -> None:
    stage.ear.answer = Answer(card=Card(text=("ok",)))
    await slash(stage, ana, what, details)
    assert stage.ear.heard[0].words == words


async def test_suggestions_come_while_one_types(stage: Any, ana: Person) -> None:
    stage.ear.offers = [Suggestion(label=f"sev{n}: severity", words=f"sev{n}") for n in range(30)]
    offered = await stage.guild.autocomplete(
        ana.handles["discord"], stage.named("general"), "incident", {"what": "se"}, "what"
    )
    assert stage.ear.typed == [("discord", stage.named("general"), "se")]
    assert len(offered) == limits.CHOICES
    assert offered[1] == {"name": "sev1: severity", "value": "sev1"}
    assert stage.ear.heard == []


async def test_a_form_is_filled_in_and_comes_back(stage: Any, ana: Person) -> None:
    stage.ear.answer = Answer(form=UPDATE)
    await slash(stage, ana, "update")
    shown = stage.guild.open_modal(ana.handles["discord"])
    assert (shown["title"], shown["custom_id"]) == ("Post an update", "#42 update")
    stage.ear.answer = Answer(card=Card(text=("Posted.",)))
    done = await stage.guild.submit_modal(
        ana.handles["discord"], {"text": "We roll back.", "status": ["identified"], "next": ""}
    )
    heard = stage.ear.heard[1]
    assert isinstance(heard, Filled)
    assert (heard.words, heard.values) == ("#42 update", {"text": "We roll back.", "status": "identified"})
    assert said(done.message) == "Posted."


async def test_a_button_says_its_words_also_after_a_restart(resting: Any, ana: Person) -> None:
    channel = await resting.channel()
    message = await resting.posted(CARD, channel)
    resting.ear.answer = Answer(card=Card(text=("Heard.",)))
    for adapter in (resting.adapter, resting.another()):
        await adapter.start(resting.ear)
        await resting.eventually(lambda adapter=adapter: adapter.platform.connected)
        done = await resting.guild.press(ana.handles["discord"], channel, message["id"], "Post update")
        assert done.message["flags"] & EPHEMERAL
        await adapter.stop()
    first, second = resting.ear.heard
    assert first.words == second.words == "#42 update"
    assert first.message == f"{channel}:{message['id']}"


async def test_a_button_without_words_means_incident_alone(stage: Any, ana: Person) -> None:
    channel = await stage.channel()
    message = await stage.posted(CARD, channel)
    stage.ear.answer = Answer(form=UPDATE)
    await stage.guild.press(ana.handles["discord"], channel, message["id"], "New")
    assert stage.ear.heard[0].words == ""
    stage.ear.answer = Answer()
    done = await stage.guild.submit_modal(ana.handles["discord"], {"text": "x"})
    assert done.answered and done.response == {"type": 6}
    assert stage.message(f"{channel}:{message['id']}")["embeds"][0]["title"] == "SEV1"


async def test_a_button_that_needs_no_answer_is_acknowledged(stage: Any, ana: Person) -> None:
    channel = await stage.channel()
    message = await stage.posted(CARD, channel)
    done = await stage.guild.press(ana.handles["discord"], channel, message["id"], "Post update")
    assert done.response == {"type": 6}


async def test_an_answer_may_take_the_place_of_the_private_message(stage: Any, ana: Person) -> None:
    stage.ear.answer = Answer(card=Card(text=("Sure?",), buttons=(Button(label="Yes", does="resolve now"),)))
    asked = await slash(stage, ana, "resolve")
    stage.ear.answer = Answer(card=Card(text=("Done.",)), replaces=True)
    await stage.guild.press(ana.handles["discord"], stage.named("general"), asked.message["id"], "Yes")
    (private,) = stage.guild.ephemerals(ana.handles["discord"])
    assert (said(private), private["components"]) == ("Done.", [])


async def test_a_message_becomes_an_incident(stage: Any, ana: Person, bo: Person) -> None:
    stage.ear.answer = Answer(form=UPDATE)
    general = stage.named("general")
    message = await stage.guild.post(bo.handles["discord"], general, "Payments **fail** for everybody")
    await stage.guild.message_command(ana.handles["discord"], general, message["id"], "Declare incident")
    heard = stage.ear.heard[0]
    assert isinstance(heard, Spoken) and heard.original is not None
    assert heard.words == ""
    assert (heard.original.text, heard.original.author) == ("Payments **fail** for everybody", "Bo Lindqvist")
    assert heard.original.at == stage.clock.now()
    assert (heard.original.url or "").endswith(f"/{general}/{message['id']}")


async def test_an_alert_in_an_embed_becomes_an_incident(stage: Any, ana: Person) -> None:
    alerts = stage.named("alerts")
    embed = {"title": "[FIRING] HighLatency", "description": "p99 is 4 s"}
    message = await stage.guild.post_as_webhook(alerts, name="Grafana", embeds=[embed])
    stage.ear.answer = Answer(form=UPDATE)
    await stage.guild.message_command(ana.handles["discord"], alerts, message["id"], "Declare incident")
    assert stage.ear.heard[0].original.text == "[FIRING] HighLatency\np99 is 4 s"


async def test_a_slow_answer_is_announced_and_follows(stage: Any, ana: Person) -> None:
    go_on = asyncio.Event()

    async def slow(_: Heard) -> Answer:
        await go_on.wait()
        return Answer(card=Card(text=("At last.",)))

    stage.ear.answering = slow
    done = await slash(stage, ana, "stats")
    assert done.response["type"] == 5
    edited = asyncio.Event()
    stage.guild.on_change.append(lambda what: edited.set() if what == "EPHEMERAL_UPDATE" else None)
    go_on.set()
    await asyncio.wait_for(edited.wait(), 5)
    (private,) = stage.guild.ephemerals(ana.handles["discord"])
    assert said(private) == "At last."


async def test_a_form_that_comes_too_late_is_offered_as_a_button(stage: Any, ana: Person) -> None:
    go_on = asyncio.Event()

    async def slow(_: Heard) -> Answer:
        await go_on.wait()
        return Answer(form=UPDATE)

    stage.ear.answering = slow
    await slash(stage, ana, "update")
    edited = asyncio.Event()
    stage.guild.on_change.append(lambda what: edited.set() if what == "EPHEMERAL_UPDATE" else None)
    go_on.set()
    await asyncio.wait_for(edited.wait(), 5)
    (private,) = stage.guild.ephemerals(ana.handles["discord"])
    assert private["components"][0]["components"][0]["custom_id"] == "#42 update"


async def test_a_later_word_takes_the_place_of_the_private_answer(stage: Any, ana: Person) -> None:
    stage.ear.answer = Answer(card=Card(text=("I am opening the channel.",)))
    await slash(stage, ana, "sev1", "checkout is down")
    whisper = Whisper(
        person=ana,
        card=Card(text=("It is open.",)),
        reply=stage.ear.heard[0].reply,
        until=stage.clock.now() + limits.TOKEN_LIFE,
    )
    for _ in range(2):
        assert await stage.adapter.platform.perform(stage.job(whisper, "42:w")) is None
    assert [said(m) for m in stage.guild.ephemerals(ana.handles["discord"])] == ["It is open."]


async def test_a_later_word_about_a_button_leaves_the_message_alone(stage: Any, ana: Person) -> None:
    channel = await stage.channel()
    message = await stage.posted(CARD, channel)
    await stage.guild.press(ana.handles["discord"], channel, message["id"], "Post update")
    whisper = Whisper(person=ana, card=Card(text=("Noted.",)), reply=stage.ear.heard[0].reply)
    await stage.adapter.platform.perform(stage.job(whisper, "42:w"))
    assert [said(m) for m in stage.guild.ephemerals(ana.handles["discord"])] == ["Noted."]
    assert stage.message(f"{channel}:{message['id']}")["embeds"][0]["title"] == "SEV1"


async def test_after_a_quarter_of_an_hour_it_is_a_direct_message(stage: Any, ana: Person) -> None:
    stage.ear.answer = Answer(card=Card(text=("I am opening the channel.",)))
    await slash(stage, ana, "sev1", "checkout is down")
    reply, until = stage.ear.heard[0].reply, stage.clock.now() + limits.TOKEN_LIFE
    for key, deadline in (("42:known", until), ("42:unknown", None)):
        job = stage.job(Whisper(person=ana, card=Card(text=(key,)), reply=reply, until=deadline), key)
        stage.clock.forward(timedelta(minutes=16))
        assert await stage.adapter.platform.perform(job)
    direct = stage.guild.direct_channel(ana.handles["discord"])
    assert [said(m) for m in stage.guild.messages(direct["id"])] == ["42:known", "42:unknown"]


async def test_a_stale_interaction_is_saved_and_its_lost_answer_hurts_nobody(stage: Any, ana: Person) -> None:
    stage.guild.answer_within = 0.05
    gone = asyncio.Event()

    async def late(_: Heard) -> Answer:
        await gone.wait()
        return Answer(card=Card(text=("Too late.",)))

    stage.ear.answering = late
    done = await slash(stage, ana, "sev1", "x")
    assert done.timed_out
    gone.set()
    stage.guild.answer_within = 3.0
    stage.ear.answering, stage.ear.answer = None, Answer(card=Card(text=("Still here.",)))
    again = await slash(stage, ana, "ack")
    assert said(again.message) == "Still here."


async def test_a_later_word_waits_for_the_first_answer_and_keeps_no_other_waiting(stage: Any, ana: Person) -> None:
    stage.guild.answer_within = 0.05
    never = asyncio.Event()

    async def silent(_: Heard) -> Answer:
        await never.wait()
        return Answer()

    stage.ear.answering = silent
    await slash(stage, ana, "sev1", "x")
    whisper = Whisper(person=ana, card=Card(text=("It is open.",)), reply=stage.ear.heard[0].reply,
                      until=stage.clock.now() + limits.TOKEN_LIFE)  # fmt: skip
    with pytest.raises(TryLater) as later:
        await stage.adapter.platform.perform(stage.job(whisper, "42:w"))
    assert (later.value.shows, later.value.after) == (UNANSWERED, None), "Discord asked nobody to wait"
    never.set()


async def test_of_two_replicas_only_the_one_that_acts_answers(resting: Any, ana: Person) -> None:
    seen: set[str] = set()

    async def once(heard: Heard) -> Answer:
        if heard.key in seen:
            return Answer(elsewhere=True)
        seen.add(heard.key)
        return Answer(card=Card(text=("Mine.",)))

    resting.ear.answering = once
    replica = resting.another()
    for adapter in (resting.adapter, replica):
        await adapter.start(resting.ear)
    await resting.eventually(lambda: resting.adapter.platform.connected and replica.platform.connected)
    done = await slash(resting, ana, "sev1", "x")
    await resting.ear.until(2)
    assert said(done.message) == "Mine."
    assert len({heard.key for heard in resting.ear.heard}) == 1
    callbacks = [call for call in resting.calls() if "callback" in call.method]
    assert [call.outcome for call in callbacks] == ["ok"]
