"""A card as a Discord message: an embed, buttons, and the mentions that ring.

Mentions inside an embed are shown but ring nobody, so a post that rings carries its mentions, with the card's title
for the notification on a telephone's screen, as its own text above the embed; the title then stands there only.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import discord

from adapters.discord import limits
from adapters.discord.escape import clean, cut, escape, pieces, shorten
from adapters.discord.spans import marked, ringing, words
from bot.card import Bold, Button, ButtonStyle, Card, CardField, Code, Quote, Text, Tone

Json = dict[str, Any]

NOTHING_TYPED = "/"
"""The custom_id of a button or form that stands for ``/incident`` alone: Discord takes no empty one."""
NO_TEXT = "\u200b"
FIELDS_TOTAL = 3600
"""Ours: characters for all fields together, so that text and footer keep their room within the 6,000."""
FOOTER_TOTAL = 500
"""Ours: characters of a footer."""
NAME_TOTAL = 80
"""Ours: characters of a field's name."""

HEADLINE = 200
"""Ours: characters of the title beside the mentions."""
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)

COLOURS = {
    Tone.CALM: 0x5865F2,
    Tone.CRITICAL: 0xD7263D,
    Tone.MAJOR: 0xE8711A,
    Tone.MINOR: 0xE3B505,
    Tone.LOW: 0x7A8794,
    Tone.GOOD: 0x2E9E5B,
    Tone.ASK: 0x3E8EDE,
    Tone.DRILL: 0x8E5BD0,
}
STYLES = {
    ButtonStyle.PLAIN: discord.ButtonStyle.secondary,
    ButtonStyle.PRIMARY: discord.ButtonStyle.primary,
    ButtonStyle.DANGER: discord.ButtonStyle.danger,
}


def message(card: Card, refs: Mapping[str, str], *, rings: bool = False, marker: str = "") -> Json:
    """The card as the body of Create or Edit Message.

    ``refs`` resolves rooms without a reference of their own. ``marker`` is put last in the footer.
    """
    mentions, allowed = ringing(card) if rings else ("", discord.AllowedMentions.none())
    if not mentions:
        allowed = discord.AllowedMentions.none()
    content = _headline(mentions, card.title) if mentions else ""
    shown = replace(card, title="") if mentions else card
    return {
        "content": content,
        "embeds": [embed(shown, refs, marker=marker).to_dict()],
        "components": rows(card.buttons),
        "allowed_mentions": allowed.to_dict(),
    }


def _headline(mentions: str, title: str) -> str:
    """The mentions, then the title. A bare address in it is bracketed, so that Discord unfolds no page below."""
    inner = _ADDRESS.sub(r"<\g<0>>", shorten(pieces(title.strip()), HEADLINE))
    return f"{mentions} **{inner}**" if inner else mentions


def embed(card: Card, refs: Mapping[str, str], *, marker: str = "") -> discord.Embed:
    """The card's title, text, fields and footer within Discord's limits."""
    shown = discord.Embed(colour=COLOURS[card.tone])
    shown.title = shorten(pieces(card.title.strip()), limits.EMBED_TITLE) or None
    small, plain_footer = _footer(card.footer, refs, marker)
    if plain_footer:
        shown.set_footer(text=plain_footer)
    for name, value in _fields(card.fields, refs):
        shown.add_field(name=name, value=value, inline=True)
    room = min(limits.EMBED_DESCRIPTION, limits.EMBED_TOTAL - len(shown)) - len(small)
    text = shorten(marked(card.text, refs), room).strip("\n") + small
    shown.description = text or (NO_TEXT if not (shown.title or shown.fields) else None)
    return shown


def _footer(footer: Text, refs: Mapping[str, str], marker: str) -> tuple[str, str]:
    """The footer as a small last line of the text, and as the embed's own footer.

    The embed's own shows no markup: a footer with times, mentions or links goes to the small line.
    """
    if all(isinstance(part, str | Bold | Code | Quote) for part in footer):
        own = " · ".join(filter(None, (cut(words(footer).strip(), FOOTER_TOTAL), marker)))
        return "", own
    small = shorten(marked(footer, refs), FOOTER_TOTAL).replace("\n", " ")
    return f"\n-# {small}", marker


def _fields(fields: tuple[CardField, ...], refs: Mapping[str, str]) -> list[tuple[str, str]]:
    kept = fields[: limits.EMBED_FIELDS]
    if len(fields) > len(kept):
        kept = (*kept[:-1], CardField(name="…", value=(f"(cut: {len(fields) - len(kept) + 1} more)",)))
    names = [shorten(pieces(field.name.strip()), NAME_TOTAL) or NO_TEXT for field in kept]
    share = min(limits.EMBED_FIELD_VALUE, (FIELDS_TOTAL - sum(map(len, names))) // max(len(kept), 1))
    values = [shorten(marked(field.value, refs), share).strip() or "–" for field in kept]
    return list(zip(names, values, strict=True))


def rows(buttons: tuple[Button, ...]) -> list[Json]:
    """Action rows. Of two buttons that do the same only the first is kept: Discord refuses a doubled custom_id."""
    kept: dict[str, Json] = {}
    for button in buttons:
        shown = _button(button)
        if shown is not None:
            kept.setdefault(shown.get("custom_id") or f"{button.label} {button.url}", shown)
    fitting = list(kept.values())[: limits.ROWS * limits.ROW_BUTTONS]
    return [
        {"type": discord.ComponentType.action_row.value, "components": fitting[start : start + limits.ROW_BUTTONS]}
        for start in range(0, len(fitting), limits.ROW_BUTTONS)
    ]


def _button(button: Button) -> Json | None:
    label = cut(clean(button.label).strip(), limits.BUTTON_LABEL) or "…"
    shown: Json = {"type": discord.ComponentType.button.value, "label": label}
    if button.url is None:
        return shown | {"style": STYLES[button.style].value, "custom_id": custom_id(button.does)}
    if len(button.url) > limits.BUTTON_URL or not button.url.startswith(("https://", "http://")):
        return None
    return shown | {"style": discord.ButtonStyle.link.value, "url": button.url}


def custom_id(does: str) -> str:
    """What a component or modal carries: the words themselves, so that it works after any restart."""
    return does[: limits.CUSTOM_ID].strip() or NOTHING_TYPED


def does(carried: str) -> str:
    """The words that a custom_id stands for."""
    return "" if carried == NOTHING_TYPED else carried


__all__ = ["COLOURS", "custom_id", "does", "embed", "escape", "message", "rows"]
