"""Fixtures for the stories: a town, and the side from which the story is told."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.town import Side, Town, sqlite


@pytest.fixture(params=["slack", "discord"])
def platform(request: pytest.FixtureRequest) -> str:
    """Every story is told on both platforms."""
    return str(request.param)


@pytest.fixture
async def town(tmp_path: Path, platform: str) -> AsyncIterator[Town]:
    """A town with one platform."""
    async with Town(sqlite(tmp_path), platforms=(platform,)) as made:
        yield made


@pytest.fixture
def side(town: Town, platform: str) -> Side:
    """The town as people on that platform see it."""
    return town.sides[platform]


@pytest.fixture
async def both(tmp_path: Path) -> AsyncIterator[Town]:
    """A town with both platforms."""
    async with Town(sqlite(tmp_path)) as made:
        yield made
