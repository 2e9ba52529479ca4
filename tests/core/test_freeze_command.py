"""``tocsin freeze``: what a pipeline is told, and by which exit code."""

import asyncio
import json
import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from adapters.database import Database
from adapters.terminal.app import build
from bot.composition import Tocsin
from bot.progress import Allowed, Progress
from bot.settings import Settings
from tests.database.build import NOW, declare, outage

PULL = "https://github.com/acme/shop/pull/7"


def database(file: Path, *progress: Progress) -> Path:
    """A database with incidents that keep this of their process."""

    async def make() -> None:
        made = Database(f"sqlite:///{file}")
        await made.start()
        for one in progress:
            await declare(made, outage(progress=one))
        await made.stop()

    asyncio.run(make())
    return file


def run(file: Path, *words: str) -> Result:
    """What comes of ``tocsin freeze`` with these words."""
    return CliRunner().invoke(build(Tocsin(Settings(database_url=f"sqlite:///{file}"))), ["freeze", *words])


def test_it_exits_0_where_production_is_free_and_1_where_it_is_frozen(tmp_path: Path) -> None:
    said = run(database(tmp_path / "free.db", Progress()))
    assert (said.exit_code, said.stdout) == (0, "Production is not frozen.\n")
    said = run(database(tmp_path / "frozen.db", Progress(frozen_at=NOW)))
    assert said.exit_code == 1 and "#1 is SEV1." in said.stdout


def test_what_people_wrote_is_one_line_in_a_log_and_no_command_to_it(tmp_path: Path) -> None:
    words = "the queue\n::set-env name=PATH::/tmp\r\n\x1b[2Jhangs\x07\u202e\x9b2J"
    said = run(database(tmp_path / "t.db", Progress(frozen_at=NOW, frozen_by="Ana", frozen_because=words)))
    assert said.stdout.count("\n") == 1 and said.stdout.startswith("Production is frozen") and "\x1b" not in said.stdout
    assert "hangs" in said.stdout and all(sign.isprintable() for sign in said.stdout.rstrip("\n"))


def test_a_change_that_is_allowed_passes_and_another_does_not(tmp_path: Path) -> None:
    one = Allowed(url=PULL, by="Ana", because="it mitigates", at=NOW)
    file = database(tmp_path / "frozen.db", Progress(frozen_at=NOW, allowed=(one,)))
    said = run(file, "--change", PULL, "--json")
    told = json.loads(said.stdout)
    assert (said.exit_code, told["locked"], told["change"]) == (0, True, {"url": PULL, "allowed": True})
    said = run(file, "--change", f"{PULL}1")
    assert said.exit_code == 1 and "may not pass" in said.stdout


@pytest.mark.parametrize("words", [("--change", "pull/7"), ("--url", "tocsin.example"), ("--nonsense",), ("more",)])
def test_wrong_usage_exits_2(tmp_path: Path, words: tuple[str, ...]) -> None:
    assert run(database(tmp_path / "free.db"), *words).exit_code == 2


def test_where_nobody_can_be_asked_it_exits_3_and_makes_nothing(tmp_path: Path) -> None:
    missing = tmp_path / "missing.db"
    said = run(missing)
    assert said.exit_code == 3 and "there is no database" in said.stderr and not said.stdout
    assert not missing.exists()
    said = run(missing, "--url", "http://127.0.0.1:9")
    assert said.exit_code == 3 and "nothing answers at http://127.0.0.1:9/api/freeze" in said.stderr
    for nowhere in ("http://[", "http://a..b", "http://tocsin.example:port"):
        said = run(missing, "--url", nowhere)
        assert said.exit_code == 3 and f"nothing answers at {nowhere}/api/freeze" in said.stderr
    sqlite3.connect(tmp_path / "empty.db").close()
    said = run(tmp_path / "empty.db")
    assert said.exit_code == 3 and "schema is none" in said.stderr
    (tmp_path / "other.db").write_text("this is no database, but a text that is long enough to be told from one" * 20)
    assert run(tmp_path / "other.db").exit_code == 3


def test_its_help_has_an_example_and_the_exit_codes(tmp_path: Path) -> None:
    said = run(tmp_path / "missing.db", "--help")
    assert said.exit_code == 0 and "Example: tocsin freeze --url" in said.stdout and "3 where" in said.stdout
