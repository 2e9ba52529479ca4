"""What customers of the organisations are told: muntin at once and from an alert, werkly once it was seen."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.playbook.outside import StatusPage
from tests.stories.test_alert_processes import ALERTS, measured, posted
from tests.stories.test_muntin import standing
from tests.support.alerts import arrive
from tests.support.publishing import PublishedTown
from tests.support.shipped import shipped
from tests.support.story import ROOM, card, declared, posts, tell
from tests.support.town import ANA, BO, CLEO, DMITRI, ESHA, FRIDAY, Side, Town, sqlite

URL = "https://status.muntin.digital"


@pytest.fixture
async def muntin(tmp_path: Path) -> AsyncIterator[PublishedTown]:
    """Muntin's founder on Slack, with a page at Better Stack."""
    town = Town(sqlite(tmp_path), platforms=("slack",), playbook=shipped("muntin", {"founder": DMITRI}))
    async with PublishedTown(town, on=("betterstack",)) as made:
        await standing(town.sandbox)
        made.betterstack.components = ("docling", "extract")
        yield made


@pytest.fixture
async def werkly(tmp_path: Path) -> AsyncIterator[PublishedTown]:
    """Werkly's people on Slack, with a Statuspage."""
    people = {"alice": ANA, "bob": BO, "carol": CLEO, "david": DMITRI, "cto": ESHA}
    town = Town(sqlite(tmp_path), platforms=("slack",), playbook=shipped("werkly", people))
    async with PublishedTown(town, on=("statuspage",)) as made:
        yield made


def side(it: PublishedTown) -> Side:
    """Slack."""
    return it.town.sides["slack"]


async def test_muntins_monitor_opens_the_public_incident_before_anybody_has_looked(muntin: PublishedTown) -> None:
    town, here = muntin.town, side(muntin)
    await posted(town, here, "GET /v1/audit/verify of org 42 answered valid: false", title="Nightly audit check")
    room = (await town.incident()).channel_name
    (report,) = muntin.betterstack.seen()
    assert report.title == "Nightly audit check"
    assert report.texts[0].startswith("Investigating: Nightly audit check\nWe are investigating a problem with")
    assert URL in report.texts[0] and "within 30 minutes" in report.texts[0]
    assert muntin.drafts(here, room) == [], "nobody is asked: customers must hear of it before triage ends"
    assert "acme.betteruptime.com" in str(card(here, room).raw)

    await tell(town, here, DMITRI, "flag unavailable", room=room)
    await town.forward(minutes=30)
    asked = next(one for one in posts(here, room) if "Customers: news is due" in one.text)
    await here.taps(DMITRI, "Publish these words", asked, room=room)
    await town.settle()
    await tell(town, here, DMITRI, "status identified", room=room)
    await tell(town, here, DMITRI, "status monitoring", room=room)
    await tell(town, here, DMITRI, "resolve now because the rows are restored", room=room)
    (report,) = muntin.betterstack.seen()
    assert [text.partition(":")[0] for text in report.texts] == [
        "Investigating", "Investigating", "Identified", "Monitoring", "Resolved"]  # fmt: skip
    assert "is over. It lasted 30 minutes" in report.texts[-1]
    assert "The status page" not in await tell(town, here, DMITRI, "close", room=room), "customers heard of the end"


async def test_muntins_incident_that_a_person_declares_is_told_by_hand(muntin: PublishedTown) -> None:
    town, here = muntin.town, side(muntin)
    await declared(town, here, "P2 uploads are slow")
    room = (await town.incident()).channel_name
    assert muntin.betterstack.seen() == []
    await tell(town, here, DMITRI, "component docling", room=room)
    told = await tell(town, here, DMITRI, "update public Uploads take minutes; we add workers.", room=room)
    assert "Customers are told: investigating." in told
    (report,) = muntin.betterstack.seen()
    assert report.texts == ("Investigating: Uploads take minutes; we add workers.",)
    assert muntin.betterstack.state("docling") == "degraded"


async def test_werklys_customers_read_what_somebody_has_seen_before(werkly: PublishedTown) -> None:
    town, here = werkly.town, side(werkly)
    await declared(town, here, "sev1 Chat API down")
    (draft,) = werkly.drafts(here)
    assert "https://status.werkly.com" in draft.text and werkly.statuspage.seen() == []
    await here.taps(CLEO, "Publish", draft, room=ROOM)
    await tell(town, here, ANA, "status identified the pool is exhausted")
    await here.taps(CLEO, "Publish", werkly.drafts(here)[-1], room=ROOM)
    await tell(town, here, ANA, "status monitoring the pool is larger")
    assert len(werkly.drafts(here)) == 2, "werkly's customers read monitoring as identified: that is no news"
    assert [one.stage for one in werkly.statuspage.seen()] == ["identified"]
    await tell(town, here, ANA, "resolve now because the pool is larger")
    await here.taps(CLEO, "Publish", werkly.drafts(here)[-1], room=ROOM)
    await town.settle()
    (seen,) = werkly.statuspage.seen()
    assert seen.stage == "resolved" and len(seen.texts) == 3
    assert {by for text, by in await werkly.entries() if text.startswith("Customers were told")} == {CLEO.name}


async def test_werklys_small_matters_stay_away_from_the_page(werkly: PublishedTown) -> None:
    town, here = werkly.town, side(werkly)
    await declared(town, here, "sev3 a typo on the landing page")
    assert werkly.drafts(here) == [] and (await town.incident()).progress.publication is None
    await tell(town, here, ANA, "severity sev1 because nobody can log in")
    assert len(werkly.drafts(here)) == 1, "it has become one for the page"


