"""A hand-over before its time: whoever comes next takes over now, by agreement, and the ritual begins at once."""

from bot import briefing, calling, covering, handing
from bot.covering import AHEAD, Rota
from bot.errors import Mistake
from bot.handoff import Handoff
from bot.messages import handover_note
from bot.messages.handover_note import Change
from bot.people import Person
from bot.rotations import Override, Shift, Turn, handovers, next_handover, turn
from bot.scene import Scene


async def take_over(scene: Scene, rotation: str) -> Handoff:
    """The actor, who comes next, is on call from now on; raises ``Mistake``. Opened once: its time brings nothing."""
    found = [one for one in await covering.rotas(scene) if one.rotation.checklist is not None]
    found = [one for one in found if rotation in ("", one.rotation.name)]
    mine = [(one, begun, on) for one in found for begun, on in _coming(scene, one) if on.keys & scene.actor.keys]
    if len(mine) != 1:
        raise Mistake(_which(scene, found, [one for one, *_ in mine]))
    rota, begun, on = mine[0]
    playbook = scene.playbook = rota.playbook
    off = calling.of_the_hour(rota.rotation.name, playbook, overrides=scene.overrides, now=scene.now)
    if off is not None and off.key == on.key:
        raise Mistake(f"You are on call already: {rota.rotation.title}.")
    key = handing.key(playbook, rota.rotation, begun)
    if not await scene.work.hear_once(key, at=scene.now):
        raise Mistake("That hand-over has begun already. `/incident handoff` shows where it stands.")
    part = Override(rota.rotation.name, on.key, scene.now, begun.begins, because="handed over early")
    await covering.make(scene, rota, [part])
    one = await _opened(scene, rota, begun, key=key, off=off, on=on)
    await handing.open_(scene, one)
    return one


def _coming(scene: Scene, rota: Rota) -> list[tuple[Shift, Person]]:
    """The next hand-over, and who comes on by it."""
    zone, until = rota.playbook.timezone, scene.now + AHEAD
    for _, begun in handovers(rota.rotation, zone=zone, since=scene.now, until=until):
        on = calling.of_the_hour(rota.rotation.name, rota.playbook, overrides=scene.overrides, now=begun.begins)
        return [(begun, on)] if on is not None else []
    return []


async def _opened(scene: Scene, rota: Rota, begun: Shift, *, key: str, off: Person | None, on: Person) -> Handoff:
    zone, rotation = rota.playbook.timezone, rota.rotation
    ends = next_handover(rotation, zone=zone, after=begun.begins) or begun.ends
    day = begun.turn.day if begun.turn is not None else begun.begins.date()
    change = Change(rotation, Turn(day, scene.now, ends), off, on, was=turn(rotation, zone=zone, now=scene.now))
    brief = handover_note.brief(await briefing.digest(scene, change), rota.playbook, now=scene.now)
    one = handing.begin(scene, rotation, key=key, off=off, on=on, brief=brief, begins=scene.now, ends=ends)
    assert one is not None  # noqa: S101  # only rotations with a checklist are looked at
    return one


def _which(scene: Scene, found: list[Rota], mine: list[Rota]) -> str:
    if not found:
        return "No rotation has a checklist for its hand-over, so there is none to open early."
    if mine:
        names = " or ".join(f"`/incident handoff {one.rotation.name} early`" for one in mine)
        return f"You come on call in more than one rotation. Say which: {names}."
    coming = [f"{on.name} ({one.rotation.name})" for one in found for _, on in _coming(scene, one)]
    return f"Whoever comes on call next takes over early, by typing this: {', '.join(coming) or 'nobody is next'}."
