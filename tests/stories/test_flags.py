"""Flags: facts that are set and taken back on the record, by a command, a button, a severity or a runbook."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.timeline import Kind
from tests.support.process import process
from tests.support.story import ROOM, card, declared, posts, tell
from tests.support.town import ANA, BO, Side, Town, sqlite


@pytest.fixture
async def town(tmp_path: Path, platform: str) -> AsyncIterator[Town]:
    """A town whose process has flags, and nobody to call for them."""
    async with Town(sqlite(tmp_path), platforms=(platform,), playbook=process(escalations=[])) as made:
        yield made


async def flagged(town: Town) -> list[str]:
    """What the timeline says of flags, each with who did it."""
    links = await town.timeline()
    return [f"{one.entry.by}: {one.entry.text}" for one in links if one.entry.kind is Kind.FLAG]


async def test_a_flag_from_which_nothing_follows_is_an_edit_of_the_card(town: Town, side: Side) -> None:
    await declared(town, side, "sev2 checkout is slow")
    assert "Flags" not in card(side).text
    count = len(posts(side))
    said = await tell(town, side, BO, "flag data loss because rows are gone")
    assert said.strip().endswith("Data loss is set.")
    assert len(posts(side)) == count and "Data loss" in card(side).text
    raised = (await town.incident()).progress.flags["data-loss"]
    assert (raised.by, raised.because) == ("Bo Lindqvist", "rows are gone")
    assert await flagged(town) == ["Bo Lindqvist: Set: Data loss (rows are gone)"]

    await tell(town, side, BO, "flag Security risk")
    assert "Data loss · Security risk" in card(side).text


@pytest.mark.parametrize("words", ["flag data-loss", "flags Data Loss", "fact rows lost: two tables", "flag DATA_LOSS"])
async def test_a_flag_is_known_by_name_title_or_alias_however_it_is_spelled(town: Town, side: Side, words: str) -> None:
    await declared(town, side, "sev2 checkout is slow")
    await tell(town, side, BO, words)
    assert list((await town.incident()).progress.flags) == ["data-loss"]


async def test_a_near_miss_is_told_the_nearest_and_all_there_are(town: Town, side: Side) -> None:
    await declared(town, side, "sev2 checkout is slow")
    said = (await tell(town, side, BO, "flag data lost because rows are gone")).replace("`", "")
    assert "There is no flag “data lost because rows are gone”." in said
    assert "Did you mean /incident flag data-loss?" in said
    assert "There are data-loss, security, public, unavailable." in said
    assert "Did you mean" not in await tell(town, side, BO, "flag zebra")
    assert (await town.incident()).progress.flags == {}


async def test_without_a_name_all_are_shown_privately_and_a_button_sets_or_takes_back(town: Town, side: Side) -> None:
    await declared(town, side, "sev2 checkout is slow")
    count = len(posts(side))
    shown = await tell(town, side, BO, "flag")
    assert "Is customer data lost?" in shown and len(posts(side)) == count
    assert side.whispered(BO).buttons[0] == "Set: Data loss"
    await side.taps(BO, "Set: Data loss", side.whispered(BO), room=ROOM)
    await town.settle()
    assert "data-loss" in (await town.incident()).progress.flags

    shown = await tell(town, side, ANA, "flags")
    assert "set by Bo Lindqvist" in shown
    await side.taps(ANA, "Take back: Data loss", side.whispered(ANA), room=ROOM)
    await side.fills(ANA, because="the rows were only moved")
    await town.settle()
    assert (await town.incident()).progress.flags == {}
    assert (await flagged(town))[-1] == "Ana Reyes: Taken back: Data loss (the rows were only moved)"
    assert "Flags" not in card(side).text


async def test_taking_one_back_asks_for_a_reason(town: Town, side: Side) -> None:
    await declared(town, side, "sev2 checkout is slow")
    assert "Data loss is not set." in await tell(town, side, BO, "unflag data-loss because no")
    await tell(town, side, BO, "flag data-loss")
    await tell(town, side, BO, "unflag data loss")
    assert side.form(BO) is not None
    await side.fills(BO, because="a false alarm")
    await town.settle()
    assert (await town.incident()).progress.flags == {}


async def test_setting_one_again_changes_nothing_and_names_who_did(town: Town, side: Side) -> None:
    await declared(town, side, "sev2 checkout is slow")
    await tell(town, side, BO, "flag data-loss")
    assert "is set already, by Bo Lindqvist" in await tell(town, side, ANA, "flag data-loss")
    assert len(await flagged(town)) == 1


async def test_the_severity_sets_its_flags_and_takes_back_what_nobody_set_by_hand(town: Town, side: Side) -> None:
    await declared(town, side)
    raised = (await town.incident()).progress.flags["unavailable"]
    assert raised.by == "Tocsin" and "Service unavailable" in card(side).text
    assert await flagged(town) == ["Tocsin: Set: Service unavailable (it is SEV1)"]

    await tell(town, side, BO, "severity sev2")
    assert (await town.incident()).progress.flags == {}
    assert any("No longer set: Service unavailable." in one.text for one in posts(side))

    await town.forward(minutes=10)  # Discord lets a channel's topic change twice in ten minutes
    await tell(town, side, BO, "severity sev1")
    await tell(town, side, BO, "flag unavailable because nobody gets in")
    await tell(town, side, BO, "severity sev2")
    assert (await town.incident()).progress.flags["unavailable"].by == "Bo Lindqvist"


async def test_what_somebody_took_back_no_severity_sets_again(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, BO, "unflag unavailable because half of it works")
    await tell(town, side, BO, "severity sev2")
    await tell(town, side, BO, "severity sev1")
    assert (await town.incident()).progress.flags == {}
    await tell(town, side, BO, "flag unavailable")
    assert "unavailable" in (await town.incident()).progress.flags


async def test_a_runbook_that_matches_the_declaration_sets_its_flags(tmp_path: Path, platform: str) -> None:
    book = {"title": "Lost rows", "text": "Stop the writers.", "words": ["rows"], "flags": ["data-loss"]}
    async with Town(sqlite(tmp_path), platforms=(platform,), playbook=process(runbooks=[book])) as town:
        side = town.sides[platform]
        await declared(town, side, "sev2 rows are missing")
        assert (await town.incident()).progress.flags["data-loss"].because == "runbook Lost rows"
        assert any("Escalation: Service owners" in one.text for one in posts(side))
        await tell(town, side, ANA, "severity sev3")
        assert "data-loss" in (await town.incident()).progress.flags


async def test_a_playbook_without_flags_says_so(tmp_path: Path, platform: str) -> None:
    async with Town(sqlite(tmp_path), platforms=(platform,)) as town:
        side = town.sides[platform]
        await declared(town, side)
        assert "This playbook knows no flags" in await tell(town, side, ANA, "flag")
        assert "This playbook knows no flags" in await tell(town, side, ANA, "flag data-loss")
