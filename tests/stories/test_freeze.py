"""The production freeze: begun by the severity or by hand, lifted with it, seen from anywhere, changes documented."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.commands.allow import MOST
from bot.freezing import state
from bot.timeline import Entry, Kind
from tests.support.process import process, severities
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

    assert "stays lifted for #1, unless its severity gets worse or somebody freezes it again." in "".join(
        one.text for one in posts(side)
    )

    await tell(town, side, ANA, "severity sev2")
    await tell(town, side, ANA, "severity sev1")
    assert len(await town.store.reader.frozen(None)) == 1


@pytest.mark.parametrize("way", [(("sev1", 1),), (("sev3", 0), ("sev2", 1))])
async def test_a_freeze_that_was_lifted_comes_back_when_it_gets_worse_than_at_its_mildest(
    tmp_path: Path, platform: str, way: tuple[tuple[str, int], ...]
) -> None:
    levels = severities(sev1={"freeze": True}, sev2={"freeze": True}, sev3={"freeze": True})
    playbook = process(escalations=[], severities=levels)
    async with Town(sqlite(tmp_path), platforms=(platform,), playbook=playbook) as town:
        side = town.sides[platform]
        await declared(town, side, "sev2 checkout is slow")
        await tell(town, side, BO, "unfreeze because the rollback holds")
        for severity, frozen in way:
            await tell(town, side, ANA, f"severity {severity}")
            assert len(await town.store.reader.frozen(None)) == frozen


async def test_a_freeze_that_was_lifted_comes_back_with_an_incident_that_comes_back(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, BO, "unfreeze because the rollback holds")
    await tell(town, side, ANA, "resolve the pool was restarted")
    await tell(town, side, ANA, "reopen because it was not the pool")
    assert len(await town.store.reader.frozen(None)) == 1


PULL = "https://github.com/acme/shop/pull/7"


async def allowed(town: Town, change: str) -> bool:
    """Whether a script that asks is told that a change may pass."""
    return state(await town.store.reader.frozen(None), change=change, told=True).passes


async def test_a_change_is_let_pass_with_a_reason_on_the_record_and_held_back_again(town: Town, side: Side) -> None:
    await declared(town, side)
    assert not await allowed(town, PULL)
    await tell(town, side, BO, f"allow {PULL}")
    assert side.form(BO) is not None
    await side.fills(BO, url=PULL, because="it brings the old pool size back")
    await town.settle()
    assert "lets this change pass the freeze" in last(side).text and PULL in last(side).text
    entry = (await entries(town, Kind.FREEZE))[-1]
    assert entry.text == f"Let a change pass the freeze: {PULL} (it brings the old pool size back)"
    assert entry.data["url"] == PULL
    assert await allowed(town, PULL) and await allowed(town, "HTTPS://GitHub.com/acme/shop/pull/7/#files")
    for other in (f"{PULL}7", "https://github.com/acme/shop/pull", f"{PULL}?x=1", "https://["):
        assert not await allowed(town, other)
    assert "may pass already" in await tell(town, side, ANA, f"allow {PULL}/ because I say so")
    seen = await tell(town, side, ANA, "freeze status", room="general")
    assert "may pass" in seen and PULL in seen and "it brings the old pool size back" in seen

    assert "It is held back." in await tell(town, side, ANA, f"disallow {PULL} because it was the wrong one")
    assert "holds this change back again" in last(side).text and not await allowed(town, PULL)
    assert "may not pass anyway" in await tell(town, side, ANA, f"disallow {PULL}")
    assert (await entries(town, Kind.FREEZE))[-1].text.startswith(f"Held a change back again: {PULL} (it was")


async def test_what_may_pass_is_an_address_and_ends_with_the_freeze(town: Town, side: Side) -> None:
    await declared(town, side)
    assert "“pull/7” is no address" in await tell(town, side, BO, "allow pull/7 because it mitigates")
    await tell(town, side, BO, f"allow <{PULL}> because it mitigates")
    assert await allowed(town, PULL)
    await tell(town, side, BO, "unfreeze because it holds")
    await tell(town, side, BO, "freeze because it does not hold")
    assert not await allowed(town, PULL)
    await tell(town, side, BO, "unfreeze because it holds now")
    assert "does not freeze production" in await tell(town, side, BO, f"#1 allow {PULL} because it mitigates")


async def test_fifty_changes_may_pass_and_the_latest_are_shown(town: Town, side: Side) -> None:
    await declared(town, side)
    for count in range(MOST):
        assert "It may pass." in await side.says(BO, f"allow {PULL}{count} because it mitigates", room=ROOM)
    assert "50 changes may pass already." in await tell(town, side, BO, f"allow {PULL} because it mitigates")
    assert not await allowed(town, PULL) and await allowed(town, f"{PULL}{MOST - 1}")
    seen = await tell(town, side, ANA, "freeze status", room="general")
    assert [count for count in (0, 44, 45, 49) if re.search(rf"/pull/7{count}\b", seen)] == [45, 49]


async def test_a_form_that_was_opened_before_the_freeze_was_lifted_lets_nothing_pass(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, BO, f"allow {PULL}")
    assert PULL in str(side.form(BO)), "what was typed stands there already"
    await tell(town, side, ANA, "unfreeze because it holds")
    await side.fills(BO, url=PULL, because="it mitigates")
    await town.settle()
    assert "does not freeze production" in side.private(BO)[-1]
    await tell(town, side, ANA, "freeze because it does not hold")
    assert not await allowed(town, PULL)


async def test_whoever_lets_a_change_pass_takes_part_and_is_named_with_it(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, BO, f"allow {PULL} because it mitigates")
    assert f"{BO.name} lets this change pass" in last(side).text
    assert BO.name in {person.name for person in (await town.incident()).responders.values()}
    [one] = state(await town.store.reader.frozen(None), told=True).allowed or ()
    assert (one.url, one.by, one.because, one.at) == (PULL, BO.name, "it mitigates", FRIDAY)


async def test_a_change_is_held_back_by_any_address_that_is_its_own(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, BO, f"allow {PULL} because it mitigates")
    assert "It is held back." in await tell(town, side, ANA, f"disallow <{PULL}/#files>")
    assert not await allowed(town, PULL)


async def test_a_private_incident_lets_a_change_pass_and_names_neither_it_nor_itself(town: Town, side: Side) -> None:
    await declared(town, side)
    await declared(town, side, "private sev1 a key has leaked", by=BO)
    await tell(town, side, BO, f"#2 allow {PULL} because it takes the leaked key away")
    seen = await tell(town, side, ANA, "freeze status", room="general")
    told = state(await town.store.reader.frozen(None), change=PULL, told=True)
    assert told.passes and told.locked and told.incident == 1
    assert [one.name for one in told.incidents] == ["#1", "a private incident"]
    for words in (seen, told.model_dump_json(exclude={"change"})):
        assert PULL not in words and "leaked" not in words and "#2" not in words


async def test_whoever_froze_it_and_why_are_told_only_where_words_of_people_are(town: Town, side: Side) -> None:
    await declared(town, side, "sev3 exports fail for Acme")
    await tell(town, side, BO, "freeze because every deploy restarts the queue")
    found = await town.store.reader.frozen(None)
    full, bare = state(found, told=True), state(found, told=False)
    assert full.why == "Bo Lindqvist froze it for #1: every deploy restarts the queue"
    assert (full.locked, full.since, full.incident) == (bare.locked, bare.since, bare.incident) == (True, FRIDAY, 1)
    assert bare.why == "somebody froze it for #1" and bare.allowed is None and bare.incidents[0].title is None
    assert "Acme" not in bare.model_dump_json() and "queue" not in bare.model_dump_json()


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


async def test_a_slip_of_the_finger_freezes_nothing(town: Town, side: Side) -> None:
    await declared(town, side, "sev3 exports fail")
    for words in ("freeze staus", "freeze stauts", "freeze statsu"):
        assert "Did you mean" in await tell(town, side, BO, words)
    assert (await town.incident()).progress.frozen_at is None
    await tell(town, side, BO, "freeze stand still please")
    assert (await town.incident()).progress.frozen_because == "stand still please"
