"""Each step of a page is sent once and none is left out: whatever dies in between, whoever tries at the same time."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from adapters.database import Database
from adapters.holidays import public
from adapters.pager.adapter import PagerAdapter
from adapters.pager.settings import PagerSettings
from adapters.sandbox.clock import SandboxClock
from adapters.sandbox.people import SandboxPerson
from bot.connected import Connected
from bot.desk import Desk
from bot.errors import TryLater
from bot.heard import Spoken
from bot.intents import PAGER, PagePerson
from bot.learned import Learned, PageBegun, Paged
from bot.ledger import Claimed, Done
from bot.library import Library
from bot.people import Person
from bot.ports import Job
from bot.progress import Page, StepState
from bot.running import desk_alone
from tests.support.paged import addresses, paged, sms
from tests.support.pagers import ADDRESSES, Pagers
from tests.support.pattern import lay
from tests.support.town import ANA, FINN, FRIDAY, sqlite


class Dying:
    """An ear that is cut off from the database when it is told something of this kind."""

    def __init__(self, desk: Desk, *kinds: type[Learned]) -> None:
        self._desk, self.kinds = desk, kinds

    async def learn(self, learned: Learned) -> None:
        if isinstance(learned, self.kinds):
            raise TryLater("database", unreachable=True)
        await self._desk.learn(learned)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._desk, name)


@dataclass
class House:
    """A desk on a real database, with what it owes to pagers."""

    pagers: Pagers
    store: Database
    desk: Desk
    settings: dict[str, str]
    said: int = 0
    claims: list[Claimed] = field(default_factory=list)

    async def says(self, person: SandboxPerson, words: str) -> None:
        """Somebody types words."""
        self.said += 1
        actor = Person(key=person.key, name=person.name)
        answer = await self.desk.hear(Spoken(key=f"said/{self.said}", platform="slack", actor=actor, words=words))
        assert answer.card is not None

    async def process(self, *dies_at: type[Learned]) -> PagerAdapter:
        """A process that can page, which dies when it would save one of these."""
        made = PagerAdapter(PagerSettings(self.settings), reader=self.store.reader, within=2.0)
        await made.start(Dying(self.desk, *dies_at))
        return made

    async def owed(self) -> list[Job]:
        """What is owed to pagers and can be sent now, the last of it being done."""
        ledger = self.store.ledger("test", SandboxClock(FRIDAY))
        await ledger.finish([Done(one) for one in self.claims], claim=False)
        self.claims = claims = await ledger.claim(PAGER, limit=9)
        return [Job(f"{one.incident}/{one.key}", one.intent, one.incident, one.first_try_at) for one in claims]

    async def page(self) -> Page:
        """The page as it stands."""
        incident = await self.store.reader.incident(1)
        assert incident is not None
        return incident.progress.pages[0]

    async def states(self) -> list[StepState]:
        """Of its steps."""
        return [step.state for step in (await self.page()).steps]


@pytest.fixture
async def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    """In which sev1 has been declared: Finn is to be paged."""
    await lay(sqlite(tmp_path))
    store = Database(sqlite(tmp_path))
    await store.start()
    async with Pagers(tmp_path) as pagers:
        for name, value in pagers.environment.items():
            monkeypatch.setenv(name, value)
        library = Library([paged()], store.reader)
        desk = desk_alone(
            store,
            library,
            clock=SandboxClock(FRIDAY),
            holidays=public,
            platforms=["slack"],
            connected=Connected(tools=frozenset({PAGER})),
        )
        made = House(pagers, store, desk, addresses(pagers))
        await made.says(ANA, "sev1 checkout is down")
        yield made
    await store.stop()


async def test_a_process_that_dies_after_it_sent_leaves_the_step_unknown_and_the_next_follows_at_once(
    house: House,
) -> None:
    (job,) = await house.owed()
    first = await house.process(Paged)
    with pytest.raises(TryLater) as later:
        await first.platform.perform(job)
    assert later.value.maybe_done and house.pagers.texts() == [("ntfy", "finn-push")]
    second = await house.process()
    await second.platform.perform(job)
    assert house.pagers.texts() == [("ntfy", "finn-push")], "not sent again"
    assert (await house.states())[:2] == [StepState.UNKNOWN, StepState.OWED], "nobody is left out"
    (following,) = await house.owed()
    await second.platform.perform(following)
    assert house.pagers.texts() == [("ntfy", "finn-push"), ("gotify", sms("finn"))]


async def test_a_process_that_dies_before_it_sent_leaves_it_to_the_next(house: House) -> None:
    (job,) = await house.owed()
    first = await house.process(PageBegun)
    with pytest.raises(TryLater):
        await first.platform.perform(job)
    assert house.pagers.asked == []
    await (await house.process()).platform.perform(job)
    assert house.pagers.texts() == [("ntfy", "finn-push")] and (await house.states())[0] is StepState.SENT


async def test_a_database_that_is_gone_for_a_while_is_told_later_by_the_process_that_knows(house: House) -> None:
    (job,) = await house.owed()
    made = await house.process(Paged)
    with pytest.raises(TryLater):
        await made.platform.perform(job)
    await made.start(house.desk)
    await made.platform.perform(job)
    assert len(house.pagers.asked) == 1 and (await house.states())[0] is StepState.SENT


@pytest.mark.parametrize("service", ["pagerduty", "opsgenie"])
async def test_a_service_that_drops_doubles_is_sent_the_same_step_again(house: House, service: str) -> None:
    house.settings["PAGER_URLS_FINN_PUSH"] = ADDRESSES[service]
    (job,) = await house.owed()
    first = await house.process(Paged)
    with pytest.raises(TryLater):
        await first.platform.perform(job)
    await (await house.process()).platform.perform(job)
    assert house.pagers.asked == [service, service]
    assert [one.mark for one in house.pagers.arrived] == ["tocsin/1/page/1/0"], "it dropped the double"
    assert (await house.states())[0] is StepState.SENT


async def test_of_many_who_try_at_the_same_time_one_sends(house: House) -> None:
    (job,) = await house.owed()
    several = [await house.process() for _ in range(5)]
    await asyncio.gather(*(one.platform.perform(job) for one in several))
    assert house.pagers.texts() == [("ntfy", "finn-push")]


async def test_what_is_owed_and_not_begun_is_not_sent_once_somebody_answered(house: House) -> None:
    (job,) = await house.owed()
    await house.says(FINN, "#1 ack")
    await (await house.process()).platform.perform(job)
    assert house.pagers.asked == [] and set(await house.states()) == {StepState.LEFT}


class Overtaken(Dying):
    """An ear into which somebody speaks just before it is told that a page begins."""

    def __init__(self, house: "House") -> None:
        super().__init__(house.desk)
        self._house = house

    async def learn(self, learned: Learned) -> None:
        if isinstance(learned, PageBegun):
            await self._house.says(FINN, "#1 ack")
        await super().learn(learned)


async def test_an_answer_that_comes_between_looking_and_sending_is_in_time(house: House) -> None:
    (job,) = await house.owed()
    made = await house.process()
    await made.start(Overtaken(house))
    await made.platform.perform(job)
    assert house.pagers.asked == [] and (await house.states())[0] is StepState.LEFT


async def test_a_page_that_was_answered_in_chat_is_ended_at_the_pager(
    house: House,
) -> None:
    house.settings["PAGER_URLS_FINN_PUSH"] = ADDRESSES["pagerduty"]
    (job,) = await house.owed()
    made = await house.process()
    await made.platform.perform(job)
    await house.says(FINN, "#1 ack")
    (off,) = await house.owed()
    await made.platform.perform(off)
    assert house.pagers.ended == ["tocsin/1/page/1/0"] and len(house.pagers.arrived) == 1


async def test_an_outcome_that_comes_again_changes_nothing(house: House) -> None:
    (job,) = await house.owed()
    made = await house.process()
    await made.platform.perform(job)
    before = await house.page()
    await made.platform.perform(job)
    assert await house.page() == before and len(house.pagers.asked) == 1


async def test_no_address_stands_in_what_is_owed_or_kept(house: House, caplog: pytest.LogCaptureFixture) -> None:
    (job,) = await house.owed()
    assert isinstance(job.intent, PagePerson)
    await (await house.process()).platform.perform(job)
    incident = await house.store.reader.incident(1)
    assert incident is not None
    kept = job.intent.model_dump_json() + incident.model_dump_json() + caplog.text
    assert "finn-push" not in kept and "127.0.0.1" not in kept and "ntfy" not in kept
