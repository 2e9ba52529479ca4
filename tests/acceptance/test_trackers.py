"""A real process that dies when its tracker has the issue and it does not know yet: the next files nothing twice."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

from adapters.database import Database
from adapters.sandbox.people import PEOPLE
from adapters.sandbox.server import Sandbox
from bot.issue import Issue
from bot.settings import SHIPPED
from tests.support.github import TOKEN, FakeGitHub
from tests.support.machine import MachineClock
from tests.support.processes import BotProcess, environment
from tests.support.wires import Fault, Wrong

ANA = PEOPLE[0]
WITHIN = 45.0
"""Seconds for a start, a lease that runs out, and what has to be done then."""


async def test_a_bot_that_is_killed_between_filing_and_saving_it_files_nothing_twice(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'tocsin.db'}"
    sandbox, database = Sandbox(), Database(url)
    await sandbox.start()
    await database.migrate()
    async with FakeGitHub(now=MachineClock().now) as github:
        settings = {"GITHUB_TOKEN": TOKEN, "GITHUB_REPOSITORY": "acme/shop", "GITHUB_API_URL": github.url}
        env = environment(sandbox, url, playbook=SHIPPED / "dragonfly") | settings
        bot = BotProcess("one", env, logs=tmp_path)
        try:
            bot.start()
            await until(lambda: sandbox.discord.connected)
            github.faults.append(Fault(Wrong.SILENT, only=lambda asked: asked.method == "POST"))
            general = str(sandbox.discord.channel_named("general")["id"])
            await sandbox.discord.command(ANA.discord_id, general, "incident", {"what": "SEV-3", "details": "a typo"})
            await until(lambda: bool(github.issues["acme/shop"]))
            bot.kill()
            assert (await issue_of(database)).label == "", "it died before it knew"

            bot.start()
            deadline = time.monotonic() + WITHIN
            while not (await issue_of(database)).label:
                assert time.monotonic() < deadline, "never learned"
                await asyncio.sleep(0.1)
            assert (await issue_of(database)).label == "#1"
            assert github.only()["labels"] == [{"name": "sev-3"}]
            assert sum(asked.method == "POST" for asked in github.asked) == 1
            assert TOKEN not in bot.log()
        finally:
            bot.stop()
            await database.stop()
            await sandbox.stop()


async def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + WITHIN

    while not holds():
        assert time.monotonic() < deadline, "waited in vain"
        await asyncio.sleep(0.02)


async def issue_of(database: Database) -> Issue:
    """What the incident knows of its issue."""
    incident = await database.reader.incident(1)
    assert incident is not None and incident.progress.issue is not None
    return incident.progress.issue
