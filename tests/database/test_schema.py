"""The schema: how it comes to be, who may start together, and what it refuses."""

import ast
import asyncio
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError

from adapters.database import Database, schema
from adapters.database import tables as t
from adapters.database.engine import engines
from adapters.database.migrating import config
from adapters.database.rows import entry_row, incident_row, owed_row
from adapters.database.saving import FRESH
from bot.audit import audit
from bot.errors import Mistake, Refused
from bot.reader import Counted, Sought
from bot.timeline import BEGINNING, append
from tests.database.build import NOW, PATIENCE, change, declare, done, keys, note, notice, outage, tracked
from tests.database.conftest import Opening
from tests.support.postgres import PostgresServer

LATER = ("began_at", "acknowledged_at", "mitigated_at", "public_until")
"""Columns that incidents had not then."""


async def execute(url: str, statement: str) -> None:
    """Run one statement of SQL past everything."""
    made = engines(url)
    try:
        async with made.work.begin() as connection:
            await connection.execute(text(statement))
    finally:
        await made.dispose()


async def test_the_tables_are_what_the_migrations_make(url: str) -> None:
    def check(connection: Connection) -> None:
        command.check(config(connection))

    made = engines(url)
    async with made.migrate.begin() as connection:
        await connection.run_sync(check)
    await made.dispose()


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_a_database_from_before_there_were_alerts_is_brought_up_to_date_with_all_that_is_in_it(
    kind: str, tmp_path: Path, postgres_server: PostgresServer, opening: Opening
) -> None:
    address = f"sqlite:///{tmp_path}/tocsin.db" if kind == "sqlite" else await postgres_server.empty()
    made = engines(address)
    async with made.migrate.begin() as connection:
        await connection.run_sync(lambda plain: command.upgrade(config(plain), "0004"))
    async with made.work.begin() as connection:
        before = outage(acknowledged_at=NOW, number=1, fix="a restart", fields={"cause": "a leak"})
        row = incident_row(before, next_due_at=None, commander="Ana") | {"search": "#1 checkout is\ndown"}
        await connection.execute(t.incident.insert(), {name: row[name] for name in row if name not in LATER})
        said = append(1, [note("The Café's pool was full")], length=0, head=BEGINNING)
        await connection.execute(t.entry.insert(), [entry_row(link) for link in said])
        await connection.execute(t.heard.insert(), {"key": "event/1", "at": NOW})
        for place, number in enumerate((1, None)):
            row = owed_row(notice(f"said {place}", stream="talk"), incident=number, needs=frozenset(), ready=True)
            await connection.execute(t.owed.insert(), {**row, **FRESH, "owed_at": NOW})
    await made.dispose()
    database = await opening(address)
    async with database.work() as work:
        incident = await work.incident(1)
        assert incident is not None and incident.title == outage().title
        assert await work.hear_once("event/1", at=NOW) is False
        await work.alerts.save([tracked("disk", incident=1)])
    assert await database.reader.counted(Sought()) == [Counted("sev1", NOW, NOW, NOW, None, None)]
    assert [one.number for one in await database.reader.find(Sought("down cafe leak restart"), None)] == [1]
    assert keys(await database.ledger("w").claim("slack", limit=9)) == ["said 0", "said 1"]
    assert [one.incident for one in await database.reader.alerts.latest()] == [1]


def _first_tables(connection: Connection) -> dict[str, set[str]]:
    """What the tables held in the oldest schema, by name."""
    command.upgrade(config(connection), "0001")
    seen = inspect(connection)
    return {name: {column["name"] for column in seen.get_columns(name)} for name in seen.get_table_names()}


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_a_database_of_the_very_first_version_keeps_all_that_is_in_it(
    kind: str, tmp_path: Path, postgres_server: PostgresServer, opening: Opening
) -> None:
    address = f"sqlite:///{tmp_path}/tocsin.db" if kind == "sqlite" else await postgres_server.empty()
    made = engines(address)
    async with made.migrate.begin() as connection:
        then = await connection.run_sync(_first_tables)
    async with made.work.begin() as connection:
        for number in (1, 2):
            said = append(number, [note(f"word {n}") for n in range(3)], length=0, head=BEGINNING)
            before = outage(f"trouble {number}", number=number, entries=3, head=said[-1].hash)
            row = incident_row(before, next_due_at=NOW, commander="Ana")
            await connection.execute(t.incident.insert(), {k: v for k, v in row.items() if k in then["incident"]})
            await connection.execute(t.entry.insert(), [entry_row(link) for link in said])
            owed = owed_row(notice(f"said {number}"), incident=number, needs=frozenset(), ready=True)
            await connection.execute(t.owed.insert(), {**owed, **FRESH, "owed_at": NOW})
        await connection.execute(t.heard.insert(), {"key": "event/1", "at": NOW})
    await made.dispose()

    database = await opening(address)
    assert await database.reader.numbers() == [1, 2]
    for number in (1, 2):
        found = await audit(database.reader, number)
        assert found is not None and found.whole and found.length == 3
        await change(database, number, due=NOW)
    assert keys(await database.ledger("w").claim("slack", limit=9)) == ["said 1", "said 2"]
    async with database.work() as work:
        assert await work.hear_once("event/1", at=NOW) is False
        assert {each.number for each in await work.due(NOW, limit=9)} == {1, 2}
    assert [one.number for one in await database.reader.find(Sought("word trouble"), None)] == [2, 1]
    assert await declare(database) > 2


