"""Reactions are heard as the emoji they are, once, with the message where it is wanted."""

from datetime import timedelta
from typing import Any

import pytest

from adapters.discord.emoji import bare
from adapters.discord.heard import Moments
from adapters.sandbox.faults import Fault, FaultKind
from bot.card import Card
from bot.heard import Reacted
from bot.intents import React
from bot.people import Person


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("✅", "✅"),
        ("⏰\ufe0f", "⏰"),
        ("🙋🏽", "🙋"),
        ("🙋🏿\u200d♀\ufe0f", "🙋"),
        ("🙋\u200d♂\ufe0f", "🙋"),
        ("party_parrot", "party_parrot"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
    ],
)
def test_one_emoji_has_one_spelling(typed: str, known: str) -> None:
    assert bare(typed) == known


async def test_a_reaction_on_a_reminder_is_heard(stage: Any, ana: Person) -> None:
    channel = await stage.channel()
    message = await stage.posted(Card(title="Update due"), channel)
    await stage.guild.react(ana.handles["discord"], channel, message["id"], "🙋🏽")
    heard = await stage.ear.until(1)
    assert isinstance(heard, Reacted)
    assert (heard.emoji, heard.added, heard.message) == ("🙋", True, f"{channel}:{message['id']}")
    assert (heard.channel, heard.actor.name, heard.original) == (channel, "Ana Reyes", None)


async def test_adding_removing_and_adding_again_are_three_events(stage: Any, ana: Person) -> None:
    channel = await stage.channel()
    message = await stage.posted(Card(title="x"), channel)
    who = ana.handles["discord"]
    for count, act in enumerate((stage.guild.react, stage.guild.unreact, stage.guild.react), start=1):
        await act(who, channel, message["id"], "✅")
        await stage.ear.until(count)
    assert [heard.added for heard in stage.ear.heard] == [True, False, True]
    assert len({heard.key for heard in stage.ear.heard}) == 3
    assert {heard.actor.name for heard in stage.ear.heard} == {"Ana Reyes"}


async def test_a_removal_by_somebody_unknown_is_told_with_their_name(resting: Any, ana: Person) -> None:
    channel = await resting.channel()
    message = await resting.posted(Card(title="x"), channel)
    await resting.guild.react(ana.handles["discord"], channel, message["id"], "📌")
    await resting.adapter.start(resting.ear)
    await resting.connected()
    await resting.guild.unreact(ana.handles["discord"], channel, message["id"], "📌")
    heard = await resting.ear.until(1)
    assert (heard.actor.name, heard.added) == ("Ana Reyes", False)


async def test_the_message_is_brought_only_where_it_is_wanted(stage: Any, ana: Person, bo: Person) -> None:
    stage.ear.originals = frozenset("📌")
    channel = await stage.channel()
    message = await stage.guild.post(bo.handles["discord"], channel, "rolled back to v41")
    stage.clock.forward(timedelta(minutes=3))
    before = len(stage.calls())
    await stage.guild.react(ana.handles["discord"], channel, message["id"], "👀")
    await stage.ear.until(1)
    assert len(stage.calls()) == before
    await stage.guild.react(ana.handles["discord"], channel, message["id"], "📌")
    heard = await stage.ear.until(2)
    assert heard.original is not None
    assert (heard.original.text, heard.original.author) == ("rolled back to v41", "Bo Lindqvist")
    assert heard.original.at == stage.clock.now() - timedelta(minutes=3)


async def test_a_message_that_cannot_be_read_does_not_lose_the_reaction(stage: Any, ana: Person) -> None:
    stage.ear.originals = frozenset("📌")
    channel = await stage.channel()
    message = await stage.posted(Card(title="x"), channel)
    stage.guild.faults.add(Fault(kind=FaultKind.SERVER_ERROR, method="GET /channels/*/messages/*"))
    await stage.guild.react(ana.handles["discord"], channel, message["id"], "📌")
    assert (await stage.ear.until(1)).original is None


async def test_the_bots_own_reactions_are_not_heard(stage: Any, ana: Person) -> None:
    channel = await stage.channel()
    message = await stage.posted(Card(title="x"), channel)
    ref = f"{channel}:{message['id']}"
    await stage.adapter.platform.perform(stage.job(React(message=ref, emoji="✅"), "42:r"))
    await stage.guild.react(ana.handles["discord"], channel, message["id"], "✅")
    assert (await stage.ear.until(1)).actor.name == "Ana Reyes"
    assert len(stage.ear.heard) == 1


async def test_all_replicas_give_one_reaction_one_key(resting: Any, ana: Person) -> None:
    replica = resting.another()
    for adapter in (resting.adapter, replica):
        await adapter.start(resting.ear)
    await resting.eventually(lambda: resting.adapter.platform.connected and replica.platform.connected)
    channel = await resting.channel()
    message = await resting.posted(Card(title="x"), channel)
    who = ana.handles["discord"]
    for count, act in enumerate((resting.guild.react, resting.guild.unreact, resting.guild.react), start=1):
        await act(who, channel, message["id"], "✅")
        await resting.ear.until(2 * count)
    keys = [heard.key for heard in resting.ear.heard]
    assert sorted(keys) == sorted([*dict.fromkeys(keys)] * 2)


def test_a_later_change_has_another_moment(resting: Any) -> None:
    moments, now = Moments(), resting.clock.now()
    first = [moments.of("m:u:✅", now), moments.of("m:u:✅", now), moments.of("other", now)]
    later = moments.of("m:u:✅", now + timedelta(minutes=1))
    assert len({*first[:2], later}) == 3
    assert first[0] == first[2]
