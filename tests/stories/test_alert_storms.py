"""Storms of offers: one stands for many, and whatever becomes of it becomes of all that wait behind it."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.alerts.alert import Alert
from bot.alerts.tracked import Became, Tracked
from tests.stories.test_alerts import HERE, WATCHING, numbers, offers
from tests.support.alerts import CLEARS, LATER, alert, arrive, one
from tests.support.story import town_with
from tests.support.town import ANA, Side, Town

DISKS = [f"Disk {count} is filling" for count in range(12)]
"""Five are offered by a message of their own, seven wait behind the first of these."""


@pytest.fixture
async def town(tmp_path: Path, platform: str) -> AsyncIterator[Town]:
    """A town in which twelve disks are filling."""
    async with town_with(tmp_path, (platform,), **WATCHING) as made:
        await arrive(made, *map(filling, DISKS))
        yield made


def filling(title: str, **more: Any) -> Alert:
    """An alert that is offered."""
    return alert(title, **{"severity": "warning", **more})


def cleared(title: str) -> Alert:
    """Its end."""
    return filling(title, state=CLEARS)


async def known(town: Town) -> list[Tracked]:
    """Every alert."""
    return await town.store.reader.alerts.latest(limit=100)


async def behind(town: Town, title: str) -> int:
    """How many wait behind an alert's offer; as many as it says."""
    leader = await one(town, title)
    waiting = sum(each.behind == leader.id for each in await known(town))
    assert leader.followers == waiting
    return waiting


async def test_the_offer_that_stands_for_many_fires_again_and_never_waits_behind_itself(town: Town, side: Side) -> None:
    await arrive(town, cleared(DISKS[0]))
    await arrive(town, filling(DISKS[0]))
    first = await one(town, DISKS[0])
    assert (first.became, first.behind, first.followers) == (Became.OFFERED, None, 7)
    await side.taps(ANA, "Declare SEV3", offers(side)[0], room=HERE)
    await town.settle()
    assert (await one(town, DISKS[0])).became is Became.DECLARED
    assert len([each for each in await known(town) if each.incident == 1]) == 8


async def test_an_offer_of_its_own_that_fires_again_in_the_storm_stays_one(town: Town, side: Side) -> None:
    await arrive(town, cleared(DISKS[1]))
    await arrive(town, filling(DISKS[1]))
    second = await one(town, DISKS[1])
    assert second.behind is None and "Is this an incident?" in offers(side)[1].text
    assert await behind(town, DISKS[0]) == 7


async def test_whoever_comes_later_waits_behind_an_offer_that_still_fires(town: Town, side: Side) -> None:
    await arrive(town, cleared(DISKS[0]))
    await arrive(town, filling("Disk 99 is filling"))
    assert await behind(town, DISKS[1]) == 1 and await behind(town, DISKS[0]) == 7
    assert "Another alert came right after it" in offers(side)[1].text


async def test_an_offer_that_only_comes_again_in_the_same_moment_still_counts_who_comes_to_wait_behind_it(
    town: Town, side: Side
) -> None:
    await arrive(town, filling(DISKS[0]), filling("Disk 99 is filling"))
    assert await behind(town, DISKS[0]) == 8
    assert "8 more alerts came right after it" in offers(side)[0].text


# One of those behind it


async def test_one_that_waits_behind_an_offer_and_gets_worse_declares_and_is_counted_there_no_more(
    town: Town, side: Side
) -> None:
    await arrive(town, filling(DISKS[7], severity="critical"))
    assert (await one(town, DISKS[7])).incident == 1
    assert await behind(town, DISKS[0]) == 6
    assert "6 more alerts came right after it" in offers(side)[0].text


async def test_one_that_waits_behind_an_offer_and_fires_again_is_counted_once(town: Town) -> None:
    await arrive(town, cleared(DISKS[7]))
    await arrive(town, filling(DISKS[7]))
    assert await behind(town, DISKS[0]) == 7
    await arrive(town, cleared(DISKS[7]))
    await town.forward(minutes=6)
    await arrive(town, filling(DISKS[7]))
    assert (await one(town, DISKS[7])).behind is None, "the storm is over: it is asked about by itself"
    assert await behind(town, DISKS[0]) == 6


# The rules decide again about the offer


async def test_those_behind_an_offer_go_with_it_into_the_incident_that_it_declares(town: Town, side: Side) -> None:
    await arrive(town, filling(DISKS[0], severity="critical"))
    assert await numbers(town) == [1]
    went = [each for each in await known(town) if each.incident == 1]
    assert [each.became for each in went].count(Became.JOINED) == 7 and len(went) == 8
    assert {(each.behind, each.followers) for each in went} == {(None, 0)}
    assert "Declared as #1" in offers(side)[0].text


