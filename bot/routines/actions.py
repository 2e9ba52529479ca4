"""On Mondays the open action items are told in the announcement channel."""

from datetime import datetime, time, timedelta

from bot import calendar
from bot.calendar import DAY, WorkingTime
from bot.intents import Post
from bot.messages import action_lists
from bot.playbook.shape import Playbook
from bot.routines.routine import Routine
from bot.scene import Scene
from bot.store import Owed

NINE = time(9)
"""When, in the playbook's zone."""
SHOWN = 20
"""Items that are told; the rest is counted."""
WEEK = timedelta(days=7)


class TellOfActions(Routine):
    """Tell of the open action items."""

    name = "actions"

    def due(self, playbook: Playbook, here: WorkingTime, *, after: datetime) -> datetime | None:
        """Monday, 09:00 in the playbook's zone."""
        day = here.day(after)
        monday = day - day.weekday() * DAY
        at = calendar.at(monday, NINE, here.zone)
        return at if at > after else calendar.at(monday + WEEK, NINE, here.zone)

    async def run(self, scene: Scene, at: datetime) -> None:
        """One message, of the public incidents of this playbook; none where nothing is open."""
        playbook = scene.playbook
        found = await scene.reader.actions(None, now=scene.now, playbook=playbook.name, limit=SHOWN)
        if not found.open:
            return
        card = action_lists.weekly(found, now=scene.now)
        for platform in playbook.lives_on(scene.platforms):
            post = Post(card=card, to=playbook.announce.place(platform), rings=False)
            scene.owed.append(Owed(f"actions/{playbook.name}/{scene.working_time.day(at)}", platform, post))
