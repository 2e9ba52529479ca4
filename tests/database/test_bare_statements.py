"""The bench's bare statements, on both databases: they write what they are timed for."""

from adapters.database import Database
from tests.bench import statements
from tests.bench.commands import COMMANDS


async def test_they_run_beside_the_bots_own_tables(database: Database, url: str) -> None:
    took = await statements.commands(url, times=3)
    assert {name: len(each) for name, each in took.items()} == dict.fromkeys(COMMANDS, 3)


async def test_a_burst_owes_each_reminder_once(database: Database, url: str) -> None:
    assert await statements.burst(url, count=7, batch=3) > 0
    async with database._read() as connection:
        owed = (await connection.exec_driver_sql("SELECT incident FROM bench_owed ORDER BY incident")).scalars().all()
    assert list(owed) == [1, 2, 3, 4, 5, 6, 7]


async def test_a_bare_timer_is_never_early(url: str) -> None:
    late = await statements.lateness(url, count=3, every=0.01)
    assert len(late) == 3
    assert min(late) >= 0
