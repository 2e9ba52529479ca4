"""Signs: what people do without words. A reaction answers what the bot asked or keeps a message; people come and go."""

from bot import actions, deadlines, items, pages, permission
from bot.acts import whisper
from bot.card import Card
from bot.commands.ack import Acknowledge
from bot.commands.answer import AnswerReminder, Tap
from bot.commands.clock import Clock, Does
from bot.commands.done import Done
from bot.commands.note import pin, unpin
from bot.commands.page import Have
from bot.commands.postmortem import WritePostmortem
from bot.commands.told import Told
from bot.commands.verb import Verb
from bot.errors import NotAllowed
from bot.heard import Moved, Reacted
from bot.incident import Incident
from bot.intents import React
from bot.messages import answers
from bot.messages.lengths import shorten
from bot.playbook.clocks import Meets
from bot.playbook.shape import Playbook
from bot.playbook.written import Reactions
from bot.postmortem.typed import Does as Publishes
from bot.scene import Scene
from bot.store import Owed

SEEN = "✅"
"""The bot's own reaction on a message that it put on the timeline."""


def bare(emoji: str) -> str:
    """Without the invisible selector that asks for the coloured form."""
    return emoji.replace("\ufe0f", "")


def keeps(playbook: Playbook, emoji: str) -> bool:
    """Whether a reaction makes something of the message it stands on, which is then needed."""
    return bare(emoji) in (bare(playbook.reactions.timeline), bare(playbook.reactions.action))


async def reacted(scene: Scene, heard: Reacted, *, key: str | None) -> None:
    """A reaction on the message of this key (``None``: not one of the bot's)."""
    permission.may(scene.actor, "react", scene.here)
    emoji = bare(heard.emoji)
    verb = meant(scene.incident, scene.playbook, key, emoji) if key is not None else None
    if verb is not None and heard.added:
        try:
            said = await permission.act(scene, verb)
        except NotAllowed as refused:
            whisper(scene, answers.mistake(str(refused)))  # who thinks that they answered has to know better
            return
        if isinstance(verb, WritePostmortem) and isinstance(said, Card) and said.buttons:
            whisper(scene, said)  # questions wait: it asks, as the button would
    elif verb is None and emoji == bare(scene.playbook.reactions.timeline):
        _keep(scene, heard)
    elif verb is None and emoji == bare(scene.playbook.reactions.action):
        _make_item(scene, heard)


def meant(incident: Incident, playbook: Playbook, key: str, emoji: str) -> Verb | None:
    """What a reaction says as an answer to the message of this key; ``None`` where it is no answer to it.

    It does what the message's main button does. Where that opens a form, or the question no longer stands, it is none.
    """
    what, *rest = key.split("/")
    match what:
        case "ask" if incident.open:
            tap = _tap(playbook.reactions, emoji)
            return AnswerReminder(silence=int(rest[0]), tap=tap) if tap is not None else None
        case "round":
            return _news(incident, playbook, rest, emoji)
        case "deadline":
            return _deadline(incident, playbook, rest, emoji)
        case "page" if emoji in (bare(playbook.reactions.acknowledge), bare(playbook.reactions.no_change)):
            page = pages.get(incident, int(rest[0]))
            return Have(id=page.id) if page is not None and page.running else None
        case "action" if emoji == bare(playbook.reactions.no_change):
            return _item(incident, rest)
    return None


def _item(incident: Incident, post: list[str]) -> Verb | None:
    """On what an owner was told of an item directly: it is done."""
    number, kind, *_ = post
    item = actions.get(incident, int(number)) if kind == "direct" else None
    return Done(number=item.number) if item is not None and item.open else None


def _news(incident: Incident, playbook: Playbook, post: list[str], emoji: str) -> Verb | None:
    """On a round that was asked for: they were told."""
    name, count, *_ = post
    kept = incident.progress.rounds.get(name)
    stands = kept is not None and kept.asked is not None and str(kept.asked.count) == count
    return Told(whom=name) if stands and emoji == bare(playbook.reactions.no_change) else None


def _deadline(incident: Incident, playbook: Playbook, post: list[str], emoji: str) -> Verb | None:
    """On a deadline's last post, or the same question asked privately: it is done, or somebody is on it."""
    name, turn, number, *_ = post
    kept, rule = incident.progress.deadlines.get(name), deadlines.rule_of(incident, playbook, name)
    if kept is None or rule is None or not kept.running or str(kept.turn) != turn:
        return None
    if number not in (str(kept.posts), "direct"):
        return None
    if rule.met_by is Meets.PUBLISHED and emoji == bare(playbook.reactions.no_change):
        return WritePostmortem(does=Publishes.PUBLISH)
    done, seen = bare(playbook.reactions.no_change), bare(playbook.reactions.acknowledge)
    if deadlines.needs_a_word(rule) and emoji == done:
        return Clock(deadline=name, does=Does.DONE)
    on_it = rule.met_by is Meets.RESPONSE and incident.open and emoji in (done, seen)
    return Acknowledge() if on_it else None


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


def _make_item(scene: Scene, heard: Reacted) -> None:
    """A message becomes an action item; as long as nobody owns it, taking the reaction away drops it."""
    message = heard.message or ""
    made = [item for item in scene.incident.progress.actions if item.message == message]
    if heard.added and heard.original is not None and not any(item.open for item in made):
        text = shorten(scene.readable(heard.original.text), items.LONGEST)
        if not text:
            return
        items.add(scene, text=text, url=heard.original.url or "", message=message)
        scene.bring(scene.actor)
    elif not heard.added:
        left = [item for item in made if item.open and item.owned_by is None]
        if not left:
            return
        because = "its reaction was taken away"
        item = actions.drop(scene.incident, left[-1], because=because, now=scene.now)
        items.on_record(scene, item, does="dropped")
    else:
        return
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
