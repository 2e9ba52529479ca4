"""Cards as Slack messages. Why it is rich text and not markup: ``docs/decisions/0010-slack-rendering.md``."""

import unicodedata
from typing import Any

from adapters.slack import limits
from adapters.slack.spans import Element, Setting, cut, markup, rich_text
from bot.card import Bold, Button, ButtonStyle, Card, CardField, Code, Link, Quote, Span, Text, Tone, plain

TONES = {
    Tone.CALM: "",
    Tone.CRITICAL: "🔴",
    Tone.MAJOR: "🟠",
    Tone.MINOR: "🟡",
    Tone.LOW: "🔵",
    Tone.GOOD: "🟢",
    Tone.ASK: "🔔",
    Tone.DRILL: "🟣",
}
"""A tone in front of a title that has no sign of its own: an attachment's bar would fold long cards and ring nobody."""
DOES = "do:"
"""Begins the ``action_id`` of a button that does something; its ``value`` says what."""
OPENS = "open:"
"""Begins the ``action_id`` of a button that opens an address."""


def message(card: Card, *, room: str | None = None, rings: bool = True) -> dict[str, Any]:
    """The arguments ``text`` and ``blocks`` of a message."""
    setting = Setting(room=room, rings=rings)
    blocks = blocks_of(card, setting)
    return {"text": fallback(card, setting)} | ({"blocks": blocks} if blocks else {})


def home(card: Card) -> dict[str, Any]:
    """A person's own page."""
    return {"type": "home", "blocks": blocks_of(card, Setting(rings=False))}


def blocks_of(card: Card, setting: Setting) -> list[Element]:
    """A card's blocks, from top to bottom."""
    blocks = _header(card) + rich_text(cut(_body(card), limits.BODY), setting)
    blocks += rich_text(_fields(card.fields), setting) + _buttons(card.buttons) + _footer(card.footer, setting)
    return blocks[: limits.BLOCKS]


def fallback(card: Card, setting: Setting) -> str:
    """What notifications and screen readers use in place of the blocks."""
    lines: list[Text] = [(_title(card),)] if card.title else []
    lines += [_body(card)] if _body(card) else []
    lines += [(f"{field.name}: ", *field.value) for field in card.fields]
    lines += [card.footer] if card.footer else []
    whole: list[str | Span] = []
    for line in lines:
        whole += ["\n", *line] if whole else line
    said = "".join(markup(part, setting) for part in cut(tuple(whole), limits.FALLBACK))
    return said.strip() or "…"


def _title(card: Card) -> str:
    title = card.title.strip()
    signed = title != "" and unicodedata.category(title[0]) == "So"
    return title if signed else f"{TONES[card.tone]} {title}".strip()


def _body(card: Card) -> Text:
    tone = TONES[card.tone]
    return (f"{tone} ", *card.text) if tone and card.text and not card.title else card.text


def _header(card: Card) -> list[Element]:
    if not card.title:
        return []
    title = plain(cut((" ".join(_title(card).split()),), limits.HEADER))
    return [{"type": "header", "text": {"type": "plain_text", "text": title, "emoji": False}}]


def _fields(fields: tuple[CardField, ...]) -> Text:
    whole: list[str | Span] = []
    for field in fields:
        whole += ["\n"] if whole else []
        whole += [Bold(text=field.name), "  ", *cut(field.value, limits.FIELD)]
    return cut(tuple(whole), limits.FIELDS)


def _buttons(buttons: tuple[Button, ...]) -> list[Element]:
    made = [_button(button, place) for place, button in enumerate(buttons)]
    useful = [button for button in made if button is not None][: limits.BUTTONS]
    return [{"type": "actions", "elements": useful}] if useful else []


def _button(button: Button, place: int) -> Element | None:
    label = button.label if len(button.label) <= limits.BUTTON_LABEL else button.label[: limits.BUTTON_LABEL - 1] + "…"
    made: Element = {"type": "button", "text": {"type": "plain_text", "text": label, "emoji": False}}
    if button.style is not ButtonStyle.PLAIN:
        made["style"] = button.style.value
    if button.url is not None:
        if not button.url.startswith(("https://", "http://")) or len(button.url) > limits.URL:
            return None
        return made | {"action_id": f"{OPENS}{place}", "url": button.url}
    return made | {"action_id": f"{DOES}{place}", "value": button.does} if button.does else None


def _footer(footer: Text, setting: Setting) -> list[Element]:
    """A context block: plain words are plain text there, so that only what is ours is in markup."""
    short = cut(footer, limits.FOOTER)
    elements = [made for part in short if (made := _small(part, setting)) is not None]
    if len(elements) > limits.CONTEXT_ELEMENTS:
        elements = [_plain(plain(short))]
    return [{"type": "context", "elements": elements}] if elements else []


def _small(part: str | Span, setting: Setting) -> Element | None:
    match part:
        case str() | Bold() | Quote():
            text = plain((part,))
            return _plain(text) if text.strip() else None
        case Code():
            return {"type": "mrkdwn", "text": f"`{markup(part, setting).replace('`', 'ˋ')}`", "verbatim": True}
        case Link():
            return _plain(part.label)
    return {"type": "mrkdwn", "text": markup(part, setting), "verbatim": True}


def _plain(text: str) -> Element:
    return {"type": "plain_text", "text": text, "emoji": False}
