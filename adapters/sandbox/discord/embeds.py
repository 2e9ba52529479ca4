"""Checking embeds against Discord's limits."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from adapters.sandbox.discord import limits
from adapters.sandbox.discord.errors import Wire
from adapters.sandbox.discord.forms import REQUIRED, Problems, joined, listed, number, text

LINKS = ("http", "https")
PICTURES = ("http", "https", "attachment")
CONTENTS = ("title", "description", "fields", "image", "thumbnail", "author", "footer")
KEPT = (*CONTENTS, "url", "color", "timestamp")
"""What an application may set; Discord ignores the rest."""


def check_embeds(problems: Problems, body: Wire, *, path: str) -> list[Wire]:
    """The embeds of a message as Discord keeps them."""
    embeds = listed(problems, body, key="embeds", path=path, high=limits.EMBEDS)
    here = joined(path, "embeds")
    kept = [_checked(problems, embed, path=joined(here, index)) for index, embed in enumerate(embeds)]
    if sum(_size(embed) for embed in embeds) > limits.EMBEDS_TOTAL:
        problems.at(here, "MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum size of {limits.EMBEDS_TOTAL}")
    return kept


def _checked(problems: Problems, embed: Wire, *, path: str) -> Wire:
    if not any(embed.get(key) for key in CONTENTS):
        problems.at(joined(path, "description"), *REQUIRED)
    text(problems, embed, key="title", path=path, high=limits.EMBED_TITLE)
    text(problems, embed, key="description", path=path, high=limits.EMBED_DESCRIPTION)
    number(problems, embed, key="color", path=path, high=limits.COLOUR)
    _check_time(problems, embed, path=path)
    _check_url(problems, embed, path=path, schemes=LINKS)
    fields = listed(problems, embed, key="fields", path=path, high=limits.EMBED_FIELDS)
    for index, field in enumerate(fields):
        here = f"{path}.fields.{index}"
        text(problems, field, key="name", path=here, high=limits.EMBED_FIELD_NAME, required=True)
        text(problems, field, key="value", path=here, high=limits.EMBED_FIELD_VALUE, required=True)
    _check_part(problems, embed, part="footer", key="text", path=path, high=limits.EMBED_FOOTER)
    _check_part(problems, embed, part="author", key="name", path=path, high=limits.EMBED_AUTHOR)
    for part in ("image", "thumbnail"):
        _check_part(problems, embed, part=part, key="", path=path, schemes=PICTURES)
    kept = {key: embed[key] for key in KEPT if embed.get(key) is not None}
    whole = [field | {"inline": bool(field.get("inline"))} for field in fields]
    return {"type": "rich"} | kept | ({"fields": whole} if fields else {})


def _check_time(problems: Problems, embed: Wire, *, path: str) -> None:
    given = embed.get("timestamp")
    if given is None:
        return
    try:
        datetime.fromisoformat(str(given))
    except ValueError:
        why = f"Could not parse {str(given)[:100]}. Should be ISO8601."
        problems.at(joined(path, "timestamp"), "DATE_TIME_TYPE_PARSE", why)


def _check_part(
    problems: Problems,
    embed: Wire,
    *,
    part: str,
    key: str,
    path: str,
    high: int = 0,
    schemes: tuple[str, ...] = LINKS,
) -> None:
    inner: Any = embed.get(part)
    if inner is None:
        return
    here = joined(path, part)
    if not isinstance(inner, dict):
        problems.at(here, "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
        return
    if key:
        text(problems, inner, key=key, path=here, high=high, required=True)
    _check_url(problems, inner, path=here, schemes=schemes)


def _check_url(problems: Problems, part: Wire, *, path: str, schemes: tuple[str, ...]) -> None:
    url = part.get("url")
    if url and not well_formed(str(url), schemes):
        listing = ", ".join(f"'{scheme}'" for scheme in schemes)
        words = f"Not a well formed URL, or its scheme is not one of ({listing})."
        problems.at(joined(path, "url"), "URL_TYPE_INVALID_SCHEME", words)


def well_formed(url: str, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in schemes and bool(parts.netloc) and not any(letter.isspace() for letter in url)


def _size(embed: Wire) -> int:
    """The characters that count towards the total, as Discord sums them."""
    words = [embed.get("title"), embed.get("description")]
    for part, key in (("footer", "text"), ("author", "name")):
        inner = embed.get(part)
        words.append(inner.get(key) if isinstance(inner, dict) else None)
    fields = embed.get("fields")
    for field in fields if isinstance(fields, list) else []:
        words += [field.get("name"), field.get("value")] if isinstance(field, dict) else []
    return sum(len(str(word)) for word in words if word)
