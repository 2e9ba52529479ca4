"""Each way in which the database is set up wrong, and what the doctor says of it."""

import asyncio
import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from adapters.database.checks import examine
from adapters.database.server import examine as examine_server
from tests.doctor.seen import amiss, seen
from tests.support.pattern import lay
from tests.support.postgres import PostgresServer

ALWAYS = {"database.fsync"}
"""The tests' own server has it off, and says so."""


class Now:
    """The machine's clock, so much ahead."""

    def __init__(self, ahead: timedelta = timedelta(0)) -> None:
        self.ahead = ahead

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


async def test_a_healthy_file_shows_none_of_them(tmp_path: Path) -> None:
    file = tmp_path / "tocsin.db"
    found = await examine(f"sqlite:///{file}", Now())
    assert amiss(found) == {} and "first start" in found[-1].says and not file.exists()
    assert amiss(await examine(await lay(f"sqlite:///{file}"), Now())) == {}


@pytest.mark.parametrize("url", ["mysql://root@db/tocsin", "sqlite://", "sqlite:///:memory:", "tocsin.db", ""])
async def test_an_address_of_nothing_that_it_works_with(url: str) -> None:
    seen(await examine(url, Now()), "database.address", "sqlite:///var/tocsin.db")


async def test_a_folder_in_which_nothing_can_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for folder in (Path("/proc"), tmp_path / "file"):
        seen(await examine(f"sqlite:///{folder}/tocsin.db", Now()), "database.folder", "DATABASE_URL")


async def test_files_that_are_no_database_or_are_damaged(tmp_path: Path) -> None:
    page, damaged = tmp_path / "page.html", tmp_path / "damaged.db"
    page.write_text("<!doctype html><title>404</title>")
    seen(await examine(f"sqlite:///{page}", Now()), "database.not-sqlite", "its copy")
    await lay(f"sqlite:///{damaged}")
    whole = damaged.read_bytes()
    damaged.write_bytes(whole[:4096] + os.urandom(8192) + whole[12288:])
    seen(await examine(f"sqlite:///{damaged}", Now()), "database.damaged", ".recover")


async def test_a_file_that_everybody_may_read(tmp_path: Path) -> None:
    url = await lay(f"sqlite:///{tmp_path / 'tocsin.db'}")
    (tmp_path / "tocsin.db").chmod(0o644)
    seen(await examine(url, Now()), "database.readable", "chmod o-rwx")
    (tmp_path / "tocsin.db").chmod(0o640)
    assert amiss(await examine(url, Now())) == {}, "a group may be meant to"


async def test_a_file_that_another_process_locks(tmp_path: Path) -> None:
    file = tmp_path / "tocsin.db"
    with closing(sqlite3.connect(file)) as shell:  # (as a shell does: without WAL)
        shell.execute("CREATE TABLE t (x)")
        shell.execute("BEGIN EXCLUSIVE")
        seen(await examine(f"sqlite:///{file}", Now()), "database.locked", "sqlite3 shell")


