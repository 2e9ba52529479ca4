"""A page is answered from outside: by its link, and at the pager."""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest

from adapters.pagerduty.replies import PagerDutyReplies
from adapters.pagerduty.source import PagerDuty
from adapters.web.pages import PageDoors
from adapters.web.secrets import Secrets
from bot.alerts.source import Delivery
from bot.errors import TryLater
from bot.incident import Incident
from bot.replies import Links
from bot.timeline import Kind
from tests.support.answering import SECRET, THEIRS, Doorstep, doorstep, link, serving, town_with_links
from tests.support.learner import Learner
from tests.support.paged import pages, sms
from tests.support.pagers import TOKEN, USER, Pagers, Trouble
from tests.support.process import severities
from tests.support.sources import ADAPTERS
from tests.support.story import ROOM, declared, tell
from tests.support.town import ANA, CLEO, ESHA, FINN, Side, Town


@pytest.fixture
async def pagers(tmp_path: Path) -> AsyncIterator[Pagers]:
    """Everybody's pagers."""
    async with Pagers(tmp_path) as made:
        yield made


@pytest.fixture
async def town(tmp_path: Path, platform: str, pagers: Pagers) -> AsyncIterator[Town]:
    """A town whose pages hold a link."""
    async with town_with_links(tmp_path, platform, pagers) as made:
        yield made


@pytest.fixture
async def door(town: Town) -> AsyncIterator[Doorstep]:
    """Where answers come in."""
    async with doorstep(town) as made:
        yield made


class Broken:
    """A database that does not answer."""

    async def incident(self, number: int) -> Incident | None:
        raise TryLater("database", unreachable=True)


async def told(town: Town) -> list[str]:
    """What the timeline says of pages."""
    return [one.entry.text for one in await town.timeline() if one.entry.kind is Kind.PAGE]


def recorded(source: str, **changes: Any) -> bytes:
    """What a pager sends when somebody acknowledges, about a page of ours."""
    name = "acknowledged" if source == "pagerduty" else "acknowledge"
    said = json.loads((ADAPTERS / source / "samples" / f"{name}.json").read_bytes())
    about = said["event"]["data"] if source == "pagerduty" else said["alert"]
    about["incident_key" if source == "pagerduty" else "alias"] = "tocsin/1/page/1/0"
    if source == "opsgenie":
        about["username"] = "finn@acme.example"
    for name, value in changes.items():
        (said["event"] if source == "pagerduty" else said["alert"])[name] = value
    return json.dumps(said).encode()


async def test_following_the_link_shows_what_is_the_matter_and_changes_nothing(
    town: Town, side: Side, pagers: Pagers, door: Doorstep
) -> None:
    await declared(town, side)
    before = (await town.incident()).revision
    for _ in range(3):
        seen = await door.looks(link(pagers))
    assert seen.status_code == 200 and (await door.http.head(link(pagers))).status_code == 200
    began = "06:00 (America/Los_Angeles), 20 November 2026"
    for part in ("SEV1 · checkout is down", began, "It is SEV1.", "I have it", "I cannot"):
        assert part in seen.text, seen.text
    assert (await town.incident()).revision == before and "Paging" in pages(side)[0].text


async def test_who_presses_has_it_and_the_chain_stops(town: Town, side: Side, pagers: Pagers, door: Doorstep) -> None:
    await declared(town, side)
    await town.forward(minutes=3)
    seen = await door.answers(link(pagers))
    await town.settle()
    assert "You have it since" in seen.text and "<form" not in seen.text
    assert "Finn Walsh has it, 3m after the page (by the link)." in pages(side)[0].text
    assert (await told(town))[-1] == "Finn Walsh acknowledged the page to On call by the link, 3m after it began"
    await town.forward(minutes=60)
    assert pagers.texts() == [("ntfy", "finn-push")]


async def test_an_answer_leads_back_to_its_page_behind_whatever_path_it_is_reached_by(
    town: Town, side: Side, pagers: Pagers, door: Doorstep
) -> None:
    await declared(town, side)
    here = f"https://example.com/tocsin{link(pagers)}"
    answered = await door.http.post(link(pagers), data={"answer": "have"})
    assert answered.status_code == 303 and urljoin(here, answered.headers["location"]) == here


async def test_pressed_twice_it_counts_once(town: Town, side: Side, pagers: Pagers, door: Doorstep) -> None:
    await declared(town, side)
    for _ in range(3):
        seen = await door.answers(link(pagers))
    await town.settle()
    assert "You have it since" in seen.text
    assert sum("acknowledged the page" in line for line in await told(town)) == 1


