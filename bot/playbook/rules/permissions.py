"""Permission rules that nobody could keep."""

from collections.abc import Iterator

from bot.playbook.misfit import Misfit, quoted
from bot.playbook.permissions import DECLARER, EVERYONE, Permissions
from bot.playbook.places import places
from bot.playbook.written import Written

WORDS = (EVERYONE, DECLARER)
"""Words of the rules, which nothing that they name may have for a name."""


def groups(playbook: Written) -> Iterator[Misfit]:
    """Groups whose members only the chat platform knows: who is in them cannot be told when somebody acts."""
    unknown = {group.key for group in playbook.groups if not group.members}
    for right in Permissions.model_fields:
        for at, name in places(playbook, f"permissions.{right}"):
            if name in unknown:
                yield Misfit(at, f"{quoted(name)}, a group without members", "a group with “members”")


def words(playbook: Written) -> Iterator[Misfit]:
    """Rules that name a word which means somebody else besides."""
    paths = ("groups.key", "people.key", "roles.name", "rotations.name")
    named = {name for path in paths for _, name in places(playbook, path)}
    for right in Permissions.model_fields:
        for at, name in places(playbook, f"permissions.{right}"):
            if name in WORDS and name in named:
                yield Misfit(at, quoted(name), "a role, rotation, group or person of another name")