async def test_a_network_file_system_and_a_full_disk(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/sda1 / ext4 rw 0 0\nfiler:/share {tmp_path}/in\\040house nfs4 rw 0 0\n")
    share = tmp_path / "in house"
    share.mkdir()
    found = await examine(f"sqlite:///{share}/tocsin.db", Now(), mounts=mounts, room=1 << 62)
    assert "nfs4" in seen(found, "database.network", "PostgreSQL").says
    seen(found, "database.disk", "Make room")
    assert amiss(await examine(f"sqlite:///{tmp_path}/tocsin.db", Now(), mounts=mounts)) == {}


async def test_a_schema_that_is_older_or_newer(tmp_path: Path) -> None:
    url = await lay(f"sqlite:///{tmp_path / 'tocsin.db'}")
    with closing(sqlite3.connect(tmp_path / "tocsin.db")) as shell:
        shell.execute("UPDATE alembic_version SET version_num = '0001'")
        shell.commit()
        seen(await examine(url, Now()), "database.behind", "tocsin migrate")
        shell.execute("UPDATE alembic_version SET version_num = '9999'")
        shell.commit()
    seen(await examine(url, Now()), "database.ahead", "Start that version again")


async def test_a_healthy_server_shows_none_of_them(postgres_server: PostgresServer) -> None:
    url = await postgres_server.fresh()
    assert amiss(await examine(url, Now())).keys() == ALWAYS
    assert amiss(await examine(url.replace("postgresql:", "postgres+asyncpg:"), Now())).keys() == ALWAYS


async def test_a_server_that_is_not_there(postgres_server: PostgresServer) -> None:
    url = postgres_server.url("tocsin")
    seen(await examine("postgresql://tocsin@127.0.0.1:9/tocsin", Now()), "database.no-server", "Start it")
    seen(await examine("postgresql://tocsin@no-such-host.invalid/tocsin", Now()), "database.host", "DNS")
    seen(await examine(url, Now()), "database.missing", "createdb")


async def test_a_wrong_password_and_a_user_without_rights(postgres_server: PostgresServer) -> None:
    url = await postgres_server.empty()
    name = url.rpartition("/")[2]
    (row,) = await postgres_server.execute("SHOW hba_file")
    rules = Path(row[0])
    before = rules.read_text()  # noqa: ASYNC240
    guest = url.replace("//tocsin@", "//guest:{}@")
    await postgres_server.execute("CREATE ROLE guest LOGIN PASSWORD 'the-right-one' CONNECTION LIMIT 4")
    try:
        rules.write_text(f"host all guest 127.0.0.1/32 scram-sha-256\n{before}")  # noqa: ASYNC240
        await postgres_server.execute("SELECT pg_reload_conf()")
        async with asyncio.timeout(20):
            while "database.password" not in amiss(told := await examine(guest.format("hunter2-wrong"), Now())):
                await asyncio.sleep(0.05)  # the server reads its rules when it comes to it
        assert "hunter2" not in str(seen(told, "database.password", "%40"))
        await postgres_server.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC", url=url)
        told = await examine(guest.format("the-right-one"), Now())
        seen(told, "database.rights", "GRANT USAGE, CREATE")
        assert "4 connections" in seen(told, "database.connections", "CONNECTION LIMIT").says
        mine = await postgres_server.fresh()
        theirs = guest.format("the-right-one").replace(f"/{name}", f"/{mine.rpartition('/')[2]}")
        seen(await examine(theirs, Now()), "database.unreadable", "this user")
    finally:
        rules.write_text(before)  # noqa: ASYNC240
        await postgres_server.execute("SELECT pg_reload_conf()")


async def test_a_server_with_no_connection_left(postgres_server: PostgresServer) -> None:
    url = await postgres_server.empty()
    await postgres_server.execute("CREATE ROLE busy LOGIN CONNECTION LIMIT 0")
    seen(await examine(url.replace("//tocsin@", "//busy@"), Now()), "database.full", "max_connections")


async def test_a_read_only_one_another_encoding_and_an_old_one(postgres_server: PostgresServer) -> None:
    url = await postgres_server.fresh()
    name = url.rpartition("/")[2]
    await postgres_server.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
    seen(await examine(url, Now()), "database.standby", "Name the primary")
    await postgres_server.execute(
        "CREATE DATABASE ascii ENCODING 'SQL_ASCII' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'"
    )
    seen(await examine(postgres_server.url("ascii"), Now()), "database.encoding", "--encoding UTF8")
    seen(await examine_server(url, Now(), oldest=99), "database.old", "Upgrade")


async def test_clocks_that_differ_and_fsync_off(postgres_server: PostgresServer) -> None:
    told = await examine(await postgres_server.fresh(), Now(timedelta(minutes=2)))
    assert "120 seconds apart" in seen(told, "database.clock", "NTP").says
    seen(told, "database.fsync", "fsync = on")


async def test_an_address_that_the_server_refuses(postgres_server: PostgresServer) -> None:
    at = urlsplit(postgres_server.url()).netloc
    told = await examine(f"postgresql://{at}/postgres?target_session_attrs=standby", Now())
    seen(told, "database.refused", "postgresql://USER")


async def test_an_empty_database_is_as_it_should_be(postgres_server: PostgresServer) -> None:
    url = await postgres_server.empty()
    assert "none yet" in (await examine(url, Now()))[-1].says
