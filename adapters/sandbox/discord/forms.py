"""Reading a request's body field by field, and gathering what is wrong with it as Discord's nested ``errors``."""

import re
from collections.abc import Collection
from typing import Any

from adapters.sandbox.discord.errors import INVALID_FORM, DiscordError, Wire

WHOLE = re.compile(r"^-?[0-9]{1,40}$")
REQUIRED = ("BASE_TYPE_REQUIRED", "This field is required")


class Problems:
    """What is wrong with a form, by dotted path: ``embeds.0.title``."""

    def __init__(self) -> None:
        self.errors: Wire = {}

    def at(self, path: str, code: str, message: str) -> None:
        place = self.errors
        for step in path.split(".") if path else []:
            place = place.setdefault(step, {})
        place.setdefault("_errors", []).append({"code": code, "message": message})

    def check(self) -> None:
        """Raise 50035 if anything is wrong."""
        if self.errors:
            raise DiscordError(400, INVALID_FORM, "Invalid Form Body", errors=self.errors)


def wrong(path: str, code: str, message: str) -> DiscordError:
    """The 50035 for a single problem."""
    problems = Problems()
    problems.at(path, code, message)
    return DiscordError(400, INVALID_FORM, "Invalid Form Body", errors=problems.errors)


def joined(path: str, step: object) -> str:
    return f"{path}.{step}" if path else str(step)


def text(
    problems: Problems, body: Wire, *, key: str, path: str, high: int, low: int = 0, required: bool = False
) -> str:
    """The text of a field; ``low`` and ``high`` bound its length. An absent, optional field is ``""``."""
    value = body.get(key)
    here = joined(path, key)
    if value is None or (value == "" and required):
        if required:
            problems.at(here, *REQUIRED)
        return ""
    if isinstance(value, dict | list):
        problems.at(here, "STRING_TYPE_CONVERT", f'Could not interpret "{value}" as string.')
        return ""
    words = body[key] = str(value)  # numbers become text, as in Discord
    if low and not low <= len(words) <= high:
        problems.at(here, "BASE_TYPE_BAD_LENGTH", f"Must be between {low} and {high} in length.")
    elif len(words) > high:
        problems.at(here, "BASE_TYPE_MAX_LENGTH", f"Must be {high} or fewer in length.")
    return words


def number(
    problems: Problems, body: Wire, *, key: str, path: str, low: int = 0, high: int = 2**63, default: int = 0
) -> int:
    """The whole number of a field, within bounds."""
    value = body.get(key)
    here = joined(path, key)
    if value is None:
        return default
    if isinstance(value, bool) or not WHOLE.match(str(value)):
        problems.at(here, "NUMBER_TYPE_COERCE", f'Value "{value}" is not int.')
        return default
    found = body[key] = int(value)
    if found < low:
        problems.at(here, "NUMBER_TYPE_MIN", f"int value should be greater than or equal to {low}.")
    elif found > high:
        problems.at(here, "NUMBER_TYPE_MAX", f"int value should be less than or equal to {high}.")
    else:
        return found
    return default


def one_of(problems: Problems, body: Wire, *, key: str, path: str, choices: Collection[int], default: int) -> int:
    value = body.get(key, default)
    if isinstance(value, bool) or value not in choices:
        listed = ", ".join(str(choice) for choice in sorted(choices))
        problems.at(joined(path, key), "BASE_TYPE_CHOICES", f"Value must be one of {{{listed}}}.")
        return default
    return int(value)


def listed(problems: Problems, body: Wire, *, key: str, path: str, high: int, low: int = 0) -> list[Wire]:
    """The objects of a list field; what is not an object is reported and left out."""
    value = body.get(key)
    here = joined(path, key)
    if value is None:
        if low:
            problems.at(here, *REQUIRED)
        return []
    if not isinstance(value, list):
        problems.at(here, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
        return []
    if low and not low <= len(value) <= high:
        problems.at(here, "BASE_TYPE_BAD_LENGTH", f"Must be between {low} and {high} in length.")
    elif len(value) > high:
        problems.at(here, "BASE_TYPE_MAX_LENGTH", f"Must be {high} or fewer in length.")
    for index, item in enumerate(value):
        if not isinstance(item, dict):
            problems.at(joined(here, index), "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
    return [item if isinstance(item, dict) else {} for item in value]


def words(problems: Problems, body: Wire, *, key: str, path: str) -> list[str]:
    """The texts (or ids) of a list field."""
    value = body.get(key)
    if value is not None and not isinstance(value, list):
        problems.at(joined(path, key), "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
        return []
    return [str(one) for one in value or []]


def snowflake(value: Any, *, path: str) -> str:
    """An id given as text or number; raises 50035 if it is neither."""
    words = str(value)
    if isinstance(value, bool) or not (words.isascii() and words.isdigit() and len(words) <= 20):
        raise wrong(path, "NUMBER_TYPE_COERCE", f'Value "{words[:100]}" is not snowflake.')
    return words


def mapping(body: Any) -> Wire:
    """The body itself, which must be an object."""
    if not isinstance(body, dict):
        raise wrong("", "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
    return body
