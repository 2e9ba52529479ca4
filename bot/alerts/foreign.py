"""Foreign JSON: types that expect the worst of what a sender writes, and the one way to read a body."""

from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

from pydantic import AwareDatetime, BeforeValidator, ConfigDict, TypeAdapter, ValidationError

from bot.alerts.alert import moment
from bot.alerts.source import NotUnderstood
from bot.model import Model

_TIME: TypeAdapter[datetime] = TypeAdapter(datetime)
_BOM = b"\xef\xbb\xbf"
_LARGEST = 10**18
"""Numbers beyond are no ids and no figures that anybody meant."""
_LAST = 2200


class Foreign(Model):
    """A shape of a sender's; what is not named in it is left aside."""

    model_config = ConfigDict(extra="ignore", frozen=True)


Shape = TypeVar("Shape", bound=Foreign)


def read(shape: type[Shape], body: bytes, *, expected: str) -> Shape:
    """A body of JSON in this shape; ``expected`` is the sentence that stands in :class:`NotUnderstood` otherwise."""
    try:
        return shape.model_validate_json(body.removeprefix(_BOM))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(str(part) for part in first["loc"][:6])[:120]
        where = f"“{place}”: {first['msg']}" if place else first["msg"]
        raise NotUnderstood(f"{expected} ({where[:300]})") from None


def text(value: Any) -> str:
    """A string, or a number as one; anything else says nothing. Databases store no NUL."""
    if isinstance(value, str):
        return value.replace("\x00", "") if "\x00" in value else value
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < _LARGEST:
        return ""
    return str(value)


def when(value: Any) -> datetime | None:
    """A time in UTC, written as ISO 8601 or in (milli)seconds since 1970; ``None`` where it cannot be meant.

    Times near the end of the calendar cannot even be shown in every zone.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float | datetime):
        return None
    try:
        at = _TIME.validate_python(value)
        known = moment(at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC))
    except (ValidationError, OverflowError):
        return None
    return known if known is not None and known.year < _LAST else None


def pairs(value: Any) -> dict[str, str]:
    """Names and values; what is nested says nothing."""
    if not isinstance(value, dict):
        return {}
    plain = {text(name): _plain(held) for name, held in value.items()}
    return {name: held for name, held in plain.items() if name and held}


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else text(value)


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _count(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**6 else 0


Text = Annotated[str, BeforeValidator(text)]
"""Never an error: what is no text is empty."""
When = Annotated[AwareDatetime | None, BeforeValidator(when)]
"""Never an error: what is no time is ``None``."""
Pairs = Annotated[dict[str, str], BeforeValidator(pairs)]
Texts = Annotated[list[Text], BeforeValidator(_several)]
Count = Annotated[int, BeforeValidator(_count)]
