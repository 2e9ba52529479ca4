"""Paging: who the severity names is paged, route after route and one after the other, until somebody has it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.errors import Refused
from bot.intents import PAGER, CallOff, PagePerson
from bot.patience import REFUSALS
from bot.people import Person
from bot.ports import Ear, Found, Job
from bot.store import Change, Owed
from bot.timeline import Kind
from tests.support.paged import alone, pages, sms, town_with_pagers
from tests.support.pagers import Pagers, Trouble
from tests.support.process import severities
from tests.support.story import ROOM, declared, posts, react, tell
from tests.support.town import ANA, BO, CLEO, DMITRI, ESHA, FINN, Side, Town, sqlite


@pytest.fixture
async def pagers(tmp_path: Path) -> AsyncIterator[Pagers]:
    """Everybody's pagers."""
    async with Pagers(tmp_path) as made:
        yield made


@pytest.fixture
async def town(tmp_path: Path, platform: str, pagers: Pagers) -> AsyncIterator[Town]:
    """A town with pagers."""
    async with town_with_pagers(tmp_path, platform, pagers) as made:
        yield made


async def told(town: Town, number: int = 1) -> list[str]:
    """What the timeline says of pages."""
    return [link.entry.text for link in await town.timeline(number) if link.entry.kind is Kind.PAGE]


async def test_sev1_pages_who_is_on_call_and_the_channel_sees_by_what_since_when_and_who_is_next(
    town: Town, side: Side, pagers: Pagers
) -> None:
    await declared(town, side)
    assert pagers.texts() == [("ntfy", "finn-push")]
    assert "SEV1 #1: checkout is down" in pagers.arrived[0].text
    (page,) = pages(side)
    for part in ("Page: On call", "Paging", "Finn", "by push since", "it is SEV1.", "I page Finn", "by SMS"):
        assert part in page.text, page.text
    assert page.buttons == ("I have it",) and page.rings == set() and side.sees(FINN, ROOM)
    assert await told(town) == [
        "Page to On call (Finn Walsh): it is SEV1", "Paged Finn Walsh by push, 0s after the page began"
    ]  # fmt: skip


async def test_who_stands_in_on_call_is_paged(town: Town, side: Side, pagers: Pagers) -> None:
    await side.says(DMITRI, "cover on-call 2h because Finn is on a train")
    await town.settle()
    await declared(town, side)
    assert pagers.texts() == [("ntfy", "dmitri-push")]
    assert (await told(town))[0] == "Page to On call (Dmitri Petrov): it is SEV1"


async def test_nobody_answers_so_it_goes_on_by_the_second_route_to_the_backup_and_the_emergency(
    town: Town, side: Side, pagers: Pagers
) -> None:
    await declared(town, side)
    expected = [("ntfy", "finn-push")]
    for minutes, service, who in (
        (5, "gotify", sms("finn")), (10, "ntfy", "cleo-push"), (5, "gotify", sms("cleo")),
        (10, "ntfy", "esha-push"), (5, "gotify", sms("esha")),
    ):  # fmt: skip
        await town.forward(minutes=minutes - 1)
        assert pagers.texts() == expected, "too soon"
        await town.forward(minutes=1)
        expected.append((service, who))
        assert pagers.texts() == expected
    assert side.sees(CLEO, ROOM) and side.sees(ESHA, ROOM)
    assert "dmitri" not in (await town.incident()).responders
    assert "I tell this channel whom to call" in pages(side)[0].text and alone(side) == []
    await town.forward(minutes=10)
    (said,) = alone(side)
    for part in ("nobody has answered", "Finn Walsh", "+1 555 0106", "Esha Rao", "+1 555 0105", "esha@acme.example"):
        assert part in said.text, said.text
    assert "Cleo Okafor" in said.text and "no phone number in the playbook" in said.text
    assert said.rings == {"everyone"} and len(pages(side)) == 1
    assert (await told(town))[-1].startswith("Nobody answered for On call, 45m after it began")
    await town.forward(minutes=120)
    assert len(pagers.arrived) == 6 and len(alone(side)) == 1