async def test_those_behind_an_offer_that_comes_to_wait_itself_wait_where_it_does(town: Town, side: Side) -> None:
    await arrive(town, cleared(DISKS[0]))
    await town.forward(minutes=LATER.total_seconds() / 60)
    await arrive(town, *(filling(f"Log {count}") for count in range(5)))
    await arrive(town, filling(DISKS[0]))
    assert await behind(town, DISKS[0]) == 0 and await behind(town, "Log 0") == 8
    [asked] = [one for one in offers(side) if "Log 0" in one.text]
    assert "8 more alerts came right after it" in asked.text
    await side.taps(ANA, "Declare SEV3", asked, room=HERE)
    await town.settle()
    assert len([each for each in await known(town) if each.incident == 1]) == 9


async def test_one_that_clears_in_the_moment_in_which_it_goes_along_has_cleared(town: Town) -> None:
    await arrive(town, cleared(DISKS[5]), filling(DISKS[0], severity="critical"))
    gone = await one(town, DISKS[5])
    assert (gone.incident, gone.fires) == (1, False)


async def test_nothing_waits_behind_what_declares_in_the_same_moment(town: Town) -> None:
    worse, late, later = filling(DISKS[0], severity="critical"), filling("Late"), filling("Later")
    await arrive(town, worse, late, later)
    assert (await one(town, "Late")).asks and await behind(town, "Late") == 0
    assert (await one(town, "Later")).behind == (await one(town, DISKS[1])).id
    assert await behind(town, DISKS[1]) == 1 and await behind(town, DISKS[0]) == 0


async def test_those_behind_an_offer_that_still_fire_are_asked_about_with_it_the_next_time(
    town: Town, side: Side
) -> None:
    await arrive(town, *map(cleared, [DISKS[0], *DISKS[8:]]))
    await town.forward(minutes=LATER.total_seconds() / 60)
    await arrive(town, filling(DISKS[0]))
    assert await behind(town, DISKS[0]) == len(DISKS[5:8])
    assert "3 more alerts came right after it" in offers(side)[-1].text
    assert {(await one(town, title)).became for title in DISKS[8:]} == {Became.NOTHING}


async def test_where_nobody_is_asked_about_an_offer_any_more_the_next_asks_for_the_others(
    tmp_path: Path, platform: str
) -> None:
    rule = {"name": "known", "match": {"severities": ["info"]}, "does": "ignore"}
    watching = WATCHING | {"alerts": {"channels": {platform: [HERE]}, "rules": [rule]}}
    async with town_with(tmp_path, (platform,), **watching) as town:
        side = town.sides[platform]
        await arrive(town, *map(filling, DISKS))
        await arrive(town, *map(cleared, [DISKS[0], DISKS[5]]))
        await town.forward(minutes=LATER.total_seconds() / 60)
        await arrive(town, filling(DISKS[0], severity="info"))
        assert (await one(town, DISKS[0])).became is Became.IGNORED and await behind(town, DISKS[0]) == 0
        assert await behind(town, DISKS[6]) == len(DISKS[7:])
        assert DISKS[6] in offers(side)[-1].text and "5 more alerts" in offers(side)[-1].text


async def test_the_next_asks_for_the_others_also_where_it_came_again_in_that_very_moment(
    tmp_path: Path, platform: str
) -> None:
    rule = {"name": "known", "match": {"severities": ["info"]}, "does": "ignore"}
    watching = WATCHING | {"alerts": {"channels": {platform: [HERE]}, "rules": [rule]}}
    async with town_with(tmp_path, (platform,), **watching) as town:
        side = town.sides[platform]
        await arrive(town, *map(filling, DISKS))
        await arrive(town, cleared(DISKS[0]))
        await town.forward(minutes=LATER.total_seconds() / 60)
        await arrive(town, filling(DISKS[5]), filling(DISKS[0], severity="info"))
        assert await behind(town, DISKS[5]) == len(DISKS[6:])
        assert DISKS[5] in offers(side)[-1].text and "6 more alerts" in offers(side)[-1].text


async def test_those_behind_an_offer_that_fires_again_in_quiet_hours_wait_with_it(
    tmp_path: Path, platform: str
) -> None:
    quiet = {"from": "14:30", "until": "16:00", "holds": ["sev3"]}
    watching = WATCHING | {"alerts": {"channels": {platform: [HERE]}, "quiet": quiet}}
    async with town_with(tmp_path, (platform,), **watching) as town:
        side = town.sides[platform]
        await arrive(town, *map(filling, DISKS))
        await town.forward(minutes=40)
        await arrive(town, cleared(DISKS[0]), cleared(DISKS[5]))
        await arrive(town, filling(DISKS[0]))
        assert (await one(town, DISKS[0])).became is Became.HELD
        await arrive(town, cleared(DISKS[0]))
        said = len(offers(side))
        await town.forward(minutes=90)
        assert len(offers(side)) == said + 1 and DISKS[6] in offers(side)[-1].text
        assert await behind(town, DISKS[6]) == len(DISKS[7:])