async def test_who_cannot_is_left_alone_and_the_next_is_paged_at_once(
    town: Town, side: Side, pagers: Pagers, door: Doorstep
) -> None:
    await declared(town, side)
    seen = await door.answers(link(pagers), "cannot")
    await town.settle()
    assert "You said that you cannot" in seen.text and "<form" in seen.text
    assert pagers.texts() == [("ntfy", "finn-push"), ("ntfy", "cleo-push")]
    assert "Finn Walsh cannot take the page to On call, by the link, 0s after it began" in await told(town)
    assert "\nFinn Walsh: cannot" in pages(side)[0].text
    await door.answers(link(pagers, 0), "cannot")
    await town.settle()
    assert len(pagers.arrived) == 2

    await door.answers(link(pagers, 0))
    await town.settle()
    assert "Finn Walsh has it" in pages(side)[0].text


async def test_who_said_that_they_cannot_may_say_why_in_the_channel_and_the_chain_goes_on(
    town: Town, side: Side, pagers: Pagers, door: Doorstep
) -> None:
    await declared(town, side)
    await door.answers(link(pagers), "cannot")
    await town.settle()
    await tell(town, side, FINN, "note I am on a train without a laptop")
    assert "Paging" in pages(side)[0].text and "has it" not in pages(side)[0].text
    await town.forward(minutes=5)
    assert ("gotify", sms("cleo")) in pagers.texts()
    await tell(town, side, FINN, "have")
    assert "Finn Walsh has it" in pages(side)[0].text, "they may change their mind"


async def test_where_those_who_were_reached_cannot_nobody_waits_for_those_who_were_not(
    tmp_path: Path, platform: str, pagers: Pagers
) -> None:
    severe = severities(sev1={"page": ["owners"]})
    pagers.trouble["ntfy/dmitri-push"] = Trouble.REFUSES
    async with town_with_links(tmp_path, platform, pagers, severities=severe) as town, doorstep(town) as door:
        await declared(town, town.sides[platform])
        assert pagers.texts() == [("ntfy", "cleo-push")]
        await door.answers(link(pagers), "cannot")
        await town.settle()
        assert ("gotify", sms("dmitri")) in pagers.texts()


async def test_where_everybody_says_that_they_cannot_the_channel_is_told(
    town: Town, side: Side, pagers: Pagers, door: Doorstep
) -> None:
    await declared(town, side)
    for _ in range(3):
        await door.answers(link(pagers), "cannot")
        await town.settle()
    assert [to for _, to in pagers.texts()] == ["finn-push", "cleo-push", "esha-push"]
    (said,) = (one.text for one in side.room(ROOM) if "Nobody answers" in one.text)
    assert "Finn Walsh, Cleo Okafor, Esha Rao cannot, and nobody else has answered" in said, said


async def test_of_several_who_are_paged_at_once_one_that_cannot_leaves_it_to_the_others(
    tmp_path: Path, platform: str, pagers: Pagers
) -> None:
    severe = severities(sev1={"page": ["owners"]})
    async with town_with_links(tmp_path, platform, pagers, severities=severe) as town, doorstep(town) as door:
        await declared(town, town.sides[platform])
        together = len(pagers.arrived)
        assert together > 1
        for place in range(together):
            await door.answers(link(pagers, place), "cannot")
            await town.settle()
            last = place == together - 1
            assert any("Nobody answers" in one.text for one in town.sides[platform].room(ROOM)) is last


async def test_whoever_comes_later_is_told_calmly_who_has_it(
    town: Town, side: Side, pagers: Pagers, door: Doorstep
) -> None:
    await declared(town, side)
    await town.forward(minutes=5)
    assert [to for _, to in pagers.texts()] == ["finn-push", sms("finn")]
    await town.forward(minutes=10)
    theirs = link(pagers)
    await door.answers(link(pagers, 0))
    seen = await door.looks(theirs)
    assert re.search(r"Finn Walsh has it since \d\d:\d\d \(", seen.text) and "<form" not in seen.text
    again = await door.answers(theirs)
    await town.settle()
    assert "Finn Walsh has it since" in again.text and "Finn Walsh has it" in pages(side)[0].text


async def test_a_page_that_nobody_needs_any_more_says_so(
    town: Town, side: Side, pagers: Pagers, door: Doorstep
) -> None:
    await declared(town, side)
    await tell(town, side, ANA, "cancel")
    seen = await door.answers(link(pagers))
    assert "Nobody needs to answer any more since" in seen.text and "<form" not in seen.text


async def test_a_link_answers_for_a_day_and_then_only_tells(
    town: Town, side: Side, pagers: Pagers, door: Doorstep
) -> None:
    await declared(town, side)
    path = link(pagers)
    await town.forward(hours=24)
    seen = await door.looks(path)
    assert seen.status_code == 200 and "has run out" in seen.text and "<form" not in seen.text
    before = await told(town)
    assert "has run out" in (await door.answers(path)).text and await told(town) == before


