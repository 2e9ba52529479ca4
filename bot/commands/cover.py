"""Stand in for whoever is on call, and take that back."""

import re
from contextlib import suppress
from datetime import datetime
from typing import ClassVar, Self

from pydantic import Field

from bot import calling, covering
from bot.card import Card
from bot.commands.verb import Verb, Where
from bot.covering import AHEAD, Rota
from bot.errors import Mistake
from bot.heard import Answer
from bot.messages import overrides as says
from bot.people import Person
from bot.playbook.permissions import Right
from bot.rotations import Override
from bot.scene import Scene
from bot.spans import HOW, read_span

BECAUSE = re.compile(r"(?<!\S)because\s+(?P<why>.+)$", re.IGNORECASE | re.DOTALL)
_FOR = re.compile(r"(?:^|\s)for\s+(?P<who><@!?[^>]+>|@?[^\W\d]\S*)", re.IGNORECASE)
END = re.compile(r"^(?:end|ends|over|stop|off|cancel|back|take back|undo)\b\s*#?(?P<id>\d{1,12})?\s*$", re.IGNORECASE)
_LENGTHS = frozenset({"a", "an", "the", "half", "now", "today", "tonight", "tomorrow", "next", "this"})


class Cover(Verb):
    """Cover a rotation."""

    words: ClassVar = ("cover", "covering", "cover for", "i cover", "take over on call", "override")
    usage: ClassVar = "cover [ROTATION] [for @ana] 2h [because …]"
    says: ClassVar = "be on call in somebody's place for a while; `cover end` takes it back"
    example: ClassVar = "/incident cover 2h"
    right: ClassVar = Right.OPEN
    where: ClassVar = Where.ANYWHERE
    people: ClassVar = True

    rest: str = Field(max_length=500)
    because: str = Field(default="", max_length=500)

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        found = BECAUSE.search(rest)
        why = scene.readable(found["why"].strip()) if found is not None else ""
        rest = rest[: found.start()].rstrip() if found is not None else rest
        made = cls.checked({"rest": rest, "because": why})
        if not END.match(rest.strip()):
            _asked(scene, rest)  # what is no cover at all may be the title of an incident
        return made

    async def run(self, scene: Scene) -> Answer | Card | None:
        found = await covering.rotas(scene)
        if (over := END.match(self.rest.strip())) is not None:
            return await _end(scene, found, int(over["id"]) if over["id"] else None)
        meant, other, span = _asked(scene, self.rest)
        chosen = meant or _meant(scene, found, other, span)
        made: list[tuple[Override, Rota]] = []
        for rota in chosen:
            part = _part(scene, rota, other, span, because=self.because)
            made += [(one, rota) for one in await covering.make(scene, rota, [part])]
        several = len({one.playbook.name for one in found}) > 1
        return says.done([(one, rota.playbook) for one, rota in made], several=several)


def _asked(scene: Scene, rest: str) -> tuple[list[Rota], Person | None, tuple[datetime, datetime] | None]:
    """Which rotations are meant, in whose place, and when; raises ``Mistake``."""
    meant, words = covering.split(rest, covering.listed_rotas(scene))
    other, words = _whom(scene, words)
    span = _span(scene, words) if words else None
    if span is None and other is None:
        raise Mistake(f"For how long? {HOW}, such as `/incident cover 2h`.")
    return meant, other, span


def _whom(scene: Scene, words: str) -> tuple[Person | None, str]:
    """Whose place it is, and the words without that."""
    for found in _FOR.finditer(f" {words}"):
        if found["who"].casefold() not in _LENGTHS:
            person = scene.find_person(found["who"])
            left = f" {words}"
            return person, " ".join((left[: found.start()] + left[found.end() :]).split())
    mention = re.match(
        r"^(?P<who><@!?[^>]+>|@\S+)(?:\s+|$)(?P<rest>.*)$", words
    )  # “cover for @ana”: the verb took “for”
    if mention is not None:
        return scene.find_person(mention["who"]), mention["rest"].strip()
    first, _, rest = words.partition(" ")
    with suppress(Mistake):
        return scene.find_person(first), rest.strip()
    return None, words


