"""Both platforms at once: one incident, a channel on each, and whatever changes on one shows on the other."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.sandbox.faults import Fault, FaultKind
from tests.support.story import ROOM, announcement, card, declared, last, posts, react, tell, thread, town_with
from tests.support.town import ANA, BO, CLEO, Side, Town


@pytest.fixture
async def twin(tmp_path: Path) -> AsyncIterator[Town]:
    """A town on both platforms whose playbook knows its people on either."""
    async with town_with(tmp_path, ("slack", "discord")) as made:
        yield made


def sides(town: Town) -> tuple[Side, Side]:
    """Slack and Discord."""
    return town.sides["slack"], town.sides["discord"]


async def test_one_declaration_gives_a_channel_on_each(twin: Town) -> None:
    slack, discord = sides(twin)
    await declared(twin, slack)
    for side in (slack, discord):
        assert side.sees(ANA, ROOM) and len(side.pinned(ROOM)) == 2
        assert "checkout is down" in card(side).text and announcement(side).buttons == ("Join",)
        assert card(side).rings == {"Ana Reyes"}
    assert await twin.store.reader.numbers() == [1]


async def test_a_change_on_one_shows_on_the_other(twin: Town) -> None:
    slack, discord = sides(twin)
    await declared(twin, slack)
    await tell(twin, discord, BO, "update the pool is full")
    await tell(twin, slack, ANA, "status identified")
    await tell(twin, discord, CLEO, "take comms")
    for side in (slack, discord):
        assert "identified" in card(side).text and "Cleo Okafor" in card(side).text
        assert any("the pool is full" in one.text for one in posts(side))
        assert any("the pool is full" in one.text for one in thread(side))
    assert (await tell(twin, slack, ANA, "catchup")).count("Bo Lindqvist") >= 1
    assert slack.sees(CLEO, ROOM) and slack.sees(BO, ROOM)


async def test_one_answer_settles_the_reminders_on_both(twin: Town) -> None:
    slack, discord = sides(twin)
    await declared(twin, slack)
    await twin.forward(minutes=15)
    counts = [len(posts(side)) for side in (slack, discord)]
    for side in (slack, discord):
        assert last(side).rings == {"Ana Reyes"} and "No change" in last(side).buttons
    await react(twin, discord, BO, "✅", last(discord))
    for side, count in zip((slack, discord), counts, strict=True):
        assert "Bo Lindqvist" in last(side).text and "nothing new" in last(side).text and last(side).buttons == ()
        assert len(posts(side)) == count
    await slack.reacts(BO, "⏰", last(slack), room=ROOM)
    await tell(twin, slack, ANA, "status")
    incident = await twin.incident()
    assert incident.updates == 1 and incident.reminding.answer is not None
    assert incident.reminding.answer.how == "no change"


async def test_somebody_without_a_handle_there_is_named_and_not_mentioned(both: Town) -> None:
    slack, discord = sides(both)
    await declared(both, slack)
    assert card(discord).rings == frozenset() and "ana" in card(discord).text
    await both.forward(minutes=15)
    assert last(slack).rings == {"Ana Reyes"}
    assert last(discord).rings == frozenset() and "ana" in last(discord).text


@pytest.mark.parametrize("down", ["slack", "discord"])
async def test_with_one_platform_down_the_incident_goes_on_and_is_completed_later(twin: Town, down: str) -> None:
    up = "discord" if down == "slack" else "slack"
    here, there = twin.sides[up], twin.sides[down]
    fault = twin.sandbox.faults.add(Fault(kind=FaultKind.DROP_BEFORE, platform=down, times=None))

    await here.says(ANA, "sev1 checkout is down")
    await done(twin, here)
    assert len(here.pinned(ROOM)) == 2 and ROOM not in there.rooms()
    await here.says(ANA, "update the pool is full", room=ROOM)
    await here.says(ANA, "take comms", room=ROOM)
    await done(twin, here)
    assert "the pool is full" in card(here).text

    twin.sandbox.faults.remove(fault.id)
    await twin.patiently()
    assert there.sees(ANA, ROOM) and there.rooms().count(ROOM) == 1
    assert len(there.pinned(ROOM)) == 2
    assert "the pool is full" in card(there).text and "Ana Reyes" in card(there).text
    assert any("the pool is full" in one.text for one in thread(there))
    assert sum("Status update" in one.text for one in posts(there)) == 1
    await twin.forward(minutes=15)
    assert last(there).rings == last(here).rings == {"Ana Reyes"}


async def done(town: Town, side: Side) -> None:
    """Wait until the platform that is up owes nothing (the other one does)."""

    async def clear() -> bool:
        backlog = {one.platform: one.depth for one in await town.bot.ledger.backlog()}
        return not backlog.get(side.name)

    await town.until(clear)
