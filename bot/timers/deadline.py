"""A deadline is asked for before it is due, when it is overdue, and then again and again until it is met."""

from datetime import datetime

from bot import deadlines
from bot.incident import Incident
from bot.intents import Urgency, Whisper
from bot.messages import deadlines as says
from bot.messages import terms
from bot.people import Group, Person
from bot.playbook.clocks import DeadlineRule, Meets
from bot.playbook.shape import Playbook
from bot.progress import Deadline
from bot.scene import Scene
from bot.store import Owed
from bot.timeline import Kind


class AskForDeadlines:
    """Ask for deadlines, and note those that are missed."""

    name = "deadline"

    def due(self, incident: Incident, playbook: Playbook) -> datetime | None:
        """When the first of the running ones is asked for next."""
        running = (one for one in incident.progress.deadlines.values() if one.running)
        return min((one.ask_at for one in running if one.ask_at is not None), default=None)

    def run(self, scene: Scene) -> None:
        """Ask for all that are due by now; their posts follow from the incident's state."""
        for deadline in tuple(scene.incident.progress.deadlines.values()):
            rule = deadlines.rule_of(scene.incident, scene.playbook, deadline.name)
            due = deadline.ask_at is not None and deadline.ask_at <= scene.now
            if rule is not None and due and deadline.running:
                self._ask(scene, rule, deadline)

    def _ask(self, scene: Scene, rule: DeadlineRule, before: Deadline) -> None:
        incident = scene.incident
        after = deadlines.ask(incident, rule, now=scene.now, here=scene.working_time)
        sentence = terms.is_due(after, now=scene.now, zone=scene.playbook.timezone)
        edited = after.posts == before.posts
        quiet = edited and deadlines.asked_anyway(rule)  # the reminder asks for the same, here and privately
        if before.missed_at is None and after.missed_at is not None:
            scene.record(Kind.DEADLINE, f"Missed: {sentence}", deadline=rule.name, due=after.due_at.isoformat())
        elif not quiet:
            scene.record(Kind.REMINDER, f"Asked: {sentence}", deadline=rule.name)
        if not quiet:
            self._tell_directly(scene, rule, after, edited=edited)

    def _tell_directly(self, scene: Scene, rule: DeadlineRule, deadline: Deadline, *, edited: bool) -> None:
        """Whoever is asked is told privately where they would not hear the post: they are away, or it is only edited.

        The latter only where their word is waited for.
        """
        incident = scene.incident
        card = says.direct(incident, scene.playbook, deadline)
        asked, lead = self._people(scene, rule), self._lead(scene, rule, deadline)
        beside = [lead] if lead is not None and lead.key not in {person.key for person in asked} else []
        for person in (*asked, *beside):
            for platform, room in incident.rooms.items():
                away = person.key not in room.invited or person.key in room.left or room.archived
                again = edited and deadlines.needs_a_word(rule)
                if (away or again or person in beside) and person.on(platform):
                    key = f"deadline/{rule.name}/{deadline.turn}/direct/{deadline.asked}/{person.key}"
                    whisper = Whisper(person=person, card=card)
                    scene.owed.append(Owed(key, platform, whisper, Urgency.ASK))

    @staticmethod
    def _lead(scene: Scene, rule: DeadlineRule, deadline: Deadline) -> Person | None:
        """Whoever leads, where a post-mortem is overdue and its owner was asked in vain."""
        if rule.met_by is not Meets.PUBLISHED or deadline.missed_at is None:
            return None
        return scene.incident.holder(scene.playbook.commander)

    @staticmethod
    def _people(scene: Scene, rule: DeadlineRule) -> list[Person]:
        """Who is asked: a person, or the members of a group as far as the playbook knows them."""
        one = says.asked(rule, scene.incident, scene.playbook)
        if isinstance(one, Group):
            return [person for key in one.members if (person := scene.playbook.person(key)) is not None]
        return [one]
