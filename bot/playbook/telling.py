"""What pydantic says of a value, as what was found and what was expected."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from bot.playbook.misfit import At, Misfit, listed, nearest, quoted
from bot.playbook.shape import Playbook

Words = Mapping[At, str]
"""Each single value as it is written."""
KEY = "small letters, digits and dashes, at most 32"
PATTERNS = {
    r"^\w[\w -]{0,31}$": "letters, digits, spaces, dashes and underscores, at most 32",
    r"^[a-z0-9][a-z0-9-]{0,31}$": KEY,
    r"^([a-z0-9][a-z0-9-]{0,31})?$": KEY,
    r"^[a-z][a-z0-9-]{0,31}$": f"{KEY}, a letter first",
    r"^https?://\S+$": "an address like https://example.com",
    r"^(https?://\S+)?$": "an address like https://example.com",
    r"^([A-Z]{2})?$": "a country's two letters, such as ES",
    r"^[A-Z]{3}$": "a currency's three letters, such as EUR",
}
"""The patterns of the shape, in words."""
KINDS = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "a number with an end",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "tuple_type": "a list, such as [a, b]",
    "time_delta_type": "something like 15m, 4h or 1h30m",
    "dict_type": "keys and values",
    "model_type": "keys and values",
    "model_attributes_type": "keys and values",
}
"""What was expected, by the type of the error."""


def misfit(error: ErrorDetails, at: At, words: Words) -> Misfit:
    """The misfit that an error tells of; ``at`` is its place in the file."""
    given = error.get("ctx", {})
    if "found" in given:
        at = (*at, given["key"]) if given["key"] else at
        value, word = error["input"], words.get(at)
        found = given["found"] if isinstance(value, str | dict) or word is None else shown(value, word)
        return Misfit(at, found, given["expected"], lacks=given["lacks"], among=given["among"], line=given["line"])
    if error["type"] == "missing":
        return Misfit(at, f"no “{at[-1]}”", "one")
    if error["type"] == "extra_forbidden":
        key = str(at[-1])
        cut = error["input"] is None and " " in key  # `{ text: First, then this }`
        expected = "a text with a comma in quotes" if cut else _known(key, at[:-1])
        return Misfit(at, f"the unknown key {quoted(key)}", expected)
    if error["type"] == "value_error":
        return _rule(error, at, words)
    found = shown(error["input"], words.get(at))
    return Misfit(at, _size(error) or found, _expected(error))


def shown(value: Any, word: str | None) -> str:
    """A value as people see it in their file."""
    if value is None:
        return "nothing"
    if isinstance(value, dict | list):
        return ("keys and values" if isinstance(value, dict) else "a list") if value else "an empty list"
    if isinstance(value, str):
        return quoted(value) if value else "an empty text"
    kind = "true or false" if isinstance(value, bool) else "a number" if isinstance(value, int | float) else "a date"
    return f"{word or value}, {kind}"


def _rule(error: ErrorDetails, at: At, words: Words) -> Misfit:
    """The sentence of a validator: ``“soon” is no duration; write it like 15m``, or ``key: what would be right``."""
    says = str(error["msg"]).removeprefix("Value error, ")
    value = error["input"]
    key, _, rest = says.partition(": ")
    if isinstance(value, dict) and key in value:
        at, value, says = (*at, key), value[key], rest
    says = says.rpartition("; ")[2]
    expected = re.sub(r"^write (it|one) like", "something like", says)
    expected = expected if expected != says else f"something else: {says}"
    return Misfit(at, shown(value, words.get(at)), expected)


def _size(error: ErrorDetails) -> str:
    """How long what is too long is."""
    match error["type"]:
        case "string_too_long":
            return f"{len(error['input'])} characters"
        case "too_long":
            return f"{error.get('ctx', {})['actual_length']} of them"
    return ""


def _expected(error: ErrorDetails) -> str:
    kind, given = error["type"], error.get("ctx", {})
    if kind in KINDS:
        wanted = KINDS[kind]
        return f"{wanted}; put it in quotes" if kind == "string_type" and _bare(error["input"]) else wanted
    if kind in ("literal_error", "enum"):
        said = str(given["expected"])
        return _one_of(str(error["input"]), re.findall(r"'([^']*)'", said) or [said])
    if kind == "string_pattern_mismatch":
        return PATTERNS.get(given["pattern"], f"something like {given['pattern']}")
    least = given.get("min_length", given.get("ge", given.get("gt")))
    most = given.get("max_length", given.get("le", given.get("lt")))
    if least is not None:
        return f"at least {least:g}"
    return f"at most {most:g}" if most is not None else str(error["msg"])


def _bare(value: Any) -> bool:
    return value is not None and not isinstance(value, dict | list)


def _one_of(word: str, known: list[str]) -> str:
    near = nearest(word, known)
    return f"one of {listed(known)}" + (f"; the nearest is “{near}”" if near and len(known) > 3 else "")


def _known(key: str, parents: At) -> str:
    """The key that was meant, or those that there are."""
    model = _model(parents)
    known = [field.alias or name for name, field in model.model_fields.items()] if model is not None else []
    near = nearest(key, known)
    return f"“{near}”" if near else f"one of {listed(known)}"


def _model(parents: At) -> type[BaseModel] | None:
    """The model whose keys stand at a path."""
    model: type[BaseModel] | None = Playbook
    for part in parents:
        if isinstance(part, int) or model is None:
            continue
        fields = {field.alias or name: field.annotation for name, field in model.model_fields.items()}
        if part in fields:
            model = next(_models(fields[part]), None)
    return model


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    """Every model within a type such as ``tuple[Step, ...]``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models(inner)