async def test_a_route_that_fails_is_followed_by_the_next_at_once(town: Town, side: Side, pagers: Pagers) -> None:
    pagers.trouble["ntfy"] = Trouble.REFUSES
    await declared(town, side)
    assert pagers.texts() == [("gotify", sms("finn"))]
    assert "Finn Walsh by push: failed (ntfy answered 401)" in pages(side)[0].text
    assert "Could not page Finn Walsh by push, 0s after the page began: ntfy answered 401" in await told(town)
    pagers.trouble["gotify"] = Trouble.FALLS
    await town.forward(minutes=10)
    assert len(pagers.arrived) == 1
    (said,) = alone(side)
    assert "nobody has answered" in said.text, "Finn's phone took the page"


async def test_a_service_that_hangs_counts_as_failed_after_its_time(town: Town, side: Side, pagers: Pagers) -> None:
    pagers.trouble["ntfy/finn-push"] = Trouble.HANGS
    await declared(town, side)
    assert pagers.texts() == [("ntfy", "finn-push"), ("gotify", sms("finn"))]
    assert "failed (ntfy no answer within 1s)" in pages(side)[0].text


async def test_where_every_route_of_everybody_fails_the_channel_is_told_at_once_with_names_and_numbers(
    town: Town, side: Side, pagers: Pagers
) -> None:
    pagers.trouble |= {"ntfy": Trouble.FALLS, "gotify": Trouble.REFUSES}
    await declared(town, side)
    assert pagers.arrived == [] and len(pagers.asked) == 6, "everybody by each route, once"
    (said,) = alone(side)
    for part in ("I could not page anybody for On call", "+1 555 0106", "+1 555 0105", "Please reach them yourselves."):
        assert part in said.text, said.text
    assert said.rings == {"everyone"}
    await side.taps(FINN, "I have it", said, room=ROOM)
    await town.settle()
    assert "Finn Walsh has it" in pages(side)[0].text


async def test_where_nobody_has_an_address_the_channel_is_told_at_once(
    tmp_path: Path, platform: str, pagers: Pagers
) -> None:
    async with town_with_pagers(tmp_path, platform, pagers, settings={}) as town:
        side = town.sides[platform]
        await declared(town, side)
        assert len(alone(side)) == 1 and "+1 555 0106" in alone(side)[0].text
        assert "no address is set (PAGER_URLS_PUSH)" in pages(side)[0].text


async def test_where_nobody_is_on_call_and_nobody_backs_up_the_channel_hears_the_playbooks_numbers(
    tmp_path: Path, platform: str, pagers: Pagers
) -> None:
    later = [{"name": "on-call", "title": "On call", "people": ["finn"], "starts": "2027-01-04"}]
    async with town_with_pagers(
        tmp_path, platform, pagers, rotations=later, paging={"routes": [], "emergency": []}
    ) as town:
        side = town.sides[platform]
        await declared(town, side)
        (said,) = alone(side)
        assert "Nobody is On call now." in said.text and "+1 555 0106" in said.text
        assert pagers.asked == []


@pytest.mark.parametrize("words", ["ack", "update looking into it", "take ic", "join", "note I see it too", "have"])
async def test_whatever_the_paged_person_does_in_the_channel_says_that_they_have_it(
    town: Town, side: Side, pagers: Pagers, words: str
) -> None:
    await declared(town, side)
    await town.forward(minutes=3)
    await tell(town, side, FINN, words)
    (page,) = pages(side)
    assert "Finn Walsh has it, 3m after the page (in chat)." in page.text.replace("@", ""), page.text
    assert page.buttons == ()
    incident = await town.incident()
    assert incident.acknowledged_at is not None
    acknowledged = "Finn Walsh acknowledged the page to On call in chat, 3m after it began"
    assert [one for one in await told(town) if "acknowledged" in one] == [acknowledged]
    await town.forward(minutes=60)
    assert pagers.texts() == [("ntfy", "finn-push")]


