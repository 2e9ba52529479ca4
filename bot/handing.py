"""Handing over: a hand-over opens, stands where its rotation is told of, and is asked for until somebody has it."""

from collections.abc import Sequence
from datetime import timedelta

from bot import calling, handoff
from bot.card import Card, Text
from bot.handoff import Handoff, Stands
from bot.intents import Edit, Post, Urgency, Whisper
from bot.messages import handoffs
from bot.people import Person
from bot.playbook.escalation import Rotation
from bot.playbook.outside import place
from bot.playbook.shape import Playbook
from bot.rotations import Shift
from bot.scene import Scene
from bot.store import Owed

USUAL = timedelta(minutes=30)
"""How long whoever comes has to confirm, where the rotation does not say within what a page is answered."""


def key(playbook: Playbook, rotation: Rotation, begun: Shift) -> str:
    """What a hand-over is called, for ever: by its day, unless layers or hours may bring several on one day."""
    whole = begun.turn is not None and begun.begins == begun.turn.begins and not rotation.layers
    day = f"{begun.turn.day}" if begun.turn is not None and whole else f"{begun.begins:%Y-%m-%dT%H:%M}"
    return f"handover/{playbook.name}/{rotation.name}/{day}"


def begin(
    scene: Scene, rotation: Rotation, *, key: str, off: Person | None, on: Person, brief: Text, **times: object
) -> Handoff | None:
    """A hand-over that begins now; ``None`` where the rotation has no checklist, and so no ritual.

    ``times`` are ``begins`` and ``ends`` of the turn.
    """
    if rotation.checklist is None:
        return None
    wait = rotation.answer or USUAL
    to = {
        platform: Stands(to=place(scene.playbook.announce.channels | rotation.channels, platform))
        for platform in scene.playbook.lives_on(scene.platforms)
    }
    return Handoff.model_validate(
        {
            "key": key,
            "playbook": scene.playbook.name,
            "rotation": rotation.name,
            "title": rotation.title,
            "opened_at": scene.now,
            "off": off,
            "on": on,
            "checklist": rotation.checklist.title,
            "steps": tuple(step.text for step in rotation.checklist.steps),
            "brief": brief,
            "backups": _backups(rotation, scene.playbook, scene, but={on.key, *([off.key] if off else [])}),
            "wait": wait,
            "look_at": scene.now + wait,
            "stands": to,
            **times,
        }
    )


def _backups(rotation: Rotation, playbook: Playbook, scene: Scene, *, but: set[str]) -> tuple[Person, ...]:
    """Whom the rotation names to call next; not those who are told anyway."""
    found = calling.who(rotation.backup, None, playbook, overrides=scene.overrides, now=scene.now).people
    return tuple(person for person in found if person.key not in but)


async def open_(scene: Scene, one: Handoff) -> None:
    """Keep a new one, and owe its message; nothing where it is kept already."""
    if await scene.work.handoffs.enter(one):
        await settle(scene, one)


async def settle(scene: Scene, one: Handoff) -> None:
    """Save it, and owe what is missing for its message to stand as it should."""
    card = handoffs.message(one)
    digest = card.digest()
    for platform, stands in one.stands.items():
        if stands.digest == digest:
            continue
        scene.loose.append(_owed(one, platform, stands, card))
        edits = stands.edits + bool(stands.digest)
        one.stands[platform] = stands.model_copy(update={"digest": digest, "edits": edits})
    await scene.work.handoffs.save(one)


def _owed(one: Handoff, platform: str, stands: Stands, card: Card) -> Owed:
    if not stands.digest:
        return Owed(one.key, platform, Post(card=card, to=stands.to), Urgency.ASK, stream=one.key)
    edit = Edit(message=one.key, card=card)
    return Owed(f"{one.key}/e{stands.edits + 1}", platform, edit, Urgency.EDIT, stream=one.key, replaces=True)


async def look(scene: Scene, one: Handoff) -> None:
    """Nobody has confirmed in time: whoever comes is asked once more, then the others are told by name."""
    if one.took is not None or one.over(scene.now):
        one = one.model_copy(update={"look_at": None})
    elif one.asked_at is None:
        one = handoff.asked(one, now=scene.now)
        reached = _ask(scene, one)
        if not reached:  # nobody was asked, so there is nothing to wait for
            one = _tell(scene, one)
    else:
        one = _tell(scene, one)
    await settle(scene, one)


def _ask(scene: Scene, one: Handoff) -> Sequence[str]:
    """Ask privately, wherever they can be reached; returns the platforms."""
    reached = [platform for platform in one.stands if one.on.on(platform) is not None]
    for platform in reached:
        whisper = Whisper(person=one.on, card=handoffs.once_more(one))
        scene.loose.append(Owed(f"{one.key}/ask", platform, whisper, Urgency.ASK))
    return reached


def _tell(scene: Scene, one: Handoff) -> Handoff:
    card = handoffs.nobody(one)
    for platform, stands in one.stands.items():
        scene.loose.append(Owed(f"{one.key}/told", platform, Post(card=card, to=stands.to), Urgency.ASK))
    return handoff.told(one, now=scene.now)
