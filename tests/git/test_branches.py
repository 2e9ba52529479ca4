"""A branch of the incident's own: it begins anew only where nothing on it is lost, whatever its files are called."""

from pathlib import Path

import pytest

from adapters.git.clone import Clone, Outrun
from adapters.git.settings import RecordSettings
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
