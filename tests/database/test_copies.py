"""Copies of the database: whole though somebody writes meanwhile, put back only where nobody would notice too late."""

import asyncio
import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command

from adapters.database import Database, copies
from adapters.database.engine import engines
from adapters.database.migrating import config
from bot import keeping
from bot.audit import audit
from bot.errors import Mistake, Refused
from bot.settings import Settings
from tests.database.build import NOW, change, declare, notice
from tests.database.conftest import Opening
from tests.support.postgres import PostgresServer, binaries

KEY = "a key of more than sixteen letters"
STAMP = "before-20261120T140000Z"


def settings(url: str, **more: str) -> Settings:
    """What is set; nothing of this machine."""
    return Settings.model_validate({"database_url": url, "secret_key": None} | more)


def run(words: list[str]) -> None:
    """Run a program that must succeed."""
    ran = subprocess.run(words, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


def names(folder: Path) -> list[str]:
    """What lies in a folder."""
    return sorted(path.name for path in folder.iterdir())


async def put_back(kept: Settings, source: Path | None, *, beyond: int = 0) -> keeping.Restored:
    """Put a copy back at a fixed time."""
    return await keeping.restore(kept, source, beyond=beyond, at=NOW)


async def test_a_copy_made_while_others_write_is_whole_and_one_file(tmp_path: Path, opening: Opening) -> None:
    database = await opening(f"sqlite:///{tmp_path}/live/tocsin.db")
    number = await declare(database)
    for _ in range(20):
        await change(database, number)
    writing = asyncio.create_task(_write(database, number))
    for n in range(5):
        await keeping.backup(settings(f"sqlite:///{tmp_path}/live/tocsin.db"), tmp_path / "kept" / f"{n}.db")
    writing.cancel()
    assert names(tmp_path / "kept") == [f"{n}.db" for n in range(5)]
    for n in range(5):
        copy = await opening(f"sqlite:///{tmp_path}/kept/{n}.db")
        found = await audit(copy.reader, number)
        assert found is not None and found.whole and found.length >= 21
        assert (tmp_path / "kept" / f"{n}.db").stat().st_mode & 0o077 == 0


async def _write(database: Database, number: int) -> None:
    while True:
        await change(database, number)


async def test_nothing_is_written_over_and_nothing_is_copied_of_nothing(tmp_path: Path, opening: Opening) -> None:
    kept = settings(f"sqlite:///{tmp_path}/tocsin.db")
    with pytest.raises(Mistake, match="There is no database"):
        await keeping.backup(kept, tmp_path / "copy.db")
    assert names(tmp_path) == []
    await opening(kept.database_url)
    await keeping.backup(kept, tmp_path / "copy.db")
    with pytest.raises(Mistake, match="is there already"):
        await keeping.backup(kept, tmp_path / "copy.db")
    with pytest.raises(Mistake, match="pg_dump"):
        await keeping.backup(settings("postgresql://nobody@127.0.0.1:9/none"), tmp_path / "other.db")
    with pytest.raises(Mistake, match="pg_restore"):
        await put_back(settings("postgresql://nobody@127.0.0.1:9/none"), tmp_path / "copy.db")


async def test_a_copy_takes_the_place_of_what_was_there_and_that_is_set_aside(tmp_path: Path) -> None:
    kept = settings(f"sqlite:///{tmp_path}/tocsin.db")
    (tmp_path / "secret.key").write_text(KEY)
    database = Database(kept.database_url)
    await database.start()
    await declare(database)
    copy = await keeping.backup(kept, tmp_path / "copy.db")
    assert copy.key is not None and copy.key.read_text() == KEY and copy.key.stat().st_mode & 0o077 == 0
    await declare(database)
    with pytest.raises(Mistake, match="Stop the bot first; nothing was changed"):
        await put_back(kept, tmp_path / "copy.db")
    assert await database.reader.numbers() == [1, 2]
    await database.stop()

    (tmp_path / "secret.key").write_text("another")
    restored = await put_back(kept, tmp_path / "copy.db")
    assert restored.aside == tmp_path / f"tocsin.db.{STAMP}"
    assert (tmp_path / "secret.key").read_text() == KEY
    assert (tmp_path / f"secret.key.{STAMP}").read_text() == "another"
    for file, numbers in (("tocsin.db", [1]), (f"tocsin.db.{STAMP}", [1, 2])):
        found = Database(f"sqlite:///{tmp_path}/{file}")
        await found.start()
        assert await found.reader.numbers() == numbers
        await found.stop()
    assert not [name for name in names(tmp_path) if name.startswith(".")], "nothing half done lies about"


async def test_what_a_dead_bot_left_in_the_log_of_sqlite_is_set_aside_with_the_file(tmp_path: Path) -> None:
    kept = settings(f"sqlite:///{tmp_path}/tocsin.db")
    database = Database(kept.database_url)
    await database.start()
    await declare(database)
    await keeping.backup(kept, tmp_path / "copy.db")
    await declare(database)
    taken = {name: (tmp_path / name).read_bytes() for name in names(tmp_path) if name.startswith("tocsin.db")}
    assert len(taken["tocsin.db-wal"]) > 0
    await database.stop()
    for name, content in taken.items():
        (tmp_path / name).write_bytes(content)

    restored = await put_back(kept, tmp_path / "copy.db")
    for url, numbers in ((kept.database_url, [1]), (f"sqlite:///{restored.aside}", [1, 2])):
        found = Database(url)
        await found.start()
        assert await found.reader.numbers() == numbers
        await found.stop()


async def test_a_damaged_database_can_be_replaced_and_a_damaged_copy_is_refused(tmp_path: Path) -> None:
    kept = settings(f"sqlite:///{tmp_path}/tocsin.db")
    database = Database(kept.database_url)
    await database.start()
    await declare(database)
    await database.stop()
    await keeping.backup(kept, tmp_path / "copy.db")
    spoilt = bytearray((tmp_path / "copy.db").read_bytes())
    spoilt[8192:40960] = os.urandom(32768)
    (tmp_path / "spoilt.db").write_bytes(spoilt)
    (tmp_path / "nothing.db").write_bytes(b"once upon a time" * 100)
    before = (tmp_path / "tocsin.db").read_bytes()
    for name in ("spoilt.db", "nothing.db"):
        with pytest.raises(Mistake, match=r"damaged|cannot be copied"):
            await put_back(kept, tmp_path / name)
    assert (tmp_path / "tocsin.db").read_bytes() == before
    (tmp_path / "tocsin.db").write_bytes(b"once upon a time" * 100)
    await put_back(kept, tmp_path / "copy.db")
    again = Database(kept.database_url)
    await again.start()
    assert await again.reader.numbers() == [1]
    await again.stop()


async def test_a_copy_of_an_earlier_version_is_brought_up_to_date_and_one_of_a_later_is_refused(tmp_path: Path) -> None:
    made = engines(f"sqlite:///{tmp_path}/old.db")
    async with made.migrate.begin() as connection:
        await connection.run_sync(lambda plain: command.upgrade(config(plain), "0001"))
    await made.dispose()
    kept = settings(f"sqlite:///{tmp_path}/tocsin.db")
    await put_back(kept, tmp_path / "old.db")
    database = Database(kept.database_url)
    await database.look()
    await database.stop()
    with closing(sqlite3.connect(tmp_path / "old.db")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    with pytest.raises(Refused, match="newer Tocsin"):
        await put_back(kept, tmp_path / "old.db")
    assert names(tmp_path) == ["old.db", "tocsin.db"]


async def test_what_is_owed_in_what_was_put_back_is_looked_for_and_numbers_go_on_beyond(url: str) -> None:
    database = Database(url)
    await database.start(delivers=False)
    number = await declare(database, None, notice("held"), notice("fresh"))
    ledger = database.ledger("w")
    claims = {claim.key: claim for claim in await ledger.claim("slack", limit=9)}
    await ledger.release([claims["fresh"]])
    await database.stop()
    assert (await put_back(settings(url), None, beyond=41)).doubted == 2
    assert (await put_back(settings(url), None, beyond=7)).doubted == 2, "once more does no harm"

    again = Database(url)
    await again.start()
    (taken,) = [claim for claim in await again.ledger("v").claim("slack", limit=9) if claim.key == "fresh"]
    assert taken.look_first
    assert (number, await declare(again)) == (1, 42)
    await again.stop()


async def test_a_dump_of_postgresql_is_whole_though_others_write_and_comes_back(
    postgres_server: PostgresServer, opening: Opening, tmp_path: Path
) -> None:
    folder = binaries()
    assert folder is not None
    if not (folder / "pg_dump").exists():
        pytest.skip("pg_dump does not lie beside pg_ctl")
    live, other = await postgres_server.fresh(), await postgres_server.empty()
    database = await opening(live)
    number = await declare(database, None, notice("owed"))
    writing = asyncio.create_task(_write(database, number))
    file = str(tmp_path / "tocsin.dump")
    dump = [folder / "pg_dump", "--format=custom", f"--file={file}", live]
    restore = [folder / "pg_restore", "--exit-on-error", "--no-owner", f"--dbname={other}", file]
    for words in (dump, restore):
        await asyncio.to_thread(run, [str(word) for word in words])
    writing.cancel()
    assert (await put_back(settings(other), None, beyond=9)).doubted == 1
    back = await opening(other)
    found = await audit(back.reader, number)
    assert found is not None and found.whole
    assert await declare(back) == 10


def test_only_an_address_of_sqlite_names_a_file() -> None:
    assert copies.file_of("sqlite:///var/tocsin.db") == Path("var/tocsin.db")
    assert copies.file_of("postgresql://tocsin@db/tocsin") is None
    assert copies.file_of("nonsense") is None
