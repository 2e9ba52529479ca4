"""Sartiq's process, told on Discord: one line in #ops, triage in order, health checks before it is over."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.playbook.process import Stage
from tests.support.service import Service
from tests.support.shipped import shipped
from tests.support.story import ROOM, card, declared, last, posts, tell
from tests.support.town import ANA, BO, CLEO, Side, Town, sqlite


@pytest.fixture
async def backend() -> AsyncIterator[Service]:
    """The backend, which answers its health check."""
    async with Service() as made:
        yield made


@pytest.fixture
async def town(tmp_path: Path, backend: Service) -> AsyncIterator[Town]:
    """Sartiq's people on Discord; both its services are the one on this machine."""
    playbook = shipped("sartiq", {}, groups={"operators": (CLEO,)})
    checks = tuple(one.model_copy(update={"url": backend.url}) for one in playbook.checks)
    playbook = playbook.model_copy(update={"checks": checks, "allowed_hosts": ("127.0.0.1",)})
    async with Town(sqlite(tmp_path), platforms=("discord",), playbook=playbook) as made:
        yield made


@pytest.fixture
def side(town: Town) -> Side:
    """Discord."""
    return town.sides["discord"]


async def test_the_database_does_not_answer(town: Town, side: Side, backend: Service) -> None:
    backend.status = 503
    await declared(town, side, "S1 the database is silent")
    notice = posts(side, "ops")[-1]
    assert "[INCIDENT] S1 - the database is silent. Investigating." in notice.text
    assert any(CLEO.name in one.rings for one in posts(side)), "the operators are called at once"
    assert (await town.incident()).progress.deadlines["response"].due_at == datetime(2026, 11, 20, 14, 30, tzinfo=UTC)

    assert "Next is 1." in await tell(town, side, ANA, "tick triage 2")
    await tell(town, side, ANA, "set environment production")
    await tell(town, side, ANA, "component backend")
    assert "on production. Investigating." in posts(side, "ops")[-1].text
    for step in (1, 2, 3, 4):
        await tell(town, side, ANA, f"tick triage {step}")
    assert any("Triage · all 4 done" in one.text for one in posts(side))
    await tell(town, side, BO, "check")
    shown = next(one for one in posts(side) if "Health checks" in one.text)
    assert "✗ **Backend**" in shown.text or "✗ Backend" in shown.text

    await tell(town, side, ANA, "resolve the database was restarted")
    assert (await town.incident()).stage is not Stage.RESOLVED, "a red check keeps it open"
    backend.status = 200
    await tell(town, side, BO, "check")
    await tell(town, side, ANA, "resolve the database was restarted")
    assert (await town.incident()).stage is Stage.RESOLVED
    assert any("Review" in one.text and "0 of 5" in one.text for one in posts(side))
    review = (await town.incident()).progress.deadlines["postmortem"]
    assert review.due_at == datetime(2026, 11, 27, 14, 0, tzinfo=UTC)
    assert "The post-mortem, published" in await tell(town, side, ANA, "close")
    await tell(town, side, ANA, "clock postmortem done")
    assert "#1 is closed." in await tell(town, side, ANA, "close")


async def test_a_minor_one_is_not_told_in_ops(town: Town, side: Side) -> None:
    before = len(posts(side, "ops"))
    await declared(town, side, "S3 exports fail")
    assert len(posts(side, "ops")) == before and not any(CLEO.name in one.rings for one in posts(side))
    assert "none owed" in card(side, ROOM).text
    due = (await town.incident()).progress.deadlines["response"].due_at
    assert due == datetime(2026, 11, 23, 17, 0, tzinfo=UTC), "18:00 in Rome on Monday"
    await tell(town, side, ANA, "resolve fixed with the next release")
    assert (await town.incident()).stage is Stage.RESOLVED and "Resolved" in last(side).text
