"""A bot logs in to the sandbox's Discord; the helpers at the top serve the other test_discord files too."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

import aiohttp
import discord
import pytest
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

from adapters.sandbox.clock import SandboxClock
from adapters.sandbox.discord import DiscordGuild, Permission, start_discord

ANA, BO, CLEO = "200000000000000001", "200000000000000002", "200000000000000003"
NOON = datetime(2027, 3, 2, 12, 0, tzinfo=UTC)
SOON = 5.0
"""Seconds that anything may take before a test gives up."""


class Bot(discord.Client):
    """The real client, ready as soon as it has its members."""

    def __init__(self, guild: DiscordGuild, intents: discord.Intents | None = None) -> None:
        super().__init__(intents=intents or discord.Intents.all(), guild_ready_timeout=0.02)
        self.tree = app_commands.CommandTree(self)
        self.home = discord.Object(int(guild.guild_id))
        self.began = asyncio.Event()

    async def setup_hook(self) -> None:
        self.began.set()

    def channel(self, guild: DiscordGuild, name: str) -> discord.TextChannel:
        found = self.get_channel(int(guild.channel_named(name)["id"]))
        assert isinstance(found, discord.TextChannel)
        return found


class Api:
    """Bare HTTP calls, for what discord.py would not send."""

    def __init__(self, guild: DiscordGuild) -> None:
        self.guild = guild
        self.headers = {"Authorization": f"Bot {guild.token}"}
        self.session = aiohttp.ClientSession()
        self.last: aiohttp.ClientResponse

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.session.close()

    async def call(self, method: str, path: str, body: Any = None, **more: Any) -> tuple[int, Any]:
        url = URL(self.guild.api_url + path, encoded=True)
        keywords = {"headers": self.headers} | ({"json": body} if body is not None else {}) | more
        async with self.session.request(method, url, **keywords) as response:
            self.last = response
            raw = await response.read()
            return response.status, await response.json() if raw else None


@asynccontextmanager
async def serving(clock: SandboxClock | None = None) -> AsyncIterator[DiscordGuild]:
    """A guild on a server of its own, with discord.py pointed at it."""
    guild = DiscordGuild(clock=clock or SandboxClock())
    runner = await start_discord(guild)
    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = guild.api_url, URL(guild.gateway_url)
    try:
        yield guild
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = before
        await runner.cleanup()


@asynccontextmanager
async def online(guild: DiscordGuild, bot: Bot | None = None) -> AsyncIterator[Bot]:
    """A bot that is logged in and ready."""
    client = bot or Bot(guild)
    running = asyncio.create_task(client.start(guild.token))
    try:
        ready = asyncio.create_task(_ready(client))
        await asyncio.wait({running, ready}, timeout=SOON, return_when=asyncio.FIRST_COMPLETED)
        assert ready.done(), running
        yield client
    finally:
        await client.close()
        with suppress(asyncio.CancelledError):
            await running


async def _ready(client: Bot) -> None:
    await client.began.wait()
    await client.wait_until_ready()


@asynccontextmanager
async def running(clock: SandboxClock | None = None) -> AsyncIterator[tuple[DiscordGuild, Bot]]:
    async with serving(clock) as guild, online(guild) as bot:
        yield guild, bot


async def test_the_bot_finds_its_guild_with_people_channels_and_rights() -> None:
    async with running() as (guild, bot):
        await asyncio.wait_for(guild.wait_connected(), SOON)
        home = bot.guilds[0]
        assert guild.connected
        assert home.name == "Tocsin Sandbox" and home.chunked
        assert {"ana", "bo", "cleo", "dmitri", "esha", "finn"} <= {member.name for member in home.members}
        assert [channel.name for channel in home.text_channels] == ["general", "incidents", "alerts", "ops", "random"]
        assert bot.get_channel(int(guild.channel_named("incidents")["id"])).is_news()  # type: ignore[union-attr]
        rights = home.me.guild_permissions
        assert rights.manage_channels and rights.pin_messages and not rights.administrator
        assert home.get_member(int(ANA)).global_name == "Ana Reyes"  # type: ignore[union-attr]


async def test_a_wrong_token_is_refused_by_both_doors() -> None:
    async with serving() as guild, Bot(guild) as bot:
        with pytest.raises(discord.LoginFailure):
            await bot.login("nonsense")
        await bot.http.close()
    async with serving() as guild, Bot(guild) as bot:
        await bot.login(guild.token)
        bot.http.token = "nonsense"
        with pytest.raises(discord.ConnectionClosed) as closed:
            await bot.connect()
        assert closed.value.code == 4004


async def test_privileged_intents_that_are_switched_off_close_the_door() -> None:
    async with serving() as guild:
        guild.privileged_intents_enabled = False
        async with Bot(guild) as bot:
            with pytest.raises(discord.PrivilegedIntentsRequired):
                await bot.start(guild.token)
        async with online(guild, Bot(guild, discord.Intents.default())) as plain:
            assert not plain.application_flags.gateway_message_content_limited


async def test_without_the_content_intent_others_words_are_empty_unless_they_address_the_bot() -> None:
    intents = discord.Intents.all()
    intents.message_content = False
    async with serving() as guild, online(guild, Bot(guild, intents)) as bot:
        general = guild.channel_named("general")["id"]
        heard = bot.wait_for("message", timeout=SOON)
        await guild.post(ANA, general, "the database is down")
        assert (await heard).content == ""
        heard = bot.wait_for("message", timeout=SOON)
        await guild.post(ANA, general, f"<@{guild.bot_user_id}> look")
        assert (await heard).content.endswith("look")
        heard = bot.wait_for("message", timeout=SOON)
        await bot.channel(guild, "general").send("my own")
        assert (await heard).content == "my own"


async def test_every_replica_hears_everything() -> None:
    async with serving() as guild, online(guild) as one, online(guild) as other:
        heard = [bot.wait_for("message", timeout=SOON) for bot in (one, other)]
        await guild.post(ANA, guild.channel_named("general")["id"], "hello")
        first, second = await asyncio.gather(*heard)
        assert first.id == second.id and first.content == second.content == "hello"


async def test_message_ids_tell_the_sandbox_time_and_grow_while_the_clock_stands() -> None:
    async with running(SandboxClock(NOON)) as (guild, bot):
        heard = bot.wait_for("message", timeout=SOON)
        posted = await guild.post(ANA, guild.channel_named("general")["id"], "one")
        assert (await heard).created_at == NOON
        assert posted["timestamp"] == "2027-03-02T12:00:00.000000+00:00"
        again = await guild.post(ANA, guild.channel_named("general")["id"], "two")
        assert int(again["id"]) > int(posted["id"])


async def test_answers_are_exactly_json_and_errors_speak_discord() -> None:
    async with serving() as guild, Api(guild) as api:
        assert await api.call("GET", "/gateway", headers={}) == (200, {"url": guild.gateway_url})
        assert api.last.headers["Content-Type"] == "application/json"
        assert "X-RateLimit-Bucket" in api.last.headers
        assert (await api.call("GET", "/gateway/bot"))[1]["shards"] == 1
        assert await api.call("GET", "/users/@me", headers={}) == (401, {"message": "401: Unauthorized", "code": 0})
        assert await api.call("GET", "/nothing") == (404, {"message": "404: Not Found", "code": 0})
        assert await api.call("PUT", "/users/@me") == (405, {"message": "405: Method Not Allowed", "code": 0})
        assert (await api.call("POST", "/users/@me/channels", data=b"{"))[0] == 400
        headers = api.headers | {"Content-Type": "application/json"}
        assert (await api.call("POST", "/users/@me/channels", data=b"{", headers=headers))[1]["code"] == 50109


async def test_the_server_listens_on_loopback_only() -> None:
    with pytest.raises(ValueError, match="loopback"):
        await start_discord(DiscordGuild(clock=SandboxClock()), host="192.0.2.7")


async def test_changed_rights_of_the_bot_reach_it() -> None:
    async with running() as (guild, bot):
        heard = bot.wait_for("guild_role_update", timeout=SOON)
        guild.bot_permissions = int(Permission.VIEW_CHANNEL | Permission.READ_MESSAGE_HISTORY)
        await heard
        assert not bot.guilds[0].me.guild_permissions.send_messages
        with pytest.raises(discord.Forbidden) as refused:
            await bot.channel(guild, "general").send("hello")
        assert refused.value.code == 50013
