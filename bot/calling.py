"""Whom a name in the playbook means at this moment: people and groups, through roles, groups and rotations."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.incident import Incident
from bot.people import Group, Person
from bot.playbook.escalation import Rotation
from bot.playbook.part import named
from bot.playbook.process import Role
from bot.playbook.shape import Playbook
from bot.rotations import Override, on_call


@dataclass(frozen=True, slots=True)
class Callees:
    """Who is meant, each once and in order."""

    people: tuple[Person, ...] = ()
    """The members of the groups among them, as far as the playbook knows them."""
    groups: tuple[Group, ...] = ()
    nobody: tuple[str, ...] = ()
    """Titles of the roles, rotations and groups that mean nobody now."""

    @property
    def empty(self) -> bool:
        """Whether there is nobody to call."""
        return not (self.people or self.groups)


def who(
    names: Iterable[str],
    incident: Incident | None,
    playbook: Playbook,
    *,
    overrides: Iterable[Override],
    now: datetime,
) -> Callees:
    """Whom these names of roles, groups, people and rotations mean; without an incident nobody holds a role.

    ``overrides`` are those around ``now``, of any playbook: the scene's.
    """
    overrides = tuple(overrides)
    people: dict[str, Person] = {}
    groups: dict[str, Group] = {}
    nobody: list[str] = []
    for name in names:
        group = playbook.group(name)
        if group is not None:
            known = members(group, playbook)
            people |= {person.key: person for person in known}
            if known or group.handles:
                groups[group.key] = group
            else:
                nobody.append(group.name)
            continue
        person, title = _one(name, incident, playbook, overrides, now=now)
        if person is not None:
            people[person.key] = person
        else:
            nobody.append(title)
    return Callees(tuple(people.values()), tuple(groups.values()), tuple(nobody))


def members(group: Group, playbook: Playbook) -> list[Person]:
    """The people of a group whom the playbook knows."""
    return [person for key in group.members if (person := playbook.person(key)) is not None]


def of_the_hour(name: str, playbook: Playbook, *, overrides: Iterable[Override], now: datetime) -> Person | None:
    """Who is on call in the rotation of this name.

    This is the one place where a rotation becomes a person.
    """
    rotation: Rotation | None = named(playbook.rotations, name)
    if rotation is None:
        return None
    key = on_call(rotation, zone=playbook.timezone, overrides=counting(overrides, playbook), now=now)
    return playbook.person(key) if key is not None else None


def counting(overrides: Iterable[Override], playbook: Playbook) -> list[Override]:
    """Those of a playbook's own rotations. One for somebody whom this version of it does not know is passed over:
    better the scheduled person than nobody.
    """
    return [one for one in overrides if one.playbook == playbook.name and playbook.person(one.person) is not None]


def first_holder(
    role: Role, playbook: Playbook, *, incident: Incident, overrides: Iterable[Override], now: datetime
) -> Person | None:
    """Who holds a role from the start: its rotation's person of the hour, else as the playbook says.

    A drill calls nobody in. Nobody is given a role who has no handle where the incident lives, for nothing would reach
    them there.
    """
    asked = role.rotation and not incident.drill
    person = of_the_hour(role.rotation, playbook, overrides=overrides, now=now) if asked else None
    there = person is not None and (not incident.rooms or any(person.on(platform) for platform in incident.rooms))
    declarer = incident.declared_by if not incident.by_alert and role.starts_as == "declarer" else None
    return person if there else declarer


def _one(
    name: str, incident: Incident | None, playbook: Playbook, overrides: Iterable[Override], *, now: datetime
) -> tuple[Person | None, str]:
    """The one person whom a name means, or nobody; and what the name stands for, in words."""
    role = playbook.role(name)
    if role is not None:
        holder = incident.holder(role.name) if incident is not None else None
        return holder or of_the_hour(role.rotation, playbook, overrides=overrides, now=now), role.title
    rotation: Rotation | None = named(playbook.rotations, name)
    if rotation is not None:
        return of_the_hour(name, playbook, overrides=overrides, now=now), rotation.title
    return playbook.person(name), name
