"""People outside the channel: called after a time without improvement, by a flag, a severity or a word; the path."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.timeline import Kind
from tests.support.process import LEADERSHIP, OWNERS, process, severities
from tests.support.seen import Seen
from tests.support.story import ROOM, card, declared, posts, tell
from tests.support.town import ANA, BO, CLEO, DMITRI, ESHA, FINN, Side, Town, sqlite


def town_of(folder: Path, platform: str, **changes: Any) -> Town:
    """A town under a process with people outside."""
    return Town(sqlite(folder), platforms=(platform,), playbook=process(**changes))


@pytest.fixture
async def town(tmp_path: Path, platform: str) -> AsyncIterator[Town]:
    """A town under that process as it is."""
    async with town_of(tmp_path, platform) as made:
        yield made


def calls(side: Side) -> list[Seen]:
    """The messages that call people in."""
    return [one for one in posts(side) if "Escalation:" in one.text]


async def told(town: Town, number: int = 1) -> list[str]:
    """What the timeline says of calls."""
    return [link.entry.text for link in await town.timeline(number) if link.entry.kind is Kind.ESCALATION]


async def test_half_an_hour_without_improvement_calls_the_owners_and_tells_the_commander(
    town: Town, side: Side
) -> None:
    await declared(town, side)
    await town.forward(minutes=29)
    assert calls(side) == []
    await town.forward(minutes=1)

    (call,) = calls(side)
    assert call.rings == {"Cleo Okafor", "Dmitri Petrov", "Ana Reyes"}
    for part in ("Service owners", "Somebody who knows the system is needed.", "30m without an improvement."):
        assert part in call.text
    assert "I call Leadership" in call.text and call.buttons == ("I'm here",)
    assert side.sees(CLEO, ROOM) and side.sees(DMITRI, ROOM)
    assert (await told(town))[0].startswith("Called Service owners (Owners, Cleo Okafor, Dmitri Petrov): 30m")
    for _ in range(4):
        await town.forward(minutes=30)
    assert len([one for one in calls(side) if "Escalation: Service owners" in one.text]) == 1


async def test_an_update_is_no_improvement_and_a_status_that_moves_forward_is_one(town: Town, side: Side) -> None:
    await declared(town, side)
    await town.forward(minutes=20)
    await tell(town, side, ANA, "update still looking")
    await tell(town, side, ANA, "status identified")
    await town.forward(minutes=10)
    assert calls(side) == []
    await tell(town, side, ANA, "update the cause is clear, the fix is not")
    await tell(town, side, BO, "status investigating")
    await town.forward(minutes=19)
    assert calls(side) == []
    await town.forward(minutes=1)
    assert len(calls(side)) == 1


async def test_a_milder_severity_is_an_improvement_and_a_worse_one_is_none(town: Town, side: Side) -> None:
    await declared(town, side, "sev2 checkout is slow")
    await town.forward(minutes=20)
    await tell(town, side, ANA, "severity sev1")
    await tell(town, side, ANA, "severity sev2")
    await town.forward(minutes=29)
    assert calls(side) == []
    await tell(town, side, ANA, "severity sev1")
    await town.forward(minutes=1)
    assert len(calls(side)) == 1


async def test_an_improvement_makes_a_call_for_the_lack_of_one_needless_and_the_clock_starts_over(
    town: Town, side: Side
) -> None:
    await declared(town, side)
    await town.forward(minutes=30)
    await tell(town, side, ANA, "status identified")
    (call,) = calls(side)
    assert "No longer needed." in call.text and call.buttons == ()
    await town.forward(minutes=29)
    assert len(calls(side)) == 1
    await town.forward(minutes=1)
    first, second = calls(side)
    assert second.buttons == ("I'm here",) and first.buttons == ()
    assert len(await told(town)) == 3


async def test_a_flag_calls_nobody_answers_the_next_on_the_path_is_called_and_answers(town: Town, side: Side) -> None:
    await declared(town, side)
    said = await tell(town, side, BO, "flag data loss because rows are gone")
    assert "Data loss is set." in said and "Called in: Service owners." in said
    (owners,) = calls(side)
    assert "Why: Data loss (rows are gone)." in owners.text and owners.rings == {"Cleo Okafor", "Dmitri Petrov"}

    await town.forward(minutes=9)
    assert len(calls(side)) == 1 and not side.private(ESHA)
    await town.forward(minutes=1)
    owners, leadership = calls(side)
    assert "Nobody answered in time, so I called Leadership below." in owners.text and not owners.rings
    assert leadership.rings == {"Esha Rao"} and "nobody answered for Service owners within 10m" in leadership.text
    assert side.sees(ESHA, ROOM)

    await town.forward(minutes=4)
    thanked = await side.taps(ESHA, "I'm here", leadership, room=ROOM)
    await town.settle()
    assert "Thank you" in thanked and "/incident catchup" in thanked
    _, leadership = calls(side)
    assert "✓ Esha Rao is here, 4m after the call." in leadership.text and leadership.buttons == ()
    incident = await town.incident()
    assert "esha" in incident.responders and incident.acknowledged_at is not None
    assert (await told(town))[-1] == "Esha Rao answered for Leadership, 4m after the call"


async def test_an_answer_in_time_ends_the_path(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, BO, "flag security")
    await town.forward(minutes=5)
    await tell(town, side, CLEO, "here")
    assert "✓ Cleo Okafor is here, 5m after the call." in calls(side)[0].text
    await town.forward(minutes=20)
    assert len(calls(side)) == 1
    assert "No call waits for an answer here" in await tell(town, side, DMITRI, "here")
    late = await tell(town, side, DMITRI, "#1 here 1")
    assert "Cleo Okafor answered already; you are welcome all the same." in late
    assert "dmitri" in (await town.incident()).responders


async def test_an_answer_to_an_earlier_call_keeps_the_path_from_climbing_on(tmp_path: Path, platform: str) -> None:
    chief = {"name": "chief", "title": "The chief", "to": ["finn"]}
    path = [OWNERS, LEADERSHIP | {"wait": "10m", "then": "chief"}, chief]
    async with town_of(tmp_path, platform, escalations=path) as town:
        side = town.sides[platform]
        await declared(town, side)
        await tell(town, side, BO, "flag data-loss")
        await town.forward(minutes=10)
        owners, leadership = calls(side)
        assert "I call The chief" in leadership.text
        await side.taps(CLEO, "I'm here", owners, room=ROOM)
        await town.settle()
        await town.forward(minutes=15)
        owners, leadership = calls(side)
        assert "✓ Cleo Okafor is here, 10m" in owners.text
        assert leadership.buttons == ("I'm here",) and "The chief" not in leadership.text


async def test_a_severity_that_calls_at_once_calls_with_the_declaration_and_when_it_rises_to_it(
    tmp_path: Path, platform: str
) -> None:
    leadership = LEADERSHIP | {"at_once": ["sev1"]}
    async with town_of(tmp_path, platform, escalations=[leadership]) as town:
        side = town.sides[platform]
        await declared(town, side)
        (call,) = calls(side)
        assert "Why: it is SEV1." in call.text and call.rings == {"Esha Rao"}
        await tell(town, side, ANA, "severity sev2")
        assert "No longer needed." in calls(side)[0].text
        await tell(town, side, ANA, "severity sev1")
        assert len(calls(side)) == 2
        said = next(one for one in reversed(posts(side)) if "Severity is now SEV1" in one.text)
        assert "Called in: Leadership." in said.text
        await tell(town, side, ANA, "impact nobody can pay")
        assert len(calls(side)) == 2


async def test_a_severity_that_is_fallen_to_calls_nobody(tmp_path: Path, platform: str) -> None:
    async with town_of(tmp_path, platform, escalations=[LEADERSHIP | {"at_once": ["sev2"]}]) as town:
        side = town.sides[platform]
        await declared(town, side)
        await tell(town, side, ANA, "severity sev2")
        assert calls(side) == []
        await town.forward(minutes=10)
        await tell(town, side, ANA, "severity sev3")
        await tell(town, side, ANA, "severity sev2")
        assert len(calls(side)) == 1


async def test_a_second_reason_is_added_to_the_call_that_stands_and_rings_nobody_again(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, BO, "flag data-loss because rows are gone")
    count = len(posts(side))
    await tell(town, side, BO, "flag security")
    again = await tell(town, side, ANA, "escalate owners because the queue grows")
    (call,) = calls(side)
    assert "Why: Data loss (rows are gone); Security risk; the queue grows." in call.text
    assert len(posts(side)) == count and "has not answered yet" in again
    incident = await town.incident()
    assert len(incident.progress.calls) == 1
    assert incident.progress.calls[0].then_at is not None


async def test_a_new_reason_calls_again_where_the_path_has_climbed_past_the_first_call(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, BO, "flag data-loss")
    await town.forward(minutes=10)
    await town.forward(minutes=20)
    owners, leadership, again = calls(side)
    assert "Nobody answered in time" in owners.text and leadership.buttons == ("I'm here",)
    assert again.rings == {"Cleo Okafor", "Dmitri Petrov", "Ana Reyes"} and "30m without" in again.text
    await town.forward(minutes=10)
    assert len(calls(side)) == 3 and "also Data loss" not in again.text


async def test_a_flag_that_is_taken_back_takes_its_call_back(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, BO, "flag data-loss")
    await tell(town, side, BO, "unflag data-loss because the rows were only moved")
    assert "No longer needed." in calls(side)[0].text
    await town.forward(minutes=15)
    assert len(calls(side)) == 1
    await tell(town, side, BO, "flag data-loss")
    assert len(calls(side)) == 2


async def test_escalate_alone_shows_privately_whom_one_can_call_and_who_that_is(town: Town, side: Side) -> None:
    await declared(town, side)
    count = len(posts(side))
    shown = await tell(town, side, BO, "escalate")
    when = "on Data loss or Security risk · after 30m without an improvement · then Leadership after 10m"
    for part in ("Owners, Cleo Okafor, Dmitri Petrov", when, "Esha Rao"):
        assert part in shown
    assert len(posts(side)) == count
    assert side.whispered(BO).buttons == ("Call Service owners", "Call Leadership")
    await side.taps(BO, "Call Leadership", side.whispered(BO), room=ROOM)
    await town.settle()
    assert "Why: Bo Lindqvist asked for it." in calls(side)[0].text


@pytest.mark.parametrize(
    "words",
    ["escalate owners because it grows", "escalation Service owners it grows", "call in the owners: it grows",
     "escalated to the owners because it grows", "escalate to Owners because it grows"],
)  # fmt: skip
async def test_one_escalates_by_name_title_alias_or_group(town: Town, side: Side, words: str) -> None:
    await declared(town, side)
    said = await tell(town, side, BO, words)
    assert "Called: Service owners." in said and "Why: it grows." in calls(side)[0].text


async def test_whom_nobody_knows_is_told_whom_there_is(town: Town, side: Side) -> None:
    await declared(town, side)
    near = await tell(town, side, BO, "escalate leadershp because of the press")
    assert "Did you mean /incident escalate leadership?" in near.replace("`", "")
    assert "I can call owners, leadership" in await tell(town, side, BO, "escalate xyz")
    assert "Severity is now sev2" in await tell(town, side, BO, "escalate to SEV 2 because it is milder")
    assert calls(side) == [] and (await town.incident()).severity == "sev2"


async def test_a_playbook_without_rules_says_so(tmp_path: Path, platform: str) -> None:
    async with town_of(tmp_path, platform, escalations=[]) as town:
        side = town.sides[platform]
        await declared(town, side)
        assert "names nobody to escalate to" in await tell(town, side, BO, "escalate")


async def test_the_call_holds_over_a_restart_and_two_presses_count_once(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, BO, "flag data-loss")
    await town.bot.stop()
    town.clock.forward(timedelta(minutes=12))
    await town.start_bot("two")
    await town.settle()
    _, leadership = calls(side)
    assert "within 12m" in leadership.text
    await side.taps(ESHA, "I'm here", leadership, room=ROOM)
    again = await tell(town, side, FINN, "#1 here 2")
    assert "Esha Rao answered already" in again
    assert len([one for one in await told(town) if "Esha Rao answered for" in one]) == 1


async def test_two_flags_set_at_once_make_one_call_with_both_reasons(town: Town, side: Side) -> None:
    await declared(town, side)
    await asyncio.gather(
        side.says(BO, "flag data-loss", room=ROOM), side.says(ANA, "flag security because of the logs", room=ROOM)
    )
    await town.settle()
    (call,) = calls(side)
    assert "Data loss" in call.text and "Security risk (of the logs)" in call.text
    await asyncio.gather(side.taps(CLEO, "I'm here", call, room=ROOM), side.taps(DMITRI, "I'm here", call, room=ROOM))
    await town.settle()
    assert len([one for one in await told(town) if "answered for" in one]) == 1
    assert {"cleo", "dmitri"} <= (await town.incident()).responders.keys()


async def test_the_end_makes_every_call_needless(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, BO, "flag data-loss")
    await town.forward(minutes=10)
    await tell(town, side, ANA, "resolve restored from the backup")
    assert all("No longer needed: #1 is resolved." in one.text and one.buttons == () for one in calls(side))
    await town.forward(minutes=60)
    assert len(calls(side)) == 2
    await tell(town, side, ANA, "reopen")
    await town.forward(minutes=29)
    assert len(calls(side)) == 2
    await town.forward(minutes=1)
    assert len(calls(side)) == 3


async def test_a_drill_calls_nobody_from_outside_and_says_whom_it_would_have_called(town: Town, side: Side) -> None:
    await declared(town, side, "drill sev1 the database is gone")
    await tell(town, side, BO, "flag data-loss")
    (call,) = calls(side)
    assert "In earnest this would call Owners (" in call.text and "Nobody outside this channel is rung." in call.text
    assert call.rings == frozenset()
    incident = await town.incident()
    assert "dmitri" not in incident.responders and "finn" not in incident.responders
    assert side.private(DMITRI) == [] and side.private(ESHA) == []
    assert (await told(town))[0].startswith("Would have called Service owners")
    await town.forward(minutes=10)
    assert len(calls(side)) == 2 and calls(side)[1].rings == frozenset()
    if side.name == "slack":
        assert not side.sees(DMITRI, ROOM) and not side.sees(ESHA, ROOM)
    await side.taps(BO, "I'm here", calls(side)[0], room=ROOM)
    await town.settle()
    assert "✓ Bo Lindqvist is here" in calls(side)[0].text


async def test_whoever_is_called_into_a_private_incident_becomes_a_member(town: Town, side: Side) -> None:
    await declared(town, side, "private sev1 a key has leaked")
    assert not side.sees(CLEO, ROOM)
    assert "no incident #1" in await side.says(CLEO, "#1 status")
    await tell(town, side, ANA, "flag security")
    assert side.sees(CLEO, ROOM) and side.sees(DMITRI, ROOM) and not side.sees(ESHA, ROOM)
    assert "Thank you" in await tell(town, side, CLEO, "here")


async def test_who_is_on_call_is_brought_in_and_leads_where_the_playbook_says_so(tmp_path: Path, platform: str) -> None:
    roles = process().model_dump()["roles"]
    roles = [role | ({"rotation": "on-call"} if role["name"] == "commander" else {}) for role in roles]
    levels = severities(sev1={"page": ["on-call", "owners"]})
    async with town_of(tmp_path, platform, roles=roles, severities=levels) as town:
        side = town.sides[platform]
        seen = await tell(town, side, ANA, "preview sev1 checkout is down", room="general")
        assert "Incident commander: Finn Walsh" in seen and "Invited" in seen and "Cleo Okafor" in seen
        await declared(town, side)
        incident = await town.incident()
        assert incident.roles["commander"].key == "finn"
        assert list(incident.responders) == ["ana", "finn", "cleo", "dmitri"]
        assert side.sees(FINN, ROOM) and side.sees(CLEO, ROOM)
        assert card(side).rings == {"Ana Reyes", "Finn Walsh"}, "who leads from the start is told so"
        assert not any("Cleo Okafor" in one.rings for one in posts(side)), "who is only brought in is not rung"
        assert "Invited, on call: Cleo Okafor, Dmitri Petrov" in [e.entry.text for e in await town.timeline()]

        await declared(town, side, "drill sev1 the database is gone")
        drill = await town.incident(2)
        assert drill.roles["commander"].key == "ana" and list(drill.responders) == ["ana"]


async def test_before_the_rotation_begins_the_declarer_leads(tmp_path: Path, platform: str) -> None:
    roles = process().model_dump()["roles"]
    roles = [role | ({"rotation": "on-call"} if role["name"] == "commander" else {}) for role in roles]
    later = {"name": "on-call", "title": "On call", "people": ["finn"], "starts": "2026-12-07"}
    nobody = LEADERSHIP | {"to": ["on-call", "scribe"]}
    async with town_of(tmp_path, platform, roles=roles, rotations=[later], escalations=[nobody]) as town:
        side = town.sides[platform]
        await declared(town, side)
        assert (await town.incident()).roles["commander"].key == "ana"
        for _ in range(2):
            said = await tell(town, side, BO, "escalate leadership")
            assert "I found nobody to call for Leadership: please reach them yourself." in said
        assert "I found nobody to call for On call, Scribe now" in calls(side)[0].text


async def test_whoever_is_on_call_and_cannot_be_reached_there_does_not_lead(tmp_path: Path, platform: str) -> None:
    roles = process().model_dump()["roles"]
    roles = [role | ({"rotation": "on-call"} if role["name"] == "commander" else {}) for role in roles]
    people = [*process().model_dump()["people"], {"key": "nowhere", "name": "No Handle"}]
    turn = {"name": "on-call", "title": "On call", "people": ["nowhere"], "starts": "2026-01-05"}
    async with town_of(tmp_path, platform, roles=roles, rotations=[turn], people=people) as town:
        await declared(town, town.sides[platform])
        assert (await town.incident()).roles["commander"].key == "ana"


async def test_where_nobody_is_there_to_call_the_next_on_the_path_is_called_at_once(
    tmp_path: Path, platform: str
) -> None:
    async with town_of(tmp_path, platform, escalations=[OWNERS | {"to": ["scribe"]}, LEADERSHIP]) as town:
        side = town.sides[platform]
        await declared(town, side)
        said = await tell(town, side, BO, "escalate owners because it grows")
        assert "Nobody is there to call for Service owners now, so I called Leadership." in said
        (call,) = calls(side)
        assert call.rings == {"Esha Rao"} and "it grows; nobody is Scribe now." in call.text


async def test_the_ladder_rings_the_members_of_a_group_that_the_platform_does_not_know(
    tmp_path: Path, platform: str
) -> None:
    ladder = [{"rings": ["commander"]}, {"after": "5m", "rings": ["owners"]}]
    async with town_of(tmp_path, platform, ladder=ladder, escalations=[]) as town:
        side = town.sides[platform]
        await declared(town, side)
        await town.forward(minutes=15)
        await town.forward(minutes=5)
        assert posts(side)[-1].rings == {"Cleo Okafor", "Dmitri Petrov"}
        assert "Owners (" in posts(side)[-1].text


async def test_a_plain_here_never_answers_for_somebody_else(town: Town, side: Side) -> None:
    await declared(town, side)
    await town.forward(minutes=30)
    assert "No call waits for you" in await tell(town, side, FINN, "here")
    (call,) = calls(side)
    assert call.buttons == ("I'm here",) and "is here" not in call.text
    assert "Thank you" in await tell(town, side, CLEO, "here")
    assert "Cleo Okafor is here" in calls(side)[0].text


async def test_who_is_only_informed_is_asked_for_no_answer(tmp_path: Path, platform: str) -> None:
    informed = LEADERSHIP | {"at_once": ["sev1"], "informs": True}
    async with town_of(tmp_path, platform, escalations=[informed]) as town:
        side = town.sides[platform]
        await declared(town, side)
        (told_of,) = [one for one in posts(side) if "For information: Leadership" in one.text]
        assert told_of.rings == {"Esha Rao"} and told_of.buttons == ()
        assert "for your information." in told_of.text and "you are needed" not in told_of.text
