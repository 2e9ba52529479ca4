"""Show who is on call, until when, and who is next; and when one's own turns are."""

from typing import ClassVar, Self

from pydantic import Field

from bot import calling, covering
from bot.card import Card
from bot.commands.verb import Verb, Where
from bot.covering import AHEAD, Rota
from bot.errors import Mistake
from bot.heard import Answer
from bot.messages import oncall as says
from bot.messages.oncall import Standing
from bot.people import Person
from bot.playbook.permissions import Right
from bot.rotations import Shift, shift, stint
from bot.scene import Scene

SHOWN = 6
"""Shifts that are shown of one rotation, or turns of a person in each."""
_MINE = frozenset({"when", "me", "mine", "next", "my turns", "my turn", "when do i start", "when am i", "when is mine"})


class OnCall(Verb):
    """Show who is on call."""

    words: ClassVar[tuple[str, ...]] = (
        "oncall",
        "on-call",
        "on call",
        "rota",
        "who is on call",
        "who's on call",
        "whos on call",
    )
    usage: ClassVar = "oncall [ROTATION or when]"
    says: ClassVar = "show who is on call, until when, and who is next; `oncall when` shows your turns"
    example: ClassVar = "/incident oncall"
    right: ClassVar[Right] = Right.OPEN
    where: ClassVar = Where.ANYWHERE
    people: ClassVar = True

    about: str = Field(default="", max_length=200)

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        made = cls.checked({"about": rest.strip(" ?!.")})
        made._asked(scene)  # what asks for nothing may be the title of an incident
        return made

    async def run(self, scene: Scene) -> Answer | Card | None:
        found = await covering.rotas(scene)
        asked = self._asked(scene)
        if isinstance(asked, Person):
            return _turns(scene, found, asked)
        return _plan(scene, asked[0]) if len(asked) == 1 and self.about else _now(scene, asked)

    def _asked(self, scene: Scene) -> Person | list[Rota]:
        """Whose turns, or which rotations; raises ``Mistake``."""
        found = covering.listed_rotas(scene)
        about = " ".join(self.about.casefold().split())
        if about in _MINE:
            return scene.actor
        meant, rest = covering.split(self.about, found)
        if about in ("", "now", "who") or (meant and not rest):
            return meant or found
        try:
            return scene.find_person(self.about.removeprefix("when").strip())
        except Mistake as error:
            sentence = f"“{self.about[:60]}” is no rotation and nobody I know. There is {covering.titles(found)}."
            raise Mistake(sentence) from error


class WhenOnCall(OnCall):
    """Show one's own turns."""

    words: ClassVar = ("when do i start", "when am i on call", "when is my turn", "my turns", "when am i next")
    usage: ClassVar = "when do i start"
    says: ClassVar = "show when your turns on call are"
    example: ClassVar = "/incident when do i start"
    listed: ClassVar = False

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        return cls.checked({"about": "when"})


def _standing(scene: Scene, rota: Rota) -> Standing:
    """A rotation as it stands, and who is next."""
    zone, overrides = rota.playbook.timezone, calling.counting(scene.overrides, rota.playbook)
    now, then = stint(rota.rotation, zone=zone, overrides=overrides, now=scene.now)
    after: Shift | None = None
    if then is not None and then.person is None:
        after = stint(rota.rotation, zone=zone, overrides=overrides, now=then.begins)[1]
    return Standing(rota.playbook, rota.rotation, now, then, after)


def _now(scene: Scene, found: list[Rota]) -> Card:
    several = len({one.playbook.name for one in found}) > 1
    standing = [_standing(scene, one) for one in found]
    return says.rota(standing, several=several, now=scene.now, actor=scene.actor)


def _plan(scene: Scene, rota: Rota) -> Card:
    ahead = rota.shifts(scene.overrides, scene.now, scene.now + AHEAD)[1 : 1 + SHOWN]
    return says.plan(_standing(scene, rota), ahead, now=scene.now)


def _turns(scene: Scene, found: list[Rota], person: Person) -> Card:
    mine = []
    for rota in found:
        key = rota.playbook.known(person).key
        turns = rota.turns_of(key, scene.overrides, scene.now, scene.now + AHEAD)
        turns = [_whole(one, rota, scene) for one in turns[:SHOWN]]
        if turns or key in rota.rotation.everybody:
            mine.append((_standing(scene, rota), turns))
    if not mine:
        raise Mistake(f"{person.name} takes turns in no rotation. `/incident oncall` shows who is on call.")
    several = len({one.playbook.name for one in found}) > 1
    return says.turns(mine, person, own=person.key == scene.actor.key, several=several, now=scene.now)


def _whole(one: Shift, rota: Rota, scene: Scene) -> Shift:
    """A shift to its end, also where that lies beyond what is looked at."""
    if one.ends < scene.now + AHEAD:
        return one
    overrides = calling.counting(scene.overrides, rota.playbook)
    return shift(rota.rotation, zone=rota.playbook.timezone, overrides=overrides, now=one.begins)