ADDS = {"create_table", "create_index", "add_column", "execute", "get_bind", "f"}
"""What a migration may ask of Alembic: a copy of the version before works beside it meanwhile."""
MIGRATIONS = sorted((Path(schema.__file__).parent / "migrations" / "versions").glob("*.py"))


@pytest.mark.parametrize("path", MIGRATIONS, ids=lambda path: path.stem)
def test_a_migration_only_adds(path: Path) -> None:
    (upgrade,) = [
        node
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name == "upgrade"
    ]
    for call in (node for node in ast.walk(upgrade) if isinstance(node, ast.Call)):
        if not (isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name)):
            continue
        if call.func.value.id == "op":
            assert call.func.attr in ADDS, f"{call.func.attr}: remove in a later version, once nothing asks for it"
        if call.func.attr == "add_column":
            said = ast.unparse(call)
            assert "nullable=True" in said or "server_default" in said, "the version before leaves it empty"


TELLS_MORE = {
    "postgresql": """UPDATE incident SET document = document || '{"weather": "rain"}'""",
    "sqlite": "UPDATE incident SET document = json_set(document, '$.weather', 'rain')",
}
"""A fact of an incident that only a newer version knows."""


async def test_a_process_goes_on_beside_a_newer_schema_and_does_not_start_on_it(url: str, opening: Opening) -> None:
    database = await opening(url)
    number = await declare(database, None, notice("before"), notice("of a kind that only the newer one knows"))
    await execute(url, """UPDATE owed SET kind = 'hologram', intent = '{"kind": "hologram"}' WHERE key LIKE 'of a%'""")
    await execute(url, TELLS_MORE[url.partition(":")[0]])
    await execute(url, "ALTER TABLE incident ADD COLUMN later TEXT")
    await execute(url, "CREATE TABLE later (id INTEGER PRIMARY KEY)")
    await execute(url, "UPDATE alembic_version SET version_num = '9999'")
    await change(database, number, notice("after"))
    incident = await database.reader.incident(number)
    assert incident is not None and '"weather":"rain"' in incident.model_dump_json()
    assert await declare(database) == number + 1
    ledger = database.ledger("w")
    claims = await ledger.claim("slack", limit=9)
    assert keys(claims) == ["before", "after"]
    assert await ledger.finish(done(claims)) == []
    assert sum(one.depth for one in await ledger.backlog()) == 1, "left to the newer one"
    assert len(await database.reader.timeline(number)) == 2
    again = Database(url)
    with pytest.raises(Refused, match="newer Tocsin"):
        await again.start()
    await again.stop()


async def test_of_however_many_incidents_all_are_found_by_what_was_said_afterwards(
    tmp_path: Path, opening: Opening
) -> None:
    address, every = f"sqlite:///{tmp_path}/tocsin.db", range(1, 1003)
    made = engines(address)
    async with made.migrate.begin() as connection:
        await connection.run_sync(lambda plain: command.upgrade(config(plain), "0004"))
    async with made.work.begin() as connection:
        rows = [incident_row(outage(number=number), next_due_at=None, commander="") for number in every]
        kept = [{name: row[name] for name in row if name not in LATER} for row in rows]
        await connection.execute(t.incident.insert(), kept)
        said = [append(number, [note(f"it was cable{number}x")], length=0, head=BEGINNING)[0] for number in every]
        await connection.execute(t.entry.insert(), [entry_row(link) for link in said])
    await made.dispose()
    database = await opening(address)
    for number in (1, 500, 501, 1000, 1001, 1002):
        assert [one.number for one in await database.reader.find(Sought(f"cable{number}x"), None)] == [number]


