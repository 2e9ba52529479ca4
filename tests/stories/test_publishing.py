"""What customers are told: drafted as the incident moves on, shown before it goes out, let out, changed, left out."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.progress import Condition, PublicStage
from tests.support.publishing import PublishedTown
from tests.support.story import ROOM, acquainted, card, declared, posts, tell
from tests.support.town import ANA, BO, CLEO, Side, Town, sqlite

PAGE = {"url": "https://status.example.com", "opens": "declared", "severities": ("sev1", "sev2"),
        "states": {"monitoring": "Watching"}, "components": {"checkout": "Checkout", "search": "Search"}}  # fmt: skip
COMPONENTS = ("checkout", "search", "billing")


def process(**changes: Any) -> Any:
    """A process that opens a public incident for sev1 and sev2."""
    page = PAGE | changes.pop("page", {})
    return acquainted(status_page=page, components=COMPONENTS, close=({"status_page": True},), **changes)


@pytest.fixture
async def it(tmp_path: Path, platform: str) -> AsyncIterator[PublishedTown]:
    """Texts are shown before they go out; both pages are connected."""
    async with PublishedTown(Town(sqlite(tmp_path), platforms=(platform,), playbook=process())) as made:
        yield made


@pytest.fixture
async def at_once(tmp_path: Path, platform: str) -> AsyncIterator[PublishedTown]:
    """Texts go out at once."""
    playbook = process(page={"approve": False})
    async with PublishedTown(Town(sqlite(tmp_path), platforms=(platform,), playbook=playbook)) as made:
        yield made


@pytest.fixture
def town(it: PublishedTown) -> Town:
    """Its town."""
    return it.town


async def test_a_declaration_drafts_what_customers_read_and_a_tap_lets_it_out(it: PublishedTown, side: Side) -> None:
    await declared(it.town, side)
    (draft,) = it.drafts(side)
    assert "We are looking into a problem." in draft.text and "https://status.example.com" in draft.text
    assert "“checkout is down”" in draft.text and draft.buttons == ("Publish", "Change the words", "Not this one")
    assert it.statuspage.seen() == it.betterstack.seen() == [] and "nothing yet" in card(side).text

    assert "Customers are told: investigating." in await side.taps(BO, "Publish", draft, room=ROOM)
    await it.town.settle()
    (seen,) = it.statuspage.seen()
    assert (seen.title, seen.stage, len(seen.texts)) == ("checkout is down", "investigating", 1)
    (report,) = it.betterstack.seen()
    assert report.texts[0].startswith("Investigating: We are looking into a problem.")
    (draft,) = it.drafts(side)
    assert f"{BO.name} let it out" in draft.text.replace("@", "") and draft.buttons == ()
    said = await it.entries()
    assert said[0][0].startswith("Drafted for customers (investigating)") and said[0][1] == "Tocsin"
    assert said[1][0].startswith("Customers were told (investigating)") and said[1][1] == BO.name
    assert {"Public incident on Statuspage: https://stspg.example/i1",
            "Public incident on Better Stack: https://acme.betteruptime.com"} <= {text for text, _ in said}  # fmt: skip
    assert "https://stspg.example/i1" in str(card(side).raw) and "let it out already" in await tell(
        it.town, side, CLEO, "publish 1"
    )


async def test_it_follows_the_incident_to_its_end_and_the_gate_holds_by_what_customers_see(
    it: PublishedTown, side: Side
) -> None:
    await declared(it.town, side)
    await tell(it.town, side, ANA, "component checkout")
    await tell(it.town, side, ANA, "publish 1")
    assert "waits in the channel" in await tell(it.town, side, ANA, "status identified a bad deploy")
    await tell(it.town, side, ANA, "publish 2")
    assert it.statuspage.state("Checkout") == "major_outage" and it.betterstack.state("Checkout") == "downtime"
    await tell(it.town, side, ANA, "status monitoring rolled back")
    (kept,) = [(await it.publication()).draft]
    assert kept is not None and (kept.word, kept.stage) == ("Watching", PublicStage.MONITORING)
    await tell(it.town, side, ANA, "resolve rolled back")
    assert [one.split("\n")[0] for one in (d.text for d in it.drafts(side)[-2:])][-1].endswith(
        "For customers: resolved"
    )
    told = await tell(it.town, side, ANA, "close")
    assert "The status page, resolved" in told and "/incident publish" in told
    assert "I write the status page myself" in await tell(it.town, side, ANA, "statuspage resolved")
    assert "Customers are told: resolved." in await side.taps(ANA, "Publish", it.drafts(side)[-1], room=ROOM)
    await it.town.settle()
    assert [one.stage for one in it.statuspage.seen()] == ["resolved"]
    assert it.statuspage.state("Checkout") == "operational" and it.betterstack.state("Checkout") == "resolved"
    assert (await it.publication()).resolved_at is not None
    assert "#1 is closed." in await tell(it.town, side, ANA, "close")
    assert [len(one.texts) for one in it.statuspage.seen()] == [3], "closing says nothing new"


async def test_the_words_are_changed_in_a_form_with_the_title(it: PublishedTown, side: Side) -> None:
    await declared(it.town, side, "sev1 db-3 out of memory")
    (draft,) = it.drafts(side)
    await side.taps(ANA, "Change the words", draft, room=ROOM)
    assert "looking into a problem" in str(side.form(ANA))
    await side.fills(ANA, text="Some payments fail.\nWe are on it.", title="Payments fail")
    await it.town.settle()
    (seen,) = it.statuspage.seen()
    assert (seen.title, seen.texts) == ("Payments fail", ("Some payments fail.\nWe are on it.",))
    assert [one.title for one in it.betterstack.seen()] == ["Payments fail"]


async def test_what_customers_need_not_hear_is_left_out_and_not_asked_about_again(
    it: PublishedTown, side: Side
) -> None:
    await declared(it.town, side)
    (draft,) = it.drafts(side)
    assert "not told this" in await side.taps(ANA, "Not this one", draft, room=ROOM)
    await it.town.forward(minutes=30)
    assert it.statuspage.seen() == [] and it.behind(side) == []
    assert (await it.entries())[-1][1] == ANA.name
    assert "decided already" in await tell(it.town, side, BO, "publish 1")
    await tell(it.town, side, ANA, "resolve a restart")
    assert len(it.drafts(side)) == 1, "nobody has to hear the end of what they never heard of"
    assert "#1 is closed." in await tell(it.town, side, ANA, "close")


async def test_a_later_status_takes_the_place_of_what_still_waits(it: PublishedTown, side: Side) -> None:
    await declared(it.town, side)
    await tell(it.town, side, ANA, "status identified a bad deploy")
    first, second = it.drafts(side)
    assert "No longer needed" in first.text and first.buttons == ()
    assert "We know what causes the problem" in second.text
    assert "Other words took its place" in await tell(it.town, side, BO, "publish 1")
    await tell(it.town, side, BO, "publish 2")
    assert [one.stage for one in it.statuspage.seen()] == ["identified"]


async def test_update_public_says_the_same_to_the_channel_and_to_customers(it: PublishedTown, side: Side) -> None:
    await declared(it.town, side, "sev3 search is slow")
    assert it.drafts(side) == []
    told = await tell(it.town, side, ANA, "update public Search is slow; we add machines. next 20m")
    assert "Posted." in told and "waits in the channel" in told
    assert any("Status update" in one.text and "we add machines" in one.text for one in posts(side))
    (draft,) = it.drafts(side)
    assert "Search is slow; we add machines" in draft.text and "next 20m" not in draft.text
    await side.taps(BO, "Publish", draft, room=ROOM)
    await it.town.settle()
    assert it.statuspage.seen()[0].texts == ("Search is slow; we add machines",)


async def test_the_updates_form_has_a_tick_for_customers(at_once: PublishedTown, platform: str) -> None:
    town, side = at_once.town, at_once.town.sides[platform]
    await declared(town, side)
    await tell(town, side, ANA, "update")
    await side.fills(ANA, text="A restart helped half of you.", public="yes", status="identified")
    await town.settle()
    (seen,) = at_once.statuspage.seen()
    assert (seen.stage, seen.texts[-1], len(seen.texts)) == ("identified", "A restart helped half of you.", 2)
    await tell(town, side, ANA, "update")
    await side.fills(ANA, text="Only for us.", public="no")
    await town.settle()
    assert len(at_once.statuspage.seen()[0].texts) == 2


async def test_without_approval_each_status_is_told_at_once(at_once: PublishedTown, platform: str) -> None:
    town, side = at_once.town, at_once.town.sides[platform]
    told = await declared(town, side, "sev2 checkout is slow")
    assert "Customers are told: investigating." in told or at_once.statuspage.seen()
    assert at_once.drafts(side) == []
    await tell(town, side, ANA, "component checkout")
    assert "Customers are told: identified." in await tell(town, side, ANA, "status identified")
    assert at_once.statuspage.state("Checkout") == "partial_outage"
    await tell(town, side, ANA, "component search")
    await tell(town, side, ANA, "status monitoring")
    assert (at_once.statuspage.state("Checkout"), at_once.statuspage.state("Search")) == (
        "operational", "partial_outage")  # fmt: skip
    await tell(town, side, ANA, "resolve more machines")
    (seen,) = at_once.statuspage.seen()
    assert seen.stage == "resolved" and "It lasted" in seen.texts[-1] and "…" not in "".join(seen.texts)
    assert {by for text, by in await at_once.entries() if text.startswith("Customers were told")} == {"Tocsin"}
    await tell(town, side, ANA, "reopen because it is back")
    assert [one.stage for one in at_once.statuspage.seen()] == ["investigating"]
    assert (await at_once.publication()).resolved_at is None


@pytest.mark.parametrize("words", ["private sev1 a key has leaked", "drill sev1 checkout is down"])
async def test_private_incidents_and_drills_never_appear(at_once: PublishedTown, platform: str, words: str) -> None:
    town, side = at_once.town, at_once.town.sides[platform]
    await declared(town, side, words)
    room = (await town.incident()).channel_name
    for said in ("update public all is lost", "publish all is lost", "publish", "status identified", "resolve x"):
        told = await tell(town, side, ANA, said, room=room)
        if "publ" in said:
            assert "nothing" in told, said
    assert (await town.incident()).progress.publication is None
    assert at_once.statuspage.asked == at_once.betterstack.asked == []
    assert await at_once.entries() == []


async def test_a_page_that_is_behind_is_told_to_whoever_sees_to_it_once_and_taken_back(
    it: PublishedTown, side: Side
) -> None:
    await declared(it.town, side)
    await tell(it.town, side, ANA, f"role comms {side.at(CLEO)}")
    await it.town.forward(minutes=14)
    assert it.behind(side) == []
    await it.town.forward(minutes=1)
    (told,) = it.behind(side)
    assert told.rings == {CLEO.name} and "were told nothing yet" in told.text and "15m" in told.text
    await tell(it.town, side, ANA, "status identified a bad deploy")
    await it.town.forward(minutes=30)
    (told,) = it.behind(side)
    assert "The status page is behind" in told.text and "Publish" in told.buttons
    await side.taps(CLEO, "Publish", told, room=ROOM)
    await it.town.settle()
    (told,) = it.behind(side)
    assert "as it should be again" in told.text and told.buttons == ()
    assert [one.stage for one in it.statuspage.seen()] == ["identified"]
    assert len([text for text, _ in await it.entries() if "is behind" in text]) == 1
    await tell(it.town, side, ANA, "status monitoring")
    await it.town.forward(minutes=15)
    assert len(it.behind(side)) == 2 and "still read “identified”" in it.behind(side)[-1].text


async def test_customers_who_are_told_on_the_page_had_their_news(tmp_path: Path, platform: str) -> None:
    cadences = [{"name": "customers", "title": "Customers", "audience": "customers", "every": "30m"}]
    severities = [one.model_dump() | {"cadences": cadences} for one in acquainted().severities]
    playbook = process(severities=severities)
    async with PublishedTown(Town(sqlite(tmp_path), platforms=(platform,), playbook=playbook)) as made:
        town, side = made.town, made.town.sides[platform]
        await declared(town, side)
        await tell(town, side, ANA, "publish 1")
        await town.forward(minutes=30)
        asked = next(one for one in posts(side) if "Customers: news is due" in one.text)
        assert "Customers are told" in await side.taps(ANA, "Publish these words", asked, room=ROOM)
        await town.settle()
        assert len(made.statuspage.seen()[0].texts) == 2
        asked = next(one for one in posts(side) if one.ref == asked.ref)
        assert "told customers" in asked.text and asked.buttons == ()


async def test_where_no_page_is_connected_people_do_it_by_hand(tmp_path: Path, platform: str) -> None:
    town = Town(sqlite(tmp_path), platforms=(platform,), playbook=process(page={"approve": False}))
    async with PublishedTown(town, on=()) as made:
        side = town.sides[platform]
        await declared(town, side)
        assert "no status page is connected" in (await tell(town, side, ANA, "publish all is well")).casefold()
        await tell(town, side, ANA, "update public transport is late")
        assert any("public transport is late" in one.text for one in posts(side))
        await tell(town, side, ANA, "resolve x")
        assert "/incident statuspage none" in await tell(town, side, ANA, "close")
        assert (await town.incident()).progress.publication is None and made.drafts(side) == []


async def test_tocsins_own_page_needs_no_effect_outside(tmp_path: Path, platform: str) -> None:
    town = Town(sqlite(tmp_path), platforms=(platform,), playbook=process(page={"approve": False}))
    made = PublishedTown(town, on=())
    async with made:
        town.pages = ("public page",)
        await town.bot.stop()
        await town.start_bot("two")
        side = town.sides[platform]
        await declared(town, side)
        kept = await made.publication()
        assert [told.stage for told in kept.told] == [PublicStage.INVESTIGATING] and kept.seen
        assert not made.statuspage.asked


async def test_a_false_alarm_that_customers_heard_of_is_taken_back(at_once: PublishedTown, platform: str) -> None:
    town, side = at_once.town, at_once.town.sides[platform]
    await declared(town, side)
    await tell(town, side, ANA, "cancel because the monitor was wrong")
    (seen,) = at_once.statuspage.seen()
    assert seen.stage == "resolved" and "no problem" in seen.texts[-1] and "monitor was wrong" not in seen.texts[-1]


async def test_the_process_says_how_bad_a_component_is(tmp_path: Path, platform: str) -> None:
    page = {"approve": False, "conditions": {"sev1": "degraded_performance"}}
    town = Town(sqlite(tmp_path), platforms=(platform,), playbook=process(page=page))
    async with PublishedTown(town) as made:
        side = town.sides[platform]
        await declared(town, side)
        await tell(town, side, ANA, "component checkout")
        await tell(town, side, ANA, "status identified")
        assert made.statuspage.state("Checkout") == "degraded_performance"
        await tell(town, side, ANA, "component billing")
        await tell(town, side, ANA, "status monitoring")
        assert (await made.publication()).told[-1].components == {"Checkout": Condition.OPERATIONAL}


async def test_a_text_with_a_gap_waits_even_where_texts_go_out_at_once(tmp_path: Path, platform: str) -> None:
    own = {"customers": {"identified": "The cause is {{ fields.cause or '…' }}."}}
    town = Town(sqlite(tmp_path), platforms=(platform,), playbook=process(page={"approve": False}, templates=own))
    async with PublishedTown(town) as made:
        side = town.sides[platform]
        await declared(town, side)
        assert "waits in the channel" in await tell(town, side, ANA, "status identified")
        (draft,) = made.drafts(side)
        assert "The cause is …." in draft.text and "what nobody has said yet" in draft.text
        assert [one.stage for one in made.statuspage.seen()] == ["investigating"]


async def test_customers_read_no_more_than_people_saw(it: PublishedTown, side: Side) -> None:
    await declared(it.town, side)
    long = " ".join(f"Line {number} of what happened." for number in range(110))
    assert 2500 < len(long) < 2990
    await tell(it.town, side, ANA, f"publish {long} @everyone")
    draft = it.drafts(side)[-1]
    assert "Line 109 of what happened. @everyone" in draft.text.replace("\u200b", "") and draft.rings == set()
    await side.taps(BO, "Publish", draft, room=ROOM)
    await it.town.settle()
    assert it.statuspage.seen()[0].texts == (f"{long} @everyone",)
    for words in ("publish", "update public"):
        told = await tell(it.town, side, ANA, f"{words} {long} {long}")
        assert "oo long" in told and "3000 fit" in told
    assert len(it.drafts(side)) == 2 and not any("Status update" in one.text for one in posts(side))


async def test_what_is_over_is_not_told_again_in_another_word(tmp_path: Path, platform: str) -> None:
    playbook = process(page={"approve": False, "states": {"resolved": "Fixed"}})
    async with PublishedTown(Town(sqlite(tmp_path), platforms=(platform,), playbook=playbook)) as made:
        side = made.town.sides[platform]
        await declared(made.town, side)
        await tell(made.town, side, ANA, "resolve x")
        assert "#1 is closed." in await tell(made.town, side, ANA, "close")
        assert [told.word for told in (await made.publication()).told] == ["investigating", "Fixed"]


async def test_a_sentence_about_customers_is_not_one_for_them(at_once: PublishedTown, platform: str) -> None:
    town, side = at_once.town, at_once.town.sides[platform]
    await declared(town, side)
    assert "ustomers are told" not in await tell(town, side, ANA, "update customers see errors since Bo's deploy")
    assert any("customers see errors since Bo's deploy" in one.text for one in posts(side))
    assert len((await at_once.publication()).told) == 1
    await tell(town, side, ANA, "update customers: Some payments fail.")
    assert (await at_once.publication()).told[-1].text == "Some payments fail."


@pytest.mark.parametrize("word", ["skip", "no", "Not", "change"])
async def test_a_word_for_the_draft_that_waits_is_never_told_to_customers(
    it: PublishedTown, side: Side, word: str
) -> None:
    await declared(it.town, side)
    told = await tell(it.town, side, ANA, f"publish {word}")
    kept = await it.publication()
    if word == "change":
        assert "looking into a problem" in str(side.form(ANA)) and kept.draft is not None
        return
    assert "Customers are not told this." in told and (kept.draft, kept.told) == (None, ())
    assert "No text for customers waits." in await tell(it.town, side, ANA, f"publish {word}")
    assert (await it.publication()).drafted == 1


async def test_whoever_need_not_hear_the_end_is_not_told_of_by_closing_but_of_the_next_end(
    it: PublishedTown, side: Side
) -> None:
    await declared(it.town, side)
    for words in ("publish 1", "resolve x", "publish 2 skip", "close anyway because nobody noticed"):
        await tell(it.town, side, ANA, words)
    assert (await it.town.incident()).status == "closed" and (await it.publication()).draft is None
    for words in ("reopen because it is back", "resolve y"):
        await tell(it.town, side, ANA, words)
    kept = await it.publication()
    assert kept.draft is not None and kept.draft.stage is PublicStage.RESOLVED


async def test_where_people_open_it_nothing_is_drafted_of_what_customers_never_read(
    tmp_path: Path, platform: str
) -> None:
    playbook = process(page={"opens": "by hand"})
    async with PublishedTown(Town(sqlite(tmp_path), platforms=(platform,), playbook=playbook)) as it:
        town, side = it.town, it.town.sides[platform]
        await declared(town, side)
        await tell(town, side, ANA, "update public Payments fail")
        await tell(town, side, ANA, "publish skip")
        before = len(it.drafts(side))
        await tell(town, side, ANA, "status identified")
        await tell(town, side, ANA, "resolve anyway because it is over")
        await tell(town, side, ANA, "reopen")
        assert len(it.drafts(side)) == before == 1
