"""The incident's channel as it should be: that it is there, who is in it, and its topic."""

from bot import templates
from bot.incident import Incident, Room
from bot.intents import CHANNEL, Invite, OpenChannel, SetTopic, Urgency
from bot.messages.words import headline, marks
from bot.playbook.shape import Playbook
from bot.scene import Scene
from bot.store import Owed


def channel_key(generation: int) -> str:
    """Key of an incident's n-th channel on a platform."""
    return CHANNEL if generation == 1 else f"{CHANNEL}/{generation}"


def topic(incident: Incident, playbook: Playbook) -> str:
    """The channel's topic: what it is about, nothing that changes by the minute."""
    worded = templates.topic(incident, playbook)
    if worded is None:
        return f"{headline(incident, playbook)} · {incident.name}"
    return " · ".join((*marks(incident), worded))


def settle(scene: Scene, platform: str) -> list[Owed]:
    """What is owed for the channel itself, its people and its topic to be so on one platform."""
    incident, playbook, owed = scene.incident, scene.playbook, []
    room, turn = incident.rooms[platform], incident.revision + 1
    about = topic(incident, playbook)
    members = tuple(incident.responders.values())
    if room.opened < room.generation:
        names = _names(incident, room)
        opening = OpenChannel(names=names, topic=about, private=incident.private, people=members)
        owed.append(Owed(channel_key(room.generation), platform, opening, Urgency.SETUP))
        room = room.model_copy(update={"opened": room.generation, "invited": frozenset(), "topic": ""})
    new = tuple(p for p in members if p.key not in room.invited and p.on(platform))
    if new and not room.archived:
        owed.append(Owed(f"invite/{turn}", platform, Invite(people=new), Urgency.SETUP))
        room = room.model_copy(update={"invited": room.invited | {p.key for p in new}})
    if room.topic != about and not room.archived:
        key = f"topic/{turn}"
        owed.append(Owed(key, platform, SetTopic(topic=about), Urgency.TIDY, stream="topic", replaces=True))
        room = room.model_copy(update={"topic": about})
    incident.rooms[platform] = room
    return owed


def _names(incident: Incident, room: Room) -> tuple[str, ...]:
    """What to call the channel, in order of preference: somebody else may have taken the first."""
    name = incident.channel_name
    if room.generation > 1:
        name = f"{name}-again{room.generation - 1}"
    return (name, f"{name}-{incident.number}", f"{name}-{incident.number}-2", f"{name}-{incident.number}-3")
