"""Discord's events: recorded payloads made wrong, through discord.py and the listener to the desk."""

import asyncio
import json
import traceback
import warnings
from random import Random
from typing import Any

with warnings.catch_warnings():
    warnings.filterwarnings("ignore", "'audioop' is deprecated", DeprecationWarning)
    from adapters.discord.adapter import DiscordAdapter

from adapters.discord.heard import Moments
from adapters.discord.link import Link
from adapters.discord.listener import Listener
from adapters.discord.settings import DiscordSettings
from adapters.sandbox.clock import SandboxClock
from adapters.sandbox.discord import DiscordGuild, start_discord
from tests.fuzz import grammar, mutate
from tests.fuzz.chat import Chat
from tests.fuzz.found import OURS
from tests.fuzz.world import CHANNELS
from tests.support.sources import ADAPTERS
from tests.support.town import FRIDAY

SAMPLES = ADAPTERS / "discord" / "samples"
EVENTS = {
    "alert": ("MESSAGE_CREATE", "MESSAGE_UPDATE"),
    "alert_full": ("MESSAGE_CREATE", "MESSAGE_UPDATE"),
    "message": ("MESSAGE_CREATE", "MESSAGE_UPDATE"),
    "reaction_add": ("MESSAGE_REACTION_ADD",),
    "reaction_remove": ("MESSAGE_REACTION_REMOVE",),
}
"""What a recorded payload was the content of; all others were interactions."""
OFTEN = ("value", "custom_id", "content", "name")


class Discord(Chat):
    """The listener."""

    def __init__(self) -> None:
        super().__init__()
        self._samples = {path.stem: json.loads(path.read_text()) for path in sorted(SAMPLES.glob("*.json"))}
        self._names = sorted(self._samples)
        self._client: Listener

    def make(self, chance: Random) -> dict[str, Any]:
        """One event."""
        name = chance.choice(self._names)
        held = _placed(chance, self._samples[name])
        made = mutate.structure(chance, held) if chance.random() < 0.8 else held
        return {"event": chance.choice(EVENTS.get(name, ("INTERACTION_CREATE",))), "data": made}

    async def open(self) -> None:
        """A fresh world, and a Discord."""
        world = self._world = await self._worlds.fresh()
        guild = DiscordGuild(SandboxClock(FRIDAY))
        runner = await start_discord(guild)
        self._open.push_async_callback(runner.cleanup)
        settings = DiscordSettings(_env_file=None, token=guild.token, guild=guild.guild_id, api_url=guild.api_url)
        adapter = DiscordAdapter(settings, world.clock)
        self._open.push_async_callback(adapter.platform.close)
        self._client = Listener(
            settings,
            world.clock,
            ear=world.desk,
            platform=adapter.platform,
            wire=adapter._wire,
            link=Link(),
            moments=Moments(),
        )
        self._open.push_async_callback(self._client.close)
        await self._client._async_setup_hook()

    async def feed(self, given: Any) -> str:
        """Let discord.py read it, and wait until all that it led to is done."""
        self._fed += 1
        told = mutate.written(given["data"]).replace("1573306918502400014", str(10**18 + self._fed))
        self._world.fed(told)
        parsers: Any = self._client._connection.parsers
        before = asyncio.all_tasks()
        try:
            parsers[given["event"]](json.loads(told))
        except Exception as error:  # whatever discord.py stumbles over
            frames = traceback.extract_tb(error.__traceback__)
            if any(frame.filename.startswith(OURS) for frame in frames):
                raise
            return "refused by discord.py"  # which begins its connection anew; nothing of ours was reached
        while led_to := asyncio.all_tasks() - before - {asyncio.current_task()}:
            await asyncio.wait(led_to)
        return "heard"


def _placed(chance: Random, held: Any) -> Any:
    """A payload in a channel of an incident, with other words."""
    held = json.loads(json.dumps(held).replace("1573306918502400004", chance.choice(CHANNELS["discord"])))
    for holder, key in mutate.places(held):
        if key in OFTEN and isinstance(holder[key], str) and chance.random() < 0.3:
            line = grammar.line(chance)
            holder[key] = f"/{line[:99]}" if key == "custom_id" else line
    return held
