"""Hand-overs in the database: opened once, looked at by one replica at a time."""

from datetime import timedelta

import pytest

from adapters.database import Database
from bot.handoff import Handoff
from bot.people import Person
from tests.database.build import ANA, BEN, NOW
from tests.database.conftest import Opening


def handoff(key: str = "handover/small/primary/2026-11-20", **changes: object) -> Handoff:
    """Ben hands over to Ana."""
    facts: dict[str, object] = {
        "key": key, "playbook": "small", "rotation": "primary", "title": "On call", "begins": NOW,
        "ends": NOW + timedelta(days=7), "opened_at": NOW, "off": BEN, "on": ANA, "checklist": "Handing over",
        "steps": ("Look", "Listen"), "wait": timedelta(minutes=15), "look_at": NOW + timedelta(minutes=15),
    }  # fmt: skip
    return Handoff.model_validate(facts | changes)


async def test_one_of_a_key_is_opened_once(database: Database) -> None:
    async with database.work() as work:
        assert await work.handoffs.enter(handoff())
    async with database.work() as work:
        assert not await work.handoffs.enter(handoff(title="Again"))
    (one,) = await database.reader.handoffs.current(["small"], now=NOW)
    assert (one.id, one.title, one.steps) == (1, "On call", ("Look", "Listen"))
    assert not await database.reader.handoffs.current(["other"], now=NOW)
    assert not await database.reader.handoffs.current(["small"], now=NOW + timedelta(days=7))


async def test_what_is_saved_is_kept_whole(database: Database) -> None:
    cleo = Person(key="cleo", name="Cléo ✓")
    one = handoff(backups=(cleo,), brief=("All is quiet.",))
    async with database.work() as work:
        await work.handoffs.enter(one)
    async with database.work() as work:
        found = await work.handoffs.get(one.id)
    assert found == one


async def test_what_is_due_is_looked_at_once_and_not_by_two(url: str, opening: Opening) -> None:
    first, second = await opening(url), await opening(url)
    async with first.work() as work:
        await work.handoffs.enter(handoff())
    assert await first.reader.handoffs.next_look() == NOW + timedelta(minutes=15)
    later = NOW + timedelta(minutes=15)
    async with first.work() as work:
        assert not await work.handoffs.due(NOW, limit=9)
        (mine,) = await work.handoffs.due(later, limit=9)
        if url.startswith("postgres"):
            async with second.work() as other:
                assert not await other.handoffs.due(later, limit=9), "the other replica has it in hand"
        await work.handoffs.save(mine.model_copy(update={"look_at": None}))
    async with second.work() as work:
        assert not await work.handoffs.due(later, limit=9)
    assert await second.reader.handoffs.next_look() is None


async def test_one_that_was_not_locked_cannot_be_saved(database: Database) -> None:
    async with database.work() as work:
        await work.handoffs.enter(handoff())
    (one,) = await database.reader.handoffs.current(["small"], now=NOW)
    with pytest.raises(ValueError, match="without having been locked"):
        async with database.work() as work:
            await work.handoffs.save(one)
