"""Post-mortems and the log are kept in a real repository, by the real git."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.git.adapter import GitAdapter
from adapters.git.settings import RecordSettings
from bot.errors import Refused, TryLater
from bot.intents import Commit
from bot.learned import Committed
from bot.ports import Job
from bot.postmortem import seal
from bot.postmortem.log import Entered, Row
from tests.support.learner import Learner
from tests.support.repository import Repository

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
PATH = "docs/incidents/2026-11-20-down.md"
LOG = "docs/INCIDENT_LOG.md"
OWN = "tocsin/incident-42"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """One that is empty yet."""
    return Repository(tmp_path / "incidents.git")


class Desk:
    """The tool, and what it brings back."""

    def __init__(self, repository: Repository, folder: Path, **settings: str) -> None:
        self.ear = Learner()
        known = RecordSettings.model_validate({"record_repository": str(repository.folder), **settings})
        self.adapter = GitAdapter(known, folder=folder)
        self.adapter.platform.ear = self.ear
        self.turn = 0

    async def keep(self, content: str = "# Down\n", *, row: Row | None = None, path: str = PATH, turn: int = 0,
                   incident: int = 42) -> Committed:  # fmt: skip
        """Have a document kept; returns what came of it."""
        self.turn = turn or self.turn + 1
        commit = Commit(turn=self.turn, incident=incident, revision=self.turn if path else 0, path=path,
                        content=content if path else "", log=LOG if row else "", row=row, title="Post-mortem",
                        at=NOON)  # fmt: skip
        await self.adapter.platform.perform(Job(f"{incident}/commit/{self.turn}", commit, incident, NOON))
        came = self.ear.learned[-1]
        assert isinstance(came, Committed)
        return came


@pytest.fixture
def desk(repository: Repository, tmp_path: Path) -> Desk:
    """Commits go to the common branch."""
    return Desk(repository, tmp_path / "var")


def row(status: str = "resolved", *, number: int = 42) -> Row:
    """A line of the log."""
    return Row(number=number, date="2026-11-20", severity="SEV-1", title="all | down", status=status, report=PATH)


# In the common branch


async def test_the_document_and_its_line_are_one_commit_by_the_name_of_the_settings(
    repository: Repository, tmp_path: Path
) -> None:
    desk = Desk(repository, tmp_path / "var", record_author="Incident bot", record_email="bot@acme.example")
    came = await desk.keep(row=row())
    assert repository.files() == [LOG, PATH] and repository.subjects() == ["Post-mortem"]
    assert "Incident bot <bot@acme.example>" in repository.messages()
    assert "Tocsin-Document: 42/1" in repository.messages()
    assert repository.read(PATH).startswith("# Down\n\n<!-- tocsin 42/1 ")
    assert "| 2026-11-20 | 42 | SEV-1 | all \\| down | resolved |" in repository.read(LOG)
    assert "[report](incidents/2026-11-20-down.md)" in repository.read(LOG)
    assert came.path == PATH and came.log is Entered.WRITTEN and came.wrote and came.branch == ""
    assert came.revision and came.key == "git:42/commit/1"


async def test_what_changed_is_another_commit_of_the_same_file_and_what_did_not_is_none(
    repository: Repository, desk: Desk
) -> None:
    await desk.keep("# Down\n", row=row())
    assert not (await desk.keep("# Down\n", row=row())).wrote
    assert (await desk.keep("# Down, for an hour\n", row=row("closed"))).wrote
    assert len(repository.subjects()) == 2 and repository.files() == [LOG, PATH]
    assert "for an hour" in repository.read(PATH) and repository.read(LOG).count("tocsin 42") == 1
    assert "closed" in repository.read(LOG)


async def test_files_of_others_stay_as_they_are_to_the_byte(repository: Repository, desk: Desk) -> None:
    foreign = "# Log\r\n\r\n- 2026-01-02 · Gr\xfc\xdfe\r\n".encode("latin-1")
    repository.write(LOG, foreign)
    repository.write("src/x.bin", b"\x00\xff\r\n")
    await desk.keep(row=row())
    assert repository.files() == [LOG, PATH, "src/x.bin"] and repository.raw("src/x.bin") == b"\x00\xff\r\n"
    mine = repository.raw(LOG).removeprefix(foreign)
    assert mine.startswith(b"- 2026-11-20 ") and mine.endswith(b" -->\r\n") and mine.count(b"\n") == 1


async def test_an_attempt_that_is_repeated_finds_what_the_earlier_one_pushed(
    repository: Repository, desk: Desk
) -> None:
    desk.ear.gone = True
    with pytest.raises(TryLater):
        await desk.keep(row=row(), turn=1)
    repository.write(PATH, "# Down\n\nCleo was here.\n")
    desk.ear.gone = False
    came = await desk.keep(row=row(), turn=1)
    assert came.wrote and came.path == PATH and repository.subjects() == ["Post-mortem", "By hand"]
    assert repository.read(PATH) == "# Down\n\nCleo was here.\n"


async def test_the_same_number_of_another_database_is_no_earlier_attempt(
    repository: Repository, desk: Desk, tmp_path: Path
) -> None:
    await desk.keep("# Down\n")
    other = Desk(repository, tmp_path / "other")
    assert (await other.keep("# Something else\n", path="docs/incidents/other.md")).wrote
    assert len(repository.subjects()) == 2


async def test_what_somebody_changed_by_hand_is_never_overwritten(repository: Repository, desk: Desk) -> None:
    await desk.keep("# Down\n")
    by_hand = repository.read(PATH).replace("# Down", "# Down, says Cleo")
    repository.write(PATH, by_hand)
    came = await desk.keep("# Down again\n", row=row())
    beside = "docs/incidents/2026-11-20-down-42.md"
    assert came.path == beside and repository.read(PATH) == by_hand
    assert "# Down again" in repository.read(beside) and "down-42.md" in repository.read(LOG)
    assert (await desk.keep("# Down once more\n")).path == beside
    assert repository.files() == [LOG, beside, PATH] and "once more" in repository.read(beside)


async def test_a_file_that_was_there_before_or_is_another_incidents_is_not_taken(
    repository: Repository, desk: Desk
) -> None:
    repository.write(PATH, "# Begun by hand\n")
    assert (await desk.keep()).path == "docs/incidents/2026-11-20-down-42.md"
    assert (await desk.keep("# Second\n", incident=43)).path == "docs/incidents/2026-11-20-down-43.md"
    assert repository.read(PATH) == "# Begun by hand\n" and "# Down" in repository.read(PATH[:-3] + "-42.md")


async def test_a_folder_in_the_documents_place_leaves_the_name_beside_it(repository: Repository, desk: Desk) -> None:
    repository.write(f"{PATH}/odd", "x")
    assert (await desk.keep()).path == "docs/incidents/2026-11-20-down-42.md"


async def test_a_file_in_the_folders_place_is_refused_in_words(repository: Repository, desk: Desk) -> None:
    repository.write("docs", "a file")
    with pytest.raises(Refused, match="docs"):
        await desk.keep()
    assert repository.files() == ["docs"]


async def test_tools_that_change_spaces_and_line_ends_are_nobodys_hand(repository: Repository, desk: Desk) -> None:
    await desk.keep("# Down\n\nText.\n", row=row())
    repository.write(PATH, repository.read(PATH).replace("\n", "\r\n"))
    repository.write(LOG, repository.read(LOG).replace("| 42 ", "|   42   "))
    came = await desk.keep("# Down\n\nMore.\n", row=row("closed"))
    assert came.path == PATH and came.log is Entered.WRITTEN and "More." in repository.read(PATH)


async def test_whoever_pushes_meanwhile_is_built_upon(repository: Repository, desk: Desk) -> None:
    await desk.keep("# Down\n", row=row())
    repository.outrun(2, LOG, "A line of Cleo's")
    await desk.keep("# Down again\n", row=row("closed"))
    assert repository.subjects() == ["Post-mortem", "Outrun", "Outrun", "Post-mortem"]
    assert "A line of Cleo's\nA line of Cleo's\n" in repository.read(LOG) and "closed" in repository.read(LOG)


async def test_where_others_never_cease_to_push_it_is_tried_later(repository: Repository, desk: Desk) -> None:
    await desk.keep("# Down\n")
    repository.outrun(100, "noise", "x")
    with pytest.raises(TryLater, match="others keep pushing"):
        await desk.keep("# Down again\n")


async def test_two_who_write_at_once_both_get_their_line(repository: Repository, desk: Desk, tmp_path: Path) -> None:
    others = [Desk(repository, tmp_path / f"var{n}") for n in range(3)]
    await asyncio.gather(*(one.keep(row=row(number=n), path="", incident=n) for n, one in enumerate(others, start=1)))
    assert [f"tocsin {n} " in repository.read(LOG) for n in (1, 2, 3)] == [True] * 3
    assert len(repository.subjects()) == 3


async def test_a_push_that_the_repository_declines_is_refused_in_its_words(repository: Repository, desk: Desk) -> None:
    repository.write("README.md", "x")
    repository.hook("pre-receive", "echo 'only by pull request' >&2; exit 1")
    with pytest.raises(Refused, match="only by pull request"):
        await desk.keep()


async def test_a_repository_that_is_away_is_tried_later_and_nothing_is_lost(
    repository: Repository, desk: Desk, tmp_path: Path
) -> None:
    away = repository.folder.rename(tmp_path / "away.git")
    with pytest.raises(TryLater):
        await desk.keep(turn=1)
    away.rename(repository.folder)
    assert (await desk.keep(turn=1)).wrote and repository.subjects() == ["Post-mortem"]


async def test_the_branch_is_the_repositorys_own_choice_or_the_settings(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "r.git", branch="trunk")
    repository.write("README.md", "x")
    await Desk(repository, tmp_path / "var").keep()
    await Desk(repository, tmp_path / "other", record_branch="incidents").keep()
    assert repository.branches() == ["incidents", "trunk"] and repository.files("incidents") == [PATH]


# By pull request


@pytest.fixture
def asking(repository: Repository, tmp_path: Path) -> Desk:
    """Changes go to a branch of the incident's own."""
    repository.write("README.md", "x")
    return Desk(repository, tmp_path / "var", record_by="pull request")


