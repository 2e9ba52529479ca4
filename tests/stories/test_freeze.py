"""The production freeze: begun by the severity or by hand, lifted with it, seen from anywhere, changes documented."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.timeline import Entry, Kind
from tests.support.process import process
from tests.support.story import ROOM, announcement, card, declared, last, posts, tell
from tests.support.town import ANA, BO, FRIDAY, Side, Town, sqlite


@pytest.fixture
async def town(tmp_path: Path, platform: str) -> AsyncIterator[Town]:
    """A town where sev1 freezes production."""
    async with Town(sqlite(tmp_path), platforms=(platform,), playbook=process(escalations=[])) as made:
        yield made


async def entries(town: Town, kind: Kind) -> list[Entry]:
    """What the timeline holds of a kind."""
    return [link.entry for link in await town.timeline() if link.entry.kind is kind]


async def test_the_severity_freezes_production_and_the_card_says_what_that_means(town: Town, side: Side) -> None:
    await declared(town, side)
    shown = card(side).text
    assert "Production is frozen: only changes that mitigate this or prevent its return." in shown
    assert "/incident change" in shown and "frozen since" in shown and "frozen since" in announcement(side).text
    assert [entry.text for entry in await entries(town, Kind.FREEZE)] == ["Production is frozen: it is SEV1"]
    assert [one.ref for one in posts(side) if "rozen" in one.text] == [card(side).ref]

    told = await tell(town, side, BO, "freeze", room="general")
    assert "Production is frozen" in told and "#1 SEV1 · checkout is down" in told.replace("**", "")
    found = await town.store.reader.frozen(None)
    assert [(one.at, one.summary and one.summary.number) for one in found] == [(FRIDAY, 1)]


async def test_resolving_lifts_it_and_the_resolution_says_so(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, ANA, "resolve the pool was restarted")
    assert "#1 no longer freezes production." in last(side).text
    assert "frozen" not in card(side).text and "frozen" not in announcement(side).text
    assert await town.store.reader.frozen(None) == []
    assert "Production is not frozen." in await tell(town, side, BO, "freeze", room="general")

    await tell(town, side, ANA, "reopen")
    assert len(await town.store.reader.frozen(None)) == 1


async def test_a_false_alarm_lifts_it(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, ANA, "cancel")
    assert "#1 no longer freezes production." in last(side).text
    assert (await entries(town, Kind.FREEZE))[-1].text == "Production is no longer frozen: #1 is cancelled"


async def test_it_follows_the_severity_down_and_up_and_is_said_with_it(town: Town, side: Side) -> None:
    await declared(town, side, "sev2 checkout is slow")
    assert await town.store.reader.frozen(None) == []
    await tell(town, side, ANA, "severity sev1")
    assert "Production is frozen: only changes that mitigate this or prevent its return." in last(side).text
    await tell(town, side, ANA, "severity sev3")
    assert "This no longer freezes production." in last(side).text
    assert await town.store.reader.frozen(None) == []


async def test_unfreeze_lifts_it_early_with_a_reason_and_it_stays_lifted(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, BO, "unfreeze")
    assert side.form(BO) is not None
    await side.fills(BO, because="the rollback is out and holds")
    await town.settle()
    assert "Production is no longer frozen" in last(side).text and "the rollback is out and holds." in last(side).text
    assert "frozen since" not in card(side).text
    await tell(town, side, ANA, "update all is calm")
    assert await town.store.reader.frozen(None) == []
    assert "does not freeze production" in await tell(town, side, BO, "unfreeze because of that")

    await tell(town, side, ANA, "severity sev2")
    await tell(town, side, ANA, "severity sev1")
    assert len(await town.store.reader.frozen(None)) == 1


async def test_one_freezes_by_hand_at_another_severity_until_it_is_over(town: Town, side: Side) -> None:
    await declared(town, side, "sev3 exports fail")
    await tell(town, side, BO, "freeze because every deploy restarts the queue")
    assert "Production is frozen" in last(side).text and "every deploy restarts the queue." in last(side).text
    assert "freezes production already" in await tell(town, side, ANA, "freeze")
    await tell(town, side, ANA, "severity sev4")
    assert len(await town.store.reader.frozen(None)) == 1
    await tell(town, side, ANA, "resolve")
    assert await town.store.reader.frozen(None) == []
    assert "only an open incident freezes production" in await tell(town, side, ANA, "freeze")
    await tell(town, side, ANA, "reopen")
    assert await town.store.reader.frozen(None) == []


async def test_two_incidents_freeze_and_lifting_one_leaves_the_other(town: Town, side: Side) -> None:
    await declared(town, side)
    await declared(town, side, "private sev1 a key has leaked", by=BO)
    seen = await tell(town, side, ANA, "freeze status", room="general")
    assert "a private incident" in seen and "key has leaked" not in seen and "#2" not in seen
    assert "key has leaked" in await tell(town, side, BO, "#2 freeze status")
    await tell(town, side, ANA, "#1 unfreeze because the rollback holds")
    assert "One freeze less" in last(side).text and "a private incident still freezes production." in last(side).text


async def test_a_drill_freezes_nothing_and_says_what_it_would(town: Town, side: Side) -> None:
    await declared(town, side, "drill sev1 the database is gone")
    assert "In earnest production would be frozen now" in card(side).text
    assert await town.store.reader.frozen(None) == []
    assert "Production is not frozen." in await tell(town, side, BO, "freeze", room="general")
    await tell(town, side, ANA, "resolve")
    assert "freezes production" not in last(side).text


async def test_a_change_during_the_freeze_is_asked_what_it_is_for(town: Town, side: Side) -> None:
    await declared(town, side)
    count = len(posts(side))
    await tell(town, side, BO, "change rolled checkout back to 4.1 https://ci.example/run/7")
    assert side.form(BO) is not None
    await side.fills(BO, text="rolled checkout back to 4.1", url="https://ci.example/run/7", purpose="mitigates")
    await town.settle()
    (entry,) = await entries(town, Kind.CHANGE)
    assert entry.text == "Production change (mitigates this): rolled checkout back to 4.1 https://ci.example/run/7"
    assert entry.data == {"url": "https://ci.example/run/7", "purpose": "mitigates", "frozen": "yes"}
    assert len(posts(side)) == count

    assert "On the timeline." in await tell(town, side, BO, "deployed prevents: a limit on the pool")
    told = await tell(town, side, BO, "deploy neither, the certificate ran out")
    assert "say in the channel why it had to go out" in told
    texts = [one.text for one in await entries(town, Kind.CHANGE)][1:]
    assert texts == [
        "Production change (prevents its return): a limit on the pool",
        "Production change (neither mitigates nor prevents): the certificate ran out",
    ]


async def test_a_change_without_a_freeze_asks_nothing(town: Town, side: Side) -> None:
    await declared(town, side, "sev2 checkout is slow")
    assert "On the timeline." in await tell(town, side, BO, "change deployed 4.2")
    await tell(town, side, BO, "change")
    await side.fills(BO, text="scaled to six", url="no address")
    await town.settle()
    assert "“no address” is no address" in side.private(BO)[-1]
    assert [one.text for one in await entries(town, Kind.CHANGE)] == ["Production change: deployed 4.2"]


async def test_a_preview_shows_the_freeze_and_does_nothing(town: Town, side: Side) -> None:
    shown = await tell(town, side, ANA, "preview sev1 checkout is down", room="general")
    assert "frozen: only changes that mitigate this or prevent its return" in shown
    assert await town.store.reader.numbers() == [] and ROOM not in side.rooms()


async def test_a_freeze_typed_outside_an_incident_says_where_it_belongs(town: Town, side: Side) -> None:
    await declared(town, side, "sev2 checkout is slow")
    told = (await tell(town, side, ANA, "freeze because the queue grows", room="general")).replace("`", "")
    assert "put its number first, like /incident #42 freeze because …" in told
    assert "Production is not frozen." in await tell(town, side, ANA, "freeze", room="general")
    await tell(town, side, ANA, "#1 freeze because the queue grows", room="general")
    assert "frozen since" in card(side).text
