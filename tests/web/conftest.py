"""The houses that the tests of the doors knock at."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.support.pattern import lay
from tests.web.house import House, house

Building = Callable[..., AbstractAsyncContextManager[House]]


@pytest.fixture
def building(tmp_path: Path) -> Building:
    """Builds houses, each on a database of its own."""
    numbers = count()

    @asynccontextmanager
    async def build(**fitted: Any) -> AsyncIterator[House]:
        async with house(await lay(f"sqlite:///{tmp_path / f'house{next(numbers)}.db'}"), **fitted) as built:
            yield built

    return build


@pytest.fixture
async def home(building: Building) -> AsyncIterator[House]:
    """With a secret for everybody, and none of a sender's own."""
    async with building() as built:
        yield built
