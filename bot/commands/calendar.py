"""Where the calendars of on-call are, to be subscribed to."""

from typing import ClassVar

from bot.card import Card
from bot.commands.verb import Verb, Where
from bot.errors import Mistake
from bot.heard import Answer
from bot.messages import feeds
from bot.playbook.permissions import Right
from bot.scene import Scene

SHOWN = 10
"""Rotations whose calendars are named."""


class ShowCalendar(Verb):
    """Tell somebody where their calendar is."""

    words: ClassVar = ("calendar", "ical", "ics", "calendars")
    usage: ClassVar = "calendar"
    says: ClassVar = "the address of your own on-call calendar, and of the rotations', to subscribe to"
    example: ClassVar = "/incident calendar"
    right: ClassVar = Right.OPEN
    where: ClassVar = Where.ANYWHERE

    async def run(self, scene: Scene) -> Answer | Card | None:
        if scene.connected.feeds is None:
            raise Mistake(feeds.off())
        mine = [playbook for playbook in scene.loaded if playbook.person(scene.actor.key) is not None]
        if not mine:
            raise Mistake("No playbook names you among its people, so you have no turns and no calendar.")
        known = [(playbook.name, one) for playbook in scene.loaded for one in playbook.rotations]
        rotations = [(one.title, scene.connected.feeds.of_rotation(name, one.name)) for name, one in known[:SHOWN]]
        return feeds.calendar(scene.connected.feeds.of_person(scene.actor.key), rotations)
