"""Standing in on call: which rotation is meant, who is scheduled there, and an override made, told and taken back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot import calling
from bot.errors import Mistake
from bot.intents import Edit, Post, Urgency, Whisper
from bot.messages import overrides as says
from bot.people import Person
from bot.playbook.escalation import Rotation
from bot.playbook.misfit import listed
from bot.playbook.outside import place
from bot.playbook.part import fold, named
from bot.playbook.shape import Playbook
from bot.rotations import Override, Shift, shifts
from bot.scene import Scene
from bot.store import Owed

AHEAD = timedelta(days=92)
"""How far turns are looked for."""


@dataclass(frozen=True, slots=True)
class Rota:
    """One rotation of a loaded playbook."""

    playbook: Playbook
    rotation: Rotation

    @property
    def names(self) -> set[str]:
        """What it may be called, folded."""
        rotation = self.rotation
        return {fold(rotation.name), fold(rotation.title), fold(f"{self.playbook.name}/{rotation.name}")}

    def shifts(self, overrides: Iterable[Override], since: datetime, until: datetime) -> list[Shift]:
        """Its final schedule."""
        counting = calling.counting(overrides, self.playbook)
        zone = self.playbook.timezone
        return shifts(self.rotation, zone=zone, overrides=counting, since=since, until=until)

    def turns_of(self, person: str, overrides: Iterable[Override], since: datetime, until: datetime) -> list[Shift]:
        """When somebody is on call in it."""
        return [one for one in self.shifts(overrides, since, until) if one.person == person]


def listed_rotas(scene: Scene) -> list[Rota]:
    """Every rotation, those of the playbook in force here first; raises ``Mistake`` where there is none."""
    found = [Rota(playbook, rotation) for playbook in scene.loaded for rotation in playbook.rotations]
    if not found:
        raise Mistake("No playbook has a rotation, so nobody is on call. `rotations` in the playbook makes one.")
    return found


async def rotas(scene: Scene) -> list[Rota]:
    """Every rotation, with the overrides brought to the scene."""
    found = listed_rotas(scene)
    scene.overrides = await scene.work.overrides.around(scene.now)
    return found


def split(words: str, found: Sequence[Rota]) -> tuple[list[Rota], str]:
    """The rotations that words name (``primary``; of several playbooks also ``werkly/primary``), and the words without
    their names. Of several that are called so it is that of the playbook in force here.
    """
    meant: list[Rota] = []
    rest = []
    for word in words.split():
        bare = fold(word.strip(",;:"))
        ours = next((one for one in found if bare in one.names), None)
        if ours is None:
            rest.append(word)
        elif ours not in meant:
            meant.append(ours)
    return meant, " ".join(rest)


def known(person: Person, rota: Rota) -> Person:
    """Somebody as a playbook knows them; raises ``Mistake`` where it does not, for nobody could page them."""
    found = rota.playbook.known(person)
    if rota.playbook.person(found.key) is None:
        raise Mistake(
            f"{person.name} is not among the people of the playbook “{rota.playbook.title}”, so a page would not reach "
            "them. Whoever looks after it can add them under `people`."
        )
    return found


async def make(scene: Scene, rota: Rota, parts: Sequence[Override]) -> list[Override]:
    """Keep overrides of one rotation, tell of them once in its channel, and have open incidents note them."""
    made = []
    for part in parts:
        whole = replace(
            part, rotation=rota.rotation.name, playbook=rota.playbook.name, by=scene.actor.key, made=scene.now
        )
        one = await scene.work.overrides.add(whole)
        made.append(one)
        _tell(scene, rota, one)
    await _noted(scene)
    return made


async def take_back(scene: Scene, one: Override, rota: Rota) -> Override:
    """End one now; what it was stays on the record."""
    await scene.work.overrides.take_back(one.id, by=scene.actor.key, at=scene.now)
    after = replace(one, ends=min(one.ends, scene.now), taken_back=scene.now, taken_back_by=scene.actor.key)
    card = says.told(after, rota.playbook)
    for platform in rota.playbook.lives_on(scene.platforms):
        edit = Edit(message=_key(one), card=card)
        scene.loose.append(Owed(f"{_key(one)}/end", platform, edit, stream=_key(one)))
    await _noted(scene)
    _tell_back(scene, one, rota)
    return after


def _tell_back(scene: Scene, one: Override, rota: Rota) -> None:
    """Whoever is on call again by that has done nothing for it, and whoever stood in may not have: both are told."""
    spans: dict[str, list[Shift]] = {one.person: []}
    for shift in rota.shifts(scene.overrides, max(one.begins, scene.now), one.ends):
        if shift.person is not None:
            spans.setdefault(shift.person, []).append(shift)
    for key, theirs in spans.items():
        person = rota.playbook.person(key)
        platform = reached(scene, person) if person is not None and key not in scene.actor.keys else None
        if person is not None and platform is not None:
            card = says.taken_back(one, rota.playbook, theirs, by=scene.actor)
            whisper = Whisper(person=person, card=card)
            scene.loose.append(Owed(f"{_key(one)}/back/{key}", platform, whisper, Urgency.ASK))


def reached(scene: Scene, person: Person) -> str | None:
    """The platform on which somebody is told: that of the act, if they are there, else the first where they are."""
    there = [platform for platform in (scene.platform, *scene.platforms) if platform in scene.platforms]
    return next((platform for platform in there if person.on(platform) is not None), None)


def _tell(scene: Scene, rota: Rota, one: Override) -> None:
    """Once, quietly: whoever is concerned was asked or did it."""
    card = says.told(one, rota.playbook)
    for platform in rota.playbook.lives_on(scene.platforms):
        to = place(rota.playbook.announce.channels | rota.rotation.channels, platform)
        post = Post(card=card, to=to, rings=False)
        scene.loose.append(Owed(_key(one), platform, post, stream=_key(one)))


async def _noted(scene: Scene) -> None:
    """Incidents that are open note it by themselves, as soon as they are looked at: now."""
    scene.overrides = await scene.work.overrides.around(scene.now)
    await scene.work.wake(scene.now)
    scene.changed = True


def _key(one: Override) -> str:
    return f"override/{one.id}"


def of_override(one: Override, found: Sequence[Rota]) -> Rota | None:
    """The rotation that an override is of."""
    for rota in found:
        if rota.playbook.name == one.playbook and named((rota.rotation,), one.rotation) is not None:
            return rota
    return None


def called(one: Rota, found: Iterable[Rota]) -> str:
    """What to type for it: ``primary``; where another playbook has one of that name, ``werkly/primary``."""
    alike = [other for other in found if fold(other.rotation.name) == fold(one.rotation.name)]
    return one.rotation.name if len(alike) < 2 else f"{one.playbook.name}/{one.rotation.name}"


def titles(found: Sequence[Rota]) -> str:
    """``primary or secondary``: what to type."""
    return listed(dict.fromkeys(f"`{called(one, found)}`" for one in found))
