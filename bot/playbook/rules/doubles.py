"""Names that must be unique, and are not: within a kind, across kinds that are named in one place, within a list."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.playbook.misfit import At, Misfit, quoted, where
from bot.playbook.part import fold
from bot.playbook.places import lists, places
from bot.playbook.written import Written


@dataclass(frozen=True, slots=True)
class Named:
    """One name and whose it is."""

    owner: At
    at: At
    name: str


ALONE = {
    "severities": ("name", "aliases"),
    "statuses": ("name", "aliases"),
    "roles": ("name", "aliases"),
    "phases": ("name",),
    "checklists": ("name",),
    "deadlines": ("name", "aliases"),
    "runbooks": ("name", "title"),
    "checks": ("name",),
    "fields": ("name", "title"),
    "flags": ("name", "title", "aliases"),
    "escalations": ("name", "aliases"),
    "rotations": ("name",),
    "paging.routes": ("name",),
    "alerts.rules": ("name",),
    "alerts.patterns": ("name",),
    "record.sections": ("title",),
}
"""Where parts stand that are told apart by name, and what counts as one."""
TOGETHER = ("roles.name", "people.key", "groups.key", "rotations.name")
"""Names that stand in one place, such as a rung, so that each has to say which it means."""
AGAIN = ("people", "examples")
"""Lists in which the same may stand twice: somebody can take two turns of a rotation."""


def doubled(playbook: Written) -> Iterator[Misfit]:
    """Names that stand for more than one thing of a kind."""
    for path, fields in ALONE.items():
        yield from _clashes(_owned(places(playbook, path), fields))
    for place, severity in enumerate(playbook.severities):
        own = ((("severities", place, *at), cadence) for at, cadence in places(severity, "cadences"))
        yield from _clashes(_owned(own, ("name",)))
    for place, rotation in enumerate(playbook.rotations):
        layers = ((("rotations", place, *at), layer) for at, layer in places(rotation, "layers"))
        yield from _clashes(_owned(layers, ("name",)))
    for path in ("components", "environments"):
        yield from _clashes(Named(at, at, name) for at, name in places(playbook, path))


def across(playbook: Written) -> Iterator[Misfit]:
    """Names that stand for things of several kinds, and handles of several people."""
    yield from _clashes(Named(at[:2], at, name) for path in TOGETHER for at, name in places(playbook, path))
    for path in ("people.handles", "groups.handles"):
        for platform in ("slack", "discord"):
            held = ((at, handle) for at, handle in places(playbook, path) if at[-1] == platform)
            yield from _clashes(Named(at[:2], at, handle) for at, handle in held)


def reserved(playbook: Written) -> Iterator[Misfit]:
    """Names that mean something to Tocsin itself."""
    for path in TOGETHER:
        for at, name in places(playbook, path):
            if fold(name) == "channel":
                yield Misfit(at, quoted(name), "another name: on a ladder “channel” rings everybody in the channel")
    own = ("response", "first-update", "resolution", "postmortem")
    for at, name in places(playbook, "deadlines.name"):
        if name in own:
            yield Misfit(at, quoted(name), "another name: the severities have this deadline already")


def _owned(owners: Iterable[tuple[At, object]], fields: tuple[str, ...]) -> Iterator[Named]:
    for owner, part in owners:
        for field in fields:
            for at, name in places(part, field):
                yield Named(owner, (*owner, *at), name)


def _clashes(names: Iterable[Named]) -> Iterator[Misfit]:
    first: dict[str, Named] = {}
    for one in names:
        had = first.setdefault(fold(one.name), one)
        if had.owner != one.owner:
            yield Misfit(one.at, f"{quoted(one.name)}, which is {where(had.at)} already", "a name of its own")


def repeated(playbook: Written) -> Iterator[Misfit]:
    """Words that stand twice in one list, or are none."""
    for at, words in lists(playbook):
        seen: set[str] = set()
        for place, word in enumerate(words):
            if not word.strip():
                yield Misfit((*at, place), "an empty word", "a word, or nothing at all")
            elif word in seen and at[-1] not in AGAIN:
                yield Misfit((*at, place), f"{quoted(word)} a second time in one list", "each once")
            seen.add(word)
