"""Flags that a severity or a runbook sets by itself."""

from bot.playbook.escalation import Flag
from bot.progress import Raised
from bot.runbooks import helps
from bot.scene import TOCSIN, Scene
from bot.timeline import Kind


class SetFlags:
    """Set the severity's flags, and take them back with it; at the declaration those of the matching runbooks, too.

    What people said counts more: a flag that somebody took back is not set again.
    """

    name = "flags"

    def settle(self, scene: Scene) -> None:
        """Bring the flags in line with the severity."""
        if scene.incident.revision == 0:
            self._by_runbooks(scene)
        for flag in scene.playbook.flags:
            self._by_severity(scene, flag)

    def _by_severity(self, scene: Scene, flag: Flag) -> None:
        incident, flags = scene.incident, scene.incident.progress.flags
        wanted = bool(flag.severities) and scene.playbook.applies(flag.severities, incident.severity)
        raised = flags.get(flag.name)
        if wanted and raised is None:
            self._set(scene, flag, because=f"it is {incident.severity.upper()}", severity=incident.severity)
        elif not wanted and raised is not None and raised.severity:
            del flags[flag.name]
            scene.record(Kind.FLAG, f"No longer set: {flag.title}", by=TOCSIN, flag=flag.name)
            scene.follows.append(f"No longer set: {flag.title}.")

    def _by_runbooks(self, scene: Scene) -> None:
        incident, playbook = scene.incident, scene.playbook
        for book in playbook.runbooks:
            applies = book.flags and playbook.applies(book.severities, incident.severity)
            if applies and helps(book, incident):
                for name in book.flags:
                    flag = playbook.flag(name)
                    if flag is not None and flag.name not in incident.progress.flags:
                        self._set(scene, flag, because=f"runbook {book.title}")

    def _set(self, scene: Scene, flag: Flag, *, because: str, severity: str = "") -> None:
        progress = scene.incident.progress
        if flag.name in progress.lowered:
            return
        progress.flags[flag.name] = Raised(at=scene.now, by=TOCSIN.name, because=because, severity=severity)
        scene.record(Kind.FLAG, f"Set: {flag.title} ({because})", by=TOCSIN, flag=flag.name)
        scene.follows.append(f"Set: {flag.title}.")
