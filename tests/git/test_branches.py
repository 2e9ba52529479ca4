"""A branch of the incident's own: it begins anew only where nothing on it is lost, whatever its files are called."""

from pathlib import Path

import pytest

from adapters.git.clone import Clone, Outrun
from adapters.git.settings import RecordSettings
from bot.errors import Refused
from tests.git.test_keeping import LOG, OWN, Desk, row
from tests.support.repository import Repository


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """One with a commit."""
    made = Repository(tmp_path / "incidents.git")
    made.write("README.md", "x")
    return made


@pytest.fixture
def asking(repository: Repository, tmp_path: Path) -> Desk:
    """Changes go to a branch of the incident's own."""
    return Desk(repository, tmp_path / "var", record_by="pull request")


async def test_a_branch_with_a_line_alone_goes_on_until_the_line_was_merged(
    repository: Repository, asking: Desk
) -> None:
    await asking.keep(row=row("mitigated"), path="")
    repository.write("docs/more.md", "Cleo's", branch=OWN)
    await asking.keep(row=row("resolved"), path="")
    assert repository.read("docs/more.md", OWN) == "Cleo's" and "resolved" in repository.read(LOG, OWN)
    repository.squash(OWN, keep=True)
    assert (await asking.keep(row=row("closed"), path="")).branch == OWN
    assert repository.subjects(OWN)[-2:] == [f"Merge {OWN} (#7)", "Post-mortem"]


async def test_a_branch_that_somebody_pushed_to_meanwhile_is_not_begun_anew(
    repository: Repository, asking: Desk, tmp_path: Path
) -> None:
    await asking.keep("# Down\n")
    clone = Clone(RecordSettings.model_validate({"record_repository": str(repository.folder)}), tmp_path / "var")
    async with clone.hold():
        remote = await clone.ask("main", OWN)
        tip = await clone.fetch("main", remote.tips["main"])
        repository.write("docs/more.md", "Cleo's", branch=OWN)
        with pytest.raises(Outrun):
            await clone.push(tip, OWN, instead_of=remote.tips[OWN])
        again = await clone.ask(OWN)
        await clone.push(tip, OWN, instead_of=again.tips[OWN])
    assert repository.files(OWN) == ["README.md"], "with the tip that was seen it may"


@pytest.mark.parametrize(("by", "branch"), [("commit", "main"), ("pull request", OWN)])
async def test_people_are_led_to_the_file_on_the_branch_that_holds_it_whatever_its_name(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by: str, branch: str
) -> None:
    page = "https://github.com/acme/incidents"
    (tmp_path / "gitconfig").write_text(f'[url "{repository.folder}"]\n\tinsteadOf = {page}.git\n')
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))  # as an operator's own settings of git
    desk = Desk(repository, tmp_path / "var", record_repository=f"{page}.git", record_by=by)
    came = await desk.keep(path="docs/Rack #3 is 100% down.md")
    assert came.url == f"{page}/blob/{branch}/docs/Rack%20%233%20is%20100%25%20down.md"
    assert "docs/Rack #3 is 100% down.md" in repository.files(branch)


async def test_where_every_name_is_taken_that_is_said_and_nobodys_file_is_overwritten(
    repository: Repository, tmp_path: Path
) -> None:
    names = ["docs/x.md", "docs/x-42.md", *(f"docs/x-42-{count}.md" for count in range(2, 10))]
    for name in names:
        repository.write(name, "# Somebody's\n")
    with pytest.raises(Refused, match=r"docs/x\.md and 9 names beside it are taken"):
        await Desk(repository, tmp_path / "var").keep(path="docs/x.md")
    assert [repository.read(name) for name in names] == ["# Somebody's\n"] * 10
