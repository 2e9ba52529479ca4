"""Finds every mistake at once: what is wrong is told and taken away until the rest can be judged as a whole.

Pydantic tells of wrong types everywhere, but looks at what parts have to do with each other only where all types are
right. So a value that does not fit is removed, another stands in where its part cannot be without one, and the rest
is read again. What then only follows from that is not told: that a role is unknown whose own entry is broken.
"""

from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.playbook import telling
from bot.playbook.misfit import MADE_UP, At, Misfit
from bot.playbook.part import fold
from bot.playbook.reading import Reading
from bot.playbook.shape import Playbook

ROUNDS = 40
"""Readings at most; each takes something away, and what is deepest goes with the third."""
NAMES = ("name", "key", "title", "meaning")
"""What parts are called: a made-up name takes the place of one that is missing or wrong."""
DEFINING = ("name", "key")
"""Where a part says the name that others know it by."""
STAND_INS: dict[str, Any] = {
    "severities": [{"name": "nothing", "meaning": "-"}],
    "commander": "-",
    "ladder": [{"rings": ["channel"]}],
    "stage": "investigating",
    "rings": ["channel"],
    "audience": "team",
    "steps": [{"text": "-"}],
    "text": "-",
    "within": "366d",
    "starts": "2001-01-01",
    "to": ["-"],
    "people": ["-"],
    "symptom": "-",
    "cause": "-",
    "check": "-",
    "words": ["-"],
    "url": "https://example.com",
    "does": "ignore",
    "pattern": "(?P<title>-)",
    "kind": "github",
    "from": "03:07",
    "until": "03:08",
    "holds": ["-"],
}
"""For what a playbook or a part cannot be without, once it was told that it is missing or wrong: so the rest of it is
judged all the same."""


class _Rows(list[Any]):
    """A list that knows the places that its items had in the file."""

    def __init__(self, items: list[Any]) -> None:
        super().__init__(items)
        self.places = list(range(len(items)))


class _Causes:
    """Where something was told, so that what follows from it is not."""

    def __init__(self) -> None:
        self._at: set[At] = set()
        self._around: set[At] = set()

    def add(self, at: At) -> None:
        """Something was told of the value at this place."""
        self._at.add(at)
        self._around |= {at[:end] for end in range(len(at) + 1)}

    def explain(self, at: At) -> bool:
        """Whether something was told of this value, of one within it, or of one around it."""
        return at in self._around or any(at[:end] in self._at for end in range(len(at)))

    def hold(self, at: At) -> bool:
        """Whether something was told of this very value, or of one around it."""
        return any(at[:end] in self._at for end in range(1, len(at) + 1))


