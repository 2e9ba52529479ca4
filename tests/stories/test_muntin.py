"""Muntin's process, told on Slack: a broken audit chain with its clocks, and a single customer's trouble."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.sandbox.server import Sandbox
from bot.playbook.load import load
from bot.playbook.process import Stage
from bot.settings import SHIPPED
from tests.support.shipped import shipped
from tests.support.story import card, declared, last, posts, tell
from tests.support.town import ANA, BO, DMITRI, FRIDAY, Side, Town, sqlite

CHAIN = "incident-2026-11-20-audit-chain-does-not-verify"
ONE = "incident-2026-11-20-one-customer-cannot-upload"


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    """Muntin's founder on Slack, and the standing channel."""
    playbook = shipped("muntin", {"founder": DMITRI})
    async with Town(sqlite(tmp_path), platforms=("slack",), playbook=playbook) as made:
        await standing(made.sandbox)
        yield made


async def standing(sandbox: Sandbox) -> None:
    """Make #incident, with the bot in it."""
    channel = await sandbox.slack.create_channel(ANA.slack_id, "incident")
    await sandbox.slack.invite(ANA.slack_id, channel.id, sandbox.slack.bot_user_id)


@pytest.fixture
def side(town: Town) -> Side:
    """Slack."""
    return town.sides["slack"]


async def test_an_audit_chain_that_does_not_verify(town: Town, side: Side) -> None:
    told = await declared(town, side, "P2 audit chain does not verify")
    assert "is always P1 at least: declared so, not as P2" in told and CHAIN in side.rooms()
    assert "P1 · audit chain does not verify" in side.room("incident")[-1].text
    assert any("Runbooks" in one.text for one in side.pinned(CHAIN))
    assert last(side, CHAIN).rings == {DMITRI.name} and len(posts(side, CHAIN)) <= 6
    assert "owed by 2026-11-20 14:15 UTC" in await tell(town, side, DMITRI, "ack", room=CHAIN)
    told = await tell(town, side, ANA, "tick 2", room=CHAIN)
    assert "goes in order. Next is 1. Acknowledge the page" in told
    for step in (1, 2):
        await tell(town, side, ANA, f"tick {step}", room=CHAIN)
    told = await tell(town, side, ANA, "flag unavailable", room=CHAIN)
    assert "Customers: news is owed every 30m" in told

    await town.forward(minutes=14)
    told = await tell(town, side, ANA, "update rows were changed by hand", room=CHAIN)
    assert "done in time" in told and "Next update due 2026-11-20 14:29 UTC" in told
    told = await tell(town, side, DMITRI, "clock gdpr at 9:10 because the log shows it", room=CHAIN)
    assert "GDPR breach notice runs: due 2026-11-23 14:10 UTC" in told and "72h from 2026-11-20 14:10 UTC" in told
    assert "Established by Dmitri Petrov" in last(side, CHAIN).text
    for words in ("tick 3", "tick 4", "status identified a job wrote past the append path"):
        await tell(town, side, ANA, words, room=CHAIN)
    await town.forward(minutes=16)
    news = next(one for one in posts(side, CHAIN) if "Customers: news is due" in one.text)
    assert news.text.count("https://status.muntin.digital") == 2, "where to say it, and in what is said"
    told = await tell(town, side, ANA, "told customers we are on it", room=CHAIN)
    assert "due again 2026-11-20 15:00 UTC" in told

    await tell(town, side, ANA, "tick 5", room=CHAIN)
    await tell(town, side, ANA, "status monitoring the rows are restored", room=CHAIN)
    assert "The queue is drained" in await tell(town, side, ANA, "resolve rows restored", room=CHAIN)
    for step in (1, 2, 3):
        await tell(town, side, ANA, f"tick recovery {step}", room=CHAIN)
    assert "resolved at 2026-11-20 14:45 UTC" in await tell(town, side, ANA, "resolve", room=CHAIN)
    await town.forward(minutes=15)
    assert (await town.incident()).stage is Stage.RESOLVED
    over = next(one for one in side.room("incident") if "Resolved: audit chain" in one.text)
    assert "rows restored" in over.text and "45m" in over.text

    clocks = (await town.incident()).progress.deadlines
    assert clocks["customer-notice"].due_at == FRIDAY + timedelta(hours=24)
    assert clocks["postmortem"].due_at == datetime(2026, 11, 30, 14, 45, tzinfo=UTC), "Thanksgiving is no business day"
    assert "The post-mortem, published" in await tell(town, side, ANA, "close", room=CHAIN)
    for words in ("clock customer-notice done", "clock gdpr done", "clock postmortem published"):
        assert "done in time" in await tell(town, side, ANA, words, room=CHAIN)
    told = await tell(town, side, ANA, "close", room=CHAIN)
    assert "The status page, resolved: https://status.muntin.digital" in told, "customers were told"
    await tell(town, side, ANA, "statuspage resolved", room=CHAIN)
    assert "#1 is closed." in await tell(town, side, ANA, "close", room=CHAIN)
    assert "Resolved: rows restored" in await tell(town, side, BO, "catchup", room=CHAIN)


async def test_a_single_customers_trouble_goes_into_the_calendar(town: Town, side: Side) -> None:
    await declared(town, side, "P2 one customer cannot upload")
    assert "Next update  due 2026-11-20 14:30 UTC" in card(side, ONE).text
    told = await tell(town, side, ANA, "flag single-customer", room=ONE)
    assert "The customer told, and the fix in the calendar due Mon 2026-11-23" in told
    clocks = (await town.incident()).progress.deadlines
    assert clocks["response"].due_at == FRIDAY + timedelta(hours=1) and "customer-notice" not in clocks
    assert not any(DMITRI.name in one.rings for one in posts(side, ONE))
    page = await tell(town, side, ANA, "playbook", room=ONE)
    assert "Such as: More than one customer in twenty cannot use the service; A data integrity event" in page
    assert "customers hear of it every 30m" in page and "customers hear of it every 1h" in page


async def test_a_founder_whom_nothing_here_rings_has_to_be_reached_otherwise(
    town: Town, side: Side, tmp_path: Path
) -> None:
    await declared(town, side, "P1 audit chain does not verify")
    assert not any("rings nobody" in one.text for one in posts(side, CHAIN))
    folder = tmp_path / "another"
    folder.mkdir()
    async with Town(sqlite(folder), platforms=("slack",), playbook=load(SHIPPED / "muntin")) as bare:
        await standing(bare.sandbox)
        await declared(bare, bare.sides["slack"], "P1 audit chain does not verify")
        call = next(one for one in posts(bare.sides["slack"], CHAIN) if "Escalation: Founder" in one.text)
        assert "this rings nobody: please reach them yourself" in call.text and call.rings == frozenset()
