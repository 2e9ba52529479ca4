"""What every part of a playbook is made of: strict, frozen models, and names."""

import re
from datetime import date, datetime, time
from functools import lru_cache
from typing import Annotated, Any
from zoneinfo import available_timezones

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, WithJsonSchema

from bot import zones
from bot.model import Model
from bot.playbook.misfit import nearest, quoted, wrong


class Part(Model):
    """A part of a playbook: unknown keys are refused, nothing changes once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


def _zone(name: str) -> str:
    if zones.known(name) is None:
        near = nearest(name, available_timezones())
        raise wrong(quoted(name), f"a time zone; the nearest is {near}" if near else "a time zone like UTC")
    return name


@lru_cache(1024)
def fold(word: str) -> str:
    """A name with case, spaces, dashes and underscores ignored: ``SEV-1``, ``sev 1`` and ``Sev1`` are one."""
    return re.sub(r"[\s_-]+", "", word).casefold()


Zone = Annotated[str, AfterValidator(_zone)]
"""An IANA time zone."""


def _time(value: Any) -> Any:
    """A number would be read as seconds after midnight, so only ``09:30`` is taken."""
    if isinstance(value, time):
        return value
    found = _TIME.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise wrong(quoted(str(value)), "a time of day like 09:30")
    return time(int(found["hour"]), int(found["minute"]))


def _day(value: Any) -> Any:
    """A number would be read as seconds since 1970, so only ``2026-01-05`` is taken."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    no = wrong(quoted(str(value)), "a day like 2026-01-05")
    if not isinstance(value, str) or not _DAY.fullmatch(value.strip()):
        raise no
    try:
        return date.fromisoformat(value.strip())
    except ValueError as error:
        raise no from error


_TIME = re.compile(r"(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?::00)?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
TimeOfDay = Annotated[
    time,
    BeforeValidator(_time),
    WithJsonSchema({"type": "string", "pattern": r"^([01]?\d|2[0-3]):[0-5]\d(:00)?$", "examples": ["09:30"]}),
]
"""A time of day in the playbook's zone: ``09:30``."""
Day = Annotated[
    date,
    BeforeValidator(_day),
    WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$", "examples": ["2026-01-05"]}),
]
"""A day: ``2026-01-05``."""
Name = Annotated[str, Field(pattern=r"^\w[\w -]{0,31}$")]
"""A short name: letters, digits, spaces, dashes and underscores, at most 32."""
Key = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")]
"""A name that people type and buttons carry: small letters, digits and dashes, at most 32."""
Names = tuple[str, ...]
"""Names of other parts, in order of preference."""


def named(parts: tuple[Any, ...], name: str) -> Any | None:
    """The first of these parts that has this name, however it is spelled."""
    return next((part for part in parts if fold(part.name) == fold(name)), None)
