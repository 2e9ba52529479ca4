"""Storms of offers: one stands for many, and whatever becomes of it becomes of all that wait behind it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.alerts.tracked import Became, Tracked
from tests.stories.test_alerts import HERE, WATCHING, offers
from tests.support.alerts import CLEARS, alert, arrive, one
from tests.support.story import town_with
from tests.support.town import ANA, Side, Town

DISKS = [f"Disk {count} is filling" for count in range(12)]
"""Five are offered by a message of their own, seven wait behind the first of these."""


@pytest.fixture
async def town(tmp_path: Path, platform: str) -> AsyncIterator[Town]:
    """A town in which twelve disks are filling."""
    async with town_with(tmp_path, (platform,), **WATCHING) as made:
        await arrive(made, *(alert(title, severity="warning") for title in DISKS))
        yield made


async def known(town: Town) -> dict[str, Tracked]:
    """Every alert by its title."""
    return {each.alert.title: each for each in await town.store.reader.alerts.latest(limit=100)}


async def test_the_offer_that_stands_for_many_fires_again_and_never_waits_behind_itself(town: Town, side: Side) -> None:
    await arrive(town, alert(DISKS[0], CLEARS, severity="warning"))
    await arrive(town, alert(DISKS[0], severity="warning"))
    first = await one(town, DISKS[0])
    assert (first.became, first.behind, first.followers) == (Became.OFFERED, None, 7)
    await side.taps(ANA, "Declare SEV3", offers(side)[0], room=HERE)
    await town.settle()
    assert (await one(town, DISKS[0])).became is Became.DECLARED
    assert len([each for each in (await known(town)).values() if each.incident == 1]) == 8


async def test_an_offer_of_its_own_that_fires_again_in_the_storm_stays_one(town: Town, side: Side) -> None:
    await arrive(town, alert(DISKS[1], CLEARS, severity="warning"))
    await arrive(town, alert(DISKS[1], severity="warning"))
    second = await one(town, DISKS[1])
    assert second.behind is None and "Is this an incident?" in offers(side)[1].text
    assert (await one(town, DISKS[0])).followers == 7
