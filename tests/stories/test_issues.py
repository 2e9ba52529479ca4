"""Action items and incidents as issues in a tracker: filed once, kept in step both ways."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from time import monotonic

import pytest

from adapters.tracker.adapter import TrackerAdapter
from adapters.tracker.github import GitHub
from bot.issue import IssueState
from bot.patience import LONGEST_WAIT
from bot.playbook.shape import Playbook
from tests.support.drafts import newest
from tests.support.github import TOKEN, FakeGitHub
from tests.support.postgres import PostgresServer
from tests.support.seen import Seen
from tests.support.story import ROOM, acquainted, card, declared, posts, tell
from tests.support.town import ANA, BO, CLEO, FRIDAY, PATIENCE, Side, Town, sqlite
from tests.support.tracked import Tracked, with_accounts
from tests.support.wires import Fault, Wrong

FILES = {"kind": "github", "place": "acme/shop", "incidents": ["sev1"], "labels": {"sev1": ["incident", "sev1"]},
         "fields": ["severity", "component", "date"], "actions": True, "action_labels": ["follow-up"]}  # fmt: skip
ACCOUNTS = {ANA.key: "ana-dev", BO.key: "bo-dev"}


class InGitHub(Tracked):
    """A town that files in GitHub."""

    def __init__(self, database: str, platform: str, **changes: object) -> None:
        playbook = acquainted(**{"tracker": FILES, "components": ("checkout", "search"), **changes})
        playbook = Playbook.model_validate(with_accounts(playbook, "github", ACCOUNTS).model_dump())
        town = Town(database, platforms=(platform,), playbook=playbook)
        self.github = FakeGitHub(now=town.clock.now, people=tuple(ACCOUNTS.values()))

        def make(token: str) -> GitHub:
            return GitHub(url=self.github.url, token=token, patience=1.0)

        super().__init__(town, self.github, make, token=TOKEN, place="acme/shop")


@pytest.fixture
async def it(tmp_path: Path, platform: str) -> AsyncIterator[InGitHub]:
    """A town that files in GitHub."""
    made = InGitHub(sqlite(tmp_path), platform)
    async with made:
        yield made


@pytest.fixture
def town(it: InGitHub) -> Town:
    """Its town."""
    return it.town


def issue(it: InGitHub, number: int) -> dict[str, object]:
    """An issue in the repository."""
    return it.github.issues["acme/shop"][number - 1]


async def acted(it: InGitHub, side: Side, words: str = "action @bo add a pool alert by friday") -> None:
    """A sev3, which is not filed itself, with one action item."""
    await declared(it.town, side, "sev3 checkout is slow")
    await tell(it.town, side, ANA, words.replace("@bo", side.at(BO)))


async def test_an_action_item_becomes_an_issue_with_owner_date_label_and_the_way_back(it: InGitHub, side: Side) -> None:
    await acted(it, side)
    filed = it.github.only()
    assert filed["title"] == "add a pool alert" and filed["state"] == "open"
    assert filed["assignees"] == [{"login": "bo-dev"}] and filed["labels"] == [{"name": "follow-up"}]
    body = str(filed["body"])
    assert "#1 · checkout is slow in #incident-2026-11-20" in body.replace("\\", "").replace("\u2060", "")
    assert "**Owner:** Bo Lindqvist" in body and "**Due:** 2026-11-27" in body

    address = {"slack": "https://slack.com/app_redirect?channel=C", "discord": "https://discord.com/channels/"}
    assert address[side.name] in body

    (told,) = [one for one in posts(side) if "Action items" in one.text.splitlines()[0]]
    assert "· #1" in told.text.replace("[", "") and "https://github.example/acme/shop/issues/1" in str(told.raw)
    assert (await it.entries())[-1].startswith("Issue #1 in GitHub for action item 1: https://github.example/")


async def test_what_changes_here_changes_there_and_what_people_wrote_there_stays(it: InGitHub, side: Side) -> None:
    await acted(it, side)
    it.github.does("ana-dev", 1, "labeled", labels=[{"name": "follow-up"}, {"name": "theirs"}])
    it.github.only()["body"] = f"{it.github.only()['body']}\r\nSee the runbook first."
    await tell(it.town, side, ANA, f"action 1 {side.at(CLEO)}")
    await tell(it.town, side, ANA, "action 1 by monday")
    filed = it.github.only()
    assert "**Owner:** Cleo Okafor" in filed["body"] and "**Due:** 2026-11-23" in filed["body"]
    assert filed["body"].endswith("See the runbook first.") and filed["body"].count("tocsin-") == 1
    assert filed["assignees"] == [], "Cleo has no account that the playbook knows"

    await tell(it.town, side, CLEO, "done 1")
    assert (filed["state"], filed["state_reason"]) == ("closed", "completed")
    await tell(it.town, side, CLEO, "action 1 again")
    assert filed["state"] == "open"
    await tell(it.town, side, CLEO, "action 1 drop because the pool is gone")
    assert (filed["state"], filed["state_reason"]) == ("closed", "not_planned")
    assert "the pool is gone" in filed["body"]
    assert {"name": "theirs"} in filed["labels"]


async def test_a_colleague_beside_the_owner_is_no_other_owner_until_the_owner_is_taken_off(
    it: InGitHub, side: Side
) -> None:
    await acted(it, side)
    for logins, owner in ((("ana-dev", "bo-dev"), "Bo Lindqvist"), (("ana-dev",), "Ana Reyes")):
        it.town.clock.forward(timedelta(minutes=1))
        it.github.does("ana-dev", 1, "assigned", assignees=[{"login": login} for login in logins])
        await it.looks()
        (item,) = (await it.town.incident()).progress.actions
        assert item.owner is not None and item.owner.name == owner


async def test_closing_there_is_done_here_and_reopening_takes_it_up_again(it: InGitHub, side: Side) -> None:
    await acted(it, side)
    asked = len(it.github.asked)
    it.town.clock.forward(timedelta(minutes=1))
    it.github.does("bo-dev", 1, "closed", state="closed", state_reason="completed")
    await it.looks()
    (item,) = (await it.town.incident()).progress.actions
    assert item.done_at == FRIDAY + timedelta(minutes=1) and item.done_by == "Bo Lindqvist"
    assert (await it.entries())[-1].startswith("Action item 1 done in GitHub (#1): add a pool alert")
    (link,) = [link for link in await it.town.timeline() if "done in GitHub" in link.entry.text]
    assert (link.entry.by, link.entry.actor) == ("Bo Lindqvist", "bo")

    it.town.clock.forward(timedelta(minutes=1))
    it.github.does("octocat", 1, "reopened", state="open", state_reason="reopened")
    await it.looks()
    (item,) = (await it.town.incident()).progress.actions
    assert item.open
    last = (await it.town.timeline())[-1].entry
    assert "taken up again in GitHub (#1)" in last.text and last.by == "octocat (GitHub)"
    assert not [one for one in it.github.asked[asked:] if one.method == "PATCH"], (
        "what came from there is not sent back"
    )


async def test_our_own_changes_are_no_news(it: InGitHub, side: Side) -> None:
    await acted(it, side)
    await it.later(minutes=1)
    await tell(it.town, side, BO, "done 1")
    before = await it.entries()
    await it.later(minutes=1)
    await it.later(minutes=1)
    it.github.does("ana-dev", 1, "commented")
    await it.looks()
    assert await it.entries() == before


async def test_an_owner_and_a_title_that_change_there_change_here(it: InGitHub, side: Side) -> None:
    await acted(it, side)
    it.town.clock.forward(timedelta(minutes=1))
    it.github.does("bo-dev", 1, "assigned", assignees=[{"login": "ana-dev"}], title="add a pool alert, and a graph")
    await it.looks()
    (item,) = (await it.town.incident()).progress.actions
    assert item.owner is not None and item.owner.key == "ana" and item.text == "add a pool alert, and a graph"
    assert "**Owner:** Ana Reyes" in it.github.only()["body"]
    assert any("Bo Lindqvist gave you an action item" in told for told in side.private(ANA))

    it.town.clock.forward(timedelta(minutes=1))
    it.github.does("bo-dev", 1, "assigned", assignees=[{"login": "octocat"}])
    await it.looks()
    (item,) = (await it.town.incident()).progress.actions
    assert item.owner is not None and item.owner.key == "ana"
    assert "assigned to octocat, whom the playbook does not know, in GitHub (#1)" in (await it.entries())[-1]
    assert it.github.only()["assignees"] == [{"login": "octocat"}], "nobody there is overruled"


async def test_an_incident_becomes_an_issue_at_the_severities_that_the_playbook_names(it: InGitHub, side: Side) -> None:
    await declared(it.town, side, "sev2 search is slow")
    assert it.github.issues["acme/shop"] == []
    await tell(it.town, side, ANA, "severity sev1 because everybody waits")
    filed = it.github.only()
    assert filed["title"] == "search is slow" and filed["assignees"] == [{"login": "ana-dev"}]
    assert [one["name"] for one in filed["labels"]] == ["incident", "sev1"]
    assert "**Severity:** sev1" in filed["body"] and "**Date:** 2026-11-20" in filed["body"]
    assert "Component" not in filed["body"]
    assert "Issue" in card(side).text and "#1" in card(side).text

    await tell(it.town, side, ANA, "component search")
    await tell(it.town, side, ANA, "severity sev2 because it is only one region")
    assert "**Component:** search" in filed["body"] and "**Severity:** sev2" in filed["body"]
    assert filed["labels"] == []
    it.town.clock.forward(timedelta(minutes=1))
    it.github.does("octocat", 1, "closed", state="closed", state_reason="completed")
    await it.looks()
    assert "#1 in GitHub was closed there; the incident stays investigating" in (await it.entries())[-1]
    assert (await it.town.incident()).open and filed["state"] == "closed"


async def test_a_false_alarm_is_closed_there_as_not_planned(it: InGitHub, side: Side) -> None:
    await declared(it.town, side, "sev1 checkout is down")
    await tell(it.town, side, ANA, "cancel it was a test")
    assert (it.github.only()["state"], it.github.only()["state_reason"]) == ("closed", "not_planned")
    await tell(it.town, side, ANA, "reopen because it was not")
    assert it.github.only()["state"] == "open"


@pytest.mark.parametrize("words", ["private sev1 somebody is in", "drill sev1 checkout is down"])
async def test_private_incidents_and_drills_never_reach_a_tracker(it: InGitHub, side: Side, words: str) -> None:
    await declared(it.town, side, words)
    room = next(name for name in side.rooms() if name.startswith(("incident", "drill")))
    await tell(it.town, side, ANA, "action me look into it", room=room)
    await it.looks()
    assert it.github.issues["acme/shop"] == []
    assert not any(one.method == "POST" for one in it.github.asked)


async def test_words_of_people_do_not_act_there(it: InGitHub, side: Side) -> None:
    await declared(it.town, side, "sev1 @octocat closes #7 ![x](https://evil.example/x.png)")
    body = str(it.github.only()["body"])
    assert "@octocat" not in body and "#7" not in body and "![x]" not in body and "](https://evil" not in body


@pytest.mark.parametrize("wrong", [Wrong.LOST, Wrong.SILENT, Wrong.AFTER, Wrong.BEFORE])
async def test_an_answer_that_is_lost_files_nothing_twice(it: InGitHub, side: Side, wrong: Wrong) -> None:
    it.github.faults.append(Fault(wrong))
    await acted(it, side)
    filed = it.github.only()
    assert "Issue #1 in GitHub" in (await it.entries())[-1] and filed["state"] == "open"
    it.github.faults.append(Fault(wrong))
    await tell(it.town, side, BO, "done 1")
    assert filed["state"] == "closed"
    assert not any("The tracker has to wait" in one.text for one in posts(side))


def waits(side: Side) -> list[Seen]:
    """What people were told of a tracker that takes nothing."""
    return [one for one in posts(side) if "The tracker has to wait" in one.text]


async def test_a_tracker_that_is_away_loses_nothing_and_is_told_of_once(it: InGitHub, side: Side) -> None:
    away = Fault(Wrong.BEFORE, 503, times=1000)
    it.github.faults.append(away)
    await declared(it.town, side, "sev3 checkout is slow")
    for what in ("a pool alert", "a graph", "a runbook"):
        await side.says(ANA, f"action me {what}", room=ROOM)
    await side.says(ANA, "done 2", room=ROOM)

    async def told() -> bool:
        return bool(waits(side)) and "Still to come" in card(side).text

    await it.town.aged("tracker", by=30)
    await it.town.until(told, within=LONGEST_WAIT + PATIENCE)
    assert it.github.issues["acme/shop"] == []
    away.times = 0
    await it.town.settle()
    filed = it.github.issues["acme/shop"]
    assert sorted((str(one["title"]), str(one["state"])) for one in filed) == [
        ("a graph", "closed"), ("a pool alert", "open"), ("a runbook", "open")]  # fmt: skip
    assert len(waits(side)) == 1 and "503" in waits(side)[0].text
    assert "Still to come" not in card(side).text


async def test_what_is_done_and_taken_up_again_while_the_tracker_is_away_is_no_news_from_there(
    it: InGitHub, side: Side
) -> None:
    await acted(it, side)
    away = Fault(Wrong.BEFORE, 500, times=1000)
    it.github.faults.append(away)
    for words in ("done 1", "action 1 again", "action 1 by monday", "done 1", "action 1 again"):
        await side.says(BO, words, room=ROOM)
    asked = len(it.github.asked)

    async def tried() -> bool:
        return len(it.github.asked) > asked

    await it.town.until(tried)
    away.times = 0
    await it.town.settle()
    await it.later(minutes=1)
    assert it.github.shown().state is IssueState.OPEN and "2026-11-23" in it.github.shown().text
    assert (await it.town.incident()).progress.actions[0].open
    assert not [entry for entry in await it.entries() if "in GitHub (" in entry], "nobody did anything there"


async def test_a_rate_limit_is_waited_for_as_it_says(it: InGitHub, side: Side) -> None:
    spent = {"x-ratelimit-remaining": "0", "Retry-After": "1"}
    it.github.faults.append(Fault(Wrong.BEFORE, 403, headers=spent))
    began = monotonic()
    await acted(it, side)
    assert monotonic() - began >= 1 and it.github.only()["title"] == "add a pool alert"
    assert sum(one.method == "POST" for one in it.github.asked) == 2 and not waits(side)


async def test_a_token_that_is_refused_is_told_of_once_and_mended_by_a_new_one(
    it: InGitHub, side: Side, tmp_path: Path
) -> None:
    it.github.token = "a new one"
    await declared(it.town, side, "sev3 checkout is slow")
    for what in ("a pool alert", "a graph"):
        await side.says(ANA, f"action me {what}", room=ROOM)

    async def told() -> bool:
        return len((await it.town.incident()).late) == 2 and bool(waits(side))

    await it.town.until(told)
    (told_of,) = waits(side)
    assert "401 Bad credentials" in told_of.text and "tocsin doctor" in told_of.text and TOKEN not in told_of.text

    await it.town.bot.stop()
    it.use("a new one")
    with sqlite3.connect(tmp_path / "tocsin.db") as database:
        database.execute("UPDATE owed SET not_before = NULL")  # as if the five minutes had gone by
    await it.town.start_bot()
    await it.town.settle()
    assert sorted(str(one["title"]) for one in it.github.issues["acme/shop"]) == ["a graph", "a pool alert"]
    assert len(waits(side)) == 1 and not (await it.town.incident()).late


async def test_what_was_closed_there_while_the_bot_was_down_is_learned_after_its_start(
    it: InGitHub, side: Side
) -> None:
    await acted(it, side)
    await it.town.bot.stop()
    it.town.clock.forward(timedelta(days=2))
    it.github.does("bo-dev", 1, "closed", state="closed", state_reason="completed")
    it.town.clock.forward(timedelta(days=1))
    it.use()
    await it.town.start_bot()
    await it.looks()
    assert (await it.town.incident()).progress.actions[0].done_by == "Bo Lindqvist"


async def test_an_issue_that_was_deleted_there_stays_here_alone(it: InGitHub, side: Side) -> None:
    await acted(it, side)
    it.github.only()["deleted"] = True
    await tell(it.town, side, ANA, "action 1 by monday")
    assert "Issue #1 in GitHub was deleted there; action item 1 stays here alone" in (await it.entries())[-1]
    asked = len(it.github.asked)
    await tell(it.town, side, BO, "done 1")
    assert len(it.github.asked) == asked and (await it.town.incident()).progress.actions[0].done_at is not None


async def test_what_two_replicas_spot_is_done_once(it: InGitHub, side: Side) -> None:
    await acted(it, side)
    it.town.clock.forward(timedelta(minutes=1))
    it.github.close("bo-dev")
    other = TrackerAdapter(it.tracker.platform.known.values(), it.town.clock, places=[("github", "acme/shop")])
    other.platform.ear = it.town.bot.desk
    await asyncio.gather(it.tracker.look(), other.look())
    await it.town.settle()
    assert sum("done in GitHub" in entry for entry in await it.entries()) == 1


async def test_the_post_mortem_leads_to_the_issue(it: InGitHub, side: Side) -> None:
    await declared(it.town, side, "sev1 checkout is down")
    await tell(it.town, side, ANA, "action me add a pool alert")
    await tell(it.town, side, ANA, "resolve the pool is larger")
    await tell(it.town, side, ANA, "postmortem")
    assert "[\\#2](<https://github.example/acme/shop/issues/2>)" in (await newest(it.town)).replace("\u2060", "")


async def test_an_issue_of_somebody_else_changes_nothing(it: InGitHub, side: Side) -> None:
    await acted(it, side)
    mine = it.github.only()
    copied = {**mine, "number": 2, "events": [], "title": "a copy, with our mark in it"}
    it.github.issues["acme/shop"].append(copied)
    before = await it.entries()
    it.town.clock.forward(timedelta(minutes=1))
    it.github.close("octocat", number=2)
    await it.looks()
    assert await it.entries() == before and (await it.town.incident()).progress.actions[0].open


async def test_nobody_is_told_in_a_channel_that_is_archived(it: InGitHub, side: Side) -> None:
    await acted(it, side)
    for words in ("resolve the pool is larger", "close"):
        await tell(it.town, side, ANA, words)
    await it.town.forward(days=8)
    assert (await it.town.incident()).archived_at is not None
    it.github.token = "another by now"
    await side.says(BO, "#1 done 1")

    async def late() -> bool:
        return bool((await it.town.incident()).late)

    await it.town.until(late)
    assert not waits(side)
    assert (await it.town.timeline())[-1].entry.text.startswith("Late: a change of the issue “add a pool alert”")


async def test_it_is_the_same_on_postgresql(postgres_server: PostgresServer) -> None:
    async with InGitHub(await postgres_server.fresh(), "slack") as it:
        side = it.town.sides["slack"]
        it.github.faults.append(Fault(Wrong.LOST))
        await acted(it, side)
        it.town.clock.forward(timedelta(minutes=1))
        it.github.close("bo-dev")
        await it.looks()
        assert (await it.town.incident()).progress.actions[0].done_by == BO.name and it.github.only()
