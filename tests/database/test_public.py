"""What customers may see, out of the database: found by an index, however many incidents there were."""

import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from adapters.database import Database
from bot.progress import Progress, PublicStage
from bot.store import Change
from tests.core.test_overview import publication
from tests.database.build import NOW, declare, note, outage
from tests.database.conftest import Opening
from tests.support.pattern import SQLITE, lay

OPEN, OVER = (PublicStage.INVESTIGATING,), (PublicStage.INVESTIGATING, PublicStage.RESOLVED)
LATER = NOW + timedelta(days=1)


async def published(database: Database, *stages: PublicStage, **known: Any) -> int:
    """An incident that customers were told of."""
    return await declare(database, outage(progress=Progress(publication=publication(*stages)), **known))


async def test_open_ones_are_found_for_ever_and_others_until_they_are_old(database: Database) -> None:
    first, second = await published(database, *OPEN), await published(database, *OVER)
    await declare(database)
    assert set(await database.reader.public_revisions(NOW)) == {first, second}
    assert await database.reader.public_revisions(LATER) == {first: 1}
    shown = await database.reader.public([first, second, 99])
    assert {number: len(one.updates) for number, one in shown.items()} == {first: 1, second: 2}
    assert shown[second].resolved_at == NOW + timedelta(minutes=2)


async def test_private_ones_drills_and_drafts_are_never_found(database: Database) -> None:
    hidden = [await published(database, *OPEN, private=True), await published(database, *OPEN, drill=True),
              await published(database)]  # fmt: skip
    assert await database.reader.public_revisions(NOW) == {}
    assert await database.reader.public(hidden) == {}


async def test_one_that_becomes_private_is_gone(database: Database) -> None:
    number = await published(database, *OPEN)
    async with database.work() as work:
        one = await work.incident(number)
        assert one is not None
        one.private = True
        await work.save([Change(one, [note("private")])])
    assert (await database.reader.public_revisions(NOW), await database.reader.public([number])) == ({}, {})


async def test_every_change_shows_in_the_revision(database: Database) -> None:
    number = await published(database, *OPEN)
    async with database.work() as work:
        one = await work.incident(number)
        assert one is not None
        one.progress.publication = publication(*OVER)
        await work.save([Change(one, [note("over")])])
    assert await database.reader.public_revisions(NOW) == {number: 2}
    assert await database.reader.public_revisions(LATER) == {}


async def test_only_public_incidents_are_looked_at(tmp_path: Path, opening: Opening) -> None:
    database = await opening(await lay(f"{SQLITE}{tmp_path / 'tocsin.db'}"))
    number = await published(database, *OPEN)
    asked: list[tuple[str, Any]] = []

    def keep(*told: Any) -> None:
        asked.append((told[2], told[3]))

    event.listen(Engine, "before_cursor_execute", keep)
    try:
        assert list(await database.reader.public_revisions(NOW)) == [number]
        assert list(await database.reader.public([number])) == [number]
    finally:
        event.remove(Engine, "before_cursor_execute", keep)
    assert len(asked) == 3  # of incidents twice, of alerts once
    with sqlite3.connect(tmp_path / "tocsin.db") as connection:
        for statement, values in asked:
            plan = connection.execute(f"EXPLAIN QUERY PLAN {statement}", values).fetchall()
            assert not [step for *_, step in plan if step.startswith("SCAN")], (statement, plan)
    connection.close()
