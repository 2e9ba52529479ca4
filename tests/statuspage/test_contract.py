"""What every status page keeps, on the wire: each text once and in its order, whatever fails, and components truly."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.sandbox.clock import SandboxClock
from adapters.statuspage.adapter import StatusPageAdapter, examine, status_pages
from adapters.statuspage.atlassian import Statuspage
from adapters.statuspage.betterstack import BetterStack
from adapters.statuspage.page import Page, Shown
from adapters.statuspage.settings import StatusPageSettings
from bot.doctor import Health
from bot.errors import Refused, TryLater
from bot.intents import CHANNEL, Archive, TellPublic
from bot.learned import Published
from bot.ports import Job
from bot.progress import Condition, PublicStage, Told
from tests.support.learner import Learner
from tests.support.statuspages import KEY, PAGE, REPORTS, TOKEN, FakeBetterStack, FakeStatuspage
from tests.support.wires import Asked, Fault, Wired, Wrong

NOON = datetime(2026, 11, 20, 12, 0, 0, 123_456, tzinfo=UTC)
MARK, OTHER = "0b7a1c9e-3f52-4d1a-9a61-5d3c2b1a0f9e", "7f0c2d55-9a41-4c1e-8a77-2f0d9b6e1c33"
TEXTS = ("We are looking into it.", "We know the cause.", "It is over.")
STAGES = (PublicStage.INVESTIGATING, PublicStage.IDENTIFIED, PublicStage.RESOLVED)
OUT = {"statuspage": "major_outage", "betterstack": "downtime"}
WELL = {"statuspage": "operational", "betterstack": "resolved"}
HALF = {"statuspage": "partial_outage", "betterstack": "degraded"}


def telling(number: int, *, mark: str = MARK, at: datetime = NOON, **changes: Any) -> TellPublic:
    """The text of this number, of the incident of this mark."""
    stage = STAGES[number - 1]
    over = stage is PublicStage.RESOLVED
    components = {"Checkout": Condition.OPERATIONAL if over else Condition.MAJOR}
    said = {"id": number, "at": at + timedelta(minutes=10 * number), "stage": stage, "word": stage.value,
            "text": TEXTS[number - 1], "components": components} | changes  # fmt: skip
    title = "Checkout is down" if mark == MARK else "Payments are slow"
    return TellPublic(mark=mark, title=title, opened_at=at, told=Told.model_validate(said))


@dataclass
class Desk:
    """One page, the fake behind it, and an ear."""

    fake: Any
    make: Callable[[str], Page]
    token: str
    clock: SandboxClock
    ear: Learner = field(default_factory=Learner)
    adapter: StatusPageAdapter = field(init=False)

    def use(self, token: str) -> None:
        """From now on with this key."""
        self.page = self.make(token)
        self.page.settles = timedelta(seconds=7)
        self.adapter = StatusPageAdapter(self.page)

    async def start(self) -> None:
        """Begin."""
        await self.adapter.start(self.ear)

    def job(self, tell: TellPublic) -> Job:
        """What tells it."""
        return Job(f"1/public/{tell.told.id}", tell, 1, self.clock.now(), {})

    async def deliver(self, tell: TellPublic, *, look: bool = False) -> str:
        """As the delivery does: again after a while, looking first where an attempt may have had its effect."""
        for _ in range(4):
            found = await self.adapter.platform.find(self.job(tell)) if look else None
            if found is not None:
                return found.ref or ""
            try:
                return await self.adapter.platform.perform(self.job(tell)) or ""
            except TryLater as later:
                look = look or later.maybe_done
        raise AssertionError("never done")

    def texts(self) -> list[str]:
        """What customers read of the only public incident."""
        (one,) = self.fake.seen()
        return [text.partition(": ")[2] or text for text in one.texts]


def _statuspage(fake: Any, clock: SandboxClock) -> Desk:
    return Desk(fake, lambda key: Statuspage(url=fake.url.rstrip("/"), key=key, page=PAGE, patience=1.0), KEY, clock)


def _betterstack(fake: Any, clock: SandboxClock) -> Desk:
    return Desk(fake, lambda key: BetterStack(url=fake.url.rstrip("/"), token=key, page=REPORTS, patience=1.0),
                TOKEN, clock)  # fmt: skip


KINDS = {"statuspage": (FakeStatuspage, _statuspage), "betterstack": (FakeBetterStack, _betterstack)}


@pytest.fixture(params=list(KINDS))
async def desk(request: pytest.FixtureRequest) -> AsyncIterator[Desk]:
    """Each of the two."""
    kind, make = KINDS[request.param]
    clock = SandboxClock(NOON)
    fake: Any = kind(now=clock.now)
    wired: Wired = fake
    async with wired:
        made = make(fake, clock)
        made.use(made.token)
        await made.start()
        yield made
        await made.adapter.stop()


def writes(asked: Asked) -> bool:
    """Whether a request changes anything."""
    return asked.method != "GET"


def written(desk: Desk) -> int:
    """How many requests did."""
    return sum(map(writes, desk.fake.asked))


async def test_an_incident_is_opened_told_on_and_resolved(desk: Desk) -> None:
    refs = {await desk.deliver(telling(number)) for number in (1, 2, 3)}
    assert len(refs) == 1 and desk.texts() == list(TEXTS)
    (seen,) = desk.fake.seen()
    assert seen.title == "Checkout is down" and seen.stage in ("resolved", "")
    assert desk.fake.state("Checkout") == WELL[desk.page.lane]
    told = [one for one in desk.ear.learned if isinstance(one, Published)]
    assert [one.tell.told.id for one in told] == [1, 2, 3] and {one.page for one in told} == {desk.page.lane}
    assert all(one.url.startswith("https://") and not one.unknown for one in told)
    assert written(desk) == 3


@pytest.mark.parametrize("wrong", [Wrong.BEFORE, Wrong.AFTER, Wrong.LOST, Wrong.SILENT])
@pytest.mark.parametrize("number", [1, 2])
async def test_whatever_becomes_of_an_answer_each_text_is_there_once(desk: Desk, wrong: Wrong, number: int) -> None:
    for each in range(1, number):
        await desk.deliver(telling(each))
    desk.fake.faults.append(Fault(wrong, 503))
    await desk.deliver(telling(number))
    for each in range(number + 1, 4):
        await desk.deliver(telling(each))
    assert desk.texts() == list(TEXTS)


async def test_a_lost_answer_is_waited_for_until_what_was_done_can_be_found(desk: Desk) -> None:
    desk.fake.faults.append(Fault(Wrong.LOST))
    with pytest.raises(TryLater) as lost:
        await desk.adapter.platform.perform(desk.job(telling(1)))
    assert lost.value.maybe_done and lost.value.shows == timedelta(seconds=7) and lost.value.after is None
    assert not desk.adapter.platform.connected
    await desk.deliver(telling(1), look=True)
    assert desk.adapter.platform.connected and written(desk) == 1


async def test_a_text_that_is_delivered_again_is_not_doubled(desk: Desk) -> None:
    for number in (1, 2):
        await desk.deliver(telling(number))
    await desk.deliver(telling(2), look=True)
    await desk.deliver(telling(2))  # an attempt that knows of no other
    await desk.deliver(telling(1), look=True)
    assert desk.texts() == list(TEXTS[:2])


@pytest.mark.parametrize("status", [429, 420])
async def test_a_rate_limit_lasts_as_long_as_it_says(desk: Desk, status: int) -> None:
    desk.fake.faults.append(Fault(Wrong.BEFORE, status, headers={"Retry-After": "40"}))
    with pytest.raises(TryLater) as limited:
        await desk.adapter.platform.perform(desk.job(telling(1)))
    assert limited.value.after == timedelta(seconds=40) and not limited.value.maybe_done
    await desk.deliver(telling(1))
    assert desk.texts() == [TEXTS[0]]


@pytest.mark.parametrize("where", ["https://xn--a/", "x:y"])
async def test_who_is_sent_on_to_nowhere_comes_again(desk: Desk, where: str) -> None:
    desk.fake.faults.append(Fault(Wrong.BEFORE, 302, headers={"Location": where}))
    with pytest.raises(TryLater):
        await desk.adapter.platform.perform(desk.job(telling(1)))
    await desk.deliver(telling(1), look=True)
    assert desk.texts() == [TEXTS[0]]


@pytest.mark.parametrize(("status", "said"), [(401, "key"), (404, "no such page"), (422, "Name is too long")])
async def test_a_refusal_says_why_and_leaves_nothing(desk: Desk, status: int, said: str) -> None:
    desk.fake.faults.append(Fault(Wrong.BEFORE, status, said={"error": said, "errors": said}))
    with pytest.raises(Refused) as refused:
        await desk.adapter.platform.perform(desk.job(telling(1)))
    assert refused.value.why.startswith(f"{status} {said}") and desk.token not in refused.value.why
    assert desk.fake.seen() == []


@pytest.mark.parametrize("said", [{}, [], None, "well", {"data": [1]}, [{"id": None}]])
async def test_an_answer_of_another_shape_is_a_failure_as_any(desk: Desk, said: Any) -> None:
    desk.fake.faults.append(Fault(Wrong.BEFORE, 200, times=9, only=lambda _: True, said=said))
    with pytest.raises(TryLater) as strange:
        await desk.adapter.platform.perform(desk.job(telling(1)))
    assert strange.value.maybe_done and "understand" in strange.value.why
    desk.fake.faults.clear()
    await desk.deliver(telling(1), look=True)
    assert desk.texts() == [TEXTS[0]]


@pytest.mark.parametrize("ref", ["", "a b", "I1\x0b", "\ud800", "\u202e1", "1" * 256])
def test_what_no_database_would_keep_is_no_name_of_a_public_incident(ref: str) -> None:
    with pytest.raises(ValueError, match="ref"):
        Shown(ref=ref, url="")


async def test_what_is_not_saved_here_is_looked_for_there(desk: Desk) -> None:
    desk.ear.gone = True
    with pytest.raises(TryLater) as gone:
        await desk.adapter.platform.perform(desk.job(telling(1)))
    assert gone.value.maybe_done
    desk.ear.gone = False
    await desk.deliver(telling(1), look=True)
    assert written(desk) == 1 and len(desk.ear.learned) == 1


async def test_the_worse_of_two_open_incidents_counts_until_it_is_over(desk: Desk) -> None:
    later = NOON + timedelta(minutes=1)
    milder = {"components": {"Checkout": Condition.PARTIAL}}
    await desk.deliver(telling(1))
    await desk.deliver(telling(1, mark=OTHER, at=later, **milder))
    assert desk.fake.state("Checkout") == OUT[desk.page.lane]
    await desk.deliver(telling(3))
    assert desk.fake.state("Checkout") == HALF[desk.page.lane]
    await desk.deliver(telling(3, mark=OTHER, at=later))
    assert desk.fake.state("Checkout") == WELL[desk.page.lane]


async def test_of_two_that_are_told_at_the_same_moment_neither_leaves_a_component_wrong(desk: Desk) -> None:
    later = NOON + timedelta(minutes=1)
    milder = {"components": {"Checkout": Condition.PARTIAL}}
    await asyncio.gather(desk.deliver(telling(1)), desk.deliver(telling(1, mark=OTHER, at=later, **milder)))
    assert desk.fake.state("Checkout") == OUT[desk.page.lane]
    await asyncio.gather(desk.deliver(telling(3)), desk.deliver(telling(3, mark=OTHER, at=later)))
    assert desk.fake.state("Checkout") == WELL[desk.page.lane]


async def test_a_component_that_the_page_does_not_have_is_left_out_and_told(desk: Desk) -> None:
    await desk.deliver(telling(1, components={"Checkout": Condition.MAJOR, "Engine room": Condition.MAJOR}))
    (came,) = desk.ear.learned
    assert came.unknown == ("Engine room",) and desk.texts() == [TEXTS[0]]
    assert desk.fake.state("Checkout") == OUT[desk.page.lane]


async def test_markup_in_a_text_does_nothing(desk: Desk) -> None:
    await desk.deliver(telling(1, text="<script>alert(1)</script> a < b"))
    assert desk.texts() == ["< script>alert(1)< /script> a < b"]


async def test_the_incident_is_found_among_hundreds(desk: Desk) -> None:
    await desk.deliver(telling(1))
    for number in range(3):
        at = NOON + timedelta(hours=number + 1)
        await desk.deliver(telling(1, mark=f"{OTHER[:-1]}{number}", at=at))
    await desk.deliver(telling(2))
    assert [len(one.texts) for one in desk.fake.seen()] == [2, 1, 1, 1]


async def test_another_intent_is_none_of_its_matter(desk: Desk) -> None:
    with pytest.raises(Refused):
        await desk.adapter.platform.perform(Job("1/x", Archive(), 1, NOON, {CHANNEL: "C1"}))


async def test_the_doctor_says_what_is_wrong_and_how_to_mend_it(desk: Desk) -> None:
    off = StatusPageSettings.model_validate({})

    async def found(names: tuple[str, ...] = ("Checkout",)) -> Any:
        (finding,) = await examine([desk.make(desk.token)], names, settings=off)
        return finding

    assert (await found()).health is Health.FINE
    wrong = await found(("Checkout", "Engine room"))
    assert (
        wrong.name == "statuspage.component"
        and "“Engine room”" in wrong.says
        and "status_page.components" in wrong.mend
    )
    desk.fake.faults.append(Fault(Wrong.BEFORE, 404, only=lambda _: True))
    missing = await found()
    assert missing.name == "statuspage.page" and "PAGE_ID" in missing.mend
    desk.fake.faults.append(Fault(Wrong.BEFORE, 503, only=lambda _: True))
    assert (await found()).name == "statuspage.silent"
    (unknown,) = await examine([desk.make("another")], (), settings=off)
    assert unknown.name == "statuspage.key" and "anew" in unknown.mend and "another" not in unknown.says


async def test_statuspage_heeds_an_incident_that_people_opened_there() -> None:
    async with FakeStatuspage(now=SandboxClock(NOON).now) as fake:
        desk = _statuspage(fake, SandboxClock(NOON))
        desk.use(KEY)
        await desk.start()
        fake.by_hand("Search is slow, and checkout with it", "Checkout", "degraded_performance")
        await desk.deliver(telling(1))
        await desk.deliver(telling(3))
        assert fake.state("Checkout") == "degraded_performance"
        await desk.adapter.stop()


async def test_statuspage_keeps_what_others_keep_with_an_incident() -> None:
    async with FakeStatuspage(now=SandboxClock(NOON).now) as fake:
        desk = _statuspage(fake, SandboxClock(NOON))
        desk.use(KEY)
        await desk.start()
        await desk.deliver(telling(1))
        fake.incidents[0]["metadata"]["jira"] = {"issue": "OPS-1"}
        await desk.deliver(telling(2))
        ours = {"mark": MARK, "told": 2, "asks": {"c-checkout": "major_outage"}}
        assert fake.incidents[0]["metadata"] == {"jira": {"issue": "OPS-1"}, "tocsin": ours}
        await desk.adapter.stop()


async def test_a_page_is_on_where_its_key_and_its_id_are_set() -> None:
    both = {"STATUSPAGE_API_KEY": "a", "STATUSPAGE_PAGE_ID": "b", "BETTERSTACK_API_TOKEN": "c"}
    settings = StatusPageSettings.model_validate(both)
    assert [page.lane for page in status_pages(settings)] == ["statuspage"]
    assert settings.half == {"Better Stack": "BETTERSTACK_PAGE_ID"} and "a" not in repr(settings.statuspage_api_key)
    (half,) = await examine([], (), settings=settings)
    assert half.name == "statuspage.half" and "BETTERSTACK_PAGE_ID" in half.says
