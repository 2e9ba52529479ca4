"""Where an answer was lost the second attempt finds the first one's effect; nothing is lost, nothing is doubled."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from adapters.sandbox.faults import Fault, FaultKind
from bot.card import Card
from bot.errors import TryLater
from bot.intents import Attach, Edit, OpenChannel, Pin, Post, React, SetTopic, Whisper
from bot.people import Person
from bot.ports import Found

OPEN = OpenChannel(names=("incident-1",), topic="checkout is down")
LOST = (FaultKind.DROP_AFTER, FaultKind.DROP_BEFORE, FaultKind.SERVER_ERROR)


async def attempt_that_fails(stage: Any, job: Any, kind: FaultKind, method: str) -> TryLater:
    stage.guild.faults.add(Fault(kind=kind, platform="discord", method=method))
    with pytest.raises(TryLater) as caught:
        await stage.adapter.platform.perform(job)
    assert caught.value.maybe_done
    return caught.value


@pytest.mark.parametrize("kind", LOST)
@pytest.mark.parametrize("private", [False, True])
async def test_a_channel_is_opened_once(resting: Any, kind: FaultKind, private: bool) -> None:
    job = resting.job(OPEN.model_copy(update={"private": private}), "42:open")
    await resting.adapter.platform.categories.prepare()
    await attempt_that_fails(resting, job, kind, "POST /guilds/*/channels")
    resting.clock.forward(timedelta(hours=2))
    found = await resting.adapter.platform.find(job)
    assert (found is not None) == (kind is FaultKind.DROP_AFTER)
    ref = found.ref if found else await resting.adapter.platform.perform(job)
    named = [c for c in resting.guild.channels.values() if c["name"] == "incident-1"]
    assert [channel["id"] for channel in named] == [ref]


@pytest.mark.parametrize("kind", LOST)
@pytest.mark.parametrize("later", [timedelta(seconds=5), timedelta(hours=3)])
async def test_a_message_is_posted_once(resting: Any, kind: FaultKind, later: timedelta, ana: Person) -> None:
    channel = await resting.channel()
    job = resting.job(Post(card=Card(title="Update due", footer=("sev1",))), "42:ask", channel=channel)
    await attempt_that_fails(resting, job, kind, "POST /channels/*/messages")
    for number in range(150):
        await resting.guild.post(ana.handles["discord"], channel, f"talk {number}")
    resting.clock.forward(later)
    found = await resting.adapter.platform.find(job)
    assert (found is not None) == (kind is FaultKind.DROP_AFTER)
    ref = found.ref if found else await resting.adapter.platform.perform(job)
    ours = [m for m in resting.guild.messages(channel) if m["author"]["id"] == resting.guild.bot_user_id]
    assert [f"{channel}:{message['id']}" for message in ours] == [ref]


async def test_what_was_posted_by_a_clock_that_was_ahead_is_found(resting: Any) -> None:
    channel = await resting.channel()
    job = resting.job(Post(card=Card(title="Update due", footer=("sev1",))), "42:ask", channel=channel)
    ref = await resting.adapter.platform.perform(job)
    now = resting.clock.now()
    ahead = replace(job, first_try_at=now + timedelta(hours=2))
    assert await resting.adapter.platform.find(ahead) is None
    assert await resting.adapter.platform.find(replace(ahead, owed_at=now)) == Found(ref)


@pytest.mark.parametrize("kind", LOST)
@pytest.mark.parametrize("later", [timedelta(seconds=5), timedelta(hours=3)])
async def test_a_file_is_posted_once(resting: Any, kind: FaultKind, later: timedelta) -> None:
    channel = await resting.channel()
    job = resting.job(Attach(name="a.md", title="A draft", content="# A"), "42:file", channel=channel)
    await attempt_that_fails(resting, job, kind, "POST /channels/*/messages")
    resting.clock.forward(later)
    found = await resting.adapter.platform.find(job)
    assert (found is not None) == (kind is FaultKind.DROP_AFTER)
    ref = found.ref if found else await resting.adapter.platform.perform(job)
    (message,) = resting.guild.messages(channel)
    assert (ref, len(message["attachments"])) == (f"{channel}:{message['id']}", 1)
    other = resting.job(job.intent, "42:another", channel=channel)
    assert await resting.adapter.platform.find(other) is None


async def test_a_blind_repetition_of_a_file_is_answered_with_the_first(resting: Any) -> None:
    channel = await resting.channel()
    job = resting.job(Attach(name="a.md", title="A draft", content="# A"), "42:file", channel=channel)
    assert await resting.adapter.platform.perform(job) == await resting.adapter.platform.perform(job)
    assert len(resting.guild.messages(channel)) == 1


async def test_a_limit_on_files_is_waited_for(resting: Any) -> None:
    channel = await resting.channel()
    job = resting.job(Attach(name="a.md", title="A draft", content="# A"), "42:file", channel=channel)
    limit = Fault(kind=FaultKind.RATE_LIMIT, platform="discord", method="POST /channels/*/messages", seconds=7)
    resting.guild.faults.add(limit)
    with pytest.raises(TryLater) as limited:
        await resting.adapter.platform.perform(job)
    assert (limited.value.maybe_done, limited.value.after) == (False, timedelta(seconds=7))
    resting.guild.faults.add(limit.model_copy(update={"seconds": 0.2}))
    assert await resting.adapter.platform.perform(job)
    (message,) = resting.guild.messages(channel)
    assert message["attachments"][0]["size"] == 3


async def test_a_blind_repetition_within_minutes_is_answered_with_the_first_message(resting: Any) -> None:
    channel = await resting.channel()
    job = resting.job(Post(card=Card(title="Update due")), "42:ask", channel=channel)
    first = await resting.adapter.platform.perform(job)
    assert await resting.adapter.platform.perform(job) == first
    assert len(resting.guild.messages(channel)) == 1


async def test_the_same_card_of_another_job_is_not_taken_for_ours(resting: Any) -> None:
    channel = await resting.channel()
    await resting.posted(Card(title="Update due"), channel, "42:ask-1")
    other = resting.job(Post(card=Card(title="Update due")), "42:ask-2", channel=channel)
    assert await resting.adapter.platform.find(other) is None


async def test_an_update_in_a_thread_is_posted_once(resting: Any) -> None:
    announcement = await resting.do(Post(card=Card(title="SEV1"), to="announcements"), "42:announce")
    update = Post(card=Card(title="Update"), to="announcements", thread="announce")
    job = resting.job(update, "42:u", announce=announcement)
    assert await resting.adapter.platform.find(job) is None  # there is no thread yet
    await attempt_that_fails(resting, job, FaultKind.DROP_AFTER, "POST /channels/*/messages/*/threads")
    assert await resting.adapter.platform.find(job) is None
    await attempt_that_fails(resting, job, FaultKind.DROP_AFTER, "POST /channels/*/messages")
    found = await resting.adapter.platform.find(job)
    assert found is not None and found.ref is not None
    assert found.ref.startswith(announcement.split(":")[1])


async def test_a_direct_message_is_sent_once(resting: Any, ana: Person) -> None:
    job = resting.job(Whisper(person=ana, card=Card(text=("You are on call.",))), "42:w")
    await attempt_that_fails(resting, job, FaultKind.DROP_AFTER, "POST /channels/*/messages")
    direct = resting.guild.direct_channel(ana.handles["discord"])
    (sent,) = resting.guild.messages(direct["id"])
    assert await resting.adapter.platform.find(job) == Found(f"{direct['id']}:{sent['id']}")


async def test_what_may_be_repeated_is_not_looked_for(resting: Any) -> None:
    channel = await resting.channel()
    message = await resting.posted(Card(title="x"), channel)
    refs = {"channel": channel, "card": f"{channel}:{message['id']}"}
    before = len(resting.calls())
    for intent in (Edit(message="card", card=Card(title="y")), Pin(message="card"), SetTopic(topic="z")):
        assert await resting.adapter.platform.find(resting.job(intent, "42:x", **refs)) is None
    assert len(resting.calls()) == before


async def test_discord_py_does_not_repeat_a_call_by_itself(resting: Any) -> None:
    await resting.adapter.platform.categories.prepare()
    for kind in LOST:
        before = len(resting.calls("POST /guilds/*/channels"))
        await attempt_that_fails(resting, resting.job(OPEN, f"{kind}:open"), kind, "POST /guilds/*/channels")
        assert len(resting.calls("POST /guilds/*/channels")) == before + 1


@pytest.mark.parametrize("kind", LOST)
async def test_an_answer_to_somebody_elses_post_is_given_once_and_rings_nobody(resting: Any, kind: FaultKind) -> None:
    alerts = resting.named("alerts")
    theirs = await resting.guild.post_as_webhook(alerts, name="Grafana", content="[FIRING:1] x")
    answer = Post(card=Card(title="Is this an incident?"), under=f"{alerts}:{theirs['id']}")
    job = resting.job(answer, "alert/17/1")
    await attempt_that_fails(resting, job, kind, "POST /channels/*/messages")
    resting.clock.forward(timedelta(hours=3))
    found = await resting.adapter.platform.find(job)
    assert (found is not None) == (kind is FaultKind.DROP_AFTER)
    ref = found.ref if found else await resting.adapter.platform.perform(job)
    (ours,) = [m for m in resting.guild.messages(alerts) if m["author"]["id"] == resting.guild.bot_user_id]
    assert ref == f"{alerts}:{ours['id']}"
    assert (ours["type"], ours["message_reference"]["message_id"], ours["mentions"]) == (19, theirs["id"], [])
    seen = React(message=answer.under, emoji="👀")
    for key in ("alert/seen/1", "alert/seen/2"):
        assert await resting.adapter.platform.perform(resting.job(seen, key)) is None


async def test_an_answer_to_a_post_that_is_gone_stands_by_itself(resting: Any) -> None:
    alerts = resting.named("alerts")
    job = resting.job(
        Post(card=Card(title="Is this an incident?"), under=f"{alerts}:1573306918502400999"), "alert/18/1"
    )
    assert await resting.adapter.platform.perform(job)
    (ours,) = [m for m in resting.guild.messages(alerts) if m["author"]["id"] == resting.guild.bot_user_id]
    assert "message_reference" not in ours
