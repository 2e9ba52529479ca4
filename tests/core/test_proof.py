"""``tocsin verify``: what it prints, what it takes, and how it exits."""

import asyncio
import json
import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from adapters.database import Database
from adapters.terminal.app import build
from bot.composition import Tocsin
from bot.settings import Settings
from bot.timeline import Anchor
from tests.database.build import declare


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A database with two incidents."""

    async def make() -> None:
        database = Database(f"sqlite:///{tmp_path / 'tocsin.db'}")
        await database.start()
        for _ in range(2):
            await declare(database)
        await database.stop()

    asyncio.run(make())
    return tmp_path / "tocsin.db"


def run(file: Path, *words: str) -> Result:
    """What comes of ``tocsin verify`` with these words."""
    return CliRunner().invoke(build(Tocsin(Settings(database_url=f"sqlite:///{file}"))), ["verify", *words])


def tamper(file: Path, statement: str) -> None:
    """Change the file as whoever has it can."""
    with sqlite3.connect(file) as connection:
        for event in ("UPDATE", "DELETE"):
            connection.execute(f"DROP TRIGGER IF EXISTS entry_{event}")
        connection.execute(statement)
    connection.close()


def test_all_are_whole_until_one_is_not_and_then_it_is_named_with_its_entry(file: Path) -> None:
    said = run(file)
    assert (said.exit_code, said.stdout) == (0, "2 of 2 timelines are whole.\n")
    tamper(file, "UPDATE entry SET text = 'nothing' WHERE incident = 2")
    said = run(file)
    assert said.exit_code == 1
    assert said.stdout == "#2: entry 1 was changed after it was written\n1 of 2 timelines are whole.\n"
    assert run(file, "1").exit_code == 0
    one, two = json.loads(run(file, "--json").stdout)
    assert (one["whole"], one["entries"], one["entry"], one["harm"]) == (True, 1, None, None)
    assert (two["whole"], two["entry"], two["harm"]) == (False, 1, "changed")


def test_an_anchor_is_held_against_the_one_incident_that_is_named(file: Path) -> None:
    head = json.loads(run(file, "1", "--json").stdout)[0]["head"]
    assert run(file, "1", "--anchor", f"{head}:1").exit_code == 0
    assert run(file, "1", "--anchor", Anchor(head, 1).short).exit_code == 0
    wrong = run(file, "2", "--anchor", f"{head}:1")
    assert wrong.exit_code == 1 and "entry 1 is not the one of the anchor" in wrong.stdout
    assert "entry 2 is missing: the anchor knew 9 entries" in run(file, "1", "--anchor", f"{head}:9").stdout
    for words in (["--anchor", f"{head}:1"], ["1", "2", "--anchor", f"{head}:1"], ["1", "--anchor", "soon"]):
        said = run(file, *words)
        assert said.exit_code == 2 and said.stdout == ""
        assert "belongs to one incident" in said.stderr or "is no anchor; write it like" in said.stderr


def test_an_incident_that_is_not_there_is_not_whole(file: Path) -> None:
    said = run(file, "7")
    assert said.exit_code == 1 and "#7: there is no such incident" in said.stdout
