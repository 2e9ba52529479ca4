"""Durations as people write them: ``15m``, ``4h``, ``10s``, ``2d``, ``1h30m``."""

import re
from datetime import timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_WORDS = {
    "sec": "s", "secs": "s", "second": "s", "seconds": "s",
    "min": "m", "mins": "m", "minute": "m", "minutes": "m",
    "hr": "h", "hrs": "h", "hour": "h", "hours": "h",
    "day": "d", "days": "d", "week": "w", "weeks": "w",
}  # fmt: skip
_PART = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)\s*([a-z]+)")
_LONG = {"s": "second", "m": "minute", "h": "hour", "d": "day"}
_SHORT = re.compile(r"\d{1,6}[smhd]")
LONGEST = timedelta(days=366)
"""No clock of an incident runs longer."""


def parse_duration(text: str) -> timedelta:
    """``15m``, ``1h30m``, ``20 minutes``; raises ``ValueError`` with what would be right."""
    folded = text.strip().lower()
    total = 0.0
    rest = _PART.sub("", folded).strip()
    parts = _PART.findall(folded)
    for amount, unit in parts:
        known = unit if unit in _UNITS else _WORDS.get(unit, "")
        if not known:
            raise ValueError(f"“{text}” is not a duration; write it like 15m, 4h or 1h30m")
        total += float(amount) * _UNITS[known]
    if rest or not parts:
        raise ValueError(f"“{text}” is not a duration; write it like 15m, 4h or 1h30m")
    if not timedelta(0) < timedelta(seconds=min(total, 10**9)) <= LONGEST:
        raise ValueError(f"“{text}” is out of range; a duration is longer than nothing and at most a year")
    return timedelta(seconds=total)


def say_duration(span: timedelta) -> str:
    """Short words for a length of time: ``40s``, ``15m``, ``1h 30m``, ``2d 3h``; at most two units."""
    seconds = max(0, round(span.total_seconds()))
    if seconds < 60:
        return f"{seconds}s"
    parts: list[str] = []
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60)):
        amount, seconds = divmod(seconds, size)
        if amount:
            parts.append(f"{amount}{unit}")
    return " ".join(parts[:2])


def spell(said: str) -> str:
    """A short length of time in whole words: ``1h 30m`` is ``1 hour 30 minutes``; anything else stays as it is."""
    parts = said.split()
    if not parts or not all(_SHORT.fullmatch(part) for part in parts[:2]) or len(parts) > 2:
        return said
    words = ((part[:-1], _LONG[part[-1]]) for part in parts)
    return " ".join(f"{count} {unit}" if int(count) == 1 else f"{count} {unit}s" for count, unit in words)


def _read(value: Any) -> Any:
    if isinstance(value, str):
        return parse_duration(value)
    if isinstance(value, bool | int | float):
        raise ValueError("a duration needs its unit; write it like 15m, 4h or 10s")
    return value


def _write(value: timedelta) -> str:
    seconds = value.total_seconds()
    return f"{seconds:g}s" if seconds % 60 else f"{seconds // 60:g}m"


WRITTEN = r"\d{1,6}(\.\d{1,3})?\s*[A-Za-z]+(\s*\d{1,6}(\.\d{1,3})?\s*[A-Za-z]+)*"
"""Roughly how a duration is written, for editors; ``parse_duration`` has the last word."""
Duration = Annotated[
    timedelta,
    BeforeValidator(_read),
    PlainSerializer(_write, return_type=str),
    WithJsonSchema({"type": "string", "pattern": f"^{WRITTEN}$", "examples": ["15m", "4h", "1h30m"]}),
]
"""A ``timedelta`` written like ``15m`` in playbooks and commands."""
