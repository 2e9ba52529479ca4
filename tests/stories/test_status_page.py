"""Where customers see an incident on the status page, somebody says that it is resolved there before it is closed."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.progress import PublicState
from bot.timeline import Kind
from tests.support.story import ROOM, declared, tell, town_with
from tests.support.town import ANA, BO, Side, Town

PAGE = {"url": "https://status.example.com", "opens": "declared", "severities": ("sev1",)}
GATE = ({"status_page": True},)


@pytest.fixture
async def town(tmp_path: Path, platform: str) -> AsyncIterator[Town]:
    """A process that opens a public incident for each sev1."""
    async with town_with(tmp_path, (platform,), status_page=PAGE, close=GATE) as made:
        yield made


async def resolved(town: Town, side: Side, words: str) -> str:
    """Declared and resolved; returns the channel."""
    await declared(town, side, words)
    room = (await town.incident()).channel_name
    await tell(town, side, ANA, "resolve a restart", room=room)
    return room


async def test_closing_asks_whether_it_is_resolved_there_and_a_tap_says_so(town: Town, side: Side) -> None:
    await resolved(town, side, "sev1 checkout is down")
    told = await tell(town, side, ANA, "close")
    assert "The status page, resolved: " in told and "https://status.example.com" in told
    assert "Noted. Status page: resolved." in await side.taps(
        ANA, "Status page is resolved", side.whispered(ANA), room=ROOM
    )
    await town.settle()
    said = [link.entry for link in await town.timeline() if link.entry.kind is Kind.FACT]
    assert (said[-1].text, said[-1].by) == ("Status page: resolved", ANA.name)
    assert f"{ANA.name} said so already" in await tell(town, side, BO, "status page resolved")
    assert "#1 is closed." in await tell(town, side, ANA, "close")


async def test_it_is_asked_anew_after_a_reopening(town: Town, side: Side) -> None:
    await resolved(town, side, "sev1 checkout is down")
    await tell(town, side, ANA, "statuspage resolved")
    await tell(town, side, ANA, "reopen")
    assert (await town.incident()).progress.public is None
    await tell(town, side, ANA, "resolve a restart")
    assert "The status page, resolved" in await tell(town, side, ANA, "close")


@pytest.mark.parametrize("words", ["sev2 checkout is slow", "private sev1 breach", "drill sev1 checkout is down"])
async def test_it_is_not_asked_where_customers_see_nothing(town: Town, side: Side, words: str) -> None:
    room = await resolved(town, side, words)
    assert "#1 is closed." in await tell(town, side, ANA, "close", room=room)


async def test_people_say_what_the_process_does_not_know(town: Town, side: Side) -> None:
    await resolved(town, side, "sev2 checkout is slow")
    assert "a public incident is open" in await tell(town, side, ANA, "statuspage open")
    assert "The status page, resolved" in await tell(town, side, ANA, "close")
    await tell(town, side, ANA, "statuspage none")
    public = (await town.incident()).progress.public
    assert public is not None and public.state is PublicState.NONE and public.by == ANA.name
    assert "#1 is closed." in await tell(town, side, ANA, "close")


async def test_what_is_no_state_is_said_and_changes_nothing(town: Town, side: Side) -> None:
    await declared(town, side)
    assert "Say how it stands there: resolved, none or open" in await tell(town, side, ANA, "statuspage")
    assert "I cannot tell from “blue” how it stands there" in await tell(town, side, ANA, "statuspage blue")
    assert (await town.incident()).progress.public is None
