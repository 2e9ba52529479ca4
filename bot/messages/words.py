"""Small phrases that several messages share."""

import re
from collections.abc import Sequence

from bot import calling
from bot.card import Bold, Button, Card, Code, Everyone, GroupMention, Link, Mention, Span, Text, Tone, join
from bot.incident import Incident
from bot.people import Group, Person
from bot.playbook.part import Names
from bot.playbook.process import Rung, Severity
from bot.playbook.shape import Playbook

NOBODY: Text = ("nobody yet",)
_ADDRESS = re.compile(r"https?://(?P<shown>[^\s`<>]*[^\s`<>.,;:!?)\]])")


def who(person: Person, *, quiet: bool = True) -> Text:
    """A person; quiet names them without ringing."""
    return (Mention(person=person, quiet=quiet),)


def people(persons: Sequence[Person], *, quiet: bool = True) -> Text:
    """Several people: ``Ana, Bo``."""
    return join([who(person, quiet=quiet) for person in persons])


def tone(incident: Incident, playbook: Playbook) -> Tone:
    """The colour of an incident's messages."""
    if incident.drill:
        return Tone.DRILL
    if not incident.open:
        return Tone.GOOD
    severity = playbook.severity(incident.severity)
    return severity.tone if severity is not None else Tone.MINOR


def level(severity: Severity | None, name: str) -> str:
    """``🔴 SEV1``."""
    emoji = f"{severity.emoji} " if severity is not None and severity.emoji else ""
    return f"{emoji}{name.upper()}"


def marks(incident: Incident) -> tuple[str, ...]:
    """``DRILL`` and ``🔒``, where that is so."""
    return tuple(mark for mark, so in (("DRILL", incident.drill), ("🔒", incident.private)) if so)


def headline(incident: Incident, playbook: Playbook) -> str:
    """``🔴 SEV1 · checkout is down``, with its marks before it."""
    parts = [*marks(incident), level(playbook.severity(incident.severity), incident.severity), incident.title]
    return " · ".join(parts)


def status(incident: Incident, playbook: Playbook) -> str:
    """``🔎 investigating``."""
    known = playbook.status(incident.status)
    return f"{known.emoji} {known.name}" if known is not None and known.emoji else incident.status


def responsible(incident: Incident, playbook: Playbook) -> Person:
    """Who owes the status update: the first of the playbook's roles that somebody holds, else whoever declared it."""
    for role in (*playbook.asks, playbook.commander):
        holder = incident.holder(role)
        if holder is not None:
            return holder
    return incident.declared_by


def asked_first(names: Names, incident: Incident, playbook: Playbook) -> Person | Group:
    """The first of these roles, groups and people that is there; else whoever leads, or declared it.

    Nobody is asked of a private incident who may not see it.
    """
    for name in names:
        role = playbook.role(name)
        held = incident.holder(role.name) if role is not None else None
        found = held or playbook.group(name) or playbook.person(name)
        if isinstance(found, Group) or (found is not None and incident.sees(found)):
            return found
    return incident.holder(playbook.commander) or incident.declared_by


def ring_first(names: Names, incident: Incident, playbook: Playbook) -> Text:
    """Whoever :func:`asked_first` names, rung."""
    one = asked_first(names, incident, playbook)
    return group_of(one, incident, playbook) if isinstance(one, Group) else who(one, quiet=False)


def rung_people(rung: Rung, incident: Incident) -> list[Person]:
    """The people whom a rung rings by their role; in order, each once."""
    held = [holder for ring in rung.rings if (holder := incident.holder(ring)) is not None]
    unique = list({person.key: person for person in held}.values())
    return unique[:1] if rung.first else unique


def ringing(rung: Rung, incident: Incident, playbook: Playbook) -> Text:
    """Whom a rung rings. Where nobody holds its roles: whoever owes the update."""
    parts: list[Text] = [who(person, quiet=False) for person in rung_people(rung, incident)]
    for ring in rung.rings:
        if parts and rung.first:
            break
        group, person = playbook.group(ring), playbook.person(ring)
        if ring == "channel":
            parts.append((Everyone(),))
        elif group is not None:
            parts.append(group_of(group, incident, playbook))
        elif person is not None:
            parts.append(who(person, quiet=False))
    if not parts and incident.by_alert and responsible(incident, playbook) == incident.declared_by:
        return (Everyone(),)  # an alert answers nothing
    return join(parts) if parts else who(responsible(incident, playbook), quiet=False)


def group_of(group: Group, incident: Incident, playbook: Playbook) -> Text:
    """A group, rung. On a platform where it has no handle its members are rung by name instead."""
    without = [platform for platform in incident.rooms if platform not in group.handles]
    members = calling.members(group, playbook) if without else []
    if not members:
        return (GroupMention(group=group),)
    rung = [Mention(person=_known_on(member, without)) for member in members]
    return (GroupMention(group=group), " (", *join([(each,) for each in rung]), ")")


def _known_on(person: Person, platforms: Sequence[str]) -> Person:
    """Somebody with their handles on these platforms only: on all others they are named and not rung."""
    return person.model_copy(update={"handles": {on: id for on, id in person.handles.items() if on in platforms}})


def say(*text: str | Span, title: str = "", tone: Tone = Tone.CALM, buttons: tuple[Button, ...] = ()) -> Card:
    """A card of a few words."""
    return Card(title=title, tone=tone, text=text, buttons=buttons)


def bold(text: str) -> Bold:
    """Text that stands out."""
    return Bold(text=text)


def stop(text: str) -> str:
    """Somebody's words as the end of a sentence: with a full stop, unless they bring their own mark."""
    said = text.strip()
    return said if said.endswith((".", "!", "?", "…")) else f"{said}."


def reason(text: str) -> str:
    """`` Reason: the pool was full.``; nothing where none was given."""
    return f" Reason: {stop(text)}" if text.strip() else ""


def coded(sentence: str) -> Text:
    """Our own words, with what stands between backticks as something to type."""
    parts = sentence.split("`")
    return tuple(Code(text=part) if place % 2 else part for place, part in enumerate(parts) if part)


def linked(sentence: str) -> Text:
    """The playbook's own words, as :func:`coded`, with addresses to be followed."""
    parts: list[str | Span] = []
    for part in coded(sentence):
        if not isinstance(part, str):
            parts.append(part)
            continue
        end = 0
        for found in _ADDRESS.finditer(part):
            parts += [part[end : found.start()], Link(url=found[0], label=found["shown"])]
            end = found.end()
        parts.append(part[end:])
    return tuple(part for part in parts if part)
