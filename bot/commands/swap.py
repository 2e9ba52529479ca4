"""Ask somebody to swap turns on call: nothing changes until they agree."""

import re
from datetime import datetime
from typing import ClassVar, Self

from pydantic import Field

from bot import covering, swaps
from bot.card import Card
from bot.commands.cover import BECAUSE
from bot.commands.verb import Verb, Where
from bot.covering import Rota
from bot.errors import Mistake
from bot.heard import Answer
from bot.intents import Urgency, Whisper
from bot.messages import overrides as says
from bot.people import Person
from bot.playbook.permissions import Right
from bot.rotations import Override
from bot.scene import Scene
from bot.spans import read_span
from bot.store import Owed
from bot.swaps import Asked, Swapping

_WHO = re.compile(r"^(?:turns?\s+|shifts?\s+)?(?:with\s+)?(?P<who><@!?[^>]+>|\S+)(?:\s+(?P<rest>.*))?$", re.IGNORECASE)
_ANSWER = re.compile(r"^(?P<answer>yes|no)\s+#?(?P<id>\d{1,12})$", re.IGNORECASE)


class Swap(Verb):
    """Swap turns."""

    words: ClassVar = ("swap", "swap with", "trade", "swap on call")
    usage: ClassVar = "swap @ana [ROTATION] [next week] [because …]"
    says: ClassVar = "ask somebody to swap turns on call; nothing changes until they agree"
    example: ClassVar = "/incident swap @ana next week"
    right: ClassVar = Right.OPEN
    where: ClassVar = Where.ANYWHERE
    people: ClassVar = True

    rest: str = Field(min_length=1, max_length=500)
    because: str = Field(default="", max_length=500)

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        if not rest.strip():
            raise Mistake(f"With whom? Write it like `{cls.example}`.")
        found = BECAUSE.search(rest)
        why = scene.readable(found["why"].strip()) if found is not None else ""
        made = cls.checked({"rest": rest[: found.start()].rstrip() if found is not None else rest, "because": why})
        if not _ANSWER.match(made.rest):
            made._asked(scene)  # what is no swap at all may be the title of an incident
        return made

    async def run(self, scene: Scene) -> Answer | Card | None:
        found = await covering.rotas(scene)
        if (answer := _ANSWER.match(self.rest.strip())) is not None:
            return await _answered(scene, found, int(answer["id"]), yes=answer["answer"].casefold() == "yes")
        meant, other, span = self._asked(scene)
        rota = _meant(scene, meant or found, other)
        me, other = _whole(scene.actor, rota), _whole(other, rota)
        if me.key == other.key:
            raise Mistake("You cannot swap with yourself. Name somebody else of the rotation.")
        swapping = Swapping(rota, me, other, scene.overrides, scene.now)
        asked = Asked(playbook=rota.playbook.name, rotation=rota.rotation.name, by=me.key, other=other.key,
                      asker=me, parts=swapping.parts(span), because=self.because)  # fmt: skip
        return await _ask(scene, asked, rota, me, other)

    def _asked(self, scene: Scene) -> tuple[list[Rota], Person, tuple[datetime, datetime] | None]:
        """Which rotations are meant, with whom, and when; raises ``Mistake``."""
        meant, words = covering.split(self.rest, covering.listed_rotas(scene))
        parts = _WHO.match(words)
        if parts is None:
            raise Mistake(f"With whom? Write it like `{self.example}`.")
        other, when = scene.find_person(parts["who"]), (parts["rest"] or "").strip()
        zone = scene.actor.zone(scene.playbook.timezone)
        return meant, other, read_span(when, now=scene.now, zone=zone, here=scene.working_time) if when else None


def _meant(scene: Scene, found: list[Rota], other: Person) -> Rota:
    """The rotation in which both take turns."""
    both = [
        one
        for one in found
        if {one.playbook.known(each).key for each in (scene.actor, other)} <= {*one.rotation.everybody}
    ]
    if len(both) == 1:
        return both[0]
    if both:
        raise Mistake(f"In which rotation? Name it: {covering.titles(both)}, like `/incident swap @NAME NAME-OF-IT`.")
    raise Mistake(
        f"You and {other.name} take turns together in no rotation, so there is nothing to swap. "
        "`/incident cover for @NAME TIME` stands in for somebody."
    )


async def _ask(scene: Scene, asked: Asked, rota: Rota, me: Person, other: Person) -> Card:
    """Ask where the other person is; where they have no account, nobody can be asked."""
    platform = covering.reached(scene, other)
    if platform is None:
        where = " or ".join(name.title() for name in scene.platforms) or "any platform that is switched on"
        raise Mistake(
            f"I know no account of {other.name} on {where}, so I cannot ask them, and nothing has changed. "
            "Agree on it yourselves; then each of you can type `/incident cover for @NAME TIME`."
        )
    id = await scene.work.park(asked.model_dump_json(), actor=other, at=scene.now)
    card = says.asked(asked.overrides(), rota.playbook, by=me, id=id, because=asked.because)
    scene.loose.append(Owed(f"swap/{id}", platform, Whisper(person=other, card=card), Urgency.ANSWER))
    return says.asking(other, asked.overrides(), rota.playbook)


async def _answered(scene: Scene, found: list[Rota], id: int, *, yes: bool) -> Card:
    """The other person agrees, or does not; each question is answered once."""
    parked = await scene.work.parked(id)
    asked = _read(parked.words) if parked is not None and parked.actor in scene.actor.keys else None
    rota = next((one for one in found if asked is not None and _is(one, asked)), None)
    if asked is None or rota is None:
        raise Mistake("That swap was asked of somebody else, or too long ago. `/incident oncall` shows the rota.")
    other, by = covering.known(scene.actor, rota), asked.asker
    parts = swaps.still(asked, rota, scene.overrides, now=scene.now) if yes else asked.overrides()
    if not await scene.work.hear_once(f"swap/{id}/answered", at=scene.now):
        raise Mistake("You answered that already. `/incident oncall` shows the rota.")
    made: list[Override] = await covering.make(scene, rota, parts) if yes else []
    platform = covering.reached(scene, by)
    if platform is not None:
        card = says.answered(other, made or parts, rota.playbook, yes=yes)
        scene.loose.append(Owed(f"swap/{id}/answer", platform, Whisper(person=by, card=card), Urgency.ANSWER))
    if not yes:
        return Card(text=(f"Nothing changes; I told {by.name}.",))
    return says.done([(one, rota.playbook) for one in made])


def _whole(person: Person, rota: Rota) -> Person:
    """Somebody as the playbook knows them, with the accounts that they linked."""
    found = covering.known(person, rota)
    return found.model_copy(update={"handles": person.handles | found.handles})


def _is(rota: Rota, asked: Asked) -> bool:
    return (rota.playbook.name, rota.rotation.name) == (asked.playbook, asked.rotation)


def _read(words: str) -> Asked | None:
    """The swap that was put aside; other words that somebody put aside are none."""
    try:
        return Asked.model_validate_json(words)
    except ValueError:
        return None
