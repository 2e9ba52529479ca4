"""The houses that the tests of the doors knock at."""

import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from adapters.database import Database
from tests.web.house import House, house

Building = Callable[..., AbstractAsyncContextManager[House]]


@pytest.fixture(scope="session")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the SQLite file with the schema is kept for copying, once the first test has made it."""
    return tmp_path_factory.mktemp("pattern") / "tocsin.db"


@pytest.fixture
async def building(tmp_path: Path, pattern: Path) -> Building:
    """Builds houses, each on a database of its own."""
    if not pattern.exists():  # noqa: ASYNC240  # a file of the tests' own
        first = Database(f"sqlite:///{pattern}")
        await first.migrate()
        await first.stop()
    numbers = count()

    def build(**fitted: Any) -> AbstractAsyncContextManager[House]:
        file = shutil.copy(pattern, tmp_path / f"house{next(numbers)}.db")
        return house(f"sqlite:///{file}", **fitted)

    return build


@pytest.fixture
async def home(building: Building) -> AsyncIterator[House]:
    """With a secret for everybody, and none of a sender's own."""
    async with building() as built:
        yield built
