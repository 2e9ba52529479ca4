"""One disorder on one database, from an empty database to the count."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.incident import Incident
from bot.timeline import Link
from tests.chaos import late
from tests.chaos.disorders import Disorder
from tests.chaos.disorders.disk import SIZE, DiskFull, small
from tests.chaos.disorders.kills import kill
from tests.chaos.fire import Fire
from tests.chaos.late import Lateness
from tests.chaos.model import Verdict, judge, judge_alerts
from tests.chaos.outside import judge_pages, judge_public
from tests.support.postgres import PostgresServer, binaries


@dataclass
class Row:
    """What came of it."""

    disorder: str
    database: str
    replicas: int
    seed: int
    kills: int = 0
    declared: int = 0
    alerts: int = 0
    verdict: Verdict = field(default_factory=Verdict)
    late: Lateness = field(default_factory=Lateness)
    complete: float = 0.0
    """Seconds from the end of the disorder until nothing was owed."""
    calls: int = 0
    minutes: float = 0.0

    @property
    def clean(self) -> bool:
        """Nothing is lost, doubled or wrong."""
        return self.verdict.clean

    def figures(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "disorder": self.disorder, "database": self.database, "replicas": self.replicas, "seed": self.seed,
            "kills": self.kills, "declared": self.declared, "alerts": self.alerts,
            "effects": sum(self.verdict.expected.values()), "expected": dict(self.verdict.expected),
            "lost": self.verdict.lost, "doubled": self.verdict.doubled, "wrong": self.verdict.wrong,
            "late": self.late.figures() | {what: self.late.figures(what) for what in sorted(self.late.seconds)},
            "complete after": round(self.complete, 1), "calls": self.calls, "minutes": round(self.minutes, 1),
        }  # fmt: skip


async def run(disorder: Disorder, kind: str, *, kills: int, seed: int, folder: Path, away: float = 600.0) -> Row:
    """Let it happen on this kind of database, and count. ``away``: seconds of the long outages."""
    folder = folder / f"{disorder.name.replace(' ', '-')}-{kind}"
    folder.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    with ExitStack() as stack:
        disk = small(stack, SIZE[kind]) if isinstance(disorder, DiskFull) else None
        url, server = f"sqlite:///{(disk or folder) / 'chaos.db'}", None
        if kind == "postgres":
            server = _server(stack, disk)
            url = await server.empty()
        replicas = disorder.replicas if server is not None else 1
        fire = Fire(url, replicas=replicas, seed=seed, folder=folder, away=away, server=server, disk=disk)
        async with fire:
            disorder.prepare(fire)

            async def happens() -> None:
                async with asyncio.TaskGroup() as group:
                    group.create_task(disorder.burn(fire))
                    group.create_task(kill(fire, kills, lasts=disorder.lasts(fire)))

            complete = await fire.burn(happens)
            for bot in fire.bots:
                await fire.leave(bot)
            row = await _judged(fire, Row(disorder.name, kind, replicas, seed))
        row.complete, row.minutes = complete, (time.monotonic() - began) / 60
    return row


def _server(stack: ExitStack, disk: Path | None) -> PostgresServer:
    found = binaries()
    assert found is not None
    server = PostgresServer(found, within=disk)
    stack.callback(server.stop)
    server.start()
    return server


async def _judged(fire: Fire, row: Row) -> Row:
    incidents: list[Incident] = []
    row.kills, row.declared = fire.kills, len(fire.people.acknowledged)
    row.alerts, row.calls = sum(fire.senders.sent.accepted.values()), fire.sandbox.calls.total

    def looks(verdict: Verdict, incident: Incident, links: Sequence[Link]) -> None:
        incidents.append(incident)
        judge_pages(verdict, incident, fire.pagers.arrived)
        if fire.true_time and late.first_reminder(row.late, incident, links, fire.outages):
            verdict.lost.append(f"first reminder of #{incident.number}")

    row.verdict = await judge(
        fire.sandbox, fire.database, acknowledged=fire.people.acknowledged, tried=fire.people.tried, looks=looks
    )
    await judge_alerts(row.verdict, fire.database, fire.senders.sent, platforms=("slack", "discord"))
    judge_public(row.verdict, incidents, fire.statuspage, promised=fire.people.published)
    row.verdict.wrong += fire.fell
    await late.effects(row.late, fire.database, fire.outages)
    return row
