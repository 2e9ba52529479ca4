"""Channels of seeded incidents, in the sandbox and as the database knows them; and when something was posted there."""

import asyncio
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import httpx

from adapters.database import Database
from adapters.database import tables as t
from adapters.sandbox.server import Sandbox
from adapters.sandbox.slack.model import Channel
from tests.bench.seed import ANA, BATCH

ASK = "ask/1/1"
"""Key of an incident's first reminder."""
HALF = 230
"""Discord's channels of each of two halves; a server holds 500, and has some already."""
EPOCH = 1_420_070_400_000
"""Milliseconds from 1970 until Discord began to count its ids."""
SIDE_BY_SIDE = 16
"""Requests to Discord at once."""


@dataclass(slots=True)
class Rooms:
    """The channels by incident."""

    asked: dict[int, Callable[[], float | None]] = field(default_factory=dict)

    def __contains__(self, number: int) -> bool:
        return number in self.asked

    def __len__(self) -> int:
        return len(self.asked)

    def asked_at(self, number: int) -> float | None:
        """When the first reminder was posted, in seconds since 1970; ``None`` before, and where there is no channel."""
        return self.asked[number]() if number in self.asked else None


async def on_slack(sandbox: Sandbox, store: Database, numbers: Sequence[int]) -> Rooms:
    """A channel in the sandbox's Slack for each, with card and runbooks in it, and their references stored."""
    slack, rooms, placed = sandbox.slack, Rooms(), []
    announcements = slack.channel_named("incidents")
    for number in numbers:
        channel = Channel(slack.stamps.id("C"), f"incident-seeded-{number}", slack.bot_user_id, slack.stamps.seconds(),
                          members=[slack.bot_user_id, ANA.slack_id])  # fmt: skip
        slack.channels[channel.id] = channel
        rooms.asked[number] = lambda channel=channel: _on_slack(channel)  # type: ignore[misc]
        placed.append(_placed("slack", number, "channel", channel.id, generation=1))
        for key, room in (("card", channel), ("runbooks", channel), ("announcement", announcements)):
            posted = deepcopy({"type": "message", "ts": slack.stamps.ts(), "team": slack.team_id, "text": key,
                               "user": slack.bot_user_id, "bot_id": slack.bot_id, "app_id": slack.app_id})  # fmt: skip
            room.messages.append(posted)
            placed.append(_placed("slack", number, key, f"{room.id}:{posted['ts']}"))
    await _keep(store, placed)
    return rooms


def _on_slack(channel: Channel) -> float | None:
    for message in reversed(channel.messages):
        key = ((message.get("metadata") or {}).get("event_payload") or {}).get("key", "")
        if str(key).endswith(ASK):
            return float(message["ts"])
    return None


async def on_discord(sandbox: Sandbox, store: Database, numbers: Sequence[int]) -> Rooms:
    """The same on Discord, made as the bot would make it: over its API."""
    rooms, placed, turns = Rooms(), [], asyncio.Semaphore(SIDE_BY_SIDE)
    announcements = str(sandbox.discord.channel_named("incidents")["id"])
    headers = {"Authorization": f"Bot {sandbox.discord.token}"}
    async with httpx.AsyncClient(base_url=sandbox.discord_api_url, headers=headers, trust_env=False) as client:

        async def made(path: str, **body: Any) -> str:
            answer = await client.post(path, json=body)
            answer.raise_for_status()
            return str(answer.json()["id"])

        async def one(number: int) -> None:
            async with turns:
                room = await made(f"/guilds/{sandbox.discord.guild_id}/channels", name=f"incident-seeded-{number}")
                placed.append(_placed("discord", number, "channel", room, generation=1))
                for key, where in (("announcement", announcements), ("card", room), ("runbooks", room)):
                    last = await made(f"/channels/{where}/messages", content=key)
                    placed.append(_placed("discord", number, key, f"{where}:{last}"))
            rooms.asked[number] = lambda: _on_discord(sandbox, room, int(last))

        async with asyncio.TaskGroup() as group:
            for number in numbers:
                group.create_task(one(number))
    await _keep(store, placed)
    return rooms


def _on_discord(sandbox: Sandbox, room: str, last: int) -> float | None:
    """When the first message after the seeded ones was posted: its id tells."""
    later = [int(one["id"]) for one in sandbox.discord.messages(room) if int(one["id"]) > last]
    return ((min(later) >> 22) + EPOCH) / 1000 if later else None


async def _keep(store: Database, placed: Sequence[dict[str, object]]) -> None:
    for start in range(0, len(placed), 4 * BATCH):
        async with store._transaction() as connection:
            await connection.execute(t.placed.insert(), placed[start : start + 4 * BATCH])


def _placed(platform: str, number: int, key: str, ref: str, *, generation: int = 0) -> dict[str, object]:
    return {"platform": platform, "ref": ref, "incident": number, "key": key, "generation": generation}
