"""Real processes and alerts: killed after they answered, or two at once, each accepted alert has its effect once."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from adapters.database import Database
from adapters.sandbox.server import Sandbox
from bot.alerts.tracked import Became, Tracked
from tests.acceptance.test_processes import ready, sandbox
from tests.chaos.model import Verdict, judge, judge_alerts, slack_keys
from tests.chaos.senders import Sent
from tests.support.ledger import all_done, all_taken
from tests.support.postgres import PostgresServer
from tests.support.processes import BotProcess, environment, free_port
from tests.support.senders import (
    ALONE,
    ASKING,
    CLUSTERS,
    EACH,
    EVENTS,
    SECRET,
    event,
    firing,
    key,
    plain,
    playbook,
    send,
    several,
    title,
)

__all__ = ["sandbox"]

LIMITS = httpx.Limits(keepalive_expiry=60)
"""Less than the bot keeps an idle connection, and longer than a test leaves one idle: httpcore 1.0.9 closes what has
expired even where it has just given it to a request, which then gets no answer."""
SOME = 50
"""Alerts that are sent at the same moment."""
TRIES = 400
"""How often one alert is sent until somebody accepts it."""


@dataclass
class House:
    """Bots on one database, and what was sent to them."""

    bots: list[BotProcess]
    ports: list[int]
    database: Database
    sandbox: Sandbox
    client: httpx.AsyncClient
    accepted: Counter[str] = field(default_factory=Counter)
    """Alerts by key that were answered with 2xx."""
    tried: Counter[str] = field(default_factory=Counter)
    """Alerts by key that were sent, be it that nobody knows whether they were accepted."""

    async def start(self) -> None:
        """Start every bot and wait until it is ready."""
        for bot in self.bots:
            if not bot.alive:
                bot.start()
        for port in self.ports:
            await ready(self.client, port)

    async def fires(self, name: str, *, at: int = 0, **more: Any) -> int:
        """Alertmanager tells one bot of an alert, once; the status of the answer."""
        return await self._tells(key(name), firing(name, **more), "alertmanager", at=at)

    async def triggers(self, name: str) -> int:
        """The first bot is told as PagerDuty is, once; the status of the answer."""
        return await self._tells(key(name, source=EVENTS), event(name), EVENTS)

    async def clears(self, name: str, *, source: str = "alertmanager") -> int:
        """Its sender says that it is over; the status of the answer."""
        body = event(name, over=True) if source == EVENTS else firing(name, over=True)
        return await send(self.client, self.ports[0], body, source=source)

    async def _tells(self, alert: str, body: bytes, source: str, *, at: int = 0) -> int:
        self.tried[alert] += 1
        status = await send(self.client, self.ports[at], body, source=source, silent=print)
        self.accepted[alert] += status == httpx.codes.ACCEPTED
        return status

    async def insists(self, name: str, *, delivery: str, at: int = 0) -> None:
        """A sender that numbers its deliveries sends one until it is accepted."""
        mine = key(name, source="generic")
        self.tried[mine] += 1
        for _ in range(TRIES):
            if await send(self.client, self.ports[at], plain(name, delivery=delivery), source="generic") == 202:
                self.accepted[mine] += 1
                return
            await asyncio.sleep(0.05)
        raise AssertionError("nobody took it")

    async def all_twice_at_once(self, alerts: dict[str, dict[str, str]]) -> None:
        """Alertmanager tells both bots of each of these (their labels, by name) at the same moment, some at a time."""

        async def both(name: str, labels: dict[str, str]) -> None:
            told = [self.fires(name, at=at, labels=labels) for at in (0, 1)]
            assert await asyncio.gather(*told) == [httpx.codes.ACCEPTED] * 2

        waiting = list(alerts.items())
        for start in range(0, len(waiting), SOME):
            await asyncio.gather(*(both(*one) for one in waiting[start : start + SOME]))

    async def settled(self, *, within: float = 60) -> None:
        """Wait until the inbox is empty and nothing is owed."""
        await all_taken(self.database, within=within)
        await all_done(self.database, within=within)

    async def _judged(self, names: Collection[str]) -> Verdict:
        verdict = await judge(self.sandbox, self.database, acknowledged=set(names), tried=set(names))
        await judge_alerts(verdict, self.database, Sent(self.accepted, self.tried), platforms=("slack",))
        return verdict

    async def whole(self, *names: str) -> None:
        """Every alert counts once, every one of these made one incident and no other did, everything owed is there."""
        verdict = await self._judged(names)
        while verdict.lost and all(one.endswith("is still owed") for one in verdict.lost):
            await self.settled()  # half a minute after an alert came again, its card is owed an edit: perhaps just now
            verdict = await self._judged(names)
        assert verdict.clean, (verdict.lost, verdict.doubled, verdict.wrong)
        assert len(await self.database.reader.numbers()) == len(names)

    async def titles(self) -> set[str]:
        """What the incidents are called that there are."""
        found = [await self.database.reader.incident(number) for number in await self.database.reader.numbers()]
        return {one.title for one in found if one is not None}

    async def known(self, name: str, *, source: str = "alertmanager") -> Tracked:
        """What is known of an alert."""
        [found] = await self.database.reader.alerts.find(key(name, source=source))
        return found

    async def tally(self, name: str, *, source: str = "alertmanager") -> int:
        """How often an alert counts."""
        return (await self.known(name, source=source)).tally.posted

    async def offers(self, name: str) -> int:
        """How often it is asked in chat what an alert is."""
        marked = f"0/alert/{(await self.known(name)).id}/"
        return sum(one.startswith(marked) for one in slack_keys(self.sandbox))

    async def entries(self, number: int, text: str) -> int:
        """How often an incident's timeline says this."""
        return sum(link.entry.text == text for link in await self.database.reader.timeline(number, limit=1000))


