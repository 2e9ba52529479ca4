"""Action items in a scene: added, told to their owner, put on the timeline, found by their number."""

from datetime import datetime

from bot import actions, calendar, dates
from bot.errors import Mistake
from bot.incident import Incident
from bot.intents import Urgency, Whisper
from bot.messages import actions as says
from bot.people import Group, Person
from bot.progress import ActionItem, ActionKind
from bot.scene import Scene
from bot.store import Owed
from bot.timeline import Kind

LONGEST = says.LONGEST
"""Characters of an item."""


def add(
    scene: Scene,
    *,
    text: str,
    kind: ActionKind | None = None,
    owner: Person | Group | None = None,
    due_at: datetime | None = None,
    url: str = "",
    message: str = "",
) -> ActionItem:
    """Add an item to the scene's incident. Without a date it is due by the playbook's rule, where that has one."""
    here, rule = scene.working_time, scene.playbook.record.due
    if due_at is None and rule is not None:
        due_at = calendar.due(rule, scene.now, here=here)
    item = actions.add(scene.incident, text=text, kind=kind, owner=owner, due_at=due_at, by=scene.actor, now=scene.now,
                       here=here, url=url, message=message)  # fmt: skip
    on_record(scene, item, does="added")
    tell_owner(scene, item)
    return item


def tell_owner(scene: Scene, item: ActionItem) -> None:
    """Somebody whom another gave an item is told, directly."""
    if item.owner is None or item.owner.keys & scene.actor.keys:
        return
    item = actions.told(scene.incident, item)
    card = says.given(item, scene.incident, by=scene.actor)
    for platform in scene.incident.rooms:
        if item.owner is not None and item.owner.on(platform):
            whisper = Whisper(person=item.owner, card=card)
            scene.owed.append(Owed(f"action/{item.number}/direct/{item.told}", platform, whisper, Urgency.POST))


def on_record(scene: Scene, item: ActionItem, *, does: str) -> None:
    """What became of an item goes on the timeline."""
    data = {"item": str(item.number), "does": does}
    if item.owner is not None:  # whom the sentence names, though the item may have another owner by and by
        data |= {"person": item.owner.key, "name": item.owner.name}
    scene.record(Kind.ACTION, says.entry(item, does=does, zone=scene.playbook.timezone), at=None, by=None, **data)


def item_of(scene: Scene, number: int) -> ActionItem:
    """The item of this number; raises ``Mistake``."""
    item = actions.get(scene.incident, number)
    if item is None:
        count = len(scene.incident.progress.actions)
        known = f"There are {count}" if count else "There is none yet"
        raise Mistake(f"There is no action item {number} here. {known}; `/incident actions` lists them.")
    return item


def made_of(incident: Incident, *, message: str, url: str = "") -> ActionItem | None:
    """The item that this message was made into before: by its mark, or open and by the message's address."""
    every = incident.progress.actions
    return next((one for one in every if message and one.message == message), None) or next(
        (one for one in every if url and one.url == url and one.open), None
    )


def mark(parked: int) -> str:
    """What an item is known by that parked words became."""
    return f"parked/{parked}"


def due_shown(item: ActionItem | None, scene: Scene) -> str:
    """An item's date as its form shows it to whoever opens it, to the minute."""
    return shown(item.due_at, scene) if item is not None and item.due_at is not None else ""


def shown(at: datetime, scene: Scene) -> str:
    """A moment as a form shows it to whoever opens it, to the minute."""
    return f"{at.astimezone(scene.actor.zone(scene.playbook.timezone)):%Y-%m-%d %H:%M}"


def read_due(words: str, scene: Scene) -> datetime:
    """A date in words, in the person's own zone; raises ``Mistake`` where it is doubtful."""
    zone = scene.actor.zone(scene.playbook.timezone)
    return dates.read_due(words, now=scene.now, zone=zone, here=scene.working_time)