class Pruning:
    """The values of one file, on their way to a playbook."""

    def __init__(self, values: dict[str, Any], words: telling.Words) -> None:
        self._rest = _copied(values)
        self._words = words
        self._made_up = 0
        self._gone: set[str] = set()
        """Names, and keys, of what was taken away."""
        self._known: set[int] = set()
        """Parts whose name did not fit, and is among those gone."""
        self._unknown: set[At] = set()
        """Lists with a part of which nobody knows what it is called: any name may be its."""
        self._causes = _Causes()
        self.told: list[Misfit] = []

    def playbook(self, reading: Reading) -> Playbook | None:
        """The playbook; ``None`` where something was told."""
        for _ in range(ROUNDS):
            try:
                found = Playbook.model_validate(self._rest, context=reading)
            except ValidationError as error:
                errors = _real(error.errors(include_url=False))
                last = all(one["type"] == "unfit" for one in errors)
                self._tell(errors, last=last)
                if last or not self._prune(errors):
                    return None
            else:
                return None if self.told else found
        return None

    def _tell(self, errors: list[ErrorDetails], *, last: bool) -> None:
        """Deeper places first. In the last reading all is independent: parts are whole, and only do not go together."""
        mine = [telling.misfit(error, self._origin(_loc(error, self._rest)), self._words) for error in errors]
        for one in sorted(mine, key=lambda one: -len(one.at)):
            if not self._follows(one):
                self.told.append(one)
                if not last:
                    self._causes.add(one.at)

    def _follows(self, one: Misfit) -> bool:
        """Whether it only follows from what was told."""
        lacks = [word for word in one.lacks.split(", ") if word]
        if any(fold(word) in self._gone or self._causes.explain((*one.at[:-1], word)) for word in lacks):
            return True
        among = [tuple(path.split(".")) for path in one.among.split(", ")]
        return self._causes.explain(one.at) or any(self._causes.hold(at) or at in self._unknown for at in among)

    def _prune(self, errors: list[ErrorDetails]) -> bool:
        """Take away what is wrong, each once; whether that changed anything."""
        doomed: dict[tuple[int, int | str], tuple[Any, int | str]] = {}
        for error in errors:
            loc = _loc(error, self._rest)
            if error["type"] == "missing":
                self._stand_in(loc)
            elif loc:
                holder = _at(self._rest, loc[:-1])
                if isinstance(holder, list) and not isinstance(holder[int(loc[-1])], str | int | float):
                    self._unknown.add(loc[:-1])
                doomed[(id(holder), loc[-1])] = (holder, loc[-1])
        for holder, key in sorted(doomed.values(), key=lambda pair: str(pair[1]).zfill(9), reverse=True):
            self._take(holder, key)
        return bool(doomed) or any(error["type"] == "missing" for error in errors)

    def _take(self, holder: Any, key: int | str) -> None:
        value = holder[key]
        if key in DEFINING or isinstance(holder, list) or isinstance(value, dict | list):
            self._gone |= {fold(word) for word in _names(value)}
        if key in DEFINING and value is not None and not isinstance(value, dict | list):
            self._known.add(id(holder))
        del holder[key]
        if isinstance(holder, _Rows):
            del holder.places[int(key)]

    def _stand_in(self, loc: At) -> None:
        self._made_up += 1
        part, key = _at(self._rest, loc[:-1]), loc[-1]
        part[key] = f"{MADE_UP}{self._made_up}" if key in NAMES else _copied(STAND_INS[str(key)])
        if key in DEFINING and id(part) not in self._known:
            self._unknown.add(loc[:-2])

    def _origin(self, loc: At) -> At:
        """A place among what is left as the place that it had in the file."""
        node: Any = self._rest
        found: list[int | str] = []
        for part in loc:
            inside = isinstance(node, _Rows) and isinstance(part, int) and part < len(node)
            found.append(node.places[part] if inside else part)
            node = _at(node, (part,)) if inside or (isinstance(node, dict) and part in node) else None
        return tuple(found)


def _real(errors: list[ErrorDetails]) -> list[ErrorDetails]:
    """Without lists that are only too short because their items are wrong."""
    around = {one["loc"][:end] for one in errors for end in range(len(one["loc"]))}
    return [one for one in errors if one["type"] != "too_short" or one["loc"] not in around]


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copied(held) for key, held in value.items()}
    return _Rows([_copied(held) for held in value]) if isinstance(value, list) else value


def _at(node: Any, loc: At) -> Any:
    for part in loc:
        node = node[part]
    return node


def _loc(error: ErrorDetails, values: Any) -> At:
    """Where an error is, without the branches of unions that pydantic names beside the keys of the file."""
    kept: list[int | str] = []
    node = values
    for part in error["loc"]:
        here = part in node if isinstance(node, dict) else isinstance(node, list) and isinstance(part, int)
        if here:
            kept.append(part)
            node = node[part]
    return (*kept, error["loc"][-1]) if error["type"] == "missing" else tuple(kept)


def _names(value: Any) -> Iterator[str]:
    """Every word within a value that others could have named."""
    if isinstance(value, dict):
        for key, held in value.items():
            yield key
            if key in DEFINING or isinstance(held, dict | list):
                yield from _names(held)
    elif isinstance(value, list):
        for held in value:
            if isinstance(held, dict | list):
                yield from _names(held)
    else:
        yield str(value)
