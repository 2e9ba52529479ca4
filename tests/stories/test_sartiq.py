"""Sartiq's process, told on Discord: one line in #ops, triage in order, health checks before it is over."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.playbook.process import Stage
from tests.support.seen import Seen
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
async def compute() -> AsyncIterator[Service]:
    """The compute service, which answers its own."""
    async with Service() as made:
        yield made


@pytest.fixture
async def town(tmp_path: Path, backend: Service, compute: Service) -> AsyncIterator[Town]:
    """Sartiq's people on Discord; its services are two on this machine."""
    playbook = shipped("sartiq", {}, groups={"operators": (CLEO,)})
    urls = {"backend": backend.url, "compute": compute.url}
    checks = tuple(one.model_copy(update={"url": urls[one.name]}) for one in playbook.checks)
    playbook = playbook.model_copy(update={"checks": checks, "allowed_hosts": ("127.0.0.1",)})
    async with Town(sqlite(tmp_path), platforms=("discord",), playbook=playbook) as made:
        yield made


@pytest.fixture
def side(town: Town) -> Side:
    """Discord."""
    return town.sides["discord"]


def health(side: Side) -> Seen:
    """The message with what the health checks answered."""
    return next(one for one in posts(side) if one.text.startswith("Health checks"))


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
    shown = health(side)
    assert "✗ **Backend**" in shown.text

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


async def test_one_service_is_red_while_the_other_is_green(
    town: Town, side: Side, backend: Service, compute: Service
) -> None:
    compute.status = 500
    await declared(town, side, "S2 generation is stuck")
    await tell(town, side, BO, "check")
    shown = health(side)
    assert "✗ **Compute**" in shown.text and "✓ **Backend**" in shown.text
    assert "✗ Compute" in card(side).text and "✗ Backend" not in card(side).text

    await tell(town, side, ANA, "resolve the queue was emptied")
    assert (await town.incident()).open
    told = side.private(ANA)[-1]
    assert "Green health checks (Compute)" in told and "500 in" in told and "Check again" not in told
    compute.status, backend.status = 200, 503
    await tell(town, side, BO, "check")
    again = health(side)
    assert again.ref == shown.ref and "✓ **Compute**" in again.text and "✗ **Backend**" in again.text


async def test_a_core_feature_is_broken(town: Town, side: Side) -> None:
    await declared(town, side, "S2 nobody can sign in")
    assert "[INCIDENT] S2 - nobody can sign in. Investigating." in posts(side, "ops")[-1].text
    assert not any(CLEO.name in one.rings for one in posts(side)), "an S2 calls nobody in"
    due = (await town.incident()).progress.deadlines["response"].due_at
    assert due == datetime(2026, 11, 20, 16, 0, tzinfo=UTC), "two hours"
    await tell(town, side, ANA, "resolve a new key")
    assert (await town.incident()).stage is Stage.RESOLVED
    assert any("[INCIDENT] S2 - nobody can sign in. Resolved." in one.text for one in posts(side, "ops"))
    assert "The post-mortem, published" in await tell(town, side, ANA, "close")
    assert "#1 is closed." in await tell(town, side, ANA, "close anyway because nobody was harmed")


async def test_a_core_feature_stays_broken_for_an_hour_and_the_operator_is_asked_next(town: Town, side: Side) -> None:
    await declared(town, side, "S2 nobody can sign in")
    await tell(town, side, BO, "take operator")
    await town.forward(hours=1)
    assert "Status update, please" in last(side).text and last(side).rings == {ANA.name}
    await town.forward(minutes=5)
    assert "Still no status update" in last(side).text and last(side).rings == {BO.name}
