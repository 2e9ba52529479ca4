"""Thousands of malformed calls: Discord's errors, never a crash, and no event that upsets the client."""

import json
import random
from contextlib import suppress
from typing import Any

from adapters.sandbox.discord import DiscordError, DiscordGuild
from adapters.sandbox.discord.interactions import AUTOCOMPLETE, COMMAND, COMPONENT, MODAL
from adapters.sandbox.discord.serving import routes
from tests.sandbox.test_discord_login import ANA, SOON, Api, online, serving

CALLS = 400
SEED = 20270302
WORDS = """
name type topic position parent_id permission_overwrites id allow deny content embeds title description fields value
footer text author url image color custom_id style label placeholder options min_values max_values flags nonce
allowed_mentions parse users roles message_reference message_id attachments data choices archived locked
auto_archive_duration recipient_id permissions colors primary_color messages required autocomplete component accessory
emoji min_length max_length default items media file rate_limit_per_user components enforce_nonce timestamp
"""
FIELDS = WORDS.split()
VALUES: list[Any] = [
    None,
    True,
    0,
    1,
    4,
    9,
    -1,
    1.5,
    2**70,
    1e300,
    "",
    "x",
    "1",
    "x" * 300,
    [],
    {},
    "🔥",
    "http://[bad",
]
VALUES += ["https://example.org", f"<@{ANA}>", ANA, "users", "--5"]
QUERIES = ("", "?limit=x", "?limit=5", "?after=1", "?before=x", "?query=a", "?with_response=1")


class Nonsense:
    """Makes up calls, some of them nearly right."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def pick(self, choices: Any) -> Any:
        return self.random.choice(list(choices))

    def some(self, many: int) -> range:
        return range(self.random.randint(0, many))

    def chance(self, odds: float) -> bool:
        return self.random.random() < odds

    def value(self, depth: int = 0) -> Any:
        if depth > 4 or self.chance(0.5):
            return self.pick(VALUES)
        if self.chance(0.4):
            return [self.value(depth + 1) for _ in self.some(3)]
        return {self.pick(FIELDS): self.value(depth + 1) for _ in self.some(6)}

    def words(self) -> Any:
        return f"x{self.random.randint(0, 99)}" if self.chance(0.7) else self.pick(VALUES)

    def component(self, depth: int = 0) -> Any:
        kinds = (1, 1, 2, 3, 4, 5, 8, 9, 10, 11, 12, 13, 14, 17, 18, 19, 21, 22, 23, 99, None)
        made = {"type": self.pick(kinds), "custom_id": self.words(), "label": self.words(), "content": self.words()}
        made["style"] = self.pick((1, 2, 5, 6, None))
        made["options"] = [{"label": self.words(), "value": self.words()} for _ in self.some(3)]
        if depth < 3:
            made["components"] = [self.component(depth + 1) for _ in self.some(3)]
            made |= {key: self.component(depth + 1) for key in ("component", "accessory") if self.chance(0.5)}
            made["items"] = [{"media": {"url": self.words()}}]
        return made | ({self.pick(FIELDS): self.value(2)} if self.chance(0.3) else {})

    def option(self, depth: int = 0) -> Any:
        made = {"type": self.pick(range(13)), "name": self.words(), "description": self.words()}
        made["required"] = self.chance(0.5)
        made["choices"] = [{"name": self.words(), "value": self.words()} for _ in self.some(2)]
        made["options"] = [self.option(depth + 1) for _ in self.some(2)] if depth < 4 else []
        return made | ({self.pick(FIELDS): self.value(2)} if self.chance(0.3) else {})

    def body(self, path: str) -> Any:
        if self.chance(0.3):
            return self.value()
        made: dict[str, Any] = {"name": "x", "content": "x", "type": self.pick((0, 1, 4, 5, 7, 8, 9, 11, 12))}
        made |= {self.pick(FIELDS): self.value(1) for _ in self.some(5)}
        made |= {"flags": self.pick((0, 64, 1 << 15)), "components": [self.component() for _ in self.some(3)]}
        if "callback" in path:
            made = {"type": self.pick(range(4, 10)), "data": made | {"title": self.words(), "custom_id": self.words()}}
        if "commands" in path:
            made = self.option() | {"type": self.pick((1, 1, 2, 3))}
        return [made] if self.chance(0.1) else made


class Caller:
    """Makes a made-up call, with ids that mostly exist."""

    def __init__(self, guild: DiscordGuild, nonsense: Nonsense) -> None:
        self.guild = guild
        self.nonsense = nonsense

    async def call(self, api: Api) -> tuple[str, int]:
        method, path = self.nonsense.pick((method, path) for method, path in routes(self.guild.interactions))
        keeps = ("/channels/{channel}", "/guilds/{guild}/roles/{role}")
        if method == "DELETE" and path in keeps and self.nonsense.chance(0.9):
            method = "PATCH"
        place = path.format(**await self._ids())
        query = self.nonsense.pick(
            ("", "?limit=x", "?limit=5", "?after=1", "?before=x", "?query=a", "?with_response=1")
        )
        body = None if method == "GET" else self.nonsense.body(path)
        status, answer = await api.call(method, place + query, body)
        assert answer is None or json.dumps(answer)
        return f"{method} {place} {json.dumps(body)}", status

    async def _ids(self) -> dict[str, str]:
        guild, pick = self.guild, self.nonsense.pick
        if len(guild.world.guild_channels()) < 3:
            guild.world.channels.update(DiscordGuild(guild.world.clock).channels)
        channel = pick(guild.channels)
        with suppress(DiscordError):  # not every channel is for writing
            await guild.post(ANA, channel, "x")
        messages = [message["id"] for message in guild.messages(channel)][-20:] or ["1"]
        source = guild.world.logs.get(channel, {}).get(pick(messages))
        kind = pick((COMMAND, COMPONENT, MODAL, AUTOCOMPLETE) if source else (COMMAND,))
        data = {"name": "x", "type": 1}
        made = guild.interactions.make(kind, ANA, channel=guild.channels[channel], data=data, source=source)
        made.answered = self.nonsense.chance(0.3)
        ids = {
            "channel": channel,
            "guild": guild.guild_id,
            "message": pick((*messages, "@original")),
            "user": pick(("@me", ANA, "1")),
            "role": pick(guild.roles),
            "target": pick((*guild.roles, ANA, "9")),
            "emoji": pick(("%F0%9F%91%80", "x")),
            "application": guild.application_id,
            "command": pick([command["id"] for command in guild.commands] or ["1"]),
            "interaction": made.id,
            "token": made.token,
        }
        return {name: "x1" if self.nonsense.chance(0.02) else given for name, given in ids.items()}


async def nonsense(calls: int, seed: int) -> None:
    """Also for long runs by hand."""
    async with serving() as guild, online(guild) as bot, Api(guild) as api:
        caller = Caller(guild, Nonsense(seed))
        accepted = 0
        for _ in range(calls):
            guild.world.renames.clear()
            what, status = await caller.call(api)
            assert status != 500, what
            accepted += status < 300
        assert accepted > calls / 10
        heard = bot.wait_for("message", timeout=SOON, check=lambda message: message.content == "still there?")
        await guild.post_as_webhook(
            next(c["id"] for c in guild.world.guild_channels()), name="x", content="still there?"
        )
        await heard


async def test_nonsense_crashes_neither_the_server_nor_the_client() -> None:
    await nonsense(CALLS, SEED)
