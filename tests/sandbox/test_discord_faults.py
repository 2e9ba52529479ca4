"""Faults on demand, rate limits and the book of calls."""

import asyncio
import time
from datetime import timedelta

import aiohttp
import discord
import pytest

from adapters.sandbox.calls import round_trips
from adapters.sandbox.clock import SandboxClock
from adapters.sandbox.faults import Fault, FaultKind
from tests.sandbox.test_discord_login import ANA, NOON, Api, running, serving

SEND = "POST /channels/*/messages"


async def test_a_rate_limit_is_waited_for_by_the_client() -> None:
    async with running() as (guild, bot):
        guild.faults.add(Fault(kind=FaultKind.RATE_LIMIT, method=SEND, seconds=0.05, times=2))
        await bot.channel(guild, "general").send("through at last")
        calls = guild.calls.of("discord", SEND)
        assert [call.outcome for call in calls] == ["rate_limit", "rate_limit", "ok"]
        assert len(guild.messages(guild.channel_named("general")["id"])) == 1


async def test_a_server_error_has_no_effect() -> None:
    async with running() as (guild, bot):
        guild.faults.add(Fault(kind=FaultKind.SERVER_ERROR, method=SEND, status=503))
        with pytest.raises(discord.DiscordServerError):
            await bot.channel(guild, "general").send("lost")
        assert guild.messages(guild.channel_named("general")["id"]) == []
        assert guild.calls.of("discord", SEND)[0].outcome == "server_error"


@pytest.mark.parametrize(
    ("code", "status", "error"),
    [("50013", 403, discord.Forbidden), ("10003", 404, discord.NotFound), ("30003", 400, discord.HTTPException)],
)
async def test_a_refusal_comes_with_discords_code(code: str, status: int, error: type[discord.HTTPException]) -> None:
    async with running() as (guild, bot):
        guild.faults.add(Fault(kind=FaultKind.REFUSE, method=SEND, error=code, platform="discord"))
        with pytest.raises(error) as refused:
            await bot.channel(guild, "general").send("refused")
        assert (refused.value.status, str(refused.value.code)) == (status, code)
        assert guild.messages(guild.channel_named("general")["id"]) == []
        assert guild.calls.of("discord", SEND)[0].outcome == code


@pytest.mark.parametrize(("kind", "arrived"), [(FaultKind.DROP_BEFORE, 0), (FaultKind.DROP_AFTER, 1)])
async def test_a_dropped_connection_leaves_the_caller_in_the_dark(kind: FaultKind, arrived: int) -> None:
    async with running() as (guild, bot):
        guild.faults.add(Fault(kind=kind, method=SEND))
        with pytest.raises((aiohttp.ClientError, OSError)):
            await bot.channel(guild, "general").send("did it arrive?")
        assert len(guild.messages(guild.channel_named("general")["id"])) == arrived
        assert guild.calls.of("discord", SEND)[0].outcome == kind.value
        await bot.channel(guild, "general").send("next")


async def test_latency_delays_the_answer_and_not_the_effect() -> None:
    async with serving() as guild, Api(guild) as api:
        general = guild.channel_named("general")["id"]
        guild.faults.add(Fault(kind=FaultKind.LATENCY, method=SEND, seconds=0.2))
        began = time.monotonic()
        arrived = asyncio.Event()
        guild.on_change.append(lambda what: arrived.set())
        call = asyncio.create_task(api.call("POST", f"/channels/{general}/messages", {"content": "slow"}))
        await arrived.wait()
        assert guild.messages(general) and not call.done()
        assert (await call)[0] == 200 and time.monotonic() - began >= 0.2


async def test_faults_spoil_what_they_name_and_as_often_as_they_say() -> None:
    async with serving() as guild, Api(guild) as api:
        general = guild.channel_named("general")["id"]
        guild.faults.add(Fault(kind=FaultKind.SERVER_ERROR, method="PUT /channels/*/messages/*/reactions/*/@me"))
        posted = await guild.post(ANA, general, "x")
        path = f"/channels/{general}/messages/{posted['id']}/reactions/%F0%9F%91%80/@me"
        assert (await api.call("POST", f"/channels/{general}/messages", {"content": "x"}))[0] == 200
        assert (await api.call("PUT", path))[0] == 500
        assert (await api.call("PUT", path))[0] == 204