async def test_the_button_is_an_answer_by_whoever_presses_it_and_a_second_one_hears_who_was_first(
    town: Town, side: Side, pagers: Pagers
) -> None:
    await declared(town, side)
    (page,) = pages(side)
    assert "you have it, and nobody else is paged" in await side.taps(DMITRI, "I have it", page, room=ROOM)
    await town.settle()
    assert "Dmitri Petrov has it" in pages(side)[0].text.replace("@", "")
    assert "Dmitri Petrov has it already" in await tell(town, side, BO, "#1 have 1")
    assert "No page waits for an answer" in await tell(town, side, BO, "have")
    await town.forward(minutes=60)
    assert len(pagers.arrived) == 1


@pytest.mark.parametrize("emoji", ["👀", "✅"])
async def test_a_reaction_on_the_page_is_an_answer(town: Town, side: Side, pagers: Pagers, emoji: str) -> None:
    await declared(town, side)
    await react(town, side, CLEO, emoji, pages(side)[0])
    assert "Cleo Okafor has it" in pages(side)[0].text.replace("@", "")
    await town.forward(minutes=60)
    assert len(pagers.arrived) == 1


async def test_somebody_elses_ack_stops_what_the_severity_pages_and_nothing_else_of_theirs_does(
    town: Town, side: Side, pagers: Pagers
) -> None:
    await declared(town, side)
    await tell(town, side, BO, "note customers write in")
    await tell(town, side, BO, "update we look into it")
    await tell(town, side, ANA, "page @dmitri because it is his database")
    assert len(pagers.arrived) == 2
    await tell(town, side, BO, "ack")
    first, second = pages(side)
    assert "Bo Lindqvist has it" in first.text.replace("@", "") and second.buttons == ("I have it",)
    await town.forward(minutes=5)
    assert pagers.texts()[2:] == [("gotify", sms("dmitri"))], "Dmitri was asked for by name"


async def test_page_says_whom_and_why_and_a_persons_chain_ends_with_their_own_routes(
    town: Town, side: Side, pagers: Pagers
) -> None:
    await declared(town, side, "sev3 checkout is slow")
    assert pages(side) == [] and pagers.asked == []
    said = await tell(town, side, ANA, f"page {side.at(ESHA)} because the <!channel> contract is hers")
    assert "Paging Esha Rao. The message in the channel shows who answers." in said
    (arrived,) = pagers.arrived
    assert arrived.to == "esha-push" and "contract is hers" in arrived.text and "<!" not in arrived.text
    (page,) = pages(side)
    assert "Page: Esha Rao" in page.text and "contract is hers." in page.text
    assert page.rings == set()
    assert "Esha Rao is being paged already" in await tell(town, side, BO, "page esha")
    await town.forward(minutes=5)
    assert pagers.texts() == [("ntfy", "esha-push"), ("gotify", sms("esha"))]
    await town.forward(minutes=10)
    assert len(alone(side)) == 1 and "Esha Rao" in alone(side)[0].text and "Finn" not in alone(side)[0].text
    assert "Paging Esha Rao" in await tell(town, side, BO, "page esha because she is still needed")


async def test_a_group_is_paged_all_at_once_and_the_first_answer_is_everybodys(
    town: Town, side: Side, pagers: Pagers
) -> None:
    await declared(town, side, "sev3 checkout is slow")
    await tell(town, side, ANA, "page owners")
    assert sorted(pagers.texts()) == [("ntfy", "cleo-push"), ("ntfy", "dmitri-push")]
    await tell(town, side, DMITRI, "here I am, ack")
    await tell(town, side, DMITRI, "ack")
    await town.forward(minutes=60)
    assert len(pagers.arrived) == 2 and alone(side) == []


