"""The five processes with pagers, status pages and freeze connected: who is rung, what customers read, what ships."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.pager.adapter import PagerAdapter
from adapters.pager.settings import PagerSettings, setting
from adapters.sandbox.people import SandboxPerson
from bot.freezing import state
from bot.intents import OWN_PAGE
from bot.pages import USUAL
from bot.playbook.shape import Playbook
from bot.public import PublicIncident
from tests.stories.test_alert_processes import posted
from tests.stories.test_muntin import standing
from tests.support.pagers import Pagers
from tests.support.publishing import PublishedTown
from tests.support.shipped import shipped
from tests.support.story import declared, posts, tell
from tests.support.town import ANA, BO, CLEO, DMITRI, ESHA, Side, Town, sqlite

Open = Callable[[str, dict[str, SandboxPerson]], AbstractAsyncContextManager[tuple[Town, Side]]]


@pytest.fixture
async def pagers(tmp_path: Path) -> AsyncIterator[Pagers]:
    """Everybody's pagers."""
    async with Pagers(tmp_path) as made:
        yield made


def addresses(playbook: Playbook, pagers: Pagers) -> dict[str, str]:
    """A topic of ntfy's for each person and route of the playbook: ``alice-pagerduty``."""
    routes = [route.name for route in playbook.paging.routes or (USUAL,)]
    people = [person.key for person in playbook.people]
    return {setting(one, route): pagers.ntfy(f"{one}-{route}") for one in people for route in routes}


@pytest.fixture
def opened(tmp_path: Path, pagers: Pagers) -> Open:
    """Opens a town under a shipped playbook, a fortnight on, when every rotation has begun."""

    @asynccontextmanager
    async def make(name: str, people: dict[str, SandboxPerson]) -> AsyncIterator[tuple[Town, Side]]:
        groups = {"sartiq": {"operators": (CLEO,)}, "platform": {"leadership": (ESHA,)}}
        playbook = shipped(name, people, groups=groups.get(name))
        (platform,) = playbook.chats or ("slack",)
        town = Town(sqlite(tmp_path), platforms=(platform,), playbook=playbook)
        async with PublishedTown(town, on=("statuspage",)) as published:
            await town.bot.stop()
            published.connect()
            pager = PagerAdapter(PagerSettings(addresses(playbook, pagers)), reader=town.store.reader, within=1.0)
            town.tools.append(pager)
            town.pages = (OWN_PAGE, *town.pages)
            town.clock.forward(timedelta(days=14))
            await town.start_bot("connected")
            yield town, town.sides[platform]

    return make


def rung(pagers: Pagers) -> list[str]:
    """Whose pagers rang, by which route, in order."""
    return [one.to for one in pagers.arrived]


async def seen(town: Town) -> list[PublicIncident]:
    """What customers see on Tocsin's own page."""
    revisions = await town.store.reader.public_revisions(town.clock.now() - timedelta(days=90))
    return list((await town.store.reader.public(list(revisions))).values())


async def locked(town: Town) -> bool:
    """What a pipeline is told."""
    return state(await town.store.reader.frozen(None), told=True).locked


async def test_werkly_pages_on_call_and_the_cto_and_customers_read_what_was_approved(
    opened: Open, pagers: Pagers
) -> None:
    people = {"alice": ANA, "bob": BO, "carol": CLEO, "david": DMITRI, "cto": ESHA}
    async with opened("werkly", people) as (town, side):
        await declared(town, side, "Sev1 nobody can sign in", by=BO)
        room = (await town.incident()).channel_name
        assert sorted(rung(pagers)) == ["alice-pagerduty", "cto-pagerduty"]
        await town.forward(minutes=15)
        assert sorted(rung(pagers)[2:]) == ["alice-second", "cto-second"]
        assert await seen(town) == [], "the channel approves each text first"
        draft = next(one for one in posts(side, room) if "For customers: investigating" in one.text)
        await side.taps(ANA, "Publish", draft, room=room)
        await town.settle()
        (one,) = await seen(town)
        assert [update.word for update in one.updates] == ["investigating"]
        await town.forward(minutes=60)
        assert not [name for name in rung(pagers) if name.startswith("alice")][2:], "she answered by letting it out"
        assert not await locked(town)