async def test_the_book_tells_which_calls_waited_for_which() -> None:
    async with running() as (guild, bot):
        guild.latency = 0.05
        seen = len(guild.calls.calls)
        channel = await bot.guilds[0].create_text_channel("inc")
        await asyncio.gather(*(channel.send(str(n)) for n in range(3)), channel.edit(topic="SEV 1"))
        depths = round_trips(guild.calls.calls[seen:])
        assert max(depths.values()) == 3  # discord.py sends the first of one bucket alone, to learn its limit
        guild.latency = 0.0
        seen = len(guild.calls.calls)
        await asyncio.gather(*(channel.send(str(n)) for n in range(3)))
        call = guild.calls.calls[seen]
        assert call.method == SEND and call.arguments["body"]["content"] in "012"
        assert call.ended is not None and call.result["channel_id"] == str(channel.id)


async def test_every_call_has_its_name_in_the_book() -> None:
    async with serving() as guild, Api(guild) as api:
        general = guild.channel_named("general")["id"]
        reaction = f"DELETE /channels/{general}/messages/1/reactions/%E2%9C%85"
        wanted = {
            f"GET /channels/{general}": "GET /channels/*",
            "PATCH /webhooks/1/abc/messages/@original": "PATCH /webhooks/*/*/messages/@original",
            "PATCH /webhooks/1/abc/messages/2": "PATCH /webhooks/*/*/messages/*",
            "POST /webhooks/1/abc": "POST /webhooks/*/*",
            f"{reaction}/{ANA}": "DELETE /channels/*/messages/*/reactions/*/*",
            f"{reaction}/@me": "DELETE /channels/*/messages/*/reactions/*/@me",
            f"PUT /channels/{general}/messages/pins/1": "PUT /channels/*/messages/pins/*",
            "GET /users/@me": "GET /users/@me",
        }
        for asked, name in wanted.items():
            method, path = asked.split()
            await api.call(method, path)
            assert guild.calls.calls[-1].method == name


async def test_enforced_limits_follow_the_sandbox_clock() -> None:
    clock = SandboxClock(NOON)
    async with serving(clock) as guild, Api(guild) as api:
        path = f"/channels/{guild.channel_named('general')['id']}/messages"
        for _ in range(6):
            assert (await api.call("POST", path, {"content": "x"}))[0] == 200
        guild.enforce_limits = True
        clock.forward(timedelta(seconds=10))
        for n in range(5):
            assert (await api.call("POST", path, {"content": "x"}))[0] == 200
            headers = api.last.headers
            assert headers["X-RateLimit-Remaining"] == str(4 - n) and headers["X-RateLimit-Reset-After"] == "5.000"
        status, answer = await api.call("POST", path, {"content": "x"})
        assert (status, answer["retry_after"], answer["global"]) == (429, 5.0, False)
        other = f"/channels/{guild.channel_named('ops')['id']}/messages"
        assert (await api.call("POST", other, {"content": "x"}))[0] == 200
        clock.forward(timedelta(seconds=5))
        assert (await api.call("POST", path, {"content": "x"}))[0] == 200


async def test_the_fifty_first_call_in_a_second_meets_the_global_limit() -> None:
    async with serving(SandboxClock(NOON)) as guild, Api(guild) as api:
        guild.enforce_limits = True
        kinds = ("/users/@me", "/applications/@me")
        statuses = [(await api.call("GET", kinds[n % 2]))[0] for n in range(51)]
        assert statuses == [200] * 50 + [429]
        assert api.last.headers["X-RateLimit-Global"] == "true" and api.last.headers["Via"]
        assert (await api.call("POST", "/interactions/1/abc/callback", {"type": 5}, headers={}))[0] == 404