async def test_a_link_of_a_private_incident_tells_no_word_that_people_wrote(
    town: Town, side: Side, pagers: Pagers, door: Doorstep
) -> None:
    await declared(town, side, "private sev1 a key has leaked")
    assert "leaked" not in pagers.arrived[0].text
    for seen in (await door.looks(link(pagers)), await door.answers(link(pagers))):
        assert seen.status_code == 200 and "SEV1 · a private incident" in seen.text and "leaked" not in seen.text


async def test_what_people_wrote_does_nothing_on_the_page(
    town: Town, side: Side, pagers: Pagers, door: Doorstep
) -> None:
    await declared(town, side, 'sev1 <script>alert(1)</script> & "quotes"')
    seen = await door.looks(link(pagers))
    assert "<script" not in seen.text and "&lt;script&gt;alert(1)" in seen.text


async def test_the_page_runs_nothing_loads_nothing_and_is_kept_nowhere(
    town: Town, side: Side, pagers: Pagers, door: Doorstep
) -> None:
    await declared(town, side)
    for seen in (await door.looks(link(pagers)), await door.looks("/pages/nonsense.token")):
        policy = seen.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'sha256-") and "form-action 'self'" in policy
        assert "frame-ancestors 'none'" in policy and "unsafe" not in policy and "script-src" not in policy
        assert seen.headers["cache-control"] == "no-store" and seen.headers["referrer-policy"] == "no-referrer"
        assert "http" not in re.sub(r"<!doctype[^>]*>", "", seen.text) and "<script" not in seen.text


async def test_nothing_else_is_a_link(town: Town, side: Side, pagers: Pagers, door: Doorstep) -> None:
    await declared(town, side)
    path = link(pagers)
    before = await told(town)
    for wrong in (f"{path}x", path[:-2], "/pages/abc", "/pages/a.b", path.replace(".", "..")):
        for seen in (await door.looks(wrong), await door.answers(wrong)):
            assert seen.status_code == 404 and "leads nowhere" in seen.text and "checkout" not in seen.text
    assert (await door.http.post(path, data={"answer": "nonsense"})).status_code == 422
    assert (await door.http.post(path)).status_code == 422 and (await door.http.put(path)).status_code == 405
    assert (await door.http.post(path, content=b"x" * 2_000_000)).status_code == 413
    assert await told(town) == before


async def test_while_the_database_is_away_the_page_says_so_and_a_pager_is_asked_to_come_again(
    town: Town, side: Side, pagers: Pagers
) -> None:
    await declared(town, side)
    gone, deaf = Broken(), Learner()
    deaf.gone = True
    links = Links(town.keys, town.clock, url="")
    secrets = Secrets(SECRET)
    doors = PageDoors(gone, deaf, links, town.clock, pagers=[PagerDutyReplies()], secrets=secrets)  # type: ignore[arg-type]  # all that the doors ask of it
    async with serving(town, doors) as door:
        for seen in (await door.looks(link(pagers)), await door.answers(link(pagers))):
            assert seen.status_code == 503 and "try again in a few seconds" in seen.text and "<form" not in seen.text
        told = await door.tells("pagerduty", recorded("pagerduty"))
        assert told.status_code == 503 and told.headers["retry-after"]


@pytest.mark.parametrize("source", ["pagerduty", "opsgenie"])
async def test_who_acknowledges_at_the_pager_has_it(
    town: Town, side: Side, pagers: Pagers, door: Doorstep, source: str
) -> None:
    await declared(town, side)
    await town.forward(minutes=2)
    body = recorded(source)
    answer = await door.tells(source, body)
    assert (answer.status_code, answer.json()) == (202, {"accepted": 1})
    await door.tells(source, body)
    await town.settle()
    who = "Earline Greenholt" if source == "pagerduty" else "finn@acme.example"
    title = "PagerDuty" if source == "pagerduty" else "Opsgenie"
    assert f"{who} has it, 2m after the page (at {title})." in pages(side)[0].text
    await town.forward(minutes=60)
    assert len(pagers.arrived) == 1 and sum("acknowledged the page" in line for line in await told(town)) == 1


@pytest.mark.parametrize("source", ["pagerduty", "opsgenie"])
async def test_whom_the_playbook_knows_is_known(tmp_path: Path, platform: str, pagers: Pagers, source: str) -> None:
    contacts = {"cleo": {"email": "Cleo@Acme.example", "phone": "+1 555 0103"}}
    async with town_with_links(tmp_path, platform, pagers, contacts=contacts) as town, doorstep(town) as door:
        side = town.sides[platform]
        await declared(town, side)
        agent = {"summary": "Cleo Okafor", "type": "user_reference"}
        said = {"agent": agent} if source == "pagerduty" else {"username": "cleo@acme.example"}
        await door.tells(source, recorded(source, **said))
        await town.settle()
        (page,) = (await town.incident()).progress.pages
        assert page.acknowledged_by is not None and page.acknowledged_by.key == "cleo"


