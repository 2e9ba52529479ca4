"""Real processes that page: killed in the middle, two at a time, answered at the last moment."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from itertools import pairwise
from pathlib import Path

import pytest

from adapters.database import Database
from adapters.sandbox.people import PEOPLE
from adapters.sandbox.server import Sandbox
from bot.progress import Page, StepState
from tests.support.pagers import ADDRESSES, AUTH, Pagers, Trouble
from tests.support.postgres import PostgresServer
from tests.support.processes import BotProcess, environment

ANA, BO = PEOPLE[:2]
WITHIN = 60.0
"""Seconds for starts, leases that run out, and what has to be done then."""
HURRY = """
name: hurry
title: In a hurry
commander: commander
severities:
  - {{ name: sev1, tone: critical, meaning: Everything is down, cadence: 1h, page: [oncall] }}
roles:
  - {{ name: commander, title: Incident commander, aliases: [ic], starts_as: declarer }}
ladder:
  - {{ rings: [commander] }}
duplicates: 1s
people:
  - {{ key: bo, name: Bo Lindqvist, handles: {{ slack: {bo} }} }}
rotations:
  - {{ name: oncall, title: On-call, people: [bo], starts: 2025-01-06 }}
paging:
  routes:
    - {{ name: pagerduty, title: PagerDuty, wait: {wait} }}
    - {{ name: push, title: push, wait: {wait} }}
    - {{ name: sms, title: SMS, wait: {wait} }}
    - {{ name: opsgenie, title: Opsgenie, wait: {wait} }}
