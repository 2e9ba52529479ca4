"""A real process that dies when the pages show a text and it does not know yet: customers are told nothing twice."""

import asyncio
import time
from pathlib import Path

import pytest

from adapters.database import Database
from adapters.sandbox.people import PEOPLE
from adapters.sandbox.server import Sandbox
from bot.playbook.load import FILE
from bot.progress import Publication
from bot.settings import SHIPPED
from tests.acceptance.test_trackers import WITHIN, until
from tests.support.machine import MachineClock
from tests.support.processes import BotProcess, environment
from tests.support.statuspages import KEY, PAGE, REPORTS, TOKEN, FakeBetterStack, FakeStatuspage
from tests.support.wires import Asked, Fault, Wrong

ANA = PEOPLE[0]


def writes(asked: Asked) -> bool:
    """Whether a request changes anything."""
    return asked.method != "GET"


@pytest.mark.parametrize("number", [1, 2])
async def test_a_bot_that_is_killed_between_telling_and_saving_it_tells_nothing_twice(
    tmp_path: Path, number: int
) -> None:
    url = f"sqlite:///{tmp_path / 'tocsin.db'}"
    sandbox, database, clock = Sandbox(), Database(url), MachineClock()
    await sandbox.start()
    await database.migrate()
    async with FakeStatuspage(now=clock.now) as statuspage, FakeBetterStack(now=clock.now) as betterstack:
        settings = {
            "STATUSPAGE_API_KEY": KEY, "STATUSPAGE_PAGE_ID": PAGE, "STATUSPAGE_API_URL": statuspage.url,
            "BETTERSTACK_API_TOKEN": TOKEN, "BETTERSTACK_PAGE_ID": REPORTS, "BETTERSTACK_API_URL": betterstack.url,
            "STATUS_PAGE_DIR": str(tmp_path / "status"),
        }  # fmt: skip
        bot = BotProcess("one", environment(sandbox, url, playbook=process(tmp_path)) | settings, logs=tmp_path)
        try:
            bot.start()
            await until(lambda: sandbox.discord.connected)
            general = str(sandbox.discord.channel_named("general")["id"])
            if number == 1:
                silence(statuspage, betterstack)
            await sandbox.discord.command(ANA.discord_id, general, "incident", {"what": "sev1", "details": "a typo"})
            await until(lambda: bool(statuspage.incidents and betterstack.reports))
            if number == 2:
                await known(database, 1)
                silence(statuspage, betterstack)
                said = {"what": "#1", "details": "status identified"}
                await sandbox.discord.command(ANA.discord_id, general, "incident", said)
                await until(lambda: written(statuspage) == written(betterstack) == 2)
            bot.kill()
            assert told(await publication(database), number) == {}, "it died before it knew"

            bot.start()
            await known(database, number)
            assert [len(one.texts) for one in (*statuspage.seen(), *betterstack.seen())] == [number, number]
            assert written(statuspage) == written(betterstack) == number
            assert KEY not in bot.log() and TOKEN not in bot.log()
        finally:
            bot.stop()
            await database.stop()
            await sandbox.stop()


def process(folder: Path) -> Path:
    """The default process, which tells customers of everything at once."""
    made = folder / "process"
    made.mkdir()
    shipped, by_hand = (SHIPPED / "default" / FILE).read_text(encoding="utf-8"), "  opens: by hand\n"
    assert by_hand in shipped
    written = shipped.replace(by_hand, "  opens: declared\n  approve: false\n")
    (made / FILE).write_text(written, encoding="utf-8")
    return made


def silence(*pages: FakeStatuspage | FakeBetterStack) -> None:
    """They do the next thing that they are asked for, and never answer."""
    for page in pages:
        page.faults.append(Fault(Wrong.SILENT, only=writes))


def written(page: FakeStatuspage | FakeBetterStack) -> int:
    """How often it was written."""
    return sum(map(writes, page.asked))


def told(kept: Publication, number: int) -> dict[str, int]:
    """The pages that are known to have this text."""
    return {lane: page.told for lane, page in kept.pages.items() if page.told == number}


async def publication(database: Database) -> Publication:
    """As saved."""
    incident = await database.reader.incident(1)
    assert incident is not None and incident.progress.publication is not None
    return incident.progress.publication


async def known(database: Database, number: int) -> None:
    """Wait until both pages are known to have the text."""
    deadline = time.monotonic() + WITHIN
    while told(await publication(database), number).keys() != {"statuspage", "betterstack"}:
        assert time.monotonic() < deadline, "never learned"
        await asyncio.sleep(0.1)
