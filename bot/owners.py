"""Who owns an action item: the person or the group that its words name, wherever in them."""

import re

from bot.errors import Mistake
from bot.people import Group, Person, key_of
from bot.playbook.part import fold
from bot.playbook.shape import Playbook
from bot.scene import Scene

_GROUP = re.compile(r"<@&(?P<id>\d{2,24})>")
"""Discord's token of a role; a group of Slack's comes as ``@`` and its handle."""
_TOKEN = re.compile(
    r"(?<!\S)(?P<token><@!?[A-Z0-9]{2,24}(?:\|[^>]*)?>|<@&\d{2,24}>|@[\w.-]*\w)"
    r"(?P<mark>[,:;.]?)(?=\s|$)"
)
_ME = re.compile(r"^me(?:[:,]|(?=\s|$))\s*", re.IGNORECASE)


def split_owner(text: str, scene: Scene) -> tuple[str, Person | Group | None]:
    """Part the owner from the words: whoever is mentioned first, or ``me`` at the beginning.

    Raises ``Mistake`` where a mention at the beginning names nobody; elsewhere such a word is only text.
    """
    if (me := _ME.match(text)) is not None:
        return text[me.end() :], scene.actor
    for found in _TOKEN.finditer(text):
        try:
            owner = find_owner(found["token"], scene)
        except Mistake:
            if not text[: found.start()].strip():
                raise
            continue
        before, after = text[: found.start()].rstrip(), text[found.end() :].lstrip()
        return f"{before} {after}".strip(), owner
    return text, None


def find_owner(words: str, scene: Scene) -> Person | Group:
    """The person or group of this name or mention; raises ``Mistake``."""
    words = words.strip().rstrip(",.;:")
    found = _GROUP.fullmatch(words)
    if found is not None:
        return _group_of(scene, found["id"])
    bare = fold(words.removeprefix("@"))
    for group in scene.playbook.groups:
        if bare and bare in (fold(group.key), fold(group.name)):
            return group
    person = scene.find_person(words)
    incident = scene.here
    if incident is not None and not incident.sees(person):
        raise Mistake(f"{person.name} cannot see this private incident. Invite them to its channel first.")
    return person


def groups_of(person: Person, playbooks: tuple[Playbook, ...]) -> set[str]:
    """Keys of the groups that somebody belongs to."""
    return {group.key for one in playbooks for group in one.groups if person.keys & set(group.members)}


def _group_of(scene: Scene, handle: str) -> Group:
    known = (group for group in scene.playbook.groups if group.handles.get(scene.platform) == handle)
    stranger = Group(key=key_of(scene.platform, handle), name="the group", handles={scene.platform: handle})
    return next(known, stranger)