async def test_muntins_alert_pages_the_founder_and_tells_customers_at_once(opened: Open, pagers: Pagers) -> None:
    async with opened("muntin", {"founder": DMITRI}) as (town, side):
        await standing(town.sandbox)
        await posted(town, side, "GET /v1/audit/verify of org 42 answered valid: false", title="Nightly audit check")
        room = (await town.incident()).channel_name
        assert rung(pagers) == ["founder-pager"]
        assert len(await seen(town)) == 1
        await town.forward(minutes=5)
        assert rung(pagers) == ["founder-pager", "founder-sms"], "by SMS where the pager was not answered"
        await tell(town, side, DMITRI, "ack", room=room)
        await town.forward(minutes=30)
        assert len(rung(pagers)) == 2


async def test_muntins_drill_rings_nobody_and_reaches_no_customer(opened: Open, pagers: Pagers) -> None:
    async with opened("muntin", {"founder": DMITRI}) as (town, side):
        await standing(town.sandbox)
        await declared(town, side, "drill P1 the chain of one customer does not verify", by=DMITRI)
        await town.forward(minutes=60)
        assert rung(pagers) == [] and await seen(town) == []


async def test_platform_pages_on_call_freezes_production_and_leadership_is_paged_when_it_is_called(
    opened: Open, pagers: Pagers
) -> None:
    async with opened("platform", {"engineer": BO}) as (town, side):
        await declared(town, side, "Sev1 the control plane does not answer")
        assert rung(pagers)[0] == "engineer-pager" and await locked(town)
        room = (await town.incident()).channel_name
        await tell(town, side, BO, "ack", room=room)
        before = rung(pagers)
        await tell(town, side, ANA, "escalate leadership because the board asks", room=room)
        called = [name for name in rung(pagers) if name not in before]
        assert called == ["esha-pager"]
        assert await seen(town) == [], "the page is written by hand"
        await tell(town, side, ANA, "update public Deploys fail; we are on it.", room=room)
        draft = next(one for one in posts(side, room) if "For customers: " in one.text)
        await side.taps(ANA, "Publish", draft, room=room)
        await town.settle()
        (one,) = await seen(town)
        assert [update.text for update in one.updates] == ["Deploys fail; we are on it."]
        await tell(town, side, ANA, "resolve now because it answers again", room=room)
        assert not await locked(town)


async def test_dragonfly_pages_on_call_and_the_tech_lead_once_each_and_the_ceo_for_lost_data(
    opened: Open, pagers: Pagers
) -> None:
    async with opened("dragonfly", {"engineer": BO, "tech-lead": CLEO, "ceo": DMITRI}) as (town, side):
        await declared(town, side, "SEV-1: every worker is dead")
        assert sorted(rung(pagers)) == ["engineer-pager", "tech-lead-pager"], "called and paged, but rung once"
        room = (await town.incident()).channel_name
        await tell(town, side, CLEO, "note I look at the workers", room=room)
        assert all(call.answered_at for call in (await town.incident()).progress.calls if call.rule == "tech-lead")
        await town.forward(minutes=20)
        assert "ceo-pager" not in rung(pagers), "the tech lead has it, so the path ends with them"
        await tell(town, side, BO, "flag data-loss", room=room)
        assert rung(pagers)[-1] == "ceo-pager"


async def test_sartiq_names_no_pages_so_nobody_is_rung_and_nothing_is_published(opened: Open, pagers: Pagers) -> None:
    async with opened("sartiq", {}) as (town, side):
        await declared(town, side, "S1 the database is silent")
        room = (await town.incident()).channel_name
        assert any(CLEO.name in one.rings for one in posts(side, room)), "the operators are called in chat"
        await town.forward(minutes=30)
        assert rung(pagers) == [] and await seen(town) == [] and not await locked(town)
