"""Rounds of news begin and end with the incident, its severity and its flags."""

from bot import rounds
from bot.incident import Incident
from bot.messages import rounds as words
from bot.playbook.process import Audience, Cadence, Stage
from bot.playbook.shape import Playbook
from bot.progress import Round, RoundEnd
from bot.scene import TOCSIN, Scene
from bot.timeline import Kind


class RunRounds:
    """Start, stop and re-plan the rounds, and conclude with the end where customers were told."""

    name = "rounds"

    def settle(self, scene: Scene) -> None:
        """Run the cadences that the severity and the flags ask for, and no others."""
        incident, playbook = scene.incident, scene.playbook
        wanted = {cadence.name: cadence for cadence in rounds.wanted(incident, playbook)}
        for name, kept in incident.progress.rounds.items():
            if kept.rhythm and (name not in wanted or kept.last):
                self._end(scene, name, again=name in wanted)
        for cadence in wanted.values():
            self._run(scene, cadence)

    def _run(self, scene: Scene, cadence: Cadence) -> None:
        running = scene.incident.progress.rounds
        before = running.get(cadence.name, Round())
        if not before.rhythm:
            running[cadence.name] = rounds.start(before, cadence, scene.working_time, now=scene.now)
        elif before.rhythm != cadence.rhythm:
            running[cadence.name] = rounds.replan(before, cadence, scene.working_time, now=scene.now)
        else:
            return
        self._tell(scene, cadence, words.runs(cadence))

    def _end(self, scene: Scene, name: str, *, again: bool) -> None:
        incident, running = scene.incident, scene.incident.progress.rounds
        cadence, before = scene.playbook.cadence(name, incident.severity), running[name]
        if before.last and not again and incident.stage is not Stage.CLOSED:
            return
        if cadence is None or before.last:
            missed = before.last and before.asked is not None and not again
            end = RoundEnd.MISSED if missed else RoundEnd.STOPPED
            running[name] = rounds.stop(before, now=scene.now, end=end)
            if missed and cadence is not None:
                scene.record(Kind.ROUND, words.end_untold(cadence), by=TOCSIN, round=name, end=RoundEnd.MISSED)
        elif _ends_with_news(incident, scene.playbook, cadence, told=before.told_at is not None):
            running[name] = rounds.conclude(before, now=scene.now)
            self._tell(scene, cadence, words.concludes(cadence))
        else:
            running[name] = rounds.stop(before, now=scene.now)
            self._tell(scene, cadence, words.stops(cadence))

    def _tell(self, scene: Scene, cadence: Cadence, sentence: str) -> None:
        scene.record(Kind.ROUND, sentence, by=TOCSIN, round=cadence.name)
        scene.follows.append(f"{sentence}.")


def _ends_with_news(incident: Incident, playbook: Playbook, cadence: Cadence, *, told: bool) -> bool:
    """Whether customers are owed the end: after a resolution always, otherwise where they know of the trouble."""
    if cadence.audience is not Audience.CUSTOMERS:
        return False
    if incident.stage is Stage.RESOLVED:
        return True
    lifted = incident.open and cadence in playbook.cadences(incident.severity)
    return told and (lifted or incident.stage is Stage.CANCELLED)
