"""How many tests run side by side, and fixtures that several folders of tests share."""

import os
from collections.abc import Iterator

import pytest

from bot.serving import settle_memory
from tests.support.postgres import postgres_server

__all__ = ["postgres_server"]


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Half as many again as there are cores: much of the time a test waits, for a lease or a process that starts."""
    cores = os.cpu_count() or 1
    return cores + cores // 2


def pytest_collection_finish() -> None:
    """What collecting has loaded stays, as in a running bot: looking through it was a twentieth of the time."""
    settle_memory()


OURS = (ArithmeticError, AssertionError, AttributeError, LookupError, NameError, TypeError, ValueError)
"""Exceptions of code that is wrong; what comes of a network or a platform is of other kinds."""


@pytest.fixture(autouse=True)
def no_fault_is_only_a_log_line(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """What discord.py, Bolt or asyncio catch of ours, they only log (“Ignoring exception in on_interaction”): the test
    fails all the same, unless it is marked with ``faults``."""
    yield
    if request.node.get_closest_marker("faults"):
        return
    entries = [*caplog.get_records("setup"), *caplog.get_records("call")]
    caught = [error for entry in entries if entry.exc_info and (error := entry.exc_info[1]) is not None]
    assert [error for error in caught if isinstance(error, OURS) or isinstance(error.__cause__, OURS)] == []
