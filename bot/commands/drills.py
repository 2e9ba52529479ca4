"""Show when the last drill was, and when the next one is."""

from typing import ClassVar

from bot import drills
from bot.card import Card
from bot.commands.verb import Verb, Where
from bot.heard import Answer
from bot.messages import drills as words
from bot.playbook.permissions import Right
from bot.scene import Scene


class ShowDrills(Verb):
    """Show the schedule of drills."""

    words: ClassVar = ("drills", "drill schedule", "last drill", "next drill")
    usage: ClassVar = "drills"
    says: ClassVar = "show the last drill, how long ago it was, and the next one"
    example: ClassVar = "/incident drills"
    right: ClassVar = Right.OPEN
    where: ClassVar = Where.ANYWHERE

    async def run(self, scene: Scene) -> Answer | Card | None:
        here, last = scene.working_time, await scene.reader.last_drill(scene.playbook.name)
        held = here.day(last.declared_at) if last is not None else None
        following = drills.next_day(scene.playbook.drills, here, held=held)
        return words.schedule(scene.playbook, last=last, next_day=following, today=here.day(scene.now))
