"""Routines: each occasion is acted on once, by whichever replica, and never again after its key was swept out."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from adapters.database import Database
from adapters.holidays import public
from adapters.sandbox.clock import SandboxClock
from adapters.web.metrics import Metrics
from bot.bell import Bell
from bot.broom import Broom
from bot.calendar import WorkingTime
from bot.commands import VERBS
from bot.connected import Connected
from bot.library import Library
from bot.playbook.shape import Playbook
from bot.routines.handover import TellHandover
from bot.routines.routine import Routine
from bot.scene import Scene
from bot.scenes import Scenes
from tests.support.story import acquainted, default
from tests.support.town import FRIDAY, sqlite


class Every(Routine):
    """A routine with an occasion every so often from a moment on; it only remembers what it did."""

    def __init__(self, name: str, *, first: datetime, every: timedelta | None = None) -> None:
        self.name, self._first, self._every = name, first, every
        self.did: list[datetime] = []

    def due(self, playbook: Playbook, here: WorkingTime, *, after: datetime) -> datetime | None:
        """The first occasion after this moment."""
        if after < self._first:
            return self._first
        if self._every is None:
            return None
        return self._first + ((after - self._first) // self._every + 1) * self._every

    async def run(self, scene: Scene, at: datetime) -> None:
        """Remember it."""
        self.did.append(at)


class Faulty(Every):
    """A routine that fails."""

    async def run(self, scene: Scene, at: datetime) -> None:
        """Fail."""
        self.did.append(at)
        raise RuntimeError("out of order")


class House:
    """A database and a clock, and bells that share them."""

    def __init__(self, database: Database) -> None:
        self.database, self.clock = database, SandboxClock(FRIDAY)
        self.broom = Broom(database, self.clock)

    def bell(self, *routines: Routine, playbook: Playbook | None = None, platforms: tuple[str, ...] = ()) -> Bell:
        """A bell as another replica, or the next start, has it."""
        library = Library([playbook or default()], self.database.reader)
        scenes = Scenes(
            store=self.database,
            library=library,
            clock=self.clock,
            holidays=public,
            platforms=platforms,
            verbs=VERBS,
            connected=Connected(),
        )
        return Bell(scenes, meter=Metrics(), saved=lambda: None, routines=routines)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """An empty one."""
    database = Database(sqlite(tmp_path))
    await database.start()
    yield House(database)
    await database.stop()


HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def test_an_occasion_is_acted_on_once_by_whichever_replica(house: House) -> None:
    routine = Every("daily", first=FRIDAY + HOUR, every=DAY)
    one, two = house.bell(routine), house.bell(routine)
    for _ in range(72):
        await one.ring()
        await two.ring()
        house.clock.forward(HOUR)
    assert routine.did == [FRIDAY + HOUR + days * DAY for days in range(3)]


async def test_of_several_that_were_slept_through_only_the_latest_is_acted_on(house: House) -> None:
    routine = Every("daily", first=FRIDAY + HOUR, every=DAY)
    house.clock.forward(5 * DAY)
    assert await house.bell(routine).ring() == 1
    assert routine.did == [FRIDAY + HOUR + 4 * DAY]


async def test_a_key_that_was_swept_out_makes_nobody_act_again(house: House) -> None:
    routine = Every("once", first=FRIDAY + HOUR)
    for _ in range(20 * 4):
        await house.bell(routine).ring()
        await house.broom.sweep()
        house.clock.forward(6 * HOUR)
    assert routine.did == [FRIDAY + HOUR]


async def test_a_faulty_routine_is_tried_again_later_and_holds_up_no_other(house: House) -> None:
    faulty, other = Faulty("faulty", first=FRIDAY), Every("other", first=FRIDAY)
    bell = house.bell(faulty, other)
    for _ in range(3):
        await bell.ring()
    assert len(faulty.did) == 1 and other.did == [FRIDAY]
    house.clock.forward(timedelta(minutes=1))
    await bell.ring()
    assert len(faulty.did) == 2 and other.did == [FRIDAY]


async def test_a_clock_that_is_set_back_lets_no_occasion_sleep(house: House) -> None:
    house.clock.forward(30 * DAY)
    routine = Every("once", first=FRIDAY + HOUR)
    bell = house.bell(routine)
    await bell.ring()
    assert routine.did == []
    house.clock.forward(-30 * DAY + 2 * HOUR)
    await bell.ring()
    assert routine.did == [FRIDAY + HOUR]


async def test_two_replicas_post_one_note_for_each_hand_over(house: House) -> None:
    rotation = {"name": "oncall", "title": "On call", "people": ["ana", "bo"], "turn": "daily", "starts": "2026-11-20"}
    playbook = acquainted(rotations=[rotation])
    bells = [house.bell(TellHandover(), playbook=playbook, platforms=("slack",)) for _ in range(2)]
    for _ in range(3 * 24):
        await asyncio.gather(*(bell.ring() for bell in bells))
        house.clock.forward(HOUR)
    (backlog,) = await house.database.ledger("one", house.clock).backlog()
    assert backlog.depth == 3 + 1, "that of the 20th, five hours late, and one on each of the next three days"
