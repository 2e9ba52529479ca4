"""Signs: what people do without words. A reaction answers a reminder or keeps a message; people come and go."""

from bot import permission
from bot.commands.answer import AnswerReminder, Tap
from bot.commands.note import pin, unpin
from bot.heard import Moved, Reacted
from bot.intents import React
from bot.playbook.written import Reactions
from bot.scene import Scene
from bot.store import Owed

SEEN = "✅"
"""The bot's own reaction on a message that it put on the timeline."""


def bare(emoji: str) -> str:
    """Without the invisible selector that asks for the coloured form."""
    return emoji.replace("\ufe0f", "")


async def reacted(scene: Scene, heard: Reacted, *, key: str | None) -> None:
    """A reaction on the message of this key (``None``: not one of the bot's)."""
    permission.may(scene.actor, "react", scene.here)
    signs, emoji = scene.playbook.reactions, bare(heard.emoji)
    if key is not None and key.startswith("ask/"):
        tap = _tap(signs, emoji)
        if tap is not None and heard.added and scene.incident.open:
            await AnswerReminder(silence=int(key.split("/")[1]), tap=tap).run(scene)
    elif emoji == bare(signs.timeline):
        _keep(scene, heard)


def _tap(signs: Reactions, emoji: str) -> Tap | None:
    meanings = {
        signs.no_change: Tap.NO_CHANGE,
        signs.acknowledge: Tap.ACKNOWLEDGE,
        signs.snooze: Tap.SNOOZE,
        signs.lead: Tap.LEAD,
        signs.pause: Tap.PAUSE,
    }
    return next((tap for sign, tap in meanings.items() if bare(sign) == emoji), None)


def _keep(scene: Scene, heard: Reacted) -> None:
    message = heard.message or ""
    if heard.added and heard.original is not None:
        readable = heard.original.model_copy(update={"text": scene.readable(heard.original.text)})
        pin(scene, readable, message=message)
        scene.bring(scene.actor)
    elif not heard.added:
        unpin(scene, message=message)
    key = f"react/{scene.incident.revision + 1}"
    scene.owed.append(Owed(key, heard.platform, React(message=message, emoji=SEEN, on=heard.added)))


def moved(scene: Scene, heard: Moved) -> None:
    """Somebody came into the channel or left it."""
    incident, key = scene.incident, scene.actor.key
    room = incident.rooms[heard.platform]
    if heard.joined:
        incident.rooms[heard.platform] = room.model_copy(
            update={"left": room.left - {key}, "invited": room.invited | {key}}
        )
        scene.bring(scene.actor)
    else:
        incident.rooms[heard.platform] = room.model_copy(update={"left": room.left | {key}})
    scene.changed = True
