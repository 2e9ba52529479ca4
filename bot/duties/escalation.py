"""People outside the channel are called in when the severity or a flag asks for it, and no longer when it does not.

Improvement is noticed here too, for the rules that call after a time without one.
"""

from bot import escalating, escalations
from bot.playbook.process import Stage
from bot.scene import TOCSIN, Scene
from bot.timeline import Kind


class CallIn:
    """Call, and take back what is no longer needed."""

    name = "escalation"

    def settle(self, scene: Scene) -> None:
        """Note an improvement; call for the grounds that newly hold; drop calls whose grounds hold no more."""
        incident, playbook, progress = scene.incident, scene.playbook, scene.incident.progress
        rose, looked = escalations.rose(incident, playbook), progress.looked
        escalations.note_improvement(incident, playbook, now=scene.now)
        if looked is not None and looked.stage.open and not incident.open:
            for called in progress.calls:
                if called.standing:
                    escalating.drop(scene, called)
        if incident.stage in (Stage.CLOSED, Stage.CANCELLED):
            return
        fresh = escalations.weigh(incident, playbook)
        for called in escalations.baseless(incident):
            escalating.drop(scene, called)
        for ground in fresh:
            if rose or not ground.by_severity:
                escalating.call(scene, ground)
        if rose:
            self._bring_on_call(scene)

    def _bring_on_call(self, scene: Scene) -> None:
        """Who is paged at this severity is brought into the channel, quietly; a drill brings nobody."""
        incident, severity = scene.incident, scene.playbook.severity(scene.incident.severity)
        if severity is None or incident.drill:
            return
        meant = scene.who(severity.page)
        new = [person for person in meant.people if person.key not in incident.responders]
        scene.bring(*new)
        if new:
            scene.record(Kind.PEOPLE, f"Invited, on call: {', '.join(person.name for person in new)}", by=TOCSIN)
