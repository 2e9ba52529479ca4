"""A drill that is due is announced, and asked for again each week until one was held."""

from datetime import datetime, timedelta

from bot import drills
from bot.calendar import WorkingTime
from bot.intents import Edit, Post, Urgency
from bot.messages import drills as words
from bot.playbook.shape import Playbook
from bot.routines.routine import Routine
from bot.scene import Scene
from bot.store import Owed

SHORTLY = timedelta(seconds=1)


class AnnounceDrill(Routine):
    """Announce the drill that is due."""

    name = "drill"

    def due(self, playbook: Playbook, here: WorkingTime, *, after: datetime) -> datetime | None:
        """On the day of a drill, and weekly after it: whether one was held is looked up then."""
        return drills.asked_at(playbook.drills, here, after=after)

    async def run(self, scene: Scene, at: datetime) -> None:
        """Post it in the announcement channel, unless the drill of that day was held."""
        playbook, here = scene.playbook, scene.working_time
        last = await scene.reader.last_drill(playbook.name)
        held = here.day(last.declared_at) if last is not None else None
        day = drills.next_day(playbook.drills, here, held=held)
        if day is None or here.opens(day) > at:
            return
        await scene.look_at_overrides()
        card = words.due(playbook, day=day, last=last, overrides=scene.overrides, now=scene.now)
        key, before = drills.key(playbook.name, here.day(at)), self._before(scene, at, since=here.opens(day))
        for platform in scene.platforms:
            if not playbook.chats or platform in playbook.chats:
                post = Post(card=card, to=playbook.announce.place(platform))
                scene.owed.append(Owed(key, platform, post, stream=key))
                if before:
                    edit = Edit(message=before, card=words.asked_again())
                    again = f"{before}/edit/again"
                    scene.owed.append(Owed(again, platform, edit, Urgency.EDIT, stream=before, replaces=True))

    def _before(self, scene: Scene, at: datetime, *, since: datetime) -> str:
        """Key of the announcement a week before, which asked for the same; empty where there was none."""
        playbook, here = scene.playbook, scene.working_time
        last = drills.asked_last(playbook.drills, here, now=at - SHORTLY)
        return drills.key(playbook.name, here.day(last)) if last is not None and last >= since else ""
