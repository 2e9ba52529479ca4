"""Posts of other bots and of webhooks laid flat: content, embeds and components as what the core reads."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import discord

from bot.alerts.colours import colour
from bot.alerts.post import Part

Json = dict[str, Any]

BUTTON, TEXT = discord.ComponentType.button.value, discord.ComponentType.text_display.value
"""Kinds of components that lead somewhere, or say something."""
_LINK = re.compile(r"\[(?P<label>[^\]\n]{1,500})\]\(<?(?P<url>https?://[^)\s>]{1,2000})>?\)")
_BARE = re.compile(r"<(?P<url>https?://[^>\s]{1,2000})>")
_EMOJI = re.compile(r"<a?(?P<name>:\w{1,40}:)\d{1,25}>")
_ADDRESS = re.compile(r"https?://[^\s<>|\"()]{1,2000}")


@dataclass(slots=True)
class _Reading:
    """What was read so far."""

    lines: list[str] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)
    addresses: list[str] = field(default_factory=list)

    def write(self, text: str) -> None:
        """Words in Discord's markup."""
        self.link(text)
        if text.strip():
            self.lines.append(shown(text))

    def link(self, text: str) -> None:
        """The addresses in it."""
        self.addresses += [found.rstrip(".,;:*_`") for found in _ADDRESS.findall(text)]

    def beside(self, name: str, value: str) -> None:
        """An embed's field. One without a name, or with one that stands there already, is a line of its own."""
        name = shown(name).strip("\u200b ")
        if not name or name in self.fields:
            return self.write(value)
        self.link(value)
        self.fields[name] = shown(value)
        return None

    def components(self, components: Iterable[Json]) -> None:
        """Texts among components, and where buttons lead. What a button is labelled is not said by the post."""
        for one in components:
            if one.get("type") == TEXT:
                self.write(str(one.get("content") or ""))
            elif one.get("type") == BUTTON:
                self.link(str(one.get("url") or ""))
            self.components(one.get("components") or ())
            if one.get("accessory"):
                self.components([one["accessory"]])


def flat(
    content: str, embeds: Iterable[Json], components: Iterable[Json] = ()
) -> tuple[tuple[Part, ...], tuple[str, ...]]:
    """A message's parts, its own text first, and all addresses in it, in reading order.

    Embeds that Discord itself makes of links are left out: only those of kind ``rich`` were written.
    """
    own = _Reading()
    own.write(content)
    own.components(components)
    parts, addresses = [Part(text="\n".join(own.lines))], own.addresses
    for embed in embeds:
        if embed.get("type", "rich") == "rich":
            part, more = _embed(embed)
            parts.append(part)
            addresses += more
    return tuple(part for part in parts if part != Part()), tuple(dict.fromkeys(addresses))


def _embed(embed: Json) -> tuple[Part, list[str]]:
    read = _Reading()
    title, link = str(embed.get("title") or ""), str(embed.get("url") or "")
    read.link(link)
    read.link(title)
    read.write(str((embed.get("author") or {}).get("name") or ""))
    read.write(str(embed.get("description") or ""))
    for one in embed.get("fields") or ():
        read.beside(str(one.get("name") or ""), str(one.get("value") or ""))
    part = Part(
        title=shown(title),
        link=link,
        text="\n".join(read.lines),
        fields=read.fields,
        colour=colour(embed.get("color")),
        footer=str((embed.get("footer") or {}).get("text") or "").strip(),
    )
    return part, read.addresses


def shown(text: str) -> str:
    """Words as people see them: links as ``label (address)``, the guild's own emoji by their names."""
    linked = _LINK.sub(lambda it: it["url"] if it["label"] == it["url"] else f"{it['label']} ({it['url']})", text)
    return _EMOJI.sub(lambda it: it["name"], _BARE.sub(lambda it: it["url"], linked)).strip()
