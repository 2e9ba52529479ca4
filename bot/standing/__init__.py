"""What should stand in chat for an incident: one file a source. A new one is one file and its line in ``SOURCES``.

Nobody who changes an incident needs to think of its card: after each change the cards that should stand are drawn
anew and compared with the last ones owed, and only a difference is owed. The same holds for the channel, its people
and its topic.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from bot.incident import Incident
from bot.intents import Invite, Post
from bot.playbook.shape import Playbook
from bot.scene import Scene
from bot.standing import channel, posts
from bot.standing.actions import Actions
from bot.standing.alerts import Alerts
from bot.standing.announcement import Announcement
from bot.standing.calls import Calls
from bot.standing.card import CARD, LiveCard
from bot.standing.deadlines import Deadlines
from bot.standing.handover import Handovers
from bot.standing.health import Health
from bot.standing.mail import Mail
from bot.standing.message import Standing, key_in
from bot.standing.pages import Pages
from bot.standing.postmortem import PostmortemStands
from bot.standing.publication import Drafts
from bot.standing.quiet import Quiet
from bot.standing.reminders import Reminders
from bot.standing.rounds import Rounds
from bot.standing.runbooks import Runbooks
from bot.standing.sheets import Sheets
from bot.standing.source import Source

SOURCES: tuple[Source, ...] = (
    LiveCard(),
    Runbooks(),
    Sheets(),
    Announcement(),
    Reminders(),
    Deadlines(),
    PostmortemStands(),
    Rounds(),
    Drafts(),
    Health(),
    Quiet(),
    Alerts(),
    Calls(),
    Pages(),
    Handovers(),
    Actions(),
    Mail(),
)
"""Every source, in the order in which their messages are posted when several become due at once."""


def messages(incident: Incident, playbook: Playbook, *, now: datetime) -> Iterator[Standing]:
    """Every living message."""
    for source in SOURCES:
        yield from source.messages(incident, playbook, now=now)


def settle(scene: Scene) -> None:
    """Owe whatever is missing for things to stand as they should, on every platform of the scene's incident."""
    incident = scene.incident
    wanted = list(messages(incident, scene.playbook, now=scene.now))
    for platform in incident.rooms:
        first = channel.settle(scene, platform)
        rest = [*posts.settle(scene, platform, wanted)]
        tried = frozenset(owed.key for owed in first if isinstance(owed.intent, Invite))
        mine = [o for o in scene.owed if o.platform == platform]
        others = [o for o in scene.owed if o.platform != platform]
        card = key_in(incident.rooms[platform], CARD)
        mine = [replace(o, after=o.after | {card}) if isinstance(o.intent, Post) else o for o in mine]
        scene.owed = [*others, *first, *(replace(o, after=o.after | tried) for o in (*rest, *mine))]
    _forget_old(incident)


def _forget_old(incident: Incident) -> None:
    """Messages that are never edited again: nor are their digests kept."""
    keys = {mark: mark.partition(":")[2] for mark in incident.standing}
    for mark in [mark for mark, key in keys.items() if any(source.stale(incident, key) for source in SOURCES)]:
        del incident.standing[mark]
