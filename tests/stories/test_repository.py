"""The post-mortem and the log in a repository: filed from the review on, and never over anybody's words."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from adapters.git.adapter import GitAdapter
from adapters.git.settings import RecordSettings
from adapters.health.adapter import HealthAdapter
from bot.timeline import Kind
from tests.support.repository import Repository
from tests.support.seen import Seen
from tests.support.shipped import shipped
from tests.support.story import ROOM, acquainted, act, declared, posts, tell
from tests.support.town import ANA, BO, CLEO, DMITRI, ESHA, Side, Town, sqlite

RECORD = {"file": "docs/incidents/{{ date }}-{{ slug }}.md", "log": "docs/INCIDENT_LOG.md"}
PATH = "docs/incidents/2026-11-20-checkout-is-down.md"
LOG = "docs/INCIDENT_LOG.md"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """One that people use already."""
    made = Repository(tmp_path / "incidents.git")
    made.write("README.md", "Incidents\n")
    return made


@asynccontextmanager
async def filing(folder: Path, platform: str, repository: Repository, **more: object) -> AsyncIterator[Town]:
    """A town that keeps its record in a repository; ``more`` are parts of the playbook's record, of the playbook, and
    settings.
    """
    settings = {name: more.pop(name) for name in tuple(more) if name in ("record_by",)}
    parts = {name: more.pop(name) for name in tuple(more) if name in ("checklists", "components", "timezone")}
    owed = {"postmortem": {"need": "required", "within": "2 business days"}}
    severities = [one.model_dump() | owed for one in acquainted().severities]
    playbook = acquainted(record=RECORD | more, severities=severities, **parts)
    town = Town(sqlite(folder), platforms=(platform,), playbook=playbook)
    known = RecordSettings.model_validate({"record_repository": str(repository.folder), **settings})
    town.tools = [HealthAdapter(), GitAdapter(known, folder=folder / "var")]
    async with town:
        yield town


@pytest.fixture
async def town(tmp_path: Path, platform: str, repository: Repository) -> AsyncIterator[Town]:
    """Commits go to the common branch."""
    async with filing(tmp_path, platform, repository) as made:
        yield made


async def resolved(town: Town, side: Side, words: str = "sev1 checkout is down") -> None:
    """Declared and resolved."""
    await declared(town, side, words)
    await tell(town, side, ANA, "resolve a restart")


def stands(side: Side, room: str = ROOM) -> Seen:
    """The message about the post-mortem."""
    return next(one for one in posts(side, room) if "Post-mortem of #1" in one.text)


async def test_a_draft_stays_in_the_channel_and_is_filed_from_its_review_on(
    town: Town, side: Side, repository: Repository
) -> None:
    await resolved(town, side)
    await tell(town, side, ANA, "postmortem")
    assert PATH not in repository.files() and "In the repository" not in stands(side).text
    await tell(town, side, ANA, "postmortem review @bo")
    assert "State:** in review" in repository.read(PATH) and PATH in stands(side).text
    await tell(town, side, ANA, "postmortem publish https://wiki.example/1")
    assert "State:** published" in repository.read(PATH) and "wiki.example/1" in repository.read(PATH)
    told = [link.entry.text for link in await town.timeline() if link.entry.kind is Kind.POSTMORTEM]
    assert sum(f"Written in the repository: {PATH}, commit " in one for one in told) == 2
    filed = (await town.incident()).progress.filed
    assert filed is not None and filed.path == PATH and filed.revision


async def test_made_anew_it_is_another_commit_where_facts_changed_and_none_where_nothing_did(
    town: Town, side: Side, repository: Repository
) -> None:
    await resolved(town, side)
    await tell(town, side, ANA, "postmortem publish anyway")
    count = len(repository.subjects())
    await tell(town, side, ANA, "postmortem")
    assert len(repository.subjects()) == count
    await tell(town, side, ANA, "postmortem root cause: a pool that was too small")
    await tell(town, side, ANA, "postmortem")
    assert len(repository.subjects()) == count + 1 and "a pool that was too small" in repository.read(PATH)


async def test_the_log_has_its_line_once_it_is_mitigated_and_the_line_follows_the_incident(
    town: Town, side: Side, repository: Repository
) -> None:
    await declared(town, side)
    await tell(town, side, ANA, "status identified")
    assert repository.files() == ["README.md"]
    await tell(town, side, ANA, "status monitoring")
    assert "checkout is down | monitoring |" in repository.read(LOG)
    repository.write(LOG, repository.read(LOG) + "\nA line of Cleo's.\n")
    await town.forward(minutes=23)
    await tell(town, side, ANA, "resolve a restart")
    assert "| resolved | 23m |" in repository.read(LOG)
    await tell(town, side, ANA, "postmortem publish anyway")
    await tell(town, side, ANA, "close anyway because it is a test")
    log = repository.read(LOG)
    assert "| closed | 23m | [report](incidents/2026-11-20-checkout-is-down.md) <!-- tocsin 1 " in log
    assert log.count("tocsin 1 ") == 1 and log.endswith("\nA line of Cleo's.\n")
    await tell(town, side, ANA, "reopen")
    assert "closed" not in repository.read(LOG)
    told = [one.entry.text for one in await town.timeline() if one.entry.text.startswith("Written in the repository")]
    assert [LOG in one for one in told] == [True, False], "each change of the line is no news"


async def test_what_somebody_changed_by_hand_stays_and_the_channel_hears_of_it_once(
    town: Town, side: Side, repository: Repository
) -> None:
    await resolved(town, side)
    await tell(town, side, ANA, "postmortem publish anyway")
    by_hand = repository.read(PATH).replace("# Post-mortem", "# Our post-mortem")
    repository.write(PATH, by_hand)
    repository.write(LOG, repository.read(LOG).replace("checkout is down", "the big one"))
    for cause in ("a leak", "and a full disk"):
        await tell(town, side, ANA, f"postmortem root cause: {cause}")
        await tell(town, side, ANA, "postmortem")
    beside = PATH.replace(".md", "-1.md")
    assert repository.read(PATH) == by_hand and "and a full disk" in repository.read(beside)
    assert "the big one" in repository.read(LOG) and repository.read(LOG).count("tocsin 1 ") == 1
    said = [one.text for one in posts(side)]
    assert sum("stands beside another file" in one for one in said) == 1
    assert sum("The log of incidents was changed by hand" in one for one in said) == 1
    assert beside in stands(side).text


async def test_the_line_leads_to_where_the_document_stands(town: Town, side: Side, repository: Repository) -> None:
    repository.write(PATH, "# Begun by hand\n")
    await resolved(town, side)
    for words in ("postmortem publish anyway", "close"):
        await tell(town, side, ANA, words)
    assert "| closed | 0s | [report](incidents/2026-11-20-checkout-is-down-1.md)" in repository.read(LOG)


@pytest.mark.parametrize("words", ["link https://wiki.example/1 postmortem", "clock postmortem done"])
async def test_said_to_be_published_in_other_words_it_is_filed_as_such(
    town: Town, side: Side, repository: Repository, words: str
) -> None:
    await resolved(town, side)
    await tell(town, side, ANA, "postmortem")
    await tell(town, side, ANA, words)
    assert "State:** published" in repository.read(PATH)


@pytest.mark.parametrize("words", ["private sev1 checkout is down", "drill sev1 checkout is down"])
async def test_private_incidents_and_drills_are_filed_nowhere(
    town: Town, side: Side, repository: Repository, words: str
) -> None:
    await declared(town, side, words)
    room = (await town.incident()).channel_name
    await tell(town, side, ANA, "resolve a restart", room=room)
    await tell(town, side, ANA, "postmortem publish anyway", room=room)
    assert repository.files() == ["README.md"] and "In the repository" not in stands(side, room).text


async def test_where_the_playbook_names_no_file_nothing_is_written(
    tmp_path: Path, platform: str, repository: Repository
) -> None:
    async with filing(tmp_path, platform, repository, file="", log="") as town:
        await resolved(town, town.sides[platform])
        await tell(town, town.sides[platform], ANA, "postmortem publish anyway")
        assert repository.files() == ["README.md"]


async def test_a_blameless_process_names_nobody_in_the_repository(
    tmp_path: Path, platform: str, repository: Repository
) -> None:
    async with filing(tmp_path, platform, repository, blameless=True) as town:
        side = town.sides[platform]
        await resolved(town, side, "sev1 Bo Lindqvist broke it")
        await tell(town, side, ANA, "postmortem publish anyway")
        assert "Bo" not in repository.read(LOG) and "Ana" not in repository.read(LOG)
        assert "Tocsin" in repository.messages() and "Lindqvist" not in repository.messages()


async def test_a_repository_that_declines_is_told_once_and_the_incident_goes_on(
    tmp_path: Path, repository: Repository
) -> None:
    repository.hook("pre-receive", "echo 'main takes pull requests only' >&2; exit 1")
    async with filing(tmp_path, "slack", repository) as town:
        side = town.sides["slack"]
        await declared(town, side)
        await side.says(ANA, "resolve a restart", room=ROOM)
        await town.patiently()
        said = [one.text for one in posts(side) if "could not be done" in one.text]
        assert len(said) == 1 and "INCIDENT_LOG.md" in said[0] and "main takes pull requests only" in said[0]
        assert (await town.incident()).resolved_at is not None


async def test_what_is_declined_later_is_on_the_record_and_told_in_no_archived_channel(
    tmp_path: Path, platform: str, repository: Repository
) -> None:
    async with filing(tmp_path, platform, repository) as town:
        side = town.sides[platform]
        await resolved(town, side)
        await tell(town, side, ANA, "postmortem publish anyway")
        await tell(town, side, ANA, "close")
        await town.forward(days=8)
        assert (await town.incident()).archived_at is not None
        repository.hook("pre-receive", "echo 'main takes pull requests only' >&2; exit 1")
        before = (await town.incident()).said
        await side.says(ANA, "#1 postmortem root cause: the pool")
        await side.says(ANA, "#1 postmortem")
        await town.patiently()
        given_up = [
            link.entry.text for link in await town.timeline() if "Could not be done: writing" in link.entry.text
        ]
        assert len(given_up) == 1 and "main takes pull requests only" in given_up[0]
        assert (await town.incident()).said == before


async def test_with_a_branch_of_its_own_the_message_says_what_is_to_be_merged(
    tmp_path: Path, platform: str, repository: Repository
) -> None:
    async with filing(tmp_path, platform, repository, record_by="pull request") as town:
        side = town.sides[platform]
        await resolved(town, side)
        await tell(town, side, ANA, "postmortem publish anyway")
        assert repository.files() == ["README.md"] and PATH in repository.files("tocsin/incident-1")
        assert "tocsin/incident-1" in stands(side).text


async def test_dragonfly_has_its_line_before_it_is_resolved_and_its_report_afterwards(
    tmp_path: Path, repository: Repository
) -> None:
    people = {"engineer": DMITRI, "tech-lead": CLEO, "ceo": ESHA}
    town = Town(
        sqlite(tmp_path), platforms=("discord",), playbook=shipped("dragonfly", people, groups={"stakeholders": (BO,)})
    )
    known = RecordSettings.model_validate({"record_repository": str(repository.folder)})
    town.tools = [HealthAdapter(), GitAdapter(known, folder=tmp_path / "var")]
    repository.write(LOG, "# Incident log\n\n- 2026-01-02: queue stuck\n")
    async with town:
        side, room = town.sides["discord"], "incident-2026-11-20-all-workers-are-dead"
        await declared(town, side, "SEV-1: all workers are dead")
        await tell(town, side, DMITRI, "ack", room=room)
        await tell(town, side, DMITRI, "status restored the workers are back", room=room)
        lines = repository.read(LOG).splitlines()
        assert lines[2] == "- 2026-01-02: queue stuck"
        assert lines[3].startswith("- 2026-11-20 · SEV-1 · all workers are dead · restored")
        await tell(town, side, DMITRI, "link https://git.example.com/7 test", room=room)
        await tell(town, side, DMITRI, "tick closure 1", room=room)
        ticked = [
            one.entry.text for one in await town.timeline() if one.entry.kind is Kind.CHECKLIST and not one.entry.actor
        ]
        assert "☑ 5 · Closure 3. docs/INCIDENT_LOG.md has its line." in ticked
        async with act(town) as scene:
            scene.incident.fix = "a bad migration was undone"
        assert "#1 is resolved." in await tell(town, side, DMITRI, "resolve", room=room)
        await tell(town, side, DMITRI, "postmortem publish anyway", room=room)
        report = "docs/incidents/2026-11-20-all-workers-are-dead.md"
        assert "What went well" in repository.read(report)
        assert "resolved · 0s · [report](incidents/2026-11-20-all-workers-are-dead.md)" in repository.read(LOG)
        assert len(repository.read(LOG).splitlines()) == 4
