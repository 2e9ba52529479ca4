"""Slack's markup: how it is read, and how plain words are kept from becoming it."""

import re
import unicodedata

from adapters.slack import emojis, limits

_SPECIAL = re.compile(r"<([^<>\n]*)>")
_SHORTCODE = re.compile(r"https?://\S+|:(?P<name>[a-z0-9_'+-]{1,60}):(?::skin-tone-[2-6]:)?")
"""An emoji's name; what looks like one inside an address is none."""
_DASHES = re.compile(r"-{2,}")


def escape(text: str) -> str:
    """Plain words in which nothing mentions or links: Slack's three control characters as entities."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """The characters that Slack's three entities stand for."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def typed(text: str) -> str:
    """What a person typed after a slash command: people stay ``<@ID|name>``, all else is as they saw it."""
    return _read(text, keep_people=True)


def seen(text: str) -> str:
    """A message as people see it, without any markup."""
    return _read(text, keep_people=False)


def shown(text: str) -> str:
    """What an app posted, as people see it: emoji as characters, people as ``<@ID|name>``, all else without markup."""
    return _SHORTCODE.sub(_emoji, typed(text))


def _emoji(found: re.Match[str]) -> str:
    if found["name"] is None:
        return found[0]
    character = emojis.character(found["name"])
    return found[0] if character == found["name"] else character


def _read(text: str, *, keep_people: bool) -> str:
    def one(match: re.Match[str]) -> str:
        inside = match[1]
        if keep_people and inside.startswith("@"):
            return f"\0{inside}\1"
        return _shown(inside)

    read = unescape(_SPECIAL.sub(one, text))
    return read.replace("\0", "<").replace("\1", ">")


def _shown(inside: str) -> str:
    target, _, label = inside.partition("|")
    match target[:1]:
        case "@":
            return f"@{label or target[1:]}"
        case "#":
            return f"#{label or target[1:]}"
        case "!":
            return f"@{label.removeprefix('@')}" if label else f"@{target[1:].split('^')[0]}"
    address = target.removeprefix("mailto:")
    return f"{label} ({address})" if label and label not in target else address


def topic(text: str) -> str:
    """A channel's topic within its limit, escaped."""
    line = " ".join(text.split())
    kept = len(line)
    while len(escape(line[:kept])) > limits.TOPIC - (kept < len(line)):
        kept -= 1
    return escape(line[:kept]) + ("…" if kept < len(line) else "")


def channel_name(wanted: str, *, strict: bool = False) -> str:
    """A legal name for a channel: lower case, letters and digits of any script, hyphens and underscores.

    ``strict`` leaves out the marks that some scripts write with their letters: Slack does not say if it takes them.
    """
    lower = unicodedata.normalize("NFC", wanted).lower()
    kinds = "LN" if strict else "LNM"
    legal = "".join(sign if sign in "-_" or unicodedata.category(sign)[0] in kinds else "-" for sign in lower)
    return _DASHES.sub("-", legal)[: limits.CHANNEL_NAME].strip("-_") or "incident"