@pytest.mark.parametrize("words", ["page owners and esha because both know it", "page finn, esha", "page esha me"])
async def test_a_second_name_is_not_taken_for_a_reason(town: Town, side: Side, pagers: Pagers, words: str) -> None:
    await declared(town, side, "sev3 checkout is slow")
    assert "one name at a time, and have paged nobody yet" in await tell(town, side, ANA, words)
    assert pages(side) == [] and pagers.asked == []
    await tell(town, side, ANA, "page esha finn is away")
    assert pagers.texts() == [("ntfy", "esha-push")] and "Why: finn is away" in pagers.arrived[0].text


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("page", "Say whom, like /incident page @ana because the database is hers."),
        ("page nobody-knows", "I do not know whom to page by “nobody-knows”."),
        ("page ownrs", "Did you mean /incident page owners?"),
    ],
)
async def test_a_wrong_name_is_answered_with_those_that_are_right(
    town: Town, side: Side, pagers: Pagers, words: str, says: str
) -> None:
    await declared(town, side, "sev3 checkout is slow")
    answer = await tell(town, side, ANA, words)
    assert says in answer.replace("`", "") and "on-call" in answer
    assert pages(side) == [] and pagers.asked == []


async def test_a_severity_that_rises_pages_whom_it_newly_names_and_one_that_falls_stops_what_it_no_longer_names(
    tmp_path: Path, platform: str, pagers: Pagers
) -> None:
    levels = severities(sev1={"page": ["on-call", "esha"]}, sev2={"page": ["on-call"]})
    slow = {"routes": [{"name": "push", "wait": "30m"}, {"name": "sms", "wait": "30m"}]}
    async with town_with_pagers(tmp_path, platform, pagers, severities=levels, paging=slow) as town:
        side = town.sides[platform]

        async def becomes(severity: str) -> None:
            await town.forward(minutes=6)  # Discord lets a channel's topic change twice in ten minutes
            await tell(town, side, ANA, f"severity {severity}")

        await declared(town, side, "sev3 checkout is slow")
        await becomes("sev2")
        assert pagers.texts() == [("ntfy", "finn-push")]
        await becomes("sev1")
        assert pagers.texts() == [("ntfy", "finn-push"), ("ntfy", "esha-push")]
        await becomes("sev2")
        oncall, esha = pages(side)
        assert "No longer needed: SEV2 does not page them." in esha.text and oncall.buttons == ("I have it",)
        await town.forward(minutes=18)
        assert pagers.texts()[2:] == [("gotify", sms("finn"))], "Esha is paged no more"
        await tell(town, side, FINN, "ack")
        await becomes("sev3")
        await becomes("sev1")
        assert pagers.texts()[3:] == [("ntfy", "esha-push")], "Finn answered already, and is here"


async def test_an_incident_that_ends_pages_nobody_any_more_and_one_that_is_reopened_pages_nobody_again(
    town: Town, side: Side, pagers: Pagers
) -> None:
    await declared(town, side)
    await tell(town, side, ANA, "cancel because it was a test")
    assert "No longer needed: #1 is cancelled." in pages(side)[0].text
    await town.forward(minutes=30)
    await tell(town, side, ANA, "reopen")
    assert len(pagers.arrived) == 1 and len(pages(side)) == 1


async def test_a_drill_pages_nobody_and_says_whom_it_would_have(town: Town, side: Side, pagers: Pagers) -> None:
    await declared(town, side, "drill sev1 the database is gone")
    drill = next(room for room in side.rooms() if room.startswith("incident-"))
    said = await tell(town, side, ANA, "page esha because she decides", room=drill)
    assert "In earnest this would page Esha Rao. A drill pages nobody." in said
    await town.forward(minutes=60)
    assert pagers.asked == [] and pages(side, drill) == []
    assert await told(town) == ["Would have paged Esha Rao: she decides"]