@asynccontextmanager
async def house(
    sandbox: Sandbox, url: str, folder: Path, *, replicas: int, rules: dict[str, Any]
) -> AsyncIterator[House]:
    """So many bots, not started yet."""
    ports = [free_port() for _ in range(replicas)]
    common = environment(sandbox, url, playbook=playbook(folder / "process", rules))
    common |= {"WEBHOOK_SECRET": SECRET, "ALERT_CHANNELS": "alerts", "DISCORD_TOKEN": ""}
    bots = [BotProcess(f"bot{n}", common | {"HTTP_PORT": str(port)}, logs=folder) for n, port in enumerate(ports)]
    database = Database(url)
    await database.migrate()
    async with httpx.AsyncClient(trust_env=False, timeout=20, limits=LIMITS) as client:
        try:
            yield House(bots, ports, database, sandbox, client)
        finally:
            await asyncio.gather(*(asyncio.to_thread(bot.stop) for bot in bots))  # Slack has to hear them go
            await database.stop()


@pytest.fixture(params=["sqlite", "postgres"])
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database that has its schema."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'tocsin.db'}"
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return await server.fresh()


async def test_killed_right_after_it_answered_whatever_it_accepted_has_its_effect_once(
    sandbox: Sandbox, url: str, tmp_path: Path
) -> None:
    chance, turns = random.Random(4), 5
    disks, certs, lags = ([f"{name}{turn}" for turn in range(turns)] for name in ("DiskFull", "CertExpires", "DbLags"))
    async with house(sandbox, url, tmp_path, replicas=1, rules=ASKING) as home:
        for turn in range(turns):
            await home.start()
            told = [home.fires(disks[turn]), home.triggers(lags[turn]), home.fires(certs[turn], severity="warning")]
            if turn:  # what may not have been acted on yet is over already
                told += [home.clears(disks[turn - 1]), home.clears(lags[turn - 1], source=EVENTS)]
                told += [home.clears(certs[turn - 1])]
            assert set(await asyncio.gather(*told)) == {httpx.codes.ACCEPTED}
            await asyncio.sleep(chance.choice([0, 0, 0.005, 0.02, 0.05]))
            home.bots[0].kill()
        await home.start()
        await home.settled()
        await home.whole(*map(title, disks + lags))
        for name in certs:
            assert (await home.known(name)).became is Became.OFFERED
            assert await home.offers(name) == 1
        assert len(sandbox.slack.messages(sandbox.slack.channel_named("alerts").id)) == turns
        everything = [(name, "alertmanager") for name in disks + certs] + [(name, EVENTS) for name in lags]
        for name, source in everything:
            found, over = await home.known(name, source=source), not name.endswith(str(turns - 1))
            assert (found.tally.posted, found.fires, len(found.flips)) == (1, not over, int(over)), name
            if found.incident is not None:
                assert await home.entries(found.incident, f"Cleared: {title(name)}") == int(over), name


async def test_killed_in_the_middle_of_a_crowd_each_alert_of_it_counts_once(
    sandbox: Sandbox, url: str, tmp_path: Path
) -> None:
    chance = random.Random(6)
    crowds = [{f"Node{turn}x{n:02}": f"c{turn}" for n in range(40)} for turn in range(6)]
    async with house(sandbox, url, tmp_path, replicas=1, rules=CLUSTERS) as home:
        for crowd in crowds:
            await home.start()
            assert await send(home.client, home.ports[0], several(crowd), source="generic") == httpx.codes.ACCEPTED
            counted = Counter(key(name, source="generic") for name in crowd)
            home.accepted += counted
            home.tried += counted
            await asyncio.sleep(chance.uniform(0.01, 0.25))
            home.bots[0].kill()
        await home.start()
        await home.settled()
        known = {one.key: one for one in await home.database.reader.alerts.latest(limit=1000)}
        assert {one.tally.posted for one in known.values()} == {1}
        belongs = [{known[key(name, source="generic")].incident for name in crowd} for crowd in crowds]
        assert [len(each) for each in belongs] == [1] * len(crowds)
        await home.whole(*await home.titles())


