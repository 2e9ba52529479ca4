"""Categories hold fifty channels and a guild five hundred; an incident finds its place all the same."""

import asyncio
from typing import Any

import pytest

from adapters.sandbox.faults import Fault, FaultKind
from bot.card import Card
from bot.intents import Archive, Invite, OpenChannel, SetTopic, Unarchive
from bot.people import Person

CATEGORY = 4


def categories(stage: Any) -> list[str]:
    return sorted(c["name"] for c in stage.guild.channels.values() if c["type"] == CATEGORY)


async def fill(stage: Any, name: str, places: int) -> None:
    """Open channels until the category has so few places left."""
    parent = stage.named(name)
    inside = sum(1 for c in stage.guild.channels.values() if c.get("parent_id") == parent)
    for number in range(50 - places - inside):
        await stage.channel(f"old-{name}-{number}", key=f"old:{name}:{number}")


async def test_the_category_stands_from_the_start(stage: Any) -> None:
    assert categories(stage) == ["Incidents"]


async def test_two_replicas_that_start_together_make_one_category(resting: Any) -> None:
    replica = resting.another()
    resting.guild.latency = 0.02
    await asyncio.gather(resting.adapter.platform.categories.prepare(), replica.platform.categories.prepare())
    assert categories(resting) == ["Incidents"]
    assert await replica.platform.categories.home() == await resting.adapter.platform.categories.home()


async def test_the_next_category_is_made_before_the_first_is_full(stage: Any) -> None:
    made = asyncio.Event()
    stage.guild.on_change.append(lambda _: made.set() if "Incidents 2" in categories(stage) else None)
    await fill(stage, "Incidents", 4)
    await asyncio.wait_for(made.wait(), 5)
    assert await stage.channel("one-more", key="more:open")
    assert stage.guild.channels[stage.named("one-more")]["parent_id"] == stage.named("Incidents")
    await fill(stage, "Incidents", 0)
    over = await stage.channel("over", key="over:open")
    assert stage.guild.channels[over]["parent_id"] == stage.named("Incidents 2")


async def test_a_category_that_others_filled_gives_way_to_the_next(resting: Any) -> None:
    await resting.adapter.platform.categories.prepare()
    replica = resting.another()
    await replica.platform.categories.prepare()
    for number in range(50):
        await replica.platform.perform(
            resting.job(OpenChannel(names=(f"theirs-{number}",), topic="x"), f"t{number}:open")
        )
    over = await resting.channel("ours")
    assert resting.guild.channels[resting.guild.channels[over]["parent_id"]]["name"] == "Incidents 2"


@pytest.mark.parametrize("private", [False, True])
async def test_in_a_full_guild_a_thread_serves(resting: Any, private: bool, ana: Person, bo: Person) -> None:
    await resting.adapter.platform.categories.prepare()
    resting.guild.faults.add(Fault(kind=FaultKind.REFUSE, method="POST /guilds/*/channels", error="30013", times=None))
    opening = OpenChannel(names=("incident-9",), topic="x", private=private, people=(ana,))
    ref = await resting.do(opening, "9:open")
    thread = resting.guild.channels[ref]
    assert thread["type"] == (12 if private else 10)
    assert thread["name"].startswith("incident-9 · ")
    await resting.adapter.platform.perform(resting.job(SetTopic(topic="new"), "9:t", channel=ref))
    await resting.adapter.platform.perform(resting.job(Invite(people=(bo,)), "9:i", channel=ref))
    assert await resting.posted(Card(text=("in the thread",)), ref)
    await resting.adapter.platform.perform(resting.job(Archive(), "9:a", channel=ref))
    assert resting.guild.channels[ref]["thread_metadata"]["locked"]
    await resting.adapter.platform.perform(resting.job(Unarchive(), "9:b", channel=ref))
    assert not resting.guild.channels[ref]["thread_metadata"]["archived"]
