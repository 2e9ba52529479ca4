"""What Discord refuses, and how the way to it fails, is told in the core's words."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from adapters.discord import limits
from adapters.discord.adapter import DiscordAdapter
from adapters.discord.settings import DiscordSettings
from adapters.sandbox.faults import Fault, FaultKind
from bot.card import Card
from bot.errors import Refused, TryLater
from bot.intents import Archive, Edit, Invite, Pin, Post, SetTopic
from bot.people import Person
from bot.ports import Job

POST = "POST /channels/*/messages"
HELLO = Post(card=Card(text=("hello",)))
LEASE = 10.0
"""Seconds that the delivery's claim lasts."""


async def failing(stage: Any, job: Job) -> TryLater:
    with pytest.raises(TryLater) as caught:
        await stage.adapter.platform.perform(job)
    return caught.value


async def test_a_long_rate_limit_goes_back_to_the_delivery_with_its_time(resting: Any) -> None:
    channel = await resting.channel()
    resting.guild.faults.add(Fault(kind=FaultKind.RATE_LIMIT, method=POST, seconds=7.5))
    error = await failing(resting, resting.job(HELLO, channel=channel))
    assert (error.why, error.after, error.maybe_done) == ("ratelimited", timedelta(seconds=7.5), False)


async def test_a_short_rate_limit_is_waited_for(resting: Any) -> None:
    channel = await resting.channel()
    resting.guild.faults.add(Fault(kind=FaultKind.RATE_LIMIT, method=POST, seconds=0.05))
    assert await resting.adapter.platform.perform(resting.job(HELLO, channel=channel))


async def test_a_topic_changed_too_often_never_makes_anybody_wait(resting: Any) -> None:
    channel = await resting.channel()
    resting.guild.enforce_limits = True
    async with asyncio.timeout(limits.CALL):
        for change in range(3):
            job = resting.job(SetTopic(topic=f"topic {change}"), f"42:t{change}", channel=channel)
            try:
                await resting.adapter.platform.perform(job)
            except TryLater as error:
                assert error.after is not None and error.after > timedelta(minutes=1)
                return
    pytest.fail("the third change within ten minutes should have been limited")


async def test_a_burst_to_one_channel_comes_through_within_the_limits(resting: Any) -> None:
    channel = await resting.channel()
    resting.guild.enforce_limits = True
    jobs = [resting.job(HELLO, f"42:b{n}", channel=channel) for n in range(8)]
    outcomes = await asyncio.gather(*(resting.adapter.platform.perform(job) for job in jobs), return_exceptions=True)
    limited = [outcome for outcome in outcomes if isinstance(outcome, TryLater)]
    assert len(resting.guild.messages(channel)) == len(outcomes) - len(limited) == 5
    assert all(error.after is not None and not error.maybe_done for error in limited)


async def test_calls_to_a_new_channel_go_out_side_by_side(resting: Any) -> None:
    channel = await resting.channel()
    resting.guild.latency = 0.1
    before = len(resting.calls())
    jobs = [resting.job(HELLO, f"42:s{n}", channel=channel) for n in range(3)]
    await asyncio.gather(*(resting.adapter.platform.perform(job) for job in jobs))
    calls = resting.calls()[before:]
    assert max(call.began for call in calls) < min(call.ended for call in calls)


async def test_an_answer_that_does_not_come_ends_the_call_before_half_the_lease(resting: Any) -> None:
    assert limits.CALL < LEASE / 2
    channel = await resting.channel()
    resting.guild.faults.add(Fault(kind=FaultKind.LATENCY, method=POST, seconds=limits.CALL * 2))
    error = await failing(resting, resting.job(HELLO, channel=channel))
    assert (error.why, error.maybe_done) == ("timeout", True)


async def test_a_discord_that_is_not_there_is_unreachable(resting: Any) -> None:
    settings = DiscordSettings(
        _env_file=None, token="t", guild=resting.guild.guild_id, api_url="http://127.0.0.1:1/api/v10"
    )
    adapter = DiscordAdapter(settings, resting.clock)
    with pytest.raises(TryLater) as caught:
        await adapter.platform.perform(resting.job(HELLO, channel="1"))
    assert (caught.value.unreachable, caught.value.maybe_done) == (True, False)
    await adapter.stop()


async def test_a_wrong_token_waits_to_be_mended_and_is_never_shown(resting: Any) -> None:
    stranger = resting.another(token="not.the.token")
    with pytest.raises(TryLater) as caught:
        await stranger.platform.perform(resting.job(HELLO, channel="1"))
    assert caught.value.after == timedelta(minutes=1)
    assert "not.the.token" not in repr(caught.value)


@pytest.mark.parametrize(("code", "method"), [("50013", POST), ("10003", POST), ("50001", POST)])
async def test_a_plain_no_is_refused_with_its_code(resting: Any, code: str, method: str) -> None:
    channel = await resting.channel()
    resting.guild.faults.add(Fault(kind=FaultKind.REFUSE, method=method, error=code))
    with pytest.raises(Refused, match=f"^{code} "):
        await resting.adapter.platform.perform(resting.job(HELLO, channel=channel))


@pytest.mark.parametrize(
    ("intent", "method", "code"),
    [
        (Pin(message="card"), "PUT /channels/*/messages/pins/*", "30003"),
        (SetTopic(topic="x"), "PATCH /channels/*", "50013"),
        (Archive(), "PATCH /channels/*", "50013"),
    ],
)
async def test_a_refused_tidying_is_told_as_such(resting: Any, intent: Any, method: str, code: str) -> None:
    channel = await resting.channel()
    message = await resting.posted(Card(text=("card",)), channel)
    resting.guild.faults.add(Fault(kind=FaultKind.REFUSE, method=method, error=code))
    with pytest.raises(Refused, match=code):
        await resting.adapter.platform.perform(
            resting.job(intent, "42:x", channel=channel, card=f"{channel}:{message['id']}")
        )


async def test_an_old_message_edited_too_often_is_edited_later(resting: Any) -> None:
    channel = await resting.channel()
    message = await resting.posted(Card(text=("card",)), channel)
    resting.guild.faults.add(Fault(kind=FaultKind.REFUSE, method="PATCH /channels/*/messages/*", error="30046"))
    edit = Edit(message="card", card=Card(text=("new",)))
    error = await failing(resting, resting.job(edit, "42:e", channel=channel, card=f"{channel}:{message['id']}"))
    assert (error.why, error.after) == ("30046", limits.OLD_EDIT)


async def test_one_refused_invitation_does_not_keep_out_the_others(resting: Any, ana: Person, bo: Person) -> None:
    channel = await resting.channel("sec-1", private=True)
    gone = Person(key="gone", name="Gone", handles={"discord": "999999999999999999"})
    with pytest.raises(Refused):
        await resting.adapter.platform.perform(
            resting.job(Invite(people=(gone, ana, bo)), "42:invite", channel=channel)
        )
    assert resting.guild.can_see(ana.handles["discord"], channel)
    assert resting.guild.can_see(bo.handles["discord"], channel)


async def test_a_reference_that_is_none_is_refused(resting: Any) -> None:
    with pytest.raises(Refused):
        await resting.adapter.platform.perform(resting.job(Pin(message="card"), channel="1", card="C123:4.5"))
