"""A copy is put back: what was owed in it and done since is not done twice, and no number is given out twice."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.database import Database
from adapters.sandbox.faults import Fault, FaultKind
from bot import keeping
from bot.settings import Settings
from tests.support.ledger import owed
from tests.support.story import declared, tell
from tests.support.town import ANA, Side, Town, sqlite

POSTING = {"slack": "chat.postMessage", "discord": "POST /channels/*/messages"}


@pytest.fixture
async def town(tmp_path: Path, platform: str) -> AsyncIterator[Town]:
    """A town whose clock is the machine's: a copy is old on the database's clock."""
    async with Town(sqlite(tmp_path), platforms=(platform,), running_clock=True) as made:
        yield made


async def test_what_a_copy_owes_and_was_posted_since_is_not_posted_again(
    town: Town, side: Side, tmp_path: Path
) -> None:
    await declared(town, side, "sev1 checkout is down")
    room = (await town.incident()).channel_name
    town.sandbox.faults.add(
        Fault(kind=FaultKind.RATE_LIMIT, platform=side.name, method=POSTING[side.name], times=None, seconds=0.2)
    )
    await side.says(ANA, "update the pool is full", room=room)
    settings = Settings(database_url=sqlite(tmp_path), secret_key=None)
    await keeping.backup(settings, tmp_path / "copy.db")
    assert await owed(town.store), "the update is owed in the copy"

    town.sandbox.faults.clear()
    await town.patiently()
    await tell(town, side, ANA, "note what the copy knows nothing of", room=room)
    await side.says(ANA, "sev2 and a second one")
    await town.settle()
    before = [one.ref for one in side.room(room) if one.by_bot]

    await town.bot.stop()
    await town.store.stop()
    restored = await keeping.restore(settings, tmp_path / "copy.db", beyond=2, at=town.clock.now())
    assert restored.doubted and restored.aside is not None and restored.aside.exists()
    town.store = Database(settings.database_url)
    await town.store.start()
    await town.start_bot("two")
    await town.patiently()
    assert [one.ref for one in side.room(room) if one.by_bot] == before
    await side.says(ANA, "sev2 and a third one")
    await town.settle()
    assert await town.store.reader.numbers() == [1, 3]