async def test_by_pull_request_each_incident_has_a_branch_and_the_common_one_stays(
    repository: Repository, asking: Desk
) -> None:
    came = await asking.keep("# Down\n", row=row())
    assert came.branch == OWN and repository.branches() == ["main", OWN] and repository.files() == ["README.md"]
    again = await asking.keep("# Down again\n", row=row())
    assert again.branch == OWN and repository.subjects(OWN) == ["By hand", "Post-mortem", "Post-mortem"]
    assert (await asking.keep("# Down again\n", row=row())).branch == OWN


async def test_once_it_was_merged_the_branch_begins_anew(repository: Repository, asking: Desk) -> None:
    for keep in (False, True):
        await asking.keep(f"# Down {keep}\n", row=row())
        repository.squash(OWN, keep=keep)
    assert (await asking.keep("# Down True\n", row=row())).branch == "", "all of it stands in the common branch"
    repository.write(LOG, repository.read(LOG) + "\nA line of another's.\n")
    assert (await asking.keep("# Down, at last\n", row=row("closed"))).branch == OWN
    assert repository.subjects(OWN)[-2:] == ["By hand", "Post-mortem"] and "another's" in repository.read(LOG, OWN)


async def test_what_people_add_to_the_branch_stays(repository: Repository, asking: Desk) -> None:
    await asking.keep("# Down\n")
    repository.write("docs/more.md", "more", branch=OWN)
    repository.write(PATH, "# In Cleo's words\n", branch=OWN)
    came = await asking.keep("# Down again\n")
    assert came.path == "docs/incidents/2026-11-20-down-42.md" and repository.read("docs/more.md", OWN) == "more"
    assert repository.read(PATH, OWN) == "# In Cleo's words\n"


async def test_what_people_add_to_the_branch_stays_also_where_the_document_stands_beside_a_file_of_theirs(
    repository: Repository, asking: Desk
) -> None:
    repository.write(PATH, "# Ours\n")
    beside = (await asking.keep("# Down\n")).path
    assert beside != PATH
    repository.write(beside, "# Down\n\nCleo was here.\n", branch=OWN)
    await asking.keep("# Down, for two hours\n")
    assert repository.read(beside, OWN) == "# Down\n\nCleo was here.\n"


def test_the_seal_holds_until_somebody_writes() -> None:
    whole = seal.sealed("# Down\n\nAll of it.\n\n", "42/3")
    assert seal.holds(whole) and seal.name_of(whole) == "42/3" and not seal.holds(whole.replace("All", "Some"))
    assert not seal.holds("# Down\n")
