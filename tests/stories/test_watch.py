"""A platform that takes nothing is told of on the other one; a clock that stands still on both; each once."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from structlog.testing import capture_logs

from adapters.database import tables as t
from adapters.sandbox.faults import Fault, FaultKind
from bot.library import Library
from bot.watching import BACKLOG, IDLE, LOOK, STALE, Watch
from tests.support.town import ANA, Town


class Watcher:
    """A watch of the town's bot, as this or another process has one, whose time is moved by hand."""

    def __init__(self, town: Town) -> None:
        self.town, self.at = town, 0.0
        bot = town.bot
        self.watch = Watch(
            store=town.store,
            ledger=bot.ledger,
            library=Library((town.playbook,), town.store.reader),
            clock=town.clock,
            alarm=self,
            bell=bot.bell,
            delivery=bot.delivery,
            platforms={name: lane.platform for name, lane in bot.delivery.lanes.items()},
            chats=tuple(town.sides),
            meter=town.metrics,
            saved=bot.delivery.wake,
            now=lambda: self.at,
        )
        self.silent = False
        self.rang: float | None = None

    async def looks(self, seconds: float) -> None:
        """Look for so long."""
        until = self.at + seconds
        while self.at < until:
            self.at += LOOK
            self.rang = None if self.silent else self.at  # as the alarm: it rings all the time, unless it is silent
            await self.watch.look()


async def grow_old(town: Town, by: float) -> None:
    """What is owed was owed so many seconds earlier."""
    async with town.store._transaction() as connection:
        c = t.owed.c
        oldest = (
            (await connection.execute(t.owed.select().where(c.done_at.is_(None)).order_by(c.id))).mappings().first()
        )
        assert oldest is not None
        earlier = oldest["owed_at"] - timedelta(seconds=by)
        await connection.execute(update(t.owed).where(c.done_at.is_(None)).values(owed_at=earlier))


def told(town: Town, platform: str, words: str) -> list[str]:
    """What stands in a platform's announcement channel with these words."""
    return [one.text for one in town.sides[platform].room("incidents") if one.by_bot and words in one.text]


async def slack_is_away(town: Town) -> int:
    """Ana declares on Discord, and Slack takes nothing; the number of the fault."""
    fault = town.sandbox.faults.add(Fault(kind=FaultKind.DROP_BEFORE, platform="slack", method="*", times=None))
    await town.sides["discord"].says(ANA, "sev1 checkout is down")

    async def only_slack_is_left() -> bool:
        left = {one.platform for one in await town.bot.ledger.backlog() if one.depth}
        return left == {"slack"}

    await town.until(only_slack_is_left)
    await grow_old(town, BACKLOG)
    return fault.id


async def test_slack_takes_nothing_and_discord_says_so_once_until_it_is_over(both: Town) -> None:
    fault = await slack_is_away(both)
    one, other = Watcher(both), Watcher(both)
    with capture_logs() as logs:
        await one.looks(BACKLOG + LOOK)
        await other.looks(BACKLOG + LOOK)
        await one.looks(BACKLOG)
    stuck = [entry for entry in logs if entry["event"] == "outbox_stuck"]
    assert [(entry["platform"], entry["cause"]) for entry in stuck] == [("slack", "failing")] * 2, "once a process"

    async def said() -> bool:
        return bool(told(both, "discord", "Slack takes nothing"))

    await both.until(said)
    (message,) = told(both, "discord", "Slack takes nothing")
    assert "checkout" not in message and "has not taken anything from me since" in message
    assert "Slack has not taken anything since" in one.watch.remarks()["outbox slack"]
    assert one.watch.wrong() == {}, "a platform that is away takes no process out of service"
    page = both.metrics.page([], [], now=0).decode()
    assert 'tocsin_outbox_stuck{platform="slack"} 1.0' in page
    assert 'tocsin_outbox_stuck{platform="discord"} 0.0' in page and "tocsin_clock_stuck 0.0" in page

    both.sandbox.faults.remove(fault)
    await both.patiently()
    heir = Watcher(both)  # a process that was started meanwhile knows what was told
    with capture_logs() as logs:
        await heir.looks(LOOK)
        await one.looks(LOOK)
        await other.looks(LOOK)
    assert [entry["event"] for entry in logs] == ["outbox_moves_again"] * 2
    await both.settle()
    assert not told(both, "discord", "Slack takes nothing") and not told(both, "slack", "takes")
    assert len(told(both, "discord", "Slack takes everything again")) == 1
    assert len(told(both, "slack", "checkout is down")) == 1, "what had waited came once"
    assert 'tocsin_outbox_stuck{platform="slack"} 0.0' in both.metrics.page([], [], now=0).decode()


