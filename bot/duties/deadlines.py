"""Deadlines start, are met, are planned anew and cease as the incident goes on."""

from bot import deadlines
from bot.incident import Incident
from bot.messages import terms
from bot.playbook.clocks import DeadlineRule, Meets
from bot.playbook.process import Stage
from bot.progress import Deadline
from bot.scene import TOCSIN, Scene
from bot.timeline import Entry, Kind


class KeepDeadlines:
    """Keep the deadlines in line with the incident."""

    name = "deadlines"

    def settle(self, scene: Scene) -> None:
        """Drop what no longer applies, plan anew what counts otherwise now, start what applies, note what is met."""
        incident = scene.incident
        rules = {rule.name: rule for rule in deadlines.applying(incident, scene.playbook)}
        if rules or incident.progress.deadlines:
            for deadline in tuple(incident.progress.deadlines.values()):
                self._follow(scene, deadline, rules)
            for rule in rules.values():
                self._start(scene, rule)
            for deadline in tuple(incident.progress.deadlines.values()):
                self._meet(scene, deadline)

    def _follow(self, scene: Scene, deadline: Deadline, rules: dict[str, DeadlineRule]) -> None:
        """Bring one that was started in line with the rules that apply now."""
        incident, name = scene.incident, deadline.name
        rule, zone = deadlines.rule_of(incident, scene.playbook, name), scene.playbook.timezone
        if deadline.running and (rule is None or self._over(incident, deadline, rules)):
            self._tell(scene, terms.is_gone(deadlines.drop(incident, name, now=scene.now)), deadline)
        elif rule is not None and deadline.running and str(rule.within) != deadline.term:
            planned = deadlines.replan(incident, rule, now=scene.now, here=scene.working_time)
            self._tell(scene, terms.is_due(planned, now=scene.now, zone=zone, was=deadline.due_at), planned)
        elif rule is not None and self._undone(incident, deadline, rule):
            again = deadlines.resume(incident, rule, now=scene.now, here=scene.working_time)
            self._tell(scene, terms.is_due(again, now=scene.now, zone=zone), again)

    @staticmethod
    def _over(incident: Incident, deadline: Deadline, rules: dict[str, DeadlineRule]) -> bool:
        """Whether it ceased to apply. What somebody started by hand ends by somebody's word, or with a false alarm."""
        if incident.stage is Stage.CANCELLED:
            return True
        if deadline.by_hand:
            return False
        rule = rules.get(deadline.name)
        if rule is None or deadlines.since(rule, incident) is None:
            return True
        return rule.met_by is Meets.UPDATE and not incident.open  # the resolution says it all

    @staticmethod
    def _undone(incident: Incident, deadline: Deadline, rule: DeadlineRule) -> bool:
        """Whether the resolution that met it was taken back."""
        by_itself = deadline.met_at is not None and not deadline.met_by
        return by_itself and rule.met_by is Meets.RESOLVED and incident.resolved_at is None and incident.open

    def _start(self, scene: Scene, rule: DeadlineRule) -> None:
        """Start one whose moment has come and that nothing has met yet."""
        incident = scene.incident
        before, moment = incident.progress.deadlines.get(rule.name), deadlines.since(rule, incident)
        ended = before is not None and before.dropped_at is not None and not before.dropped_because
        if moment is None or not (before is None or ended):
            return
        if deadlines.fact(rule, incident, after=moment) is not None or (
            rule.met_by is Meets.UPDATE and not incident.open
        ):
            return
        made = deadlines.start(incident, rule, moment=moment, now=scene.now, here=scene.working_time)
        zone = scene.playbook.timezone
        self._tell(scene, terms.is_due(made, now=scene.now, zone=zone), made)

    def _meet(self, scene: Scene, deadline: Deadline) -> None:
        """Note that what meets it has happened."""
        incident = scene.incident
        rule = deadlines.rule_of(incident, scene.playbook, deadline.name)
        at = deadlines.fact(rule, incident, after=deadline.started_at) if rule is not None else None
        if at is not None and deadline.running:
            met = deadlines.meet(incident, deadline.name, at=at, now=scene.now)
            self._tell(scene, terms.is_met(met), met)

    @staticmethod
    def _tell(scene: Scene, sentence: str, deadline: Deadline) -> None:
        """It follows from the process, whoever's act it was: the entry is the bot's own."""
        data = {"deadline": deadline.name, "due": deadline.due_at.isoformat()}
        scene.entries.append(Entry(at=scene.now, kind=Kind.DEADLINE, text=sentence, by=TOCSIN.name, data=data))
        scene.follows.append(f"{sentence}.")
