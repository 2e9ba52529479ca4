"""Finds values in a playbook by a path such as ``severities.cadences.owner``, each with where it stands."""

from collections.abc import Iterator
from typing import Any

from bot.playbook.misfit import At
from bot.playbook.part import Part


def places(part: Any, path: str) -> Iterator[tuple[At, Any]]:
    """Every value at a path, through lists and mappings; ``labels{}`` yields the keys of a mapping.

    What is left out or empty yields nothing.
    """
    name, _, rest = path.partition(".")
    for at, value in _each(part, name):
        if rest:
            yield from (((*at, *deeper), found) for deeper, found in places(value, rest))
        else:
            yield at, value


def _each(part: Any, name: str) -> Iterator[tuple[At, Any]]:
    bare = name.removesuffix("{}")
    value = getattr(part, bare)
    if isinstance(value, dict):
        for key, held in value.items():
            yield (bare, key), key if name != bare else held
    elif isinstance(value, tuple):
        yield from (((bare, place), one) for place, one in enumerate(value))
    elif value is not None and value != "":
        yield (bare,), value


def lists(part: Any, at: At = ()) -> Iterator[tuple[At, tuple[str, ...]]]:
    """Every list of words, however deep."""
    if isinstance(part, Part):
        for name, field in type(part).model_fields.items():
            yield from lists(getattr(part, name), (*at, field.alias or name))
    elif isinstance(part, dict):
        for key, value in part.items():
            yield from lists(value, (*at, key))
    elif isinstance(part, tuple) and part:
        if all(isinstance(one, str) for one in part):
            yield at, part
        else:
            for place, one in enumerate(part):
                yield from lists(one, (*at, place))
