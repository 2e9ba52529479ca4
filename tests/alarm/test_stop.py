"""The alarm stops when its ring is over, not in the middle of it."""

import asyncio
from datetime import UTC, datetime

import pytest

from adapters.alarm import SchedulerAlarm


class Still:
    """A clock that stands still."""

    def now(self) -> datetime:
        """Always the same."""
        return datetime(2026, 11, 20, 14, 0, tzinfo=UTC)


async def test_a_ring_that_has_begun_ends_before_the_alarm_has_stopped_and_nobody_hears_of_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    begun, go_on, ended = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def ring() -> None:
        begun.set()
        await go_on.wait()
        ended.set()

    alarm = SchedulerAlarm(Still(), ring)
    alarm.start()
    await begun.wait()
    stopping = asyncio.create_task(alarm.stop())
    for _ in range(10):
        await asyncio.sleep(0)
    assert not stopping.done() and not ended.is_set()
    go_on.set()
    await stopping
    assert ended.is_set()
    await asyncio.sleep(0)
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == []
