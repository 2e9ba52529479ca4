"""The round of news: asks whether an audience is told, when that is due."""

from datetime import datetime

from bot import calling, rounds
from bot.incident import Incident
from bot.messages import rounds as words
from bot.messages.words import asked_first
from bot.people import Group
from bot.playbook.process import Cadence
from bot.playbook.shape import Playbook
from bot.progress import Round, RoundEnd
from bot.scene import Scene
from bot.timeline import Kind


class AskRound:
    """Ask, and note what was missed."""

    name = "round"

    def due(self, incident: Incident, playbook: Playbook) -> datetime | None:
        """When the first of the rounds is due."""
        due = (one.due_at for one in incident.progress.rounds.values() if one.due_at is not None)
        return min(due, default=None)

    def run(self, scene: Scene) -> None:
        """Ask for every round that is due (the posts themselves follow from the incident's state)."""
        running = scene.incident.progress.rounds
        for name, before in running.items():
            if before.due_at is None or before.due_at > scene.now:
                continue
            cadence = scene.playbook.cadence(name, scene.incident.severity)
            if cadence is None:
                running[name] = rounds.stop(before, now=scene.now)
            else:
                running[name] = self._ask(scene, cadence, before)

    def _ask(self, scene: Scene, cadence: Cadence, before: Round) -> Round:
        gone = before.asked
        if rounds.given_up(before, cadence):
            after = rounds.leave(before, now=scene.now)
            missed, since = 1, gone.due_at if gone is not None else scene.now
        else:
            after = rounds.ask(before, cadence, scene.working_time, now=scene.now, wait=scene.playbook.snooze)
            asked = after.posts[-1]
            missed = asked.missed - (gone.missed if gone is not None else 0)
            since = gone.due_at if gone is not None else asked.missed_from or asked.due_at
        if missed:
            scene.record(Kind.ROUND, words.missed(cadence, missed, since=since), round=cadence.name,
                         end=RoundEnd.MISSED)  # fmt: skip
        if after.count > before.count:
            scene.record(Kind.ROUND, words.asked(cadence, after.count), round=cadence.name)
            self._bring(scene, cadence)
        return after

    def _bring(self, scene: Scene, cadence: Cadence) -> None:
        """Whoever owes the news has to be in the channel."""
        owner = asked_first(cadence.owner, scene.incident, scene.playbook)
        people = calling.members(owner, scene.playbook) if isinstance(owner, Group) else [owner]
        scene.bring(*(person for person in people if scene.incident.sees(person)))