async def test_killed_at_any_moment_of_a_stream_each_accepted_alert_counts_once(
    sandbox: Sandbox, url: str, tmp_path: Path
) -> None:
    names, chance, times = [f"Queue{n}Stuck" for n in range(8)], random.Random(5), 60
    async with house(sandbox, url, tmp_path, replicas=1, rules=EACH) as home:
        await home.start()
        over = asyncio.Event()

        async def stream(name: str) -> None:
            for turn in range(times):
                await home.insists(name, delivery=f"{name}/{turn}")
                await asyncio.sleep(chance.uniform(0, 0.1))

        async def kill() -> None:
            while not over.is_set():
                await asyncio.sleep(chance.uniform(0.3, 1.5))
                home.bots[0].kill()
                await home.start()

        killing = asyncio.create_task(kill())
        await asyncio.gather(*map(stream, names))
        over.set()
        await killing
        assert home.bots[0].kills >= 3
        await home.settled()
        await home.whole(*names)
        assert [await home.tally(name, source="generic") for name in names] == [times] * len(names)


@pytest.mark.timeout(300)  # half a minute where the machine is not shared
async def test_five_hundred_times_two_replicas_get_the_same_alert_at_once_and_make_one_incident_of_it(
    sandbox: Sandbox, postgres_server: PostgresServer, tmp_path: Path
) -> None:
    sandbox.slack.latency = 0
    names = [f"Node{n:03}Down" for n in range(500)]
    url = await postgres_server.fresh()
    async with house(sandbox, url, tmp_path, replicas=2, rules=ALONE) as home:
        await home.start()
        await home.all_twice_at_once({name: {} for name in names})
        await home.settled(within=100)
        known = {one.key: one for one in await home.database.reader.alerts.latest(limit=1000)}
        assert Counter(known[key(name)].tally.posted for name in names) == {2: len(names)}
        assert {known[key(name)].became for name in names} == {Became.DECLARED}
        assert len({known[key(name)].incident for name in names}) == len(names)
        await home.whole(*map(title, names))


async def test_two_replicas_that_get_alerts_of_a_group_at_once_make_one_incident_of_the_group(
    sandbox: Sandbox, postgres_server: PostgresServer, tmp_path: Path
) -> None:
    sandbox.slack.latency = 0
    cluster = {f"Node{n:03}Down": f"c{n % 20}" for n in range(200)}
    url = await postgres_server.fresh()
    async with house(sandbox, url, tmp_path, replicas=2, rules=CLUSTERS) as home:
        await home.start()
        await home.all_twice_at_once({name: {"cluster": of} for name, of in cluster.items()})
        await home.settled()
        known = {one.key: one for one in await home.database.reader.alerts.latest(limit=1000)}
        assert Counter(known[key(name)].tally.posted for name in cluster) == {2: len(cluster)}
        belongs = {(of, known[key(name)].incident) for name, of in cluster.items()}
        assert len(belongs) == len({number for _, number in belongs}) == 20
        await home.whole(*await home.titles())


async def test_the_same_alert_by_webhook_at_one_replica_and_as_a_post_at_the_other_is_one_incident(
    sandbox: Sandbox, postgres_server: PostgresServer, tmp_path: Path
) -> None:
    sandbox.slack.latency = 0
    sandbox.furnish({"slack": ["alerts"]})
    names = [f"Pod{n:02}Restarts" for n in range(20)]
    url = await postgres_server.fresh()
    async with house(sandbox, url, tmp_path, replicas=2, rules=EACH) as home:
        await home.start()
        room = sandbox.slack.channel_named("alerts").id

        async def posted(name: str) -> None:
            head = f"[FIRING:1] {title(name)}"
            told = {"title": head, "fallback": head, "color": "a30200", "title_link": "http://alertmanager:9093/"}
            await sandbox.slack.post_as_bot(room, name="Alertmanager", attachments=[told])
            home.accepted[key(name)] += 1
            home.tried[key(name)] += 1

        for name in names:
            await asyncio.gather(posted(name), home.fires(name, at=0), home.fires(name, at=1))
        await until_heard(home, names, times=3)
        await home.settled()
        known = {one.key: one for one in await home.database.reader.alerts.latest(limit=100)}
        assert len({known[key(name)].incident for name in names}) == len(names)
        await home.whole(*await home.titles())


async def until_heard(home: House, names: list[str], *, times: int) -> None:
    """Wait until each of these counts so often."""
    deadline = asyncio.get_running_loop().time() + 30
    while True:
        found = await home.database.reader.alerts.latest(limit=1000)
        counted = {one.key: one.tally.posted for one in found}
        if all(counted.get(key(name), 0) >= times for name in names):
            return
        assert asyncio.get_running_loop().time() < deadline, counted
        await asyncio.sleep(0.05)
