"""A real process that dies when the mail server has the message and it does not know yet: nobody gets it twice."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

from adapters.database import Database
from adapters.sandbox.people import PEOPLE
from adapters.sandbox.server import Sandbox
from bot.progress import End, Mailing
from bot.settings import SHIPPED
from tests.support.processes import BotProcess, environment
from tests.support.smtp import PASSWORD, SENDER, MailServer

ANA = PEOPLE[0]
WITHIN = 45.0
"""Seconds for a start, a lease that runs out, and what has to be done then."""
CUSTOMERS = ["dora@example.com", "emil@example.com", "fay@example.com", "gus@example.com"]
ROOM = "incident-"


def playbook(folder: Path) -> Path:
    """The default process, with e-mail to customers."""
    folder.mkdir()
    words = (SHIPPED / "default" / "playbook.yaml").read_text()
    (folder / "playbook.yaml").write_text(f"{words}\nmail:\n  severities: [sev1]\n  to: [customers]\n")
    return folder


async def test_a_bot_that_is_killed_while_it_sends_leaves_one_in_doubt_and_sends_nobody_two(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'tocsin.db'}"
    sandbox, database = Sandbox(), Database(url)
    (tmp_path / "customers.txt").write_text("# everybody\n" + "\n".join(CUSTOMERS))
    await sandbox.start()
    await database.migrate()
    async with MailServer() as server:
        mail = {"SMTP_URL": server.url, "MAIL_FROM": SENDER, "MAIL_LIST_CUSTOMERS": str(tmp_path / "customers.txt")}
        bot = BotProcess("one", environment(sandbox, url, playbook=playbook(tmp_path / "ours")) | mail, logs=tmp_path)
        try:
            bot.start()
            discord = sandbox.discord
            await until(lambda: discord.connected)
            general = str(discord.channel_named("general")["id"])
            await discord.command(ANA.discord_id, general, "incident", {"what": "sev1", "details": "checkout is down"})
            await discord.command(
                ANA.discord_id, general, "incident", {"what": "#1 resolve", "details": "anyway because it is over"}
            )
            await discord.command(ANA.discord_id, general, "incident", {"what": "#1 mail"})
            await until(lambda: any("Send it" in str(one) for one in discord.ephemerals(ANA.discord_id)))
            draft = discord.ephemerals(ANA.discord_id)[-1]
            server.after = ["", "hang"]
            await discord.press(ANA.discord_id, general, str(draft["id"]), "Send it")
            await until(lambda: len(server.taken) == 2)
            bot.kill()
            assert (await kept(database)).waiting == (1, 2, 3), "it died before it knew"

            bot.start()
            deadline = time.monotonic() + WITHIN
            while (await kept(database)).waiting:
                assert time.monotonic() < deadline, "never finished"
                await asyncio.sleep(0.1)
            assert server.to() == CUSTOMERS, "each once, the one in doubt as well"
            assert (await kept(database)).ends == {0: End.SENT, 1: End.PERHAPS, 2: End.SENT, 3: End.SENT}
            room = next(str(one["name"]) for one in discord.channels.values() if str(one["name"]).startswith(ROOM))
            where = str(discord.channel_named(room)["id"])
            await until(lambda: "I send nothing twice by myself" in str(discord.messages(where)))
            assert PASSWORD not in bot.log() and "p%25ss" not in bot.log() and "dora@" not in bot.log()
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


async def kept(database: Database) -> Mailing:
    """What the incident holds of its e-mail."""
    incident = await database.reader.incident(1)
    assert incident is not None and incident.progress.mail is not None
    return incident.progress.mail
