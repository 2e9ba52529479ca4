"""Which repository, which branch, by whom: what is said in the settings, and what the doctor finds."""

import base64
from pathlib import Path

import pytest
from pydantic import ValidationError

from adapters.git.checks import examine
from adapters.git.command import Git, Ran
from adapters.git.settings import RecordSettings
from adapters.tracker.settings import TrackerSettings, secret
from bot.doctor import Finding, Health
from tests.support.repository import Repository


def known(**settings: str) -> RecordSettings:
    """Settings by their names."""
    return RecordSettings.model_validate(settings)


@pytest.mark.parametrize(
    ("address", "page", "shown"),
    [
        ("git@github.com:acme/incidents.git", "https://github.com/acme/incidents", "git@github.com:acme/incidents.git"),
        ("https://github.com/acme/incidents", "https://github.com/acme/incidents", "https://github.com/acme/incidents"),
        ("https://bo:pw@github.com/acme/x.git", "https://github.com/acme/x", "https://github.com/acme/x.git"),
        ("ssh://git@github.com/acme/x.git", "https://github.com/acme/x", "ssh://github.com/acme/x.git"),
        ("git@git.acme.example:ops/x.git", "", "git@git.acme.example:ops/x.git"),
        ("/srv/incidents.git", "", "/srv/incidents.git"),
    ],
)
def test_where_people_see_it_and_how_it_is_shown_without_a_password(address: str, page: str, shown: str) -> None:
    settings = known(record_repository=address)
    assert settings.page == page and settings.shown == shown and "pw" not in repr(settings)


def test_an_enterprise_server_is_known_by_the_address_of_its_api() -> None:
    settings = known(
        record_repository="git@git.acme.example:ops/x.git", github_api_url="https://git.acme.example/api/v3"
    )
    assert settings.page == "https://git.acme.example/ops/x"


def test_a_path_is_made_absolute_since_git_runs_elsewhere() -> None:
    assert known(record_repository="var/incidents.git").repository == str(Path("var/incidents.git").absolute())


@pytest.mark.parametrize(
    "wrong",
    [{"record_repository": "--upload-pack=x"}, {"record_repository": "ext::sh -c x"}, {"record_branch": "a b"},
     {"record_branch": "-x"}, {"record_by": "fax"}, {"record_author": "a <b>"}],
)  # fmt: skip
def test_what_git_would_take_for_something_else_is_a_wrong_setting(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        known(**wrong)


def test_a_refusal_is_told_in_the_repositorys_words_and_without_a_password() -> None:
    said = "fatal: unable to access 'https://bo:pw@git.example/x.git/': The requested URL returned error: 403"
    assert "pw" not in Ran(128, "", said).why and "403" in Ran(128, "", said).why
    assert (
        Ran(1, "", "remote: \nremote: GH006: Protected branch\nerror: failed").why == "remote: GH006: Protected branch"
    )


@pytest.mark.parametrize("password", ["p@ss-word", "pass@word", "pa@ss@word"])
def test_no_part_of_a_password_is_told_that_has_signs_in_it(password: str) -> None:
    said = f"fatal: unable to access 'https://bo:{password}@git.example/x.git/': The requested URL returned error: 403"
    assert "word" not in Ran(128, "", said).why and "https://git.example/x.git" in Ran(128, "", said).why


async def found(settings: RecordSettings, folder: Path) -> Finding:
    """The doctor's one finding."""
    (finding,) = await examine(settings, wanted=True, folder=folder)
    return finding


async def test_the_doctor_tries_a_push_and_leaves_nothing_behind(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "r.git")
    where = {"record_repository": str(repository.folder)}
    assert "is empty" in (await found(known(**where), tmp_path)).says
    repository.write("README.md", "x")
    assert "takes commits on main" in (await found(known(**where), tmp_path)).says
    by_request = await found(known(**where, record_by="pull request"), tmp_path)
    assert "takes pull requests for main" in by_request.says and by_request.health is Health.FINE
    assert repository.branches() == ["main"] and repository.subjects() == ["By hand"]


async def test_a_branch_that_went_another_way_is_told(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "r.git")
    repository.write("README.md", "x")
    repository.write("README.md", "y", branch="tocsin/trial")
    repository.write("README.md", "z")
    finding = await found(known(record_repository=str(repository.folder), record_by="pull request"), tmp_path)
    assert finding.name == "record.push" and "tocsin/trial cannot be pushed" in finding.says


async def test_the_doctor_says_what_is_wrong_with_the_repository_or_that_there_is_none(tmp_path: Path) -> None:
    finding = await found(known(record_repository=str(tmp_path / "none.git")), tmp_path)
    assert finding.name == "record.repository" and "does not appear to be a git repository" in finding.says
    off = await found(known(), tmp_path)
    assert off.name == "record.off" and "stay in chat" in off.says
    assert await examine(known(), wanted=False, folder=tmp_path) == []


async def test_githubs_token_goes_to_github_alone_and_on_no_command_line(tmp_path: Path) -> None:
    token = {"github_token": "github_pat_x"}
    for address, sent in (("https://github.com/acme/x.git", True), ("https://git.example/acme/x.git", False),
                          ("git@github.com:acme/x.git", False)):  # fmt: skip
        git = Git(tmp_path / "clone.git", known(record_repository=address, **token))
        await git.run("init", "--quiet", "--bare", str(git.folder))
        told = await git.run("config", "--get-urlmatch", "http.extraheader", address.replace("git@", "https://"))
        basic = base64.b64encode(b"x-access-token:github_pat_x").decode()
        assert told.out.strip() == (f"Authorization: Basic {basic}" if sent else "")
    elsewhere = await git.run("config", "--get-urlmatch", "http.extraheader", "https://evil.example/x")
    assert elsewhere.out == ""


async def test_credentials_in_the_address_are_the_operators_choice_before_githubs_token(tmp_path: Path) -> None:
    address = "https://bo:pw@github.com/acme/x.git"
    git = Git(tmp_path / "clone.git", known(record_repository=address, github_token="for-issues-only"))
    await git.run("init", "--quiet", "--bare", str(git.folder))
    assert (await git.run("config", "--get-urlmatch", "http.extraheader", address)).out == ""


async def test_a_token_that_ends_with_a_line_is_the_same_token_and_blanks_are_none(tmp_path: Path) -> None:
    address = "https://github.com/acme/x.git"
    for token, sent in (("github_pat_x\n", "github_pat_x"), (" \n", "")):
        git = Git(tmp_path / "clone.git", known(record_repository=address, github_token=token))
        await git.run("init", "--quiet", "--bare", str(git.folder))
        told = (await git.run("config", "--get-urlmatch", "http.extraheader", address)).out.strip()
        basic = base64.b64encode(f"x-access-token:{sent}".encode()).decode()
        assert told == (f"Authorization: Basic {basic}" if sent else "")
        forge = TrackerSettings.model_validate({"github_token": token})
        assert forge.forge == bool(sent) and secret(forge.github_token) == sent


async def test_githubs_token_comes_beside_what_the_operator_tells_git_by_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("COUNT", "1"), ("KEY_0", "acme.proxy"), ("VALUE_0", "kept")):
        monkeypatch.setenv(f"GIT_CONFIG_{name}", value)
    address = "https://github.com/acme/x.git"
    git = Git(tmp_path / "clone.git", known(record_repository=address, github_token="github_pat_x"))
    await git.run("init", "--quiet", "--bare", str(git.folder))
    assert (await git.run("config", "--get", "acme.proxy")).out == "kept\n"
    assert "Basic" in (await git.run("config", "--get-urlmatch", "http.extraheader", address)).out