async def test_an_offer_of_muntins_is_in_public_at_once_and_its_incident_goes_on_with_it(muntin: PublishedTown) -> None:
    town, here = muntin.town, side(muntin)
    await posted(town, here, "Neon: too many connections", title="Database")
    (report,) = muntin.betterstack.seen()
    assert (report.title, report.texts) == ("Database", ("Investigating: Database",))
    offer = posts(here, ALERTS)[-1]
    assert f"Customers read “Database” on {URL}" in offer.text and "Tell customers" not in "".join(offer.buttons)
    (seen,) = (await town.store.reader.public(list(await town.store.reader.public_revisions(FRIDAY)))).values()
    assert [update.text for update in seen.updates] == ["Database"]

    await here.taps(ANA, "Declare P2", offer, room=ALERTS)
    await town.settle()
    room = (await town.incident()).channel_name
    assert len(muntin.betterstack.seen()[0].texts) == 1, "nothing new"
    assert ("Customers were told (investigating): Database", "Tocsin") in await muntin.entries()
    await tell(town, here, DMITRI, "status identified", room=room)
    (report,) = muntin.betterstack.seen()
    assert len(report.texts) == 2 and report.texts[-1].startswith("Identified: ")
    assert list(await town.store.reader.public_revisions(FRIDAY)) == [1]


async def test_an_offer_that_nobody_takes_up_is_taken_back_by_a_tap(muntin: PublishedTown) -> None:
    town, here = muntin.town, side(muntin)
    await posted(town, here, "Neon: too many connections", title="Database")
    await here.taps(ANA, "Ignore 2h", posts(here, ALERTS)[-1], room=ALERTS)
    await town.settle()
    message = posts(here, ALERTS)[-1]
    assert "Nobody is at it any more: tell them that it is over." in message.text
    assert "Customers are told that it is over" in await here.taps(
        BO, "Tell customers it is over", message, room=ALERTS
    )
    await town.settle()
    (report,) = muntin.betterstack.seen()
    assert report.texts == ("Investigating: Database", "Resolved: There was no problem after all.")
    message = posts(here, ALERTS)[-1]
    assert "Customers read" not in message.text and "Tell customers it is over" not in message.buttons
    (seen,) = (await town.store.reader.public(list(await town.store.reader.public_revisions(FRIDAY)))).values()
    assert seen.resolved_at is not None


async def test_an_alert_that_joins_an_incident_with_words_of_its_own_is_ended_by_itself(muntin: PublishedTown) -> None:
    town, here = muntin.town, side(muntin)
    await declared(town, here, "P2 uploads are slow")
    room = (await town.incident()).channel_name
    await tell(town, here, DMITRI, "update public Uploads take minutes.", room=room)
    await posted(town, here, "Neon: too many connections", title="Database")
    await tell(town, here, DMITRI, "attach a1", room=room)
    message = posts(here, ALERTS)[-1]
    assert "once it is over, tell them so here" in message.text and "Nobody is at it" not in message.text
    assert "Tell customers it is over" in message.buttons
    assert [report.title for report in muntin.betterstack.seen()] == ["uploads are slow", "Database"]


async def test_a_monitor_that_is_well_again_before_anybody_looked_is_told_so_and_may_fire_anew(
    muntin: PublishedTown,
) -> None:
    town, here = muntin.town, side(muntin)
    await arrive(town, *measured("docling is slow", component="docling", measures={"queue depth": 140}))
    assert muntin.betterstack.state("docling") == "degraded"
    await town.forward(minutes=1)
    await arrive(
        town, *measured("docling is slow", component="docling", severity="page", measures={"queue depth": 150})
    )
    assert len(muntin.betterstack.seen()) == 1, "it still fires: that is no news"
    await town.forward(minutes=1)
    await arrive(town, *measured("docling is slow", component="docling", status="resolved"))
    message = posts(here, ALERTS)[-1]
    await here.taps(ANA, "Tell customers it is over", message, room=ALERTS)
    await town.settle()
    assert "The problem with docling is solved." in muntin.betterstack.seen()[0].texts[-1]
    assert muntin.betterstack.state("docling") == "resolved"
    await town.forward(hours=2)
    await arrive(town, *measured("docling is slow", component="docling", measures={"queue depth": 140}))
    assert [len(one.texts) for one in muntin.betterstack.seen()] == [2, 1]


async def test_an_offer_waits_where_the_process_has_texts_approved_or_no_page_is_there(tmp_path: Path) -> None:
    page = {"url": URL, "opens": "alert", "approve": True}
    playbook = shipped("muntin", {"founder": DMITRI}).model_copy(
        update={"status_page": StatusPage.model_validate(page)}
    )
    town = Town(sqlite(tmp_path), platforms=("slack",), playbook=playbook)
    async with PublishedTown(town, on=("betterstack",)) as made:
        await standing(town.sandbox)
        here = side(made)
        await posted(town, here, "Neon: too many connections", title="Database")
        offer = posts(here, ALERTS)[-1]
        assert made.betterstack.seen() == [] and "Tell customers now" in offer.text
        await here.taps(ANA, "Declare P2", offer, room=ALERTS)
        await town.settle()
        room = (await town.incident()).channel_name
        assert len(made.drafts(here, room)) == 1 and made.betterstack.seen() == []
