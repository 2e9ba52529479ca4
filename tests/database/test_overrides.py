"""The record of overrides: kept for ever, taken back beside what it was, and asked for only where one is near."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import event
from sqlalchemy.engine import Engine

from adapters.database import Database
from bot.rotations import Override
from tests.database.build import NOW, declare

HOUR = timedelta(hours=1)


@contextmanager
def statements() -> Iterator[list[str]]:
    """What the database is asked meanwhile."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def cover(begins: timedelta = -HOUR, ends: timedelta = HOUR, **more: str) -> Override:
    """Ben stands in around now."""
    return Override("oncall", "ben", NOW + begins, NOW + ends, by="ana", because="a train ⚡", playbook="small",
                    made=NOW - 2 * HOUR, **more)  # type: ignore[arg-type]  # fmt: skip


async def add(database: Database, *covers: Override) -> list[Override]:
    """Keep these."""
    async with database.work() as work:
        return [await work.overrides.add(one) for one in covers]


async def test_an_override_comes_back_as_it_was_made_the_oldest_first(database: Database) -> None:
    first, second = await add(database, cover(), cover(ends=3 * HOUR, instead_of="ana"))
    assert first.id < second.id and second.instead_of == "ana" and first.because == "a train ⚡"
    async with database.work() as work:
        assert list(await work.overrides.around(NOW)) == [first, second]
        assert await work.overrides.one(first.id) == first
        assert await work.overrides.one(99) is None


async def test_what_is_over_for_a_day_is_not_brought_and_stays_on_the_record(database: Database) -> None:
    (one,) = await add(database, cover())
    async with database.work() as work:
        assert list(await work.overrides.around(NOW + 24 * HOUR)) == [one]
    async with database.work() as work:
        assert list(await work.overrides.around(NOW + 26 * HOUR)) == []
    assert await database.reader.overrides("small", since=NOW, until=NOW + HOUR) == [one]
    assert await database.reader.overrides("small", since=NOW + HOUR, until=NOW + 2 * HOUR) == []
    assert await database.reader.overrides("other", since=NOW, until=NOW + HOUR) == []


async def test_one_that_is_taken_back_ends_there_and_only_once(database: Database) -> None:
    one, ahead = await add(database, cover(), cover(begins=2 * HOUR, ends=4 * HOUR))
    async with database.work() as work:
        await work.overrides.take_back(one.id, by="cleo", at=NOW)
        await work.overrides.take_back(ahead.id, by="cleo", at=NOW)
    async with database.work() as work:
        await work.overrides.take_back(one.id, by="dmitri", at=NOW + HOUR)
    (kept,) = await database.reader.overrides("small", since=NOW - 9 * HOUR, until=NOW + 9 * HOUR)
    assert (kept.begins, kept.ends, kept.taken_back, kept.taken_back_by) == (one.begins, NOW, NOW, "cleo")
    async with database.work() as work:
        void = await work.overrides.one(ahead.id)
    assert void is not None and void.void, "it never counted"


async def test_an_incident_is_loaded_by_one_question_and_overrides_cost_one_only_where_there_are_any(
    database: Database,
) -> None:
    number = await declare(database)
    async with database.work() as work:
        with statements() as asked:
            await work.incident(number)
            assert list(await work.overrides.around(NOW)) == []
            assert list(await work.overrides.around(NOW)) == []
    assert len([one for one in asked if "SELECT" in one]) == 1, asked
    (one,) = await add(database, cover())
    async with database.work() as work:
        with statements() as asked:
            await work.incident(number)
            assert list(await work.overrides.around(NOW + 30 * HOUR)) == [], "long over: nothing is asked"
            assert len(asked) == 1
            assert list(await work.overrides.around(NOW)) == [one]
            assert list(await work.overrides.around(NOW)) == [one]
    assert len(asked) == 2, asked


async def test_every_open_incident_is_looked_at_once_an_override_is_made(database: Database) -> None:
    numbers = [await declare(database) for _ in range(3)]
    async with database.work() as work:
        assert await work.due(NOW + HOUR, limit=9) == []
        await work.wake(NOW)
    async with database.work() as work:
        assert sorted(one.number for one in await work.due(NOW, limit=9)) == numbers