async def test_a_new_file_is_its_owners_alone(tmp_path: Path, opening: Opening) -> None:
    database = await opening(f"sqlite:///{tmp_path}/made/tocsin.db")
    await declare(database)
    files = {file.name: file.stat().st_mode & 0o777 for file in (tmp_path / "made").iterdir()}
    assert files == dict.fromkeys(("tocsin.db", "tocsin.db-wal", "tocsin.db-shm"), 0o600)


async def test_starting_again_changes_nothing(url: str, opening: Opening) -> None:
    first = await opening(url)
    number = await declare(first)
    second = await opening(url)
    assert await second.reader.numbers() == [number]


def test_what_is_known_of_migrations_by_their_files_is_what_alembic_knows() -> None:
    walked = ScriptDirectory.from_config(config()).walk_revisions()
    assert [script.revision for script in walked] == list(reversed(schema.KNOWN))


STARTS = """
import asyncio, sys
from adapters.database import Database

async def start() -> None:
    database = Database(sys.argv[1])
    await database.start()
    await database.stop()

asyncio.run(start())
sys.exit("alembic" in sys.modules)
"""


def test_a_start_on_todays_schema_does_not_load_alembic(tmp_path: Path) -> None:
    start = [sys.executable, "-c", STARTS, f"sqlite:///{tmp_path}/tocsin.db"]
    assert [subprocess.run(start, check=False).returncode for _ in range(2)] == [1, 0]


async def test_replicas_that_start_together_on_an_empty_server_get_along(
    postgres_server: PostgresServer, opening: Opening
) -> None:
    address = await postgres_server.empty()
    replicas = await asyncio.gather(*(opening(address) for _ in range(4)))
    number = await declare(replicas[0])
    assert await replicas[-1].reader.numbers() == [number]


async def test_processes_that_start_together_on_an_empty_file_get_along(tmp_path: Path, opening: Opening) -> None:
    address = f"sqlite:///{tmp_path}/deep/er/tocsin.db"
    databases = await asyncio.gather(*(opening(address) for _ in range(4)))
    assert await databases[-1].reader.numbers() == []


async def test_a_newer_database_is_refused(url: str) -> None:
    await execute(url, "UPDATE alembic_version SET version_num = '9999'")
    database = Database(url)
    latest = ScriptDirectory.from_config(config()).get_current_head()
    with pytest.raises(Refused, match=rf"newer Tocsin.*9999.*{latest}\)"):
        await database.start()
    await database.stop()


@pytest.mark.parametrize(
    "statement", ["UPDATE entry SET text = 'nothing happened'", "DELETE FROM entry WHERE incident = 1"]
)
async def test_the_timeline_is_append_only(database: Database, url: str, statement: str) -> None:
    number = await declare(database)
    with pytest.raises(DBAPIError, match="append-only"):
        await execute(url, statement)
    (link,) = await database.reader.timeline(number)
    assert link.entry == note("declared")


async def test_the_reader_cannot_write(url: str) -> None:
    made = engines(url)
    async with made.read.connect() as connection:
        with pytest.raises(DBAPIError, match=r"read-?only"):
            await connection.execute(text("DELETE FROM heard"))
    await made.dispose()


async def test_sqlite_survives_a_power_cut_and_lets_readers_in_while_it_writes(
    tmp_path: Path, opening: Opening
) -> None:
    database = await opening(f"sqlite:///{tmp_path}/tocsin.db")
    number = await declare(database)
    async with database.work() as work:
        assert await work.incident(number) is not None
        assert await database.reader.numbers() == [number]
    with sqlite3.connect(tmp_path / "tocsin.db") as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


async def test_a_second_process_may_save_beside_the_one_that_delivers(tmp_path: Path, opening: Opening) -> None:
    address = f"sqlite:///{tmp_path}/tocsin.db"
    bot = await opening(address)
    number = await declare(bot)
    line = Database(address)
    await line.start(delivers=False)
    async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
        for database in (bot, line) * 10:
            group.create_task(change(database, number))
    await line.stop()
    assert len(await bot.reader.timeline(number)) == 21


@pytest.mark.parametrize("address", ["mysql://here/db", "sqlite://", "sqlite:///:memory:", "nonsense", ""])
def test_an_address_that_is_none_of_ours_is_refused_in_words(address: str) -> None:
    with pytest.raises(Mistake, match=r"write sqlite:///var/tocsin\.db or postgresql://"):
        Database(address)
