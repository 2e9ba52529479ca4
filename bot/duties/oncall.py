"""Who stands in for whom, in a rotation that an incident is served by, goes on its timeline."""

from bot.calling import counting
from bot.messages import overrides as says
from bot.playbook.shape import Playbook
from bot.rotations import Override
from bot.scene import Scene
from bot.timeline import Kind


class NoteOverrides:
    """Note each override once, and that it was taken back. Nobody's role changes by it; drills call on nobody."""

    name = "oncall"

    def settle(self, scene: Scene) -> None:
        """Note what stands, or was made since the incident was declared."""
        incident, playbook = scene.incident, scene.playbook
        if not scene.overrides or not incident.open or incident.drill:
            return
        serving, noted = serves(incident.severity, playbook), incident.progress.covers
        new: list[int] = []
        for one in counting(scene.overrides, playbook):
            if one.rotation not in serving or -one.id in noted:
                continue
            if one.id not in noted and (one.covers(scene.now) or _made_since(one, scene)):
                made = one.made if _made_since(one, scene) else None
                scene.record(Kind.PEOPLE, says.noted(one, playbook), by=says.who_did(one.by, playbook), at=made)
                new.append(one.id)
            if one.taken_back is not None and one.id in (*noted, *new):
                by = says.who_did(one.taken_back_by, playbook)
                scene.record(Kind.PEOPLE, says.noted_end(one, playbook), by=by, at=one.taken_back)
                new.append(-one.id)
        incident.progress.covers = (*noted, *new)


def serves(severity: str, playbook: Playbook) -> set[str]:
    """Names of the rotations that serve an incident of a severity: they fill a role, or are paged."""
    known = playbook.severity(severity)
    paged = set(known.page) if known is not None else set()
    names = {rotation.name for rotation in playbook.rotations}
    return (paged | {role.rotation for role in playbook.roles}) & names


def _made_since(one: Override, scene: Scene) -> bool:
    return one.made is not None and one.made >= scene.incident.declared_at and (not one.void or one.taken_back is None)
