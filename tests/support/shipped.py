"""The playbooks that come with Tocsin, with the sandbox's people in the places of their own."""

from collections.abc import Mapping
from functools import cache

from adapters.sandbox.people import SandboxPerson
from bot.people import Person
from bot.playbook.load import load
from bot.playbook.shape import Playbook
from bot.settings import SHIPPED


@cache
def as_shipped(name: str) -> Playbook:
    """A playbook as it is; read once, since nothing can change it."""
    return load(SHIPPED / name)


def handles(one: SandboxPerson) -> dict[str, str]:
    """Somebody's ids on both platforms."""
    return {"slack": one.slack_id, "discord": one.discord_id}


def shipped(
    name: str, people: dict[str, SandboxPerson], *, groups: Mapping[str, tuple[SandboxPerson, ...]] | None = None
) -> Playbook:
    """A playbook whose people (by key) and groups' members are the sandbox's."""
    playbook = as_shipped(name)
    known = tuple(
        one.model_copy(update={"name": people[one.key].name, "handles": handles(people[one.key])})
        for one in playbook.people
    )
    more = tuple(
        Person(key=one.key, name=one.name, handles=handles(one))
        for members in (groups or {}).values()
        for one in members
    )
    told = tuple(
        group.model_copy(update={"members": tuple(one.key for one in (groups or {})[group.key])})
        if group.key in (groups or {})
        else group
        for group in playbook.groups
    )
    return playbook.model_copy(update={"people": known + more, "groups": told})