def _span(scene: Scene, words: str) -> tuple[datetime, datetime]:
    zone = scene.actor.zone(scene.playbook.timezone)
    return read_span(words, now=scene.now, zone=zone, here=scene.working_time)


def _meant(scene: Scene, found: list[Rota], other: Person | None, span: tuple[datetime, datetime] | None) -> list[Rota]:
    """The rotation that is meant where none is named: the only one, else those in which that person is on call then,
    else the only one that knows the actor.
    """
    if len(found) == 1:
        return found
    if other is not None:
        since, until = span or (scene.now, scene.now + AHEAD)
        theirs = [one for one in found if one.turns_of(_key(other, one), scene.overrides, since, until)]
        if theirs:
            return theirs
    else:
        mine = [one for one in found if _key(scene.actor, one) in one.rotation.everybody]
        if len(mine) == 1:
            return mine
    names = covering.titles(found)
    raise Mistake(f"Which rotation? Name it: {names}, like `/incident cover {covering.called(found[0], found)} 2h`.")


def _key(person: Person, rota: Rota) -> str:
    return rota.playbook.known(person).key


def _part(
    scene: Scene, rota: Rota, other: Person | None, span: tuple[datetime, datetime] | None, *, because: str
) -> Override:
    """The override that is asked for; raises ``Mistake`` where it would change nothing."""
    me = covering.known(scene.actor, rota)
    theirs = covering.known(other, rota) if other is not None else None
    if theirs is not None and theirs.key == me.key:
        raise Mistake("You cannot stand in for yourself. Name somebody else, or leave the name out.")
    if theirs is None:
        begins, ends = span or (scene.now, scene.now)
        if all(one.person == me.key for one in rota.shifts(scene.overrides, begins, ends)):
            raise Mistake(f"You are on call then already: {rota.rotation.title}. Nothing needs to change.")
        return Override(rota.rotation.name, me.key, begins, ends, because=because)
    since, until = span or (scene.now, scene.now + AHEAD)
    turns = rota.turns_of(theirs.key, scene.overrides, since, until)
    if not turns:
        raise Mistake(f"{theirs.name} is not on call then: {rota.rotation.title}. `/incident oncall` shows who is.")
    if span is not None:
        begins, ends = max(since, turns[0].begins), min(until, turns[-1].ends)
    else:
        begins, ends = max(turns[0].begins, scene.now), turns[0].ends
    return Override(rota.rotation.name, me.key, begins, ends, instead_of=theirs.key, because=because)


async def _end(scene: Scene, found: list[Rota], id: int | None) -> Card:
    """Take one back: that of this number, else one's own that stands or comes."""
    if id is None:
        id = _mine(scene, found)
    one = await scene.work.overrides.one(id)
    rota = covering.of_override(one, found) if one is not None else None
    if one is None or rota is None:
        raise Mistake("I know no such cover. `/incident oncall` shows who is on call.")
    if one.taken_back is not None:
        raise Mistake("That was taken back already. `/incident oncall` shows who is on call.")
    if one.ends <= scene.now:
        raise Mistake("That cover is over. `/incident oncall` shows who is on call.")
    await covering.take_back(scene, one, rota)
    now_on = calling.of_the_hour(rota.rotation.name, rota.playbook, overrides=scene.overrides, now=scene.now)
    return says.ended(one, rota.playbook, now_on=now_on)


def _mine(scene: Scene, found: list[Rota]) -> int:
    keys = scene.actor.keys
    mine = [
        one
        for one in scene.overrides
        if one.taken_back is None and one.ends > scene.now and (one.person in keys or one.by in keys)
    ]
    if not mine:
        raise Mistake("You cover for nobody now. `/incident oncall` shows who is on call.")
    standing = [one for one in mine if one.covers(scene.now)] or mine
    if len(standing) > 1:
        numbers = " or ".join(f"`cover end {one.id}` ({_called(one, found)})" for one in standing[:6])
        raise Mistake(f"You cover several times. Say which: {numbers}.")
    return standing[0].id


def _called(one: Override, found: list[Rota]) -> str:
    rota = covering.of_override(one, found)
    return covering.called(rota, found) if rota is not None else one.rotation