async def test_a_process_that_starts_in_the_middle_neither_repeats_nor_ends_it(both: Town) -> None:
    await slack_is_away(both)
    await Watcher(both).looks(BACKLOG + LOOK)
    heir = Watcher(both)
    await heir.looks(LOOK)
    await heir.looks(BACKLOG + LOOK)
    assert len({key for _, key in await both.bot.ledger.keys("watch/")}) == 1


async def test_where_all_are_away_nobody_is_told_and_nothing_is_owed_for_it(both: Town) -> None:
    both.sandbox.faults.add(Fault(kind=FaultKind.DROP_BEFORE, platform="discord", method="*", times=None))
    both.sandbox.faults.add(Fault(kind=FaultKind.DROP_BEFORE, platform="slack", method="*", times=None))
    await both.sides["slack"].says(ANA, "sev1 checkout is down")
    await grow_old(both, BACKLOG)
    watcher = Watcher(both)
    await watcher.looks(BACKLOG + LOOK)
    assert {"outbox slack", "outbox discord"} <= watcher.watch.remarks().keys()
    assert await both.bot.ledger.keys("watch/") == set()


async def test_a_clock_that_stands_still_is_told_of_everywhere_without_its_help(both: Town) -> None:
    await both.sides["slack"].says(ANA, "sev1 checkout is down")
    await both.settle()
    await both.bot.alarm.stop()
    both.clock.forward(timedelta(minutes=40))
    one, other = Watcher(both), Watcher(both)
    with capture_logs() as logs:
        for watcher in (one, other):
            watcher.silent = True
            await watcher.looks(STALE + LOOK)
    assert [entry["event"] for entry in logs] == ["clock_stuck"] * 2
    assert "clock" in one.watch.wrong(), "a process that cannot ring is not ready"
    assert "what was due at" in one.watch.remarks()["clock"]

    async def said() -> bool:
        return all(told(both, name, "My clock is stuck") for name in both.sides)

    await both.until(said)
    assert "tocsin_clock_stuck 1.0" in both.metrics.page([], [], now=0).decode()
    assert f"tocsin_clock_last_ring_seconds {STALE + LOOK}" in both.metrics.page([], [], now=0).decode()

    await both.settle()  # rings by hand
    one.silent = other.silent = False
    await one.looks(LOOK)
    await other.looks(LOOK)
    await both.settle()
    for name in both.sides:
        assert len(told(both, name, "My clock runs again")) == 1 and not told(both, name, "My clock is stuck")
    assert one.watch.wrong() == {}


async def test_a_delivery_that_looks_for_no_work_is_not_ready(both: Town) -> None:
    watcher = Watcher(both)
    watcher.at = both.bot.delivery.lanes["slack"].looked_at + IDLE + 1
    assert {"delivery to slack", "delivery to discord"} <= watcher.watch.wrong().keys()


async def test_a_rule_that_fails_is_named(both: Town) -> None:
    both.bot.bell.failing.add(42)
    assert "#42" in (await both.bot.remarks())["rules"]


@pytest.mark.parametrize("platform", ["slack"])
async def test_with_one_platform_it_is_in_the_log_and_nowhere_else(town: Town) -> None:
    town.sandbox.faults.add(Fault(kind=FaultKind.DROP_BEFORE, platform="slack", method="*", times=None))
    await town.sides["slack"].says(ANA, "sev1 checkout is down")
    await grow_old(town, BACKLOG)
    watcher = Watcher(town)
    with capture_logs() as logs:
        await watcher.looks(BACKLOG + LOOK)
    assert [entry["event"] for entry in logs if entry["event"].startswith("outbox")] == ["outbox_stuck"]
    assert watcher.watch.wrong() == {} and "outbox slack" in watcher.watch.remarks()
    assert await town.bot.ledger.keys("watch/") == set()
