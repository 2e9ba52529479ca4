"""Names become roles: what a person did is told by what they were there for."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.incident import Incident
from bot.people import Person
from bot.playbook.shape import Playbook
from bot.timeline import Entry, Kind, Link

SOMEBODY = "a responder"
"""Whoever held no role."""
_TOKEN = re.compile(r"<@!?(?P<id>[A-Z0-9]{2,24})(?:\|[^>]*)?>")
ORDINARY = frozenset(
    {
        "an", "art", "bill", "case", "chase", "chip", "dash", "dean", "don", "drew", "faith", "frank", "gene",
        "grace", "grant", "guy", "hope", "jack", "june", "mark", "max", "may", "miles", "nick", "pat", "ray",
        "rich", "rob", "rose", "sky", "so", "sue", "will",
    }
)  # fmt: skip
"""Names that are words as well: in small letters they are taken for the word."""


@dataclass(frozen=True, slots=True)
class Names:
    """Whose names are known, and what each becomes. With no names, every text stays as it is."""

    roles: dict[str, str]
    """Folded name to what stands in its place; a short name that is only meant after ``@`` with that before it."""
    tokens: dict[str, str]
    """A platform's own id to the same."""
    pattern: re.Pattern[str] | None
    on: bool = True

    def hide(self, text: str) -> str:
        """The text with roles in the places of names, of the mentions of people, and of their platforms' ids."""
        if not self.on:
            return text
        text = _TOKEN.sub(lambda found: self.tokens.get(found["id"], SOMEBODY), text)
        text = unicodedata.normalize("NFC", text)
        return self.pattern.sub(self._one, text) if self.pattern is not None else text

    def of(self, name: str) -> str:
        """What stands in the place of somebody's name where that is all there is."""
        return (self.roles.get(_fold(name), SOMEBODY) if name else "") if self.on else name

    def _one(self, found: re.Match[str]) -> str:
        said, at = found["name"], found["at"]
        if not at and said.islower() and said in ORDINARY:
            return found[0]
        role = self.roles.get(_fold(said)) or (self.roles.get(f"@{_fold(said)}") if at else None)
        return role or found[0]


SHOWN = Names({}, {}, None, on=False)
"""Names stay."""


def names(incident: Incident, playbook: Playbook, links: Iterable[Link]) -> Names:
    """Everybody who is known: those in the incident and its timeline, and those of the playbook."""
    if not playbook.record.blameless:
        return SHOWN
    links = tuple(links)
    held = _held(incident, playbook, links)
    roles: dict[str, str] = {}
    tokens: dict[str, str] = {}
    for person in _people(incident, playbook):
        title = next((held[key] for key in sorted(person.keys) if key in held), SOMEBODY)
        for name in map(_fold, (*_names(person.name), f"@{person.key}")):
            roles[name] = title if roles.get(name, title) == title else SOMEBODY
        tokens |= dict.fromkeys(person.handles.values(), title)
    for key, known in (pair for link in links for pair in _told_of(link.entry)):
        for name in _names(known):
            roles.setdefault(_fold(name), held.get(key, SOMEBODY))
    every = sorted({name.removeprefix("@") for name in roles} - {""}, key=len, reverse=True)
    return Names(roles, tokens, _pattern(every))


def _held(incident: Incident, playbook: Playbook, links: Iterable[Link]) -> dict[str, str]:
    """Key of a person to the title of the role they have, or had last."""
    titles = {role.name: role.title for role in playbook.roles}
    held: dict[str, str] = {}
    for link in links:
        data = link.entry.data
        if link.entry.kind is Kind.ROLE and "person" in data and "role" in data:
            held[data["person"]] = titles.get(data["role"], data["role"])
    for role in reversed(playbook.roles):
        holder = incident.holder(role.name)
        if holder is not None:
            held |= dict.fromkeys(holder.keys, role.title)
    return held


def _people(incident: Incident, playbook: Playbook) -> Iterator[Person]:
    yield from (*incident.roles.values(), *incident.responders.values(), incident.declared_by)
    yield from (one for offer in incident.offers for one in (offer.giver, offer.taker))
    post = incident.progress.postmortem
    if post is not None:
        yield from (*post.reviewers, *(answer.by for answer in post.answers.values()))
        if post.owner is not None:
            yield post.owner
    yield from (item.owner for item in incident.progress.actions if item.owner is not None)
    yield from playbook.people


def _told_of(entry: Entry) -> Iterator[tuple[str, str]]:
    """Key and name of whoever an entry is by, and of whoever its words name, be they long replaced."""
    if entry.actor:
        yield entry.actor, entry.by
    if "person" in entry.data and "name" in entry.data:
        yield entry.data["person"], entry.data["name"]


def _names(name: str) -> Iterator[str]:
    """A name and its parts; a title such as “Engineer on call” has none."""
    if name == "Tocsin":
        return
    yield name
    words = name.split()
    if len(words) > 1 and all(word[:1].isupper() for word in words):
        yield from (word for word in words if len(word) > 1 and word[-1] != ".")


def _fold(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _pattern(names: list[str]) -> re.Pattern[str] | None:
    """Any of the names as a whole word; scripts without capitals have no gaps between words either."""
    if not names:
        return None
    cased = "|".join(re.escape(name) for name in names if name.upper() != name.lower())
    bare = "|".join(re.escape(name) for name in names if name.upper() == name.lower())
    either = [rf"(?<!\w){part}(?!\w)" for part in ([f"(?:{cased})"] if cased else [])]
    either += [f"(?:{bare})"] if bare else []
    return re.compile(rf"(?P<at>@?)(?P<name>{'|'.join(either)})", re.IGNORECASE)
