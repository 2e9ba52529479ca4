"""How many tests run side by side, and fixtures that several folders of tests share."""

import os

import pytest

from bot.composition import settle_memory
from tests.support.postgres import postgres_server

__all__ = ["postgres_server"]


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Half as many again as there are cores: much of the time a test waits, for a lease or a process that starts."""
    cores = os.cpu_count() or 1
    return cores + cores // 2


def pytest_collection_finish() -> None:
    """What collecting has loaded stays, as in a running bot: looking through it was a twentieth of the time."""
    settle_memory()