async def test_a_preview_pages_nobody(town: Town, side: Side, pagers: Pagers) -> None:
    await declared(town, side, "preview sev1 checkout is down")
    assert pagers.asked == []


async def test_a_pager_says_nothing_of_a_private_incident_but_that_there_is_one(
    town: Town, side: Side, pagers: Pagers
) -> None:
    await side.says(ANA, "private sev1 a key has leaked")
    await town.settle()
    await tell(town, side, ANA, "#1 page esha because the key of the bank has leaked", room="general")
    assert len(pagers.arrived) == 2
    for arrived in pagers.arrived:
        assert "a private incident" in arrived.text and "leaked" not in arrived.text and "bank" not in arrived.text
    room = next(name for name in side.rooms() if name.startswith("incident-"))
    assert side.sees(FINN, room) and not side.sees(DMITRI, room)


OWNERS = [
    {"name": "owners", "title": "Service owners", "to": ["owners"], "flags": ["data-loss"], "wait": "10m",
     "then": "leadership"},
    {"name": "leadership", "title": "Leadership", "to": ["esha"], "says": "Decide who talks to the press"},
    {"name": "press", "title": "Press office", "to": ["bo"], "informs": True},
]  # fmt: skip


async def test_an_escalation_pages_whom_it_calls_unless_it_only_informs(
    tmp_path: Path, platform: str, pagers: Pagers
) -> None:
    async with town_with_pagers(tmp_path, platform, pagers, escalations=OWNERS) as town:
        side = town.sides[platform]
        await declared(town, side, "sev3 checkout is slow")
        await tell(town, side, ANA, "escalate press")
        assert pagers.asked == []
        await tell(town, side, ANA, "flag data loss because rows are gone")
        assert sorted(pagers.texts()) == [("ntfy", "cleo-push"), ("ntfy", "dmitri-push")]
        await town.forward(minutes=10)
        assert ("ntfy", "esha-push") in pagers.texts() and len(pagers.arrived) == 5
        await side.taps(ESHA, "I have it", pages(side)[-1], room=ROOM)
        await town.settle()
        call = next(one for one in posts(side) if "Escalation: Leadership" in one.text)
        assert "Esha Rao is here" in call.text, "who has the page answers the call"
        await tell(town, side, ANA, "unflag data loss because it was a mirror")
        assert "No longer needed: the call was taken back." in pages(side)[0].text


async def test_an_escalation_pages_whom_an_earlier_page_could_not_reach(
    tmp_path: Path, platform: str, pagers: Pagers
) -> None:
    async with town_with_pagers(tmp_path, platform, pagers, escalations=OWNERS) as town:
        side = town.sides[platform]
        await declared(town, side, "sev3 checkout is slow")
        pagers.trouble |= {"ntfy": Trouble.FALLS, "gotify": Trouble.FALLS}
        await tell(town, side, ANA, "page esha because she decides")
        assert len(alone(side)) == 1 and pagers.arrived == []
        pagers.trouble.clear()
        await tell(town, side, ANA, "escalate leadership")
        assert pagers.texts() == [("ntfy", "esha-push")]


async def test_an_escalation_pages_nobody_where_the_playbook_names_no_routes(
    tmp_path: Path, platform: str, pagers: Pagers
) -> None:
    async with town_with_pagers(tmp_path, platform, pagers, escalations=OWNERS, paging={"routes": []}) as town:
        side = town.sides[platform]
        await declared(town, side, "sev3 checkout is slow")
        await tell(town, side, ANA, "escalate leadership")
        assert pagers.asked == [] and pages(side) == []


