"""What asking for the freeze costs: it is asked by every pipeline, however many incidents there were."""

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from bot.progress import Progress
from tests.database.build import NOW, declare, outage
from tests.database.conftest import Opening
from tests.support.pattern import SQLITE, lay


async def test_only_the_incidents_that_freeze_are_looked_at(tmp_path: Path, opening: Opening) -> None:
    database = await opening(await lay(f"{SQLITE}{tmp_path / 'tocsin.db'}"))
    await declare(database, outage(progress=Progress(frozen_at=NOW)))
    asked: list[tuple[str, Any]] = []

    def note(*told: Any) -> None:
        asked.append((told[2], told[3]))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        assert len(await database.reader.frozen(None)) == 1
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert len(asked) == 3
    with sqlite3.connect(tmp_path / "tocsin.db") as connection:
        for statement, values in asked:
            plan = connection.execute(f"EXPLAIN QUERY PLAN {statement}", values).fetchall()
            assert not [step for *_, step in plan if step.startswith("SCAN")], (statement, plan)
    connection.close()
