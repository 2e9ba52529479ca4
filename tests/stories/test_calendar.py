"""People are told where their calendars are, and nobody else is."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.feeds import Feeds
from bot.running import Bot
from tests.support.story import tell, town_with
from tests.support.town import ANA, Town

ROTATION: dict[str, Any] = {"name": "primary", "title": "On call", "people": ["ana", "bo"], "starts": "2026-11-16"}


class Addresses:
    """Where calendars would be."""

    def of_person(self, key: str) -> str:
        return f"https://tocsin.example/oncall/people/{key}.token.ics"

    def of_rotation(self, playbook: str, rotation: str) -> str:
        return f"https://tocsin.example/oncall/{rotation}.ics?token=t"


def with_feeds(town: Town, feeds: Feeds | None) -> Bot:
    """The bot, told where calendars are."""
    scenes = town.bot.desk._scenes
    scenes.connected = replace(scenes.connected, feeds=feeds)
    return town.bot


async def test_the_address_is_told_privately(tmp_path: Path, platform: str) -> None:
    async with town_with(tmp_path, (platform,), rotations=[ROTATION]) as town:
        side = town.sides[platform]
        with_feeds(town, Addresses())
        said = await tell(town, side, ANA, "calendar", room="general")
        assert "/oncall/people/ana.token.ics" in said and "/oncall/primary.ics" in said
        assert not [one for one in side.room("general") if "ics" in one.text]


async def test_where_no_web_server_is_it_says_where_to_ask(tmp_path: Path, platform: str) -> None:
    async with town_with(tmp_path, (platform,), rotations=[ROTATION]) as town:
        side = town.sides[platform]
        assert "ask for yours in chat" in await tell(town, side, ANA, "calendar", room="general")