async def test_who_answers_the_call_is_paged_no_more(tmp_path: Path, platform: str, pagers: Pagers) -> None:
    async with town_with_pagers(tmp_path, platform, pagers, escalations=OWNERS) as town:
        side = town.sides[platform]
        await declared(town, side, "sev3 checkout is slow")
        await tell(town, side, ANA, "escalate leadership")
        call = next(one for one in posts(side) if "Escalation: Leadership" in one.text)
        await side.taps(FINN, "I'm here", call, room=ROOM)
        await town.settle()
        assert "No longer needed: Finn Walsh is here." in pages(side)[0].text
        await town.forward(minutes=30)
        assert len(pagers.arrived) == 1


async def test_the_general_address_serves_whoever_has_none_of_their_own(
    tmp_path: Path, platform: str, pagers: Pagers
) -> None:
    held = {"PAGER_URLS": f"{pagers.ntfy('everybody')}, {pagers.gotify('Aeverybodyxxxxx')}",
            "PAGER_URLS_FINN_SMS": pagers.gotify(sms("finn"))}  # fmt: skip
    async with town_with_pagers(tmp_path, platform, pagers, settings=held) as town:
        side = town.sides[platform]
        await declared(town, side)
        assert sorted(pagers.texts()) == [("gotify", "Aeverybodyxxxxx"), ("ntfy", "everybody")]
        await town.forward(minutes=5)
        assert pagers.texts()[2:] == [("gotify", sms("finn"))]


async def test_without_a_reason_it_is_said_once_who_asks(town: Town, side: Side, pagers: Pagers) -> None:
    await declared(town, side, "sev4 a blemish")
    await tell(town, side, BO, "page dmitri")
    (page,) = pages(side)
    assert f"{BO.name} asked for it." in page.text and page.text.count(BO.name) == 1, page.text
    assert "Why" not in pagers.arrived[0].text


async def test_a_name_that_means_nobody_rings_nobody_and_tells_only_who_typed_it(
    town: Town, side: Side, pagers: Pagers
) -> None:
    await declared(town, side, "sev4 a blemish")
    assert "so I have paged nobody" in await tell(town, side, ANA, "page scribe")
    assert pagers.arrived == [] and pages(side) == [] and alone(side) == []


class Deaf:
    """A pager that lets nobody end a page: a tool with one platform, itself."""

    name = PAGER
    ready = connected = True

    @property
    def platform(self) -> "Deaf":
        """Itself."""
        return self

    async def perform(self, job: Job) -> str | None:
        """No."""
        raise Refused("PagerDuty answered 401")

    async def find(self, job: Job) -> Found | None:
        """Nothing to be found."""
        return None

    async def start(self, ear: Ear) -> None:
        """Nothing to connect."""

    async def stop(self) -> None:
        """Nothing to hang up."""


async def test_a_page_that_cannot_be_ended_at_the_pager_is_told_of_and_on_the_record(tmp_path: Path) -> None:
    async with Town(sqlite(tmp_path), platforms=("slack",)) as town:
        side = town.sides["slack"]
        await town.bot.stop()
        town.tools = [Deaf()]
        await town.start_bot()
        await declared(town, side)
        sent = PagePerson(
            page=1, step=0, person=Person(key="finn", name="Finn Walsh"), route="push", severity="sev1",
            title="checkout is down", why="", at=town.clock.now(),
        )  # fmt: skip
        async with town.store.work() as work:
            incident = await work.incident(1)
            assert incident is not None
            off = Owed("page/1/0/off", PAGER, CallOff(sent=sent))
            await work.save([Change(incident, owed=[off], next_due_at=town.clock.now())])
        town.bot.delivery.wake()
        await town.aged(PAGER, by=REFUSALS)
        await town.settle()
        (said,) = [one.text for one in posts(side) if "not ended at the pager" in one.text]
        assert "Finn" in said and "PagerDuty answered 401" in said and "end it there" in said
        kept = [link.entry.text for link in await town.timeline() if link.entry.kind is Kind.LATE]
        (entry,) = kept
        assert entry.startswith("Could not be done: calling off the page to Finn Walsh (pager)"), entry
