"""Builds the neutral post of what Slack and Discord hand over, as the samples of the senders' own posts record it."""

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from bot.alerts.alert import Posted
from bot.alerts.post import Colour, Part, Post

AT = datetime(2026, 11, 26, 3, 12, tzinfo=UTC)
_SLACK_LINK = re.compile(r"<(https?://[^|>]+)(?:\|([^>]*))?>")
_DISCORD_LINK = re.compile(r"\[([^\]]*)\]\((https?://[^)\s]+)\)")
_ADDRESS = re.compile(r"https?://[^\s()<>\"]+")
_COLOURS: dict[Colour, set[str | int]] = {
    Colour.RED: {"danger", "#d63232", "#a30200", "#e01e5a", "#dc2626", "#c92a2a", 0x992D22, 0xD63232, 0xE01E5A},
    Colour.GREEN: {"good", "#36a64f", "#2eb886", "#2eb67d", "#22c55e", 0x2ECC71, 0x36A64F, 0x2EB67D},
    Colour.AMBER: {"warning", "#f2c744", "#ecb22e", "#daa038"},
}


def slack_post(event: dict[str, Any]) -> Post:
    """A ``message`` event of Slack's, also ``message_changed``."""
    edited = event.get("subtype") == "message_changed"
    message = event["message"] if edited else event
    own = Part(text="\n".join([_slack(message.get("text", "")), *_blocks(message.get("blocks", []))]).strip())
    parts = [own, *(_attachment(one) for one in message.get("attachments", []))]
    author = message.get("username") or message.get("bot_profile", {}).get("name", "")
    return _post("slack", parts, author=author, edited=edited, addresses=_urls(message))


def discord_post(message: dict[str, Any]) -> Post:
    """A message of Discord's."""
    parts = [Part(text=_discord(message.get("content", "")))]
    for embed in message.get("embeds", []):
        parts.append(
            Part(
                title=embed.get("title", ""),
                link=embed.get("url", ""),
                text=_discord(embed.get("description", "")),
                fields={one["name"]: _discord(one["value"]) for one in embed.get("fields", [])},
                colour=_colour(embed.get("color")),
                footer=embed.get("footer", {}).get("text", ""),
            )
        )
    edited = message.get("edited_timestamp") is not None
    author = message.get("author", {}).get("username", "")
    return _post("discord", parts, author=author, edited=edited, addresses=_urls(message))


def _post(platform: str, parts: list[Part], *, author: str, edited: bool, addresses: tuple[str, ...]) -> Post:
    place = Posted(platform=platform, channel="C1", room="alerts", message="M1")
    key = f"{platform}:M1:edited" if edited else f"{platform}:M1"
    kept = tuple(part for part in parts if part != Part())
    return Post(place=place, key=key, author=author, at=AT, parts=kept, addresses=addresses, edited=edited)


def _attachment(one: dict[str, Any]) -> Part:
    lines = [one.get("pretext", ""), one.get("text", "")]
    return Part(
        title=_slack(one.get("title", "")),
        link=one.get("title_link", ""),
        text="\n".join([*(_slack(line) for line in lines if line), *_blocks(one.get("blocks", []))]),
        fields={_slack(each["title"]): _slack(each["value"]) for each in one.get("fields", [])},
        colour=_colour(one.get("color")),
        footer=_slack(one.get("footer", "")),
    )


def _blocks(blocks: list[dict[str, Any]]) -> Iterator[str]:
    for block in blocks:
        for text in (block.get("text"), *block.get("fields", []), *block.get("elements", [])):
            if isinstance(text, dict) and block["type"] != "actions":
                yield _slack(text.get("text", ""))


def _slack(text: str) -> str:
    return html.unescape(_SLACK_LINK.sub(lambda it: f"{it[2]} ({it[1]})" if it[2] else it[1], text))


def _discord(text: str) -> str:
    return _DISCORD_LINK.sub(r"\1 (\2)", text)


def _colour(value: str | int | None) -> Colour:
    bare = value.lower() if isinstance(value, str) else value
    return next((colour for colour, known in _COLOURS.items() if bare in known), Colour.NONE)


def _urls(value: Any) -> tuple[str, ...]:
    """Every address, in reading order."""
    found: list[str] = []
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            found += _urls(one)
    elif isinstance(value, str):
        found += [html.unescape(url.split("|")[0]) for url in _ADDRESS.findall(value)]
    return tuple(dict.fromkeys(found))
