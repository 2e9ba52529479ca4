"""Who may do what: asked at the one door, before anything is done.

By default everyone in the workspace may do everything; a private incident is its members' only. A playbook's rules may
say otherwise (``permissions:``). Nobody is locked out by one: where nobody whom it names is there, everyone may, and
whoever cannot wait says why and is let through, on the record.
"""

from datetime import timedelta
from typing import Protocol

from bot.card import Card
from bot.errors import NotAllowed
from bot.heard import Answer
from bot.incident import Incident
from bot.messages import permissions as says
from bot.people import Person
from bot.playbook.permissions import DECLARER, Right
from bot.scene import TOCSIN, Scene
from bot.timeline import Kind

OPERATOR = "cli"
"""Where the operator types, who has the database anyway."""
LASTS = timedelta(hours=1)
"""How long somebody is let through who said why."""


class Act(Protocol):
    """Something that a person wants to do: a verb with its options."""

    def needs(self, scene: Scene) -> tuple[Right, ...]:
        """The rights that it takes."""
        ...

    async def run(self, scene: Scene) -> Answer | Card | None:
        """Do it."""
        ...


def may(actor: Person, verb: str, incident: Incident | None) -> None:
    """Return where the actor may see the incident; raise :class:`~bot.errors.NotAllowed` where not.

    The sentence does not tell whether a private incident exists, so it is the same as for a number never given.
    """
    if incident is not None and not incident.sees(actor):
        raise NotAllowed(
            f"There is no incident {incident.name} that you can see. `/incident list` shows those you can."
        )


async def act(scene: Scene, wanted: Act) -> Answer | Card | None:
    """Do it where the actor may; raise :class:`~bot.errors.NotAllowed`, with nothing done, where not."""
    notes = [await hold(scene, right) for right in wanted.needs(scene)]
    said = await wanted.run(scene)
    if scene.entries and scene.here is not None:
        for note in filter(None, dict.fromkeys(notes)):
            scene.record(Kind.PERMISSION, note)
    return said


async def hold(scene: Scene, right: Right) -> str:
    """Return where the actor has this right; raise :class:`~bot.errors.NotAllowed` where not.

    Returns what is to be noted of it: why they may although the rule does not name them; empty where it does.
    """
    names = scene.playbook.permissions.names(right)
    if not names or scene.actor is TOCSIN or scene.platform == OPERATOR:
        return ""
    named = await named_by(scene, right)
    if not named:
        return says.nobody_there(right, names, scene.playbook)
    if any(scene.actor.keys & person.keys for person in named):
        return ""
    if right is not Right.ANYWAY and let_through(scene):
        return says.in_spite(right)
    open_way = right is not Right.ANYWAY and await _may_go_anyway(scene)
    raise NotAllowed(says.refused(right, names, named, scene.playbook, scene.here, anyway=open_way))


async def locked(scene: Scene, right: Right) -> bool:
    """Whether the actor lacks this right now."""
    try:
        await hold(scene, right)
    except NotAllowed:
        return True
    return False


async def named_by(scene: Scene, right: Right) -> tuple[Person, ...]:
    """Whom the rule of this right means at this moment."""
    if scene.here is None:
        await scene.look_at_overrides()
    names = scene.playbook.permissions.names(right)
    found = scene.who(name for name in names if name != DECLARER).people
    here = scene.here
    by = (here.declared_by,) if here is not None and DECLARER in names and not here.by_alert else ()
    return (*found, *by)


def let_through(scene: Scene) -> bool:
    """Whether the actor said lately why no rule may hold them back in this incident."""
    kept = scene.here.progress.anyway if scene.here is not None else {}
    return any(kept[key] > scene.now for key in scene.actor.keys & kept.keys())


async def _may_go_anyway(scene: Scene) -> bool:
    try:
        await hold(scene, Right.ANYWAY)
    except NotAllowed:
        return False
    return True
