"""Ticking: steps of checklists that are done by what the bot itself filed outside of chat."""

from collections.abc import Mapping

from bot import checklists
from bot.messages import lists
from bot.scene import TOCSIN, Scene
from bot.timeline import Kind


def filed(scene: Scene, stands: Mapping[str, bool]) -> None:
    """Tick the steps that are done by what stands there now: ``log``, ``postmortem``, ``issue``."""
    incident, playbook = scene.incident, scene.playbook
    for checklist in playbook.checklists:
        sheet = checklists.sheet(playbook, checklist.name)
        if sheet is None or not playbook.applies(checklist.severities, incident.severity):
            continue
        for number in sheet.numbers():
            if stands.get(sheet.step(number).filed) and number not in checklists.ticks(incident, sheet):
                checklists.tick(incident, sheet, number, by=TOCSIN, now=scene.now)
                scene.record(Kind.CHECKLIST, f"☑ {sheet.title} {lists.named(sheet, number)}", by=TOCSIN,
                             checklist=sheet.key, step=str(number))  # fmt: skip
