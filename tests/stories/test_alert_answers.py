"""What people answer about an alert: it counts once, for all that wait behind it, and leaves nothing half told."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.alerts.tracked import Became
from tests.stories.test_alerts import GRAPH, HERE, WATCHING, numbers, offers
from tests.support.alerts import CLEARS, alert, arrive, one
from tests.support.story import ROOM, acquainted, card, tell, town_with
from tests.support.town import ANA, BO, Side, Town, sqlite


@pytest.fixture
async def town(tmp_path: Path, platform: str) -> AsyncIterator[Town]:
    """A town that watches a channel, and has people."""
    async with town_with(tmp_path, (platform,), **WATCHING) as made:
        yield made


async def storm(town: Town) -> None:
    """Twelve disks are filling: five are asked about, seven wait behind the first."""
    await arrive(town, *(alert(f"Disk {count}", severity="warning") for count in range(12)))
    assert (await one(town, "Disk 0")).followers == 7


async def ended_and_back(town: Town, side: Side) -> None:
    """An alert declared an incident, which was called off, and fires again."""
    await arrive(town, alert())
    await tell(town, side, ANA, "cancel because a false alarm")
    await arrive(town, alert(state=CLEARS))
    await town.forward(minutes=5)
    await arrive(town, alert())


# One of many


async def test_one_that_waits_behind_an_offer_is_declared_and_waits_no_more(town: Town, side: Side) -> None:
    await storm(town)
    late = await one(town, "Disk 9")
    await tell(town, side, ANA, f"alert-answer {late.name} declare sev3", room=HERE)
    late = await one(town, "Disk 9")
    assert (late.became, late.behind, late.incident) == (Became.DECLARED, None, 1)
    assert (await one(town, "Disk 0")).followers == 6
    assert "6 more alerts came right after it" in offers(side)[0].text


@pytest.mark.parametrize("words", ["#1 attach", "ignore"])
async def test_one_that_waits_behind_an_offer_is_answered_alone_and_counted_there_no_more(
    town: Town, side: Side, words: str
) -> None:
    await side.says(ANA, "sev2 disks are slow")
    await storm(town)
    late = await one(town, "Disk 9")
    await tell(town, side, BO, f"{words} {late.name}", room=HERE)
    late = await one(town, "Disk 9")
    assert late.became is not Became.OFFERED and late.behind is None
    assert (await one(town, "Disk 0")).followers == 6
    assert "6 more alerts came right after it" in offers(side)[0].text


async def test_who_attaches_the_offer_that_stands_for_many_attaches_them_all(town: Town, side: Side) -> None:
    await side.says(ANA, "sev2 disks are slow")
    await storm(town)
    await tell(town, side, BO, f"#1 attach {(await one(town, 'Disk 0')).name}", room=HERE)
    went = [each for each in await town.store.reader.alerts.latest(limit=20) if each.incident == 1]
    assert len(went) == 8 and {(each.behind, each.followers) for each in went} == {(None, 0)}
    assert sum(each.tally.attached for each in went) == 1, "somebody attached one, and the others came along"
    assert "8 firing" in card(side).text and "Attached to #1" in offers(side)[0].text
    assert ROOM not in offers(side)[0].text, "its channel is a link there"


# Back again


async def test_what_was_decided_and_fires_again_is_asked_about_in_a_new_message(town: Town, side: Side) -> None:
    await arrive(town, alert(severity="warning"))
    await side.taps(ANA, "Declare SEV3", offers(side)[0], room=HERE)
    await town.settle()
    await tell(town, side, ANA, "resolve a restart")
    await arrive(town, alert(state=CLEARS, severity="warning"))
    await town.forward(minutes=5)
    await arrive(town, alert(severity="warning"))
    old, new = offers(side)
    assert "Declared as #1 by Ana Reyes" in old.text and "It fires again. It was #1" in new.text
    assert "Reopen #1" in new.buttons and not old.buttons


async def test_who_declares_after_all_may_still_reopen_what_it_was(town: Town, side: Side) -> None:
    await ended_and_back(town, side)
    await side.taps(BO, "Ignore 2h", offers(side)[0], room=HERE)
    await town.settle()
    await side.taps(BO, "Declare after all", offers(side)[0], room=HERE)
    await town.settle()
    assert "It was #1, which is cancelled." in offers(side)[0].text and "Reopen #1" in offers(side)[0].buttons


@pytest.mark.parametrize("words", ["declare sev3", "offer"])
async def test_who_takes_up_what_was_ignored_takes_the_time_to_ignore_it_back(
    town: Town, side: Side, words: str
) -> None:
    await arrive(town, alert(severity="warning"))
    await tell(town, side, BO, "ignore a1 for 2h", room=HERE)
    assert "ignored until" in await tell(town, side, ANA, "alerts", room=HERE)
    await tell(town, side, ANA, f"alert-answer a1 {words}", room=HERE)
    assert "ignored until" not in await tell(town, side, ANA, "alerts", room=HERE)
    if words == "offer":
        await arrive(town, alert(state=CLEARS, severity="warning"))
        await arrive(town, alert(severity="warning"))
        assert (await one(town)).asks and "Is this an incident?" in offers(side)[-1].text


async def test_what_is_offered_after_all_is_told_as_its_own_playbook_tells_it(tmp_path: Path, platform: str) -> None:
    rule = {"name": "db", "match": {"words": ["database"]}, "does": "offer", "severity": "sev2", "publish": True}
    watched: dict[str, Any] = {"channels": {platform: [HERE]}}
    usual = acquainted(alerts=watched)
    other = acquainted(
        name="other", title="Other", chosen_by={"words": ["database"]}, alerts=watched | {"rules": [rule]}
    )
    async with Town(sqlite(tmp_path), platforms=(platform,), playbook=usual, beside=(other,)) as town:
        side = town.sides[platform]
        await arrive(town, alert("The database is slow"))
        assert (await one(town, "The database is slow")).playbook == "other"
        assert "Tell customers now" in offers(side)[0].text
        await tell(town, side, BO, "ignore a1 for 2h", room=HERE)
        assert "Tell customers now" not in offers(side)[0].text
        await tell(town, side, BO, "alert-answer a1 offer", room=HERE)
        assert "Tell customers now" in offers(side)[0].text and "Declare SEV2" in offers(side)[0].buttons


async def test_two_who_reopen_at_once_attach_it_once(town: Town, side: Side) -> None:
    await ended_and_back(town, side)
    [offer] = offers(side)
    await side.taps(ANA, "Reopen #1", offer, room=HERE)
    again = await side.taps(BO, "Reopen #1", offer, room=HERE)
    await town.settle()
    assert "a1 belongs to #1 already." in again
    assert (await one(town)).tally.attached == 1 and (await one(town)).by == ANA.name
    told = [link.entry.text for link in await town.timeline()]
    assert sum(text.startswith("Alert: ") for text in told) == 1 and sum("Reopened" in text for text in told) == 1


async def test_an_alert_of_an_open_incident_is_put_to_no_other_and_reopens_none(town: Town, side: Side) -> None:
    await arrive(town, alert())
    await tell(town, side, ANA, "sev2 search is down", room=HERE)
    assert "taken up already: #1" in await tell(town, side, BO, "#2 attach a1", room=HERE)
    await tell(town, side, ANA, "cancel", room=f"{ROOM}-2")
    assert "taken up already: #1" in await tell(town, side, BO, "#2 attach a1 reopen", room=HERE)
    assert not (await town.incident(2)).open and (await one(town)).incident == 1
    assert await numbers(town) == [1, 2] and "1 firing" in card(side).text


async def test_an_alert_whose_incident_is_over_is_put_to_another(town: Town, side: Side) -> None:
    await arrive(town, alert())
    await tell(town, side, ANA, "resolve a restart")
    await tell(town, side, ANA, "sev2 search is down", room=HERE)
    assert "belongs to #2 now" in await tell(town, side, BO, "#2 attach a1", room=HERE)
    assert (await one(town)).incident == 2 and "1 firing" in card(side, f"{ROOM}-2").text


async def test_an_alert_that_was_put_to_a_private_incident_says_so_to_nobody_else(town: Town, side: Side) -> None:
    await side.says(ANA, "private sev2 a key has leaked")
    await arrive(town, alert("Key used twice", severity="warning"))
    await tell(town, side, ANA, "#1 attach a1", room=HERE)
    [told] = offers(side)
    assert "It is taken care of." in told.text and not told.buttons
    late = await tell(town, side, BO, "alert-answer a1 declare sev3", room=HERE)
    assert f"taken up already by {ANA.name}." in late
    for words in (told.text, late, await tell(town, side, BO, "alerts", room=HERE)):
        assert "#1" not in words and "leaked" not in words and ROOM not in words


async def test_an_alert_of_an_open_incident_stays_there_when_the_time_to_ignore_it_is_over(
    tmp_path: Path, platform: str
) -> None:
    rule = {"name": "same", "match": {"words": ["slow"]}, "does": "attach"}
    watching = WATCHING | {"alerts": {"channels": {platform: [HERE]}, "rules": [rule]}}
    async with town_with(tmp_path, (platform,), **watching) as town:
        side = town.sides[platform]
        await tell(town, side, ANA, "sev2 search is down", room=HERE)
        await tell(town, side, ANA, "component search")
        await arrive(town, alert("Slow", component="search"))
        assert "It stays with #1" in await tell(town, side, BO, "ignore a1 for 30m", room=HERE)
        await tell(town, side, ANA, "sev2 the index is broken", room=HERE)
        await tell(town, side, ANA, "component search", room=f"{ROOM}-2")
        await town.forward(minutes=31)
        slow = await one(town, "Slow")
        assert (slow.became, slow.incident, slow.tally.attached) == (Became.ATTACHED, 1, 1) and slow.look_at is None


# How an alert is named


async def test_an_alert_is_named_by_its_address_in_brackets_or_by_a_title_with_a_bar(town: Town, side: Side) -> None:
    await side.says(ANA, "sev2 search is down")
    high, other = alert("CPU | web-1 is high", severity="warning", link=GRAPH), alert("CPU | db-1 is high", severity="")
    await arrive(town, high, other)
    assert "is ignored until" in await tell(town, side, BO, f"ignore <{GRAPH}> for 1h", room=HERE)
    until = (await one(town, "CPU | web-1 is high")).muted_until
    assert until == town.clock.now() + timedelta(hours=1)
    await tell(town, side, BO, "attach CPU | web-1")
    assert (await one(town, "CPU | web-1 is high")).incident == 1


async def test_an_alert_is_ignored_by_its_key(town: Town, side: Side) -> None:
    slow, other = alert("Search is slow", severity="warning"), alert("Search is slow to start", severity="warning")
    await arrive(town, slow, other)
    assert "Which alert?" in await tell(town, side, BO, "ignore search is slow for 2h", room=HERE)
    assert "is ignored until" in await tell(town, side, BO, f"ignore {slow.key} for 2h", room=HERE)
    ignored = await one(town, "Search is slow")
    assert (ignored.became, ignored.by) == (Became.IGNORED, BO.name)
    assert ignored.muted_until == town.clock.now() + timedelta(hours=2)
    assert (await one(town, "Search is slow to start")).muted_until is None


# The list of alerts


async def test_the_list_names_what_is_ignored_what_flaps_and_whose_rule_deserves_mending(
    town: Town, side: Side
) -> None:
    noisy = alert("Cache is cold", severity="warning")
    await arrive(town, noisy, alert("Search is slow", severity="warning"))
    await tell(town, side, BO, "ignore Cache is cold for 2h", room=HERE)
    listed = await tell(town, side, ANA, "alerts", room=HERE)
    assert listed.count("ignored until") == 1 and "ignored 1×" in listed and "mend its rule?" not in listed
    for _ in range(2):
        await arrive(town, alert("Cache is cold", CLEARS, severity="warning"))
        await arrive(town, noisy)
    [cold, slow] = [
        line for line in (await tell(town, side, ANA, "alerts", room=HERE)).splitlines() if "(Alert" in line
    ]
    assert "Cache is cold" in cold and "ignored 3×" in cold and "flapping" in cold
    assert "seldom an incident: mend its rule?" in cold and "mend" not in slow


async def test_an_offer_that_flaps_says_so(town: Town, side: Side) -> None:
    await arrive(town, alert(severity="warning"))
    for _ in range(2):
        assert "flapping" not in offers(side)[0].text
        await arrive(town, alert(state=CLEARS, severity="warning"))
        await arrive(town, alert(severity="warning"))
    [offer] = offers(side)
    assert "It is flapping: 4 changes between firing and cleared in 30 min." in offer.text
