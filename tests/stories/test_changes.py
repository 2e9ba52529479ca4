"""A linked test or monitor counts once it is merged: asked at the forge where there is one, else declared by people."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from adapters.git.adapter import GitAdapter
from adapters.git.settings import RecordSettings
from adapters.health.adapter import HealthAdapter
from adapters.tracker.forge import ForgeAdapter
from bot.progress import Merge
from bot.timeline import Kind
from tests.support.forge import TOKEN, GitHub
from tests.support.repository import Repository
from tests.support.shipped import shipped
from tests.support.story import ROOM, acquainted, declared, last, posts, tell
from tests.support.town import ANA, BO, CLEO, DMITRI, ESHA, Side, Town, sqlite

GATE = ({"links": ("test", "monitor")},)


@pytest.fixture
async def github() -> AsyncIterator[GitHub]:
    """GitHub, on this machine."""
    async with GitHub() as made:
        yield made


@asynccontextmanager
async def asking(folder: Path, platform: str, github: GitHub | None, **changes: object) -> AsyncIterator[Town]:
    """A town that wants a merged test or monitor before the close."""
    town = Town(sqlite(folder), platforms=(platform,), playbook=acquainted(**{"close": GATE, **changes}))
    town.tools = [HealthAdapter(), *([ForgeAdapter(github.settings)] if github is not None else [])]
    async with town:
        yield town


@pytest.fixture
async def town(tmp_path: Path, platform: str, github: GitHub) -> AsyncIterator[Town]:
    """With a forge."""
    async with asking(tmp_path, platform, github) as made:
        yield made


async def resolved(town: Town, side: Side) -> None:
    """Declared and resolved."""
    await declared(town, side, "sev3 checkout is slow")
    await tell(town, side, ANA, "resolve a restart")


async def links(town: Town) -> list[str]:
    """What the timeline says of links."""
    return [link.entry.text for link in await town.timeline() if link.entry.kind is Kind.LINK]


async def test_a_merged_test_closes_with_who_and_when_on_the_record(town: Town, side: Side, github: GitHub) -> None:
    github.opens("fix", "tests/test_pool.py").merged_by = "cleo"
    await resolved(town, side)
    assert "I ask whether it is merged" in await tell(town, side, ANA, f"link {github.url(1)} test")
    assert "is merged by cleo" in side.private(ANA)[-1]
    (_, checked) = await links(town)
    assert checked == f"Checked at the forge: “test” {github.url(1)} is merged by cleo, 13:00 UTC: tests/test_pool.py"
    assert "#1 is closed." in await tell(town, side, ANA, "close")


async def test_one_that_is_open_keeps_it_open_and_is_looked_at_again_by_itself(
    town: Town, side: Side, github: GitHub
) -> None:
    pull = github.opens()
    await resolved(town, side)
    await tell(town, side, ANA, f"link {github.url(1)} test")
    assert "not merged yet" in side.private(ANA)[-1]
    told = await tell(town, side, ANA, "close")
    assert "The linked test or monitor, merged: " in told and "is not merged yet" in told
    asked = len(github.heard)
    await town.forward(minutes=4)
    assert len(github.heard) == asked
    pull.merged_by = "bo"
    await town.forward(minutes=1)
    assert "Merged by bo: " in last(side).text and "Close" in last(side).buttons
    assert "closed" in await side.taps(ANA, "Close", last(side), room=ROOM)
    await town.settle()
    asked = len(github.heard)
    await town.forward(minutes=120)
    assert len(github.heard) == asked, "what is known is not asked again"


async def test_close_asks_at_once(town: Town, side: Side, github: GitHub) -> None:
    pull = github.opens()
    await resolved(town, side)
    await tell(town, side, ANA, f"link {github.url(1)} monitor")
    pull.merged_by = "bo"
    assert "Not closed yet" in await tell(town, side, ANA, "close")
    assert "Merged by bo: " in last(side).text
    assert "#1 is closed." in await tell(town, side, ANA, "close")


async def test_the_longer_it_is_open_the_more_seldom_it_is_asked(town: Town, side: Side, github: GitHub) -> None:
    github.opens()
    await resolved(town, side)
    await tell(town, side, ANA, f"link {github.url(1)} test")
    for _ in range(12):
        await town.forward(minutes=5)
    asked = len(github.heard)
    assert asked == 12
    await town.forward(hours=20)
    for _ in range(12):
        await town.forward(minutes=5)
    assert len(github.heard) == asked + 2, "never more seldom than once an hour"


async def test_one_closed_without_a_merge_does_not_count_and_another_may_take_its_place(
    town: Town, side: Side, github: GitHub
) -> None:
    github.opens().state = "closed"
    await resolved(town, side)
    await tell(town, side, ANA, f"link {github.url(1)} test")
    assert "closed without being merged" in side.private(ANA)[-1]
    assert "closed without being merged" in await tell(town, side, ANA, "close")
    github.opens().merged_by = "bo"
    await tell(town, side, ANA, f"link {github.url(2)} monitor")
    assert "#1 is closed." in await tell(town, side, ANA, "close")


async def test_it_may_be_closed_anyway_and_what_was_not_merged_stands_on_the_record(
    town: Town, side: Side, github: GitHub
) -> None:
    github.opens()
    await resolved(town, side)
    await tell(town, side, ANA, f"link {github.url(1)} test")
    await tell(town, side, ANA, "close anyway because the reviewer is away")
    assert (await town.incident()).progress.closed_without.startswith("the linked test or monitor, merged;")


@pytest.mark.parametrize("fault", ["401", "404"])
async def test_where_the_forge_does_not_tell_a_persons_word_counts_and_that_is_said(
    town: Town, side: Side, github: GitHub, fault: str
) -> None:
    github.opens()
    github.faults = [fault]
    await resolved(town, side)
    await tell(town, side, ANA, f"link {github.url(1)} test")
    assert "I cannot check whether" in side.private(ANA)[-1] and f"merged: GitHub {fault}" in side.private(ANA)[-1]
    assert any(f"Not checked at the forge (GitHub {fault}" in one for one in await links(town))
    assert "#1 is closed." in await tell(town, side, ANA, "close")


async def test_a_change_elsewhere_counts_by_a_persons_word(town: Town, side: Side, github: GitHub) -> None:
    await resolved(town, side)
    await tell(town, side, ANA, "link https://git.example/9 regression test")
    assert "Your word counts" in side.private(ANA)[-1] and github.heard == []
    assert "#1 is closed." in await tell(town, side, ANA, "close")


async def test_without_a_forge_a_persons_word_counts_and_that_is_said_at_once(tmp_path: Path, platform: str) -> None:
    async with asking(tmp_path, platform, None) as town:
        side = town.sides[platform]
        await resolved(town, side)
        told = await tell(town, side, ANA, "link https://git.example/9 test")
        assert "Your word counts that it is merged" in told
        assert "#1 is closed." in await tell(town, side, ANA, "close")


@pytest.mark.parametrize("fault", ["", "500"])
async def test_a_forge_that_was_switched_off_since_keeps_no_incident_open(
    town: Town, side: Side, github: GitHub, fault: str
) -> None:
    github.opens()
    github.faults = [fault] * 99 if fault else []
    await resolved(town, side)
    await side.says(ANA, f"link {github.url(1)} test", room=ROOM)
    if not fault:
        await town.settle()
        assert (await town.incident()).progress.changes[github.url(1)].merge is Merge.OPEN
    await town.bot.stop()
    town.tools = [HealthAdapter()]
    await town.start_bot()
    assert "#1 is closed." in await side.says(ANA, "close", room=ROOM)
    (_, *_, noted) = await links(town)
    assert noted.startswith("Not checked at the forge (there is no forge that I could ask any more)")


async def test_a_forge_that_is_away_keeps_nobody_waiting_and_answers_when_it_is_back(
    town: Town, side: Side, github: GitHub
) -> None:
    github.opens().merged_by = "bo"
    github.faults = ["500", "drop", "html"]
    await resolved(town, side)
    assert "I ask whether" in await side.says(ANA, f"link {github.url(1)} test", room=ROOM)
    await town.patiently()
    assert (await town.incident()).progress.changes[github.url(1)].merge is Merge.MERGED
    assert not any("is late" in one.text for one in posts(side))
    assert len([one for one in await links(town) if "is merged by bo" in one]) == 1


@pytest.mark.parametrize("label", ["doc", "dashboard", "fix"])
async def test_only_what_the_process_wants_merged_is_asked_about(
    town: Town, side: Side, github: GitHub, label: str
) -> None:
    github.opens()
    await resolved(town, side)
    await tell(town, side, ANA, f"link {github.url(1)} {label}")
    assert github.heard == []


async def test_dragonflys_golden_rule_is_checked_and_its_record_is_proposed(
    tmp_path: Path, github: GitHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository, page = Repository(tmp_path / "incidents.git"), "https://127.0.0.1/acme/incidents"
    repository.write("README.md", "x")
    (tmp_path / "gitconfig").write_text(f'[url "{repository.folder}"]\n\tinsteadOf = {page}.git\n')
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))  # as an operator's own settings of git
    people = {"engineer": DMITRI, "tech-lead": CLEO, "ceo": ESHA}
    playbook = shipped("dragonfly", people, groups={"stakeholders": (BO,)})
    town = Town(sqlite(tmp_path), platforms=("discord",), playbook=playbook)
    known = {"record_repository": f"{page}.git", "record_by": "pull request", "github_token": TOKEN,
             "github_api_url": github.settings.github_api_url}  # fmt: skip
    git = GitAdapter(RecordSettings.model_validate(known), folder=tmp_path / "var")
    town.tools = [HealthAdapter(), git, ForgeAdapter(github.settings)]
    test, room = github.opens("a-test"), "incident-2026-11-20-all-workers-are-dead"
    async with town:
        side = town.sides["discord"]
        await declared(town, side, "SEV-1: all workers are dead")
        await tell(town, side, DMITRI, "ack", room=room)
        await tell(town, side, DMITRI, "status restored the workers are back", room=room)
        assert [one.head for one in github.pulls] == ["a-test", "tocsin/incident-1"]
        await tell(town, side, DMITRI, f"link {github.url(1)} test", room=room)
        for step in (1, 3):
            await tell(town, side, DMITRI, f"tick closure {step}", room=room)
        told = await tell(town, side, DMITRI, "resolve a bad migration was undone", room=room)
        assert "is not merged yet" in told
        test.merged_by = "cleo"
        await town.forward(minutes=5)
        assert "Merged by cleo" in last(side, room).text
        assert "#1 is resolved." in await tell(town, side, DMITRI, "resolve", room=room)
        await tell(town, side, DMITRI, "postmortem publish anyway", room=room)
        one = next(one for one in posts(side, room) if "Post-mortem of #1" in one.text)
        assert "pull request" in one.text and len(github.pulls) == 2
        assert "docs/incidents/2026-11-20-all-workers-are-dead.md" in repository.files("tocsin/incident-1")
        filed = (await town.incident()).progress.filed
        assert filed is not None and filed.pull == github.url(2)
        assert github.url(2) in [link.url for link in (await town.incident()).links]
        assert "#1 is closed." in await tell(town, side, DMITRI, "close", room=room)
        assert len(github.pulls) == 2, "what is not merged yet takes what is new"

        repository.squash("tocsin/incident-1")
        github.pulls[1].state, github.pulls[1].merged_by = "closed", "cleo"
        await tell(town, side, DMITRI, "reopen because it is back", room=room)
        filed = (await town.incident()).progress.filed
        assert len(github.pulls) == 3 and filed is not None and filed.pull == github.url(3)
