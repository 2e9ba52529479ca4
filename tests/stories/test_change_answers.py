"""What a forge answers later, twice or too late; and what is asked again because a person wants it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.intents import Inquire
from bot.learned import Inquired
from bot.progress import Merge
from tests.stories.test_changes import asking, links, resolved
from tests.support.forge import GitHub
from tests.support.story import last, posts, tell
from tests.support.town import ANA, Side, Town


@pytest.fixture
async def github() -> AsyncIterator[GitHub]:
    """GitHub, on this machine."""
    async with GitHub() as made:
        yield made


@pytest.fixture
async def town(tmp_path: Path, platform: str, github: GitHub) -> AsyncIterator[Town]:
    """With a forge."""
    async with asking(tmp_path, platform, github) as made:
        yield made


async def test_one_that_was_closed_and_is_merged_after_all_is_found_so_when_somebody_wants_to_go_on(
    town: Town, side: Side, github: GitHub
) -> None:
    pull = github.opens()
    pull.state = "closed"
    await resolved(town, side)
    await tell(town, side, ANA, f"link {github.url(1)} test")
    pull.merged_by = "bo"
    assert "closed without being merged" in await tell(town, side, ANA, "close")
    assert "Merged by bo: " in last(side).text
    assert "#1 is closed." in await tell(town, side, ANA, "close")


async def test_linked_once_more_it_is_asked_about_where_it_could_not_be_checked_and_else_not(
    town: Town, side: Side, github: GitHub
) -> None:
    github.opens().merged_by = "bo"
    github.faults = ["401"]
    await resolved(town, side)
    for merge in (Merge.UNKNOWN, Merge.MERGED):
        await tell(town, side, ANA, f"link {github.url(1)} test")
        assert (await town.incident()).progress.changes[github.url(1)].merge is merge
    asked = len(github.heard)
    await tell(town, side, ANA, f"link {github.url(1)} test")
    assert len(github.heard) == asked and len((await town.incident()).links) == 1
    assert not any("Merged by bo" in one.text for one in posts(side)), "whoever linked it was told"


async def test_an_answer_that_a_later_question_overtook_changes_nothing_and_what_is_merged_stays_merged(
    town: Town, side: Side, github: GitHub
) -> None:
    async def answers(run: int, merge: Merge) -> Merge:
        inquire = Inquire(url=github.url(1), run=run)
        await town.bot.desk.learn(Inquired(key=f"forge:late/{run}/{merge}", incident=1, inquire=inquire, merge=merge))
        await town.settle()
        return (await town.incident()).progress.changes[github.url(1)].merge

    github.opens()
    await resolved(town, side)
    await tell(town, side, ANA, f"link {github.url(1)} test")
    await tell(town, side, ANA, "close")
    noted = await links(town)
    assert await answers(1, Merge.CLOSED) is Merge.OPEN and await links(town) == noted
    assert await answers(2, Merge.OPEN) is Merge.OPEN and await links(town) == noted, "the same is no news"
    assert await answers(2, Merge.MERGED) is Merge.MERGED
    assert await answers(3, Merge.OPEN) is Merge.MERGED
    assert "#1 is closed." in await tell(town, side, ANA, "close")


async def test_a_process_may_want_the_fix_merged_as_well(tmp_path: Path, platform: str, github: GitHub) -> None:
    github.opens()
    async with asking(tmp_path, platform, github, close=({"links": ("fix",)},)) as town:
        side = town.sides[platform]
        await resolved(town, side)
        await tell(town, side, ANA, f"link {github.url(1)} fix")
        assert "The linked fix, merged: " in await tell(town, side, ANA, "close")
