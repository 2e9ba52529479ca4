"""A stop has one deadline for everything, and a process that outlasts it is ended from a thread of its own."""

import asyncio
import signal
import subprocess
import sys
import threading

import pytest
from structlog.testing import capture_logs

from bot.pulse import BLOCKED, OVERSLEPT, Pulse
from bot.stopping import LAST, WITHIN, Stop

HANGS = 60.0
"""Seconds after which a process counts as hanging."""


class Time:
    """A monotonic clock that is moved by hand."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


async def never() -> None:
    """Does not end by itself."""
    await asyncio.Event().wait()


async def deaf(until: asyncio.Event) -> None:
    """Does not even end when it is cancelled."""
    try:
        await never()
    except asyncio.CancelledError:
        await until.wait()


async def test_the_time_is_one_for_all_parts_and_counts_from_the_first_word() -> None:
    time = Time()
    stop = Stop(now=time)
    assert stop.left == WITHIN
    stop.ask()
    time.at += 1
    stop.ask()
    assert stop.left == pytest.approx(WITHIN - 1)
    time.at += 10
    assert stop.left == 0


async def test_a_part_that_does_not_end_is_left_and_the_others_have_their_turn() -> None:
    stop, ended, over = Stop(within=0.01), [], asyncio.Event()

    async def quick() -> None:
        ended.append("quick")

    async def wrong() -> None:
        raise ValueError("of no use")

    stop.ask()
    with capture_logs() as logs:
        await stop.part(9.0, slow=never(), deaf=deaf(over), wrong=wrong(), quick=quick())
        await stop.part(9.0, later=quick())
    over.set()
    assert ended == ["quick", "quick"]
    (cut,) = [one for one in logs if one["event"] == "stop_cut_short"]
    assert cut["parts"] == ["deaf", "slow"]
    assert [one["part"] for one in logs if one["event"] == "stop_failed"] == ["wrong"]


async def test_what_waits_at_the_start_ends_when_it_is_told_to_stop() -> None:
    stop = Stop()
    starting = asyncio.create_task(stop.unless(never()))
    await asyncio.sleep(0)
    stop.ask()
    assert await starting is False


async def test_what_begins_before_is_done_and_its_fault_is_told() -> None:
    async def wrong() -> None:
        raise ValueError("refused")

    assert await Stop().unless(asyncio.sleep(0)) is True
    with pytest.raises(ValueError, match="refused"):
        await Stop().unless(wrong())


def watched(time: Time, stop: Stop) -> tuple[Pulse, list[int]]:
    """A pulse that is looked at by hand, and the codes it left with."""
    left: list[int] = []
    return Pulse(stop, now=time, leave=left.append), left


async def test_a_blocked_loop_is_told_of_once_with_where_it_is_stuck_and_once_when_it_is_over() -> None:
    time = Time()
    pulse, left = watched(time, Stop(now=time))
    pulse.hold()

    def looks(seconds: float) -> None:
        until = time.at + seconds
        while time.at < until:
            time.at += OVERSLEPT / 2
            looking = threading.Thread(target=pulse.look)
            looking.start()
            looking.join()

    with capture_logs() as logs:
        looks(BLOCKED - 1)
        assert logs == []
        looks(30)
        (blocked,) = logs
        assert blocked["event"] == "loop_blocked" and blocked["log_level"] == "error"
        assert any("test_stop.py" in call and call.endswith(" looks") for call in blocked["stack"])
        pulse.hold()
        looks(1)
    assert [one["event"] for one in logs] == ["loop_blocked", "loop_runs_again"] and left == []


async def test_a_process_that_slept_was_not_blocked() -> None:
    time = Time()
    pulse, _ = watched(time, Stop(now=time))
    pulse.hold()
    with capture_logs() as logs:
        time.at += 3600
        pulse.look()
    assert logs == []


async def test_a_stop_that_outlasts_its_time_ends_the_process() -> None:
    time = Time()
    stop = Stop(now=time)
    pulse, left = watched(time, stop)
    pulse.look()
    stop.ask()
    with capture_logs() as logs:
        pulse.look()
        time.at += LAST - 0.1
        pulse.look()
        assert left == []
        time.at += 0.2
        pulse.look()
    assert left == [0] and [one["event"] for one in logs] == ["stop_overdue"]


STUCK = """
import asyncio, time
from bot.pulse import Pulse
from bot.stopping import Stop

async def main():
    stop = Stop()
    stop.heed()
    Pulse(stop, last=0.2).start()
    print("up", flush=True)
    while True:
        time.sleep(0.01)

asyncio.run(main())
"""


def test_a_process_whose_loop_never_comes_back_ends_by_itself() -> None:
    with subprocess.Popen([sys.executable, "-c", STUCK], stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        assert process.stdout is not None and process.stdout.readline() == b"up\n"
        process.send_signal(signal.SIGTERM)
        process.send_signal(signal.SIGTERM)
        assert process.wait(HANGS) == 0
        assert b"stop_overdue" in process.stdout.read()