"""
IN_ORDER = ["pagerduty", "ntfy", "twilio", "opsgenie"]


class Bench:
    """A sandbox, pagers, a database, and bots."""

    def __init__(self, folder: Path, sandbox: Sandbox, pagers: Pagers, database: Database) -> None:
        self.folder, self.sandbox, self.pagers, self.database = folder, sandbox, pagers, database
        self.bots: list[BotProcess] = []

    def bot(self, name: str, url: str, *, wait: str) -> BotProcess:
        """A replica, not started."""
        book = self.folder / "hurry"
        book.mkdir(exist_ok=True)
        (book / "playbook.yaml").write_text(HURRY.format(bo=BO.slack_id, wait=wait))
        held = {f"PAGER_URLS_{name.upper()}": ADDRESSES[name] for name in ("pagerduty", "opsgenie")}
        held |= {"PAGER_URLS_SMS": ADDRESSES["twilio"], "PAGER_URLS_PUSH": self.pagers.ntfy("oncall")}
        env = environment(self.sandbox, url, playbook=book) | held | self.pagers.environment
        env = {name: value for name, value in env.items() if not name.startswith("DISCORD_")}
        self.bots.append(BotProcess(name, env, logs=self.folder))
        return self.bots[-1]

    async def started(self) -> None:
        """Wait until a bot listens."""
        await until(lambda: self.sandbox.slack.connected)

    async def says(self, who: str, words: str) -> None:
        """Somebody types words in the general channel."""
        general = self.sandbox.slack.channel_named("general").id
        delivery = await self.sandbox.slack.command(who, general, words)
        assert delivery.acked

    async def page(self, number: int = 1) -> Page | None:
        """The page of an incident, once there is one."""
        incident = await self.database.reader.incident(number)
        return incident.progress.pages[0] if incident is not None and incident.progress.pages else None

    async def over(self, number: int = 1) -> Page:
        """The page once nobody is left to page, and it is known what came of every step."""
        deadline = time.monotonic() + WITHIN
        while True:
            page = await self.page(number)
            if page is not None and page.alone_at is not None and all(step.state.settled for step in page.steps):
                return page
            assert time.monotonic() < deadline, f"never over: {page}"
            await asyncio.sleep(0.1)


async def until(holds: Callable[[], object]) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + WITHIN
    while not holds():
        assert time.monotonic() < deadline, "waited in vain"
        await asyncio.sleep(0.01)


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """A sandbox on its own clock."""
    box = Sandbox()
    await box.start()
    yield box
    await box.stop()


@pytest.fixture(params=["sqlite", "postgres"])
async def bench(request: pytest.FixtureRequest, tmp_path: Path, sandbox: Sandbox) -> AsyncIterator[tuple[Bench, str]]:
    """On either database; with the address of it."""
    if request.param == "postgres":
        server: PostgresServer = request.getfixturevalue("postgres_server")
        url = await server.fresh()
    else:
        url = f"sqlite:///{tmp_path / 'tocsin.db'}"
    database = Database(url)
    await database.migrate()
    async with Pagers(tmp_path) as pagers:
        made = Bench(tmp_path, sandbox, pagers, database)
        yield made, url
        for bot in made.bots:
            await asyncio.to_thread(bot.stop)
            assert AUTH not in bot.log() and ADDRESSES["pagerduty"] not in bot.log()
    await database.stop()


async def test_four_services_are_paged_in_order_with_their_waits_and_an_answer_stops_them_within_a_second(
    bench: tuple[Bench, str],
) -> None:
    here, url = bench
    here.bot("one", url, wait="3s").start()
    await here.started()
    arrivals: list[float] = []
    here.pagers.on_arrival = lambda arrived: arrivals.append(time.monotonic())
    await here.says(ANA.slack_id, "sev1 checkout is down")
    await until(lambda: len(arrivals) == 3)
    assert [one.service for one in here.pagers.arrived] == IN_ORDER[:3]
    waits = [round(later - earlier, 1) for earlier, later in pairwise(arrivals)]
    assert all(2.5 < wait < 5.5 for wait in waits), waits
    await asyncio.sleep(max(0.0, arrivals[-1] + 2.0 - time.monotonic()))  # the next is due a second from now
    await here.says(BO.slack_id, "#1 ack")
    await asyncio.sleep(4.0)
    page = await here.page()
    assert page is not None and page.acknowledged_by is not None and page.acknowledged_by.key == "bo"
    assert len(arrivals) == 3, "the chain was stopped"


async def test_a_bot_that_is_killed_while_a_service_hangs_sends_that_step_to_nobody_twice_and_goes_on(
    bench: tuple[Bench, str],
) -> None:
    here, url = bench
    replicas = 2 if url.startswith("postgresql") else 1
    for place in range(replicas):
        here.bot(f"bot{place}", url, wait="3s").start()
    await here.started()
    await until(lambda: all('"started"' in bot.log() for bot in here.bots))
    here.pagers.trouble["ntfy"] = Trouble.HANGS
    await here.says(ANA.slack_id, "sev1 checkout is down")
    await until(lambda: "ntfy" in here.pagers.asked)
    for bot in here.bots:
        bot.kill()
    here.pagers.trouble.clear()
    for bot in here.bots:
        bot.start()
    page = await here.over()
    assert [one.service for one in here.pagers.arrived] == IN_ORDER, "each once, and none left out"
    assert [step.state for step in page.steps] == [
        StepState.SENT, StepState.UNKNOWN, StepState.SENT, StepState.SENT
    ]  # fmt: skip


async def test_killed_at_random_moments_no_step_is_sent_twice_and_every_chain_comes_to_its_end(
    bench: tuple[Bench, str],
) -> None:
    here, url = bench
    dice, many = random.Random(20), 4
    replicas = 2 if url.startswith("postgresql") else 1
    for place in range(replicas):
        here.bot(f"bot{place}", url, wait="2s").start()
    await here.started()
    for count in range(many):
        await here.says(ANA.slack_id, f"sev1 {('checkout', 'search', 'mail', 'login')[count]} is down")
        await asyncio.sleep(0.3)
    for _ in range(5):
        await asyncio.sleep(dice.uniform(0.2, 2.5))
        victim = dice.choice(here.bots)
        victim.kill()
        victim.start()
    for number in range(1, many + 1):
        page = await here.over(number)
        ours = [one for one in here.pagers.arrived if f"SEV1 #{number}:" in one.text]
        assert max(Counter(one.service for one in ours).values()) == 1, ours
        became = dict(zip(IN_ORDER, (step.state for step in page.steps), strict=True))
        assert all(state in (StepState.SENT, StepState.UNKNOWN) for state in became.values()), became
        for service, state in became.items():
            assert state is StepState.UNKNOWN or any(one.service == service for one in ours), (service, state)
