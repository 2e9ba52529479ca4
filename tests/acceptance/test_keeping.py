"""`tocsin backup` beside a bot that runs, and `tocsin restore` while it does not."""

import asyncio
import subprocess
import sys
from pathlib import Path

from adapters.database import Database
from adapters.sandbox.server import Sandbox
from bot.settings import SHIPPED
from tests.acceptance.test_processes import connected, declare, sandbox
from tests.support.ledger import all_done
from tests.support.processes import BotProcess, environment

__all__ = ["sandbox"]


def _tocsin(env: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "bot", *words], env=env, capture_output=True, text=True, check=False)


async def tocsin(env: dict[str, str], *words: object, code: int = 0) -> str:
    """Run a command; what it says."""
    ran = await asyncio.to_thread(_tocsin, env, *map(str, words))
    assert ran.returncode == code, ran.stderr
    return ran.stdout + ran.stderr


async def test_a_copy_is_made_beside_the_bot_and_put_back_when_it_is_stopped(sandbox: Sandbox, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'var' / 'tocsin.db'}"
    env = environment(sandbox, url, playbook=SHIPPED / "default")
    first, second = BotProcess("one", env, logs=tmp_path), BotProcess("two", env, logs=tmp_path)
    database = Database(url)
    try:
        first.start()
        await connected(sandbox)
        await declare(sandbox, "checkout is down")
        await all_done(database, within=30)
        copy = tmp_path / "kept" / "tocsin.db"
        assert f"{copy}.key" in await tocsin(env, "backup", copy)
        await declare(sandbox, "and search is slow")
        await all_done(database, within=30)
        await database.stop()
        assert "Stop the bot first" in await tocsin(env, "restore", copy, code=1)

        await asyncio.to_thread(first.stop)
        said = await tocsin(env, "restore", copy, "--beyond", 2)
        assert "1 of 1 timelines are whole." in said and "before-" in said
        second.start()
        await connected(sandbox)
        await declare(sandbox, "login is broken")
        database = Database(url)
        await all_done(database, within=30)
        assert await database.reader.numbers() == [1, 3]
    finally:
        await asyncio.to_thread(first.stop)
        await asyncio.to_thread(second.stop)
        await database.stop()


async def test_an_address_of_no_database_is_answered_in_one_sentence(sandbox: Sandbox, tmp_path: Path) -> None:
    env = environment(sandbox, "mysql://here/tocsin", playbook=SHIPPED / "default")
    for words in (("migrate",), ("run",), ("restore",)):
        said = await tocsin(env, *words, code=1)
        assert "no database Tocsin works with" in said and "Traceback" not in said