async def test_an_automation_at_the_pager_answers_for_whoever_was_paged_there(
    town: Town, side: Side, pagers: Pagers, door: Doorstep
) -> None:
    await declared(town, side)
    agent = {"summary": "A workflow", "type": "workflow_integration_reference"}
    await door.tells("pagerduty", recorded("pagerduty", agent=agent))
    await town.settle()
    assert "Finn Walsh has it" in pages(side)[0].text


async def test_a_pager_is_known_by_the_secret_or_by_its_own_signature(
    town: Town, side: Side, pagers: Pagers, door: Doorstep
) -> None:
    await declared(town, side)
    body = recorded("pagerduty")
    assert (await door.tells("pagerduty", body, secret="another-secret-altogether")).status_code == 403
    assert (await door.tells("pagerduty", body, secret="")).status_code == 403
    assert (await door.tells("pagerduty", body, signed="another-secret-altogether")).status_code == 403
    assert (await door.tells("opsgenie", recorded("opsgenie"), secret="")).status_code == 403
    assert not any("acknowledged the page" in line for line in await told(town))
    assert (await door.tells("pagerduty", body, signed=THEIRS)).status_code == 202
    assert any("acknowledged the page" in line for line in await told(town))


@pytest.mark.parametrize("mark", ["baf7cf21b1da41b4b0221008339ff357", "tocsin/9/page/1/0", "tocsin/1/page/7/0",
                                  "tocsin/1/page/1/99", "tocsin/1/page/1"])  # fmt: skip
async def test_what_is_no_page_of_ours_changes_nothing(
    town: Town, side: Side, pagers: Pagers, door: Doorstep, mark: str
) -> None:
    await declared(town, side)
    before = await told(town)
    body = recorded("pagerduty").replace(b"tocsin/1/page/1/0", mark.encode())
    assert (await door.tells("pagerduty", body)).status_code == 202
    for name in ("resolved", "triggered", "ping"):
        sample = (ADAPTERS / "pagerduty" / "samples" / f"{name}.json").read_bytes()
        assert (await door.tells("pagerduty", sample)).json() == {"accepted": 0}
    assert (await door.tells("opsgenie", b"{}")).status_code == 422
    await town.settle()
    assert await told(town) == before


async def test_a_route_of_ones_own_comes_before_the_operators_and_quiet_hours_hand_on_at_once(
    town: Town, side: Side, pagers: Pagers, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in pagers.environment.items():
        monkeypatch.setenv(name, value)
    await tell(town, side, FINN, f"routes add pover://{USER}@{TOKEN}", room="general")
    code = re.search(r"verify (\d{6})", pagers.arrived[-1].text)
    assert code is not None and pagers.arrived[-1].service == "pushover"
    assert "is verified" in await tell(town, side, FINN, f"routes verify {code[1]}", room="general")
    pagers.arrived.clear()
    await declared(town, side)
    assert ("pushover", USER) in pagers.texts()

    pagers.arrived.clear()
    await tell(town, side, FINN, "routes quiet 0:00-23:59", room="general")
    await declared(town, side, "sev2 search is slow")
    assert "finn" not in str(pagers.texts()) and ("ntfy", "cleo-push") in pagers.texts()
    assert any("quiet hours until" in one.text for one in side.room(f"{ROOM}-2"))


async def test_whom_quiet_hours_kept_from_a_page_is_paged_once_the_severity_is_the_most_severe(
    town: Town, side: Side, pagers: Pagers
) -> None:
    for who in (FINN, CLEO, ESHA):
        await tell(town, side, who, "routes quiet 0:00-23:59", room="general")
    await declared(town, side, "sev2 search is slow")
    assert pagers.asked == [] and "Nobody could be paged" in pages(side)[0].text
    await tell(town, side, ANA, "note still slow")
    assert pagers.asked == []
    await town.forward(minutes=6)  # Discord lets a channel's topic change twice in ten minutes
    await tell(town, side, ANA, "severity sev1")
    assert pagers.texts() == [("ntfy", "finn-push")]
    assert "No longer needed: it is SEV1 now, and they are paged anew." in pages(side)[0].text


async def test_what_we_sent_to_pagerduty_declares_nothing_when_it_comes_back() -> None:
    body = (ADAPTERS / "pagerduty" / "samples" / "triggered.json").read_bytes()
    (theirs,) = PagerDuty().read(Delivery(body=body))
    said = json.loads(body)
    said["event"]["data"]["incident_key"] = "tocsin/42/page/1/0"
    assert theirs.title and PagerDuty().read(Delivery(body=json.dumps(said).encode())) == []
