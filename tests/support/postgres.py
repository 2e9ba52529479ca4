"""A PostgreSQL of our own for tests: started from the binaries of this machine, thrown away afterwards.

``from tests.support.postgres import postgres_server`` in a ``conftest.py`` brings the fixture. Without binaries the
tests that need them are skipped; where ``CI`` is set they fail instead, so that they are not forgotten there.
"""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import asyncpg  # type: ignore[import-untyped]  # ships no types
import psutil
import pytest

from adapters.database import Database

USER = "tocsin"
TEMPLATE = "tocsin_template"
FAST = {"fsync": "off", "full_page_writes": "off", "autovacuum": "off"}
"""A test's data need not survive a power cut; what is committed survives the death of the server all the same."""
MEMORY = Path("/dev/shm")  # noqa: S108  # the folder that mkdtemp makes in it is ours alone
ROOM = 1 << 30
"""Bytes."""
UNPRIVILEGED = ("postgres", "nobody")
"""Whom root becomes, for PostgreSQL refuses to run as root."""


def binaries() -> Path | None:
    """The folder with ``pg_ctl`` and ``initdb``: from ``PG_BIN``, the PATH, or where Debian puts them."""
    found = shutil.which("pg_ctl", path=os.environ.get("PG_BIN")) or shutil.which("pg_ctl")
    if found:
        return Path(found).resolve().parent
    installed = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/pg_ctl")]
    return max(installed, key=lambda path: int(path.parent.name), default=None)


class PostgresServer:
    """One running server on a free port of 127.0.0.1."""

    def __init__(self, bin_folder: Path, *, within: Path | None = None) -> None:
        """``within``: the folder to keep its data in, in place of memory."""
        self._bin = bin_folder
        self._folder = Path(tempfile.mkdtemp(prefix="tocsin-postgres-", dir=within or _memory()))
        self._user = _unprivileged()
        self._port = _free_port()
        self._names = count(1)
        self._ready = False

    @property
    def port(self) -> int:
        """Of 127.0.0.1."""
        return self._port

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._run("pg_ctl", "status", check=False) == 0

    def start(self) -> None:
        """Create the cluster and start it; returns when it answers."""
        if self._user:
            shutil.chown(self._folder, self._user)
        self._run("initdb", "--username", USER, "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
        self.resume()

    def resume(self) -> None:
        """Start it with the data that it has; returns when it answers."""
        options = f"-p {self._port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= " + " ".join(
            f"-c {name}={value}" for name, value in FAST.items()
        )
        self._run("pg_ctl", "start", "--wait", "--log", str(self._folder / "log"), "--options", options)

    def stop(self) -> None:
        """Stop it and remove everything."""
        if (self._folder / "data" / "postmaster.pid").exists():
            self._run("pg_ctl", "stop", "--mode=immediate")
        shutil.rmtree(self._folder)

    def halt(self) -> None:
        """Stop it and keep its data: from now on nobody answers."""
        self._run("pg_ctl", "stop", "--mode=immediate")

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Keep every connection, take new ones, and answer none of them."""
        postmaster = psutil.Process(int((self._folder / "data" / "postmaster.pid").read_text().split()[0]))
        frozen = [*postmaster.children(recursive=True), postmaster]
        for process in frozen:
            process.suspend()
        try:
            yield
        finally:
            for process in frozen:
                process.resume()

    def restart(self) -> None:
        """Break every connection, as a crash would, and come back."""
        self._run("pg_ctl", "restart", "--wait", "--mode=immediate", "--log", str(self._folder / "log"))

    def _run(self, program: str, *arguments: str, check: bool = True) -> int:
        command = [str(self._bin / program), "-D", str(self._folder / "data"), *arguments]
        environment = {"PATH": os.environ.get("PATH", ""), "HOME": str(self._folder)}
        said = self._folder / "said"
        with said.open("wb") as output:  # a pipe would stay open as long as the server runs
            finished = subprocess.run(
                command,
                user=self._user,
                cwd=self._folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
            )
        if finished.returncode and check:
            raise RuntimeError(said.read_text())
        return finished.returncode

    def url(self, name: str = "postgres") -> str:
        """The address of a database in this server."""
        return f"postgresql://{USER}@127.0.0.1:{self._port}/{name}"

    async def empty(self) -> str:
        """The address of a new database without anything in it."""
        return await self._create("template0")

    async def fresh(self) -> str:
        """The address of a new database that has the schema (a copy of one, which is quick)."""
        if not self._ready:
            await self._create("template0", name=TEMPLATE)
            pattern = Database(self.url(TEMPLATE))
            await pattern.migrate()
            await pattern.stop()
            self._ready = True
        return await self._create(TEMPLATE)

    async def drop(self, url: str) -> None:
        """Remove a database, whoever is still connected to it."""
        await self.execute(f'DROP DATABASE "{url.rpartition("/")[2]}" WITH (FORCE)')

    async def _create(self, template: str, *, name: str | None = None) -> str:
        name = name or f"test_{next(self._names)}"
        await self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url(name)

    async def execute(self, statement: str, *, url: str | None = None) -> list[Any]:
        """Run one statement of SQL on a connection of its own; returns its rows."""
        connection = await asyncpg.connect(url or self.url())
        try:
            return list(await connection.fetch(statement))
        finally:
            await connection.close()


def _memory() -> Path | None:
    """A folder in memory with room enough: copying a database takes 20 ms there, on some disks 350."""
    usable = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM
    return MEMORY if usable else None


def _unprivileged() -> str | None:
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in UNPRIVILEGED if name in known)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A server for the whole run."""
    where = binaries()
    if where is None:
        reason = "no PostgreSQL on this machine: put pg_ctl on the PATH or its folder into PG_BIN"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    server = PostgresServer(where)
    try:
        server.start()
        yield server
    finally:
        server.stop()
