"""The gateway: lost sockets, resumed sessions, compression and refusals."""

import asyncio
import json
import zlib
from typing import Any

import aiohttp
import discord
import pytest

from adapters.sandbox.discord import DiscordGuild
from adapters.sandbox.discord.compression import ZSTD_FRAME, ZSTD_MAGIC
from adapters.sandbox.discord.limits import LOST_SESSIONS
from tests.sandbox.test_discord_login import ANA, BO, SOON, Bot, online, running, serving

ALL_INTENTS = discord.Intents.all().value


class Socket:
    """A gateway client of our own, frame by frame."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket

    async def send(self, op: int, data: Any = None) -> None:
        await self.socket.send_json({"op": op, "d": data})

    async def get(self) -> dict[str, Any]:
        frame = await self.socket.receive(timeout=SOON)
        assert frame.type is aiohttp.WSMsgType.TEXT, frame
        heard: dict[str, Any] = json.loads(frame.data)
        return heard

    async def until(self, event: str) -> dict[str, Any]:
        while True:
            frame = await self.get()
            if frame["t"] == event:
                return frame

    async def closed(self) -> int:
        while True:
            frame = await self.socket.receive(timeout=SOON)
            if frame.type is aiohttp.WSMsgType.CLOSE:
                return int(frame.data)

    async def identify(self, guild: DiscordGuild, intents: int = ALL_INTENTS) -> dict[str, Any]:
        assert (await self.get())["op"] == 10
        await self.send(2, {"token": guild.token, "intents": intents, "properties": {}})
        return await self.until("READY")


async def test_what_happened_while_the_socket_was_down_is_heard_after_the_resume() -> None:
    async with running() as (guild, bot):
        general = guild.channel_named("general")["id"]
        resumed, heard = bot.wait_for("resumed", timeout=SOON), bot.wait_for("message", timeout=SOON)
        readies = asyncio.ensure_future(bot.wait_for("ready", timeout=SOON))
        await guild.drop_sockets()
        await guild.post(ANA, general, "while you were away")
        assert (await heard).content == "while you were away"
        await resumed
        await guild.wait_connected()
        assert not readies.done()
        readies.cancel()


async def test_asked_to_reconnect_the_client_resumes() -> None:
    async with running() as (guild, bot):
        resumed = bot.wait_for("resumed", timeout=SOON)
        await guild.ask_reconnect()
        await resumed
        heard = bot.wait_for("message", timeout=SOON)
        await guild.post(ANA, guild.channel_named("general")["id"], "still there?")
        assert (await heard).content == "still there?"


async def test_an_invalid_session_starts_over() -> None:
    async with running() as (guild, bot):
        ready = bot.wait_for("ready", timeout=12)  # discord.py sleeps 5 s before it identifies again
        before = set(guild.sessions.by_id)
        await guild.invalidate_sessions()
        assert not guild.connected
        await ready
        assert guild.connected and not before & set(guild.sessions.by_id)


async def test_a_client_that_goes_is_disconnected_and_its_session_ends_if_it_says_so() -> None:
    async with serving() as guild, aiohttp.ClientSession() as http:
        for code, kept in ((4000, 1), (1000, 0)):
            guild.sessions.by_id.clear()
            async with http.ws_connect(guild.gateway_url) as raw:
                await Socket(raw).identify(guild, 1)
                assert guild.connected
                gone = asyncio.Event()
                guild.on_change[:] = [lambda what, gone=gone: what == "DISCONNECTED" and gone.set()]  # type: ignore[misc]
                await raw.close(code=code)
                await asyncio.wait_for(gone.wait(), SOON)
            assert not guild.connected and len(guild.sessions.by_id) == kept


async def test_events_can_be_delivered_twice() -> None:
    async with running() as (guild, bot):
        heard = bot.wait_for("message", timeout=SOON)
        await guild.post(ANA, guild.channel_named("general")["id"], "once")
        first = await heard
        heard = bot.wait_for("message", timeout=SOON)
        await guild.redeliver()
        assert (await heard).id == first.id


async def test_zlib_stream_shares_its_context_and_ends_each_event_with_the_marker() -> None:
    async with serving() as guild, aiohttp.ClientSession() as http:
        url = guild.gateway_url + "?v=10&encoding=json&compress=zlib-stream"
        async with http.ws_connect(url) as raw:
            inflate = zlib.decompressobj()
            hello = await raw.receive_bytes()
            assert hello.endswith(b"\x00\x00\xff\xff")
            assert json.loads(inflate.decompress(hello))["op"] == 10
            await raw.send_json({"op": 2, "d": {"token": guild.token, "intents": 1}})
            ready = await raw.receive_bytes()
            assert json.loads(inflate.decompress(ready))["t"] == "READY"
            with pytest.raises(zlib.error):
                zlib.decompress(ready)


async def test_zstd_stream_is_one_frame_of_blocks() -> None:
    async with serving() as guild, aiohttp.ClientSession() as http:
        url = guild.gateway_url + "?compress=zstd-stream"
        async with http.ws_connect(url) as raw:
            hello = await raw.receive_bytes()
            assert hello.startswith(ZSTD_MAGIC + ZSTD_FRAME)
            assert json.loads(hello[len(ZSTD_MAGIC + ZSTD_FRAME) + 3 :])["op"] == 10
            await raw.send_json({"op": 1, "d": None})
            block = await raw.receive_bytes()
            assert int.from_bytes(block[:3], "little") >> 3 == len(block) - 3
            assert json.loads(block[3:])["op"] == 11


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ('{"op": 3, "d": {}}', 4003),
        ('{"op": 99}', 4001),
        ("not json", 4002),
        ('{"op": 1, "d": "' + "x" * 5000 + '"}', 4002),
        ('{"op": 2, "d": {"token": "wrong", "intents": 1}}', 4004),
        ('{"op": 2, "d": {"token": "TOKEN", "intents": 1, "shard": [1, 2]}}', 4010),
        ('{"op": 2, "d": {"token": "TOKEN"}}', 4013),
        ('{"op": 2, "d": {"token": "TOKEN", "intents": 1099511627776}}', 4013),
        ('{"op": 6, "d": {"token": "wrong"}}', 4004),
    ],
)
async def test_a_client_that_breaks_the_protocol_is_hung_up_on(frame: str, code: int) -> None:
    async with serving() as guild, aiohttp.ClientSession() as http, http.ws_connect(guild.gateway_url) as raw:
        socket = Socket(raw)
        await socket.get()
        await raw.send_str(frame.replace("TOKEN", guild.token))
        assert await socket.closed() == code


async def test_identifying_twice_is_one_too_many() -> None:
    async with serving() as guild, aiohttp.ClientSession() as http, http.ws_connect(guild.gateway_url) as raw:
        socket = Socket(raw)
        await socket.identify(guild)
        await socket.send(2, {"token": guild.token, "intents": 1})
        assert await socket.closed() == 4005


async def test_a_silent_client_is_a_zombie() -> None:
    async with serving() as guild, aiohttp.ClientSession() as http:
        guild.gateway.heartbeat_seconds = 0.1
        async with http.ws_connect(guild.gateway_url) as raw:
            socket = Socket(raw)
            assert (await socket.get())["d"]["heartbeat_interval"] == 100
            assert await socket.closed() == 4009


async def test_more_than_120_frames_a_minute_are_too_many() -> None:
    async with serving() as guild, aiohttp.ClientSession() as http, http.ws_connect(guild.gateway_url) as raw:
        socket = Socket(raw)
        for _ in range(121):
            await socket.send(1)
        assert await socket.closed() == 4008


async def test_a_session_that_is_unknown_cannot_be_resumed() -> None:
    async with serving() as guild, aiohttp.ClientSession() as http, http.ws_connect(guild.gateway_url) as raw:
        socket = Socket(raw)
        await socket.get()
        await socket.send(6, {"token": guild.token, "session_id": "gone", "seq": 3})
        refused = await socket.get()
        assert (refused["op"], refused["d"]) == (9, False)


async def test_of_many_lost_sessions_the_oldest_are_forgotten() -> None:
    async with serving() as guild, aiohttp.ClientSession() as http:
        for _ in range(LOST_SESSIONS + 3):
            async with http.ws_connect(guild.gateway_url) as raw:
                await Socket(raw).identify(guild, 1)
                await raw.close(code=4000)
        assert len(guild.sessions.by_id) <= LOST_SESSIONS + 2


async def test_the_guild_comes_without_members_until_they_are_asked_for() -> None:
    presences = discord.Intents(guilds=True, members=True, presences=False).value
    async with serving() as guild, aiohttp.ClientSession() as http, http.ws_connect(guild.gateway_url) as raw:
        socket = Socket(raw)
        ready = await socket.identify(guild, presences)
        assert ready["d"]["resume_gateway_url"] == guild.gateway_url and ready["s"] == 1
        whole = (await socket.until("GUILD_CREATE"))["d"]
        assert [member["user"]["id"] for member in whole["members"]] == [guild.bot_user_id]
        assert whole["member_count"] == 8 and not guild.connected
        await socket.send(8, {"guild_id": guild.guild_id, "query": "", "limit": 0, "nonce": "n"})
        chunk = (await socket.until("GUILD_MEMBERS_CHUNK"))["d"]
        assert len(chunk["members"]) == 8 and chunk["nonce"] == "n" and guild.connected
        await socket.send(8, {"guild_id": guild.guild_id, "user_ids": [BO, "1"]})
        chunk = (await socket.until("GUILD_MEMBERS_CHUNK"))["d"]
        assert [m["user"]["id"] for m in chunk["members"]] == [BO] and chunk["not_found"] == ["1"]


async def test_events_that_were_not_asked_for_do_not_come() -> None:
    async with serving() as guild, online(guild, Bot(guild, discord.Intents(guilds=True))) as bot:
        heard = asyncio.ensure_future(bot.wait_for("message", timeout=SOON))
        updated = bot.wait_for("guild_channel_create", timeout=SOON)
        await guild.post(ANA, guild.channel_named("general")["id"], "unheard")
        await bot.guilds[0].create_text_channel("after")
        await updated
        assert not heard.done()
        heard.cancel()
