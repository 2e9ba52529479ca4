"""What a person sees of a message, as plain text: out of Slack's blocks and Discord's embeds alike."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from adapters.sandbox.people import PEOPLE

_NAMES = {p.slack_id: p.name for p in PEOPLE} | {p.discord_id: p.name for p in PEOPLE}


@dataclass(frozen=True, slots=True)
class Seen:
    """One message as it stands."""

    ref: str
    """Slack's ``ts`` or Discord's message id."""
    text: str
    """Everything readable, in order; people by name, rung ones with an @ before it."""
    buttons: tuple[str, ...] = ()
    by_bot: bool = False
    thread: str | None = None
    rings: frozenset[str] = frozenset()
    """Names of those whom it rings, and ``everyone``."""
    reactions: tuple[str, ...] = ()
    raw: dict[str, Any] = field(default_factory=dict, hash=False, compare=False)


@dataclass(frozen=True, slots=True)
class SeenFile:
    """A file in a channel."""

    name: str
    content: str
    beside: str
    """What is said beside it, as :class:`Seen` has it."""


def slack(message: dict[str, Any], *, bot: str) -> Seen:
    """A message of Slack's shape."""
    blocks = message.get("blocks") or []
    text = "".join(_block(block) for block in blocks) if blocks else str(message.get("text", ""))
    elements = [e for b in blocks if b["type"] == "actions" for e in b["elements"]]
    return Seen(
        ref=str(message["ts"]),
        text=text,
        buttons=tuple(e["text"]["text"] for e in elements if e["type"] == "button"),
        by_bot=message.get("user") == bot or bool(message.get("bot_id")),
        thread=message.get("thread_ts") if message.get("thread_ts") != message["ts"] else None,
        rings=frozenset(_rings(blocks)),
        reactions=tuple(r["name"] for r in message.get("reactions", [])),
        raw=message,
    )


def _rings(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for one in node:
            yield from _rings(one)
    elif isinstance(node, dict):
        if node.get("type") == "user":
            yield _NAMES.get(str(node["user_id"]), str(node["user_id"]))
        if node.get("type") == "broadcast":
            yield "everyone"
        yield from _rings(list(node.values()))


def _block(block: dict[str, Any]) -> str:
    match block["type"]:
        case "header" | "section":
            return _text(block.get("text", {})) + "\n"
        case "rich_text":
            return "".join(_rich(e) for e in block["elements"]) + "\n"
        case "context":
            return "".join(_text(e) for e in block["elements"]) + "\n"
    return ""


def _rich(element: dict[str, Any]) -> str:
    match element["type"]:
        case "text":
            return str(element["text"])
        case "user":
            return f"@{_NAMES.get(element['user_id'], element['user_id'])}"
        case "channel":
            return f"#{element['channel_id']}"
        case "broadcast":
            return f"@{element['range']}"
        case "date":
            return str(element.get("fallback", element["timestamp"]))
        case "link":
            return str(element.get("text") or element["url"])
    return "".join(_rich(inner) for inner in element.get("elements", []))


def _text(text: dict[str, Any]) -> str:
    return str(text.get("text", ""))


def discord(message: dict[str, Any], *, bot: str) -> Seen:
    """A message of Discord's shape."""
    parts = [str(message.get("content") or "")]
    for embed in message.get("embeds", []):
        parts += [str(embed.get("title") or ""), str(embed.get("description") or "")]
        parts += [f"{f['name']}  {f['value']}" for f in embed.get("fields", [])]
        parts.append(str((embed.get("footer") or {}).get("text") or ""))
    text = "\n".join(part for part in parts if part)
    for id_, name in _NAMES.items():
        text = text.replace(f"<@{id_}>", f"@{name}")
    text = text.replace("\\", "")
    rows = message.get("components") or []
    rings = {_NAMES.get(str(u["id"]), str(u["id"])) for u in message.get("mentions", [])}
    return Seen(
        ref=str(message["id"]),
        text=text,
        buttons=tuple(b["label"] for row in rows for b in row.get("components", []) if b.get("type") == 2),
        by_bot=str(message["author"]["id"]) == bot,
        rings=frozenset(rings | ({"everyone"} if message.get("mention_everyone") else set())),
        reactions=tuple(r["emoji"]["name"] for r in message.get("reactions", [])),
        raw=message,
    )
