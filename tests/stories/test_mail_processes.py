"""The processes that owe customers an e-mail, with a mail server; and two replicas that send one."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from adapters.alarm import SchedulerAlarm
from adapters.health.adapter import HealthAdapter
from adapters.holidays import public
from adapters.mail.adapter import MailAdapter
from adapters.mail.wire import Server
from adapters.web.metrics import Metrics
from bot.connected import Connected
from bot.playbook.shape import Playbook
from bot.progress import End
from bot.running import Bot
from tests.support.shipped import as_shipped
from tests.support.smtp import FixedLists, MailServer
from tests.support.story import acquainted, declared, tell
from tests.support.town import ANA, Town, sqlite

CUSTOMERS = FixedLists({"customers": ("dora@example.com", "emil@example.com")})
MANY = FixedLists({"customers": tuple(f"c{n}@example.com" for n in range(12))})


@asynccontextmanager
async def posted(
    folder: Path, platform: str, playbook: Playbook, lists: FixedLists = CUSTOMERS
) -> AsyncIterator[tuple[Town, MailServer]]:
    """A town under this process, with a mail server."""
    async with MailServer() as server:
        town = Town(sqlite(folder), platforms=(platform,), playbook=playbook)
        town.tools, town.lists = [HealthAdapter(), mailer(town, server, lists)], lists
        async with town:
            yield town, server


def mailer(town: Town, server: MailServer, lists: FixedLists) -> MailAdapter:
    """The tool, as one replica has it."""
    settings = server.settings()
    return MailAdapter(settings, lists, town.clock, server=Server(settings, patience=1, at_the_end=1))


async def test_werklys_mail_needs_its_gaps_filled_and_goes_out_in_its_words(tmp_path: Path) -> None:
    async with posted(tmp_path, "discord", as_shipped("werkly")) as (town, server):
        side = town.sides["discord"]
        await declared(town, side, "Sev1 nobody can log in")
        room = (await town.incident()).channel_name
        await town.forward(minutes=20)
        await tell(town, side, ANA, "resolve anyway because it is over", room=room)
        await tell(town, side, ANA, "draft email", room=room)
        assert "stands for what nobody has said yet" in side.whispered(ANA).text
        assert "Send it" not in side.whispered(ANA).buttons

        for words in ("set cause a certificate ran out", "impact Nobody could log in.", "set prevention an alert"):
            await tell(town, side, ANA, words, room=room)
        await tell(town, side, ANA, "mail", room=room)
        await side.taps(ANA, "Send it", side.whispered(ANA), room=room)
        await town.settle()
        assert server.to() == ["dora@example.com", "emil@example.com"]
        message = server.taken[0].message
        assert message["Subject"] == "Disruption of 2026-11-20"
        assert "WHAT HAPPENED\r\na certificate ran out" in message.get_content()


async def test_muntins_mail_is_owed_by_nobodys_clock_and_sent_when_somebody_wants_it(tmp_path: Path) -> None:
    async with posted(tmp_path, "slack", as_shipped("muntin")) as (town, server):
        side = town.sides["slack"]
        await declared(town, side, "P1 nobody can sign")
        room = (await town.incident()).channel_name
        await town.forward(minutes=20)
        await tell(town, side, ANA, "resolve anyway because it is over", room=room)
        await tell(town, side, ANA, "draft email", room=room)
        await side.taps(ANA, "Send it", side.whispered(ANA), room=room)
        await town.settle()
        assert server.to() == ["dora@example.com", "emil@example.com"]
        assert server.taken[0].message["Subject"] == "Incident of 2026-11-20: nobody can sign"


async def test_two_replicas_send_each_once(tmp_path: Path, platform: str) -> None:
    mail = {"to": ["customers"], "severities": ["sev1"]}
    async with posted(tmp_path, platform, acquainted(mail=mail), MANY) as (town, server):
        side = town.sides[platform]
        other = Bot(
            store=town.store, playbooks=(town.playbook,), clock=town.clock, holidays=public, chats=[],
            tools=[mailer(town, server, MANY)], alarm=SchedulerAlarm, meter=Metrics(), worker="two",
            connected=Connected(lists=MANY),
        )  # fmt: skip
        await other.start()
        try:
            await declared(town, side)
            await tell(town, side, ANA, "resolve anyway because it is over")
            await tell(town, side, ANA, "mail")
            await side.taps(ANA, "Send it", side.whispered(ANA), room=(await town.incident()).channel_name)

            async def over() -> bool:
                kept = (await town.incident()).progress.mail
                return kept is not None and kept.approved and not kept.waiting

            await town.until(over)
        finally:
            await other.stop()
        kept = (await town.incident()).progress.mail
        assert kept is not None and kept.count(End.SENT) == 12
        assert server.to() == list(MANY.addresses("customers"))
