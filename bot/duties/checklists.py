"""Checklists open when what they are for has come to pass: the declaration, a phase, the resolution, the end."""

from bot import checklists, phases
from bot.checklists import Sheet
from bot.messages import lists
from bot.scene import TOCSIN, Scene
from bot.timeline import Kind


class OpenChecklists:
    """Let the checklists stand that ought to."""

    name = "checklists"

    def settle(self, scene: Scene) -> None:
        """Open what ought to be open by now, and note when the phase has to be looked at again."""
        incident, playbook = scene.incident, scene.playbook
        if not (playbook.checklists or playbook.phases):
            return
        opened: list[Sheet] = []
        for checklist in list(phases.opening(incident, playbook, now=scene.now)):
            sheet = checklists.sheet(playbook, checklist.name)
            if sheet is not None and checklists.open_sheet(incident, sheet):
                scene.record(Kind.CHECKLIST, f"Checklist opened: {sheet.title}", by=TOCSIN, checklist=sheet.key)
                opened.append(sheet)
        if opened and incident.revision:  # what opens with the declaration is pinned, each by itself
            checklists.join(incident, opened)
            scene.follows.append(lists.opened(opened))
        incident.progress.phase_again_at = phases.again_at(incident, playbook, now=scene.now)
