"""Running git: in whatever surroundings, with the operator's own SSH, never for ever; and what its refusals mean."""

import asyncio
import fcntl
import os
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.git.command import Git, Ran, refusal
from adapters.git.settings import RecordSettings
from bot.errors import Refused, TryLater
from tests.git.test_keeping import PATH, Desk
from tests.support.repository import Repository


def bare(folder: Path) -> Git:
    """Git in a folder of its own."""
    return Git(folder / "clone.git", RecordSettings.model_validate({"record_repository": str(folder)}))


def free(lock: int) -> bool:
    """Whether nobody holds a lock: neither git nor a helper that it started."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


async def test_started_by_another_git_as_in_a_hook_it_works_in_its_own_clone_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = Repository(tmp_path / "incidents.git")
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR"):
        monkeypatch.setenv(name, str(tmp_path / "another"))
    monkeypatch.setenv("GIT_NAMESPACE", "another")
    await Desk(repository, tmp_path / "var").keep()
    assert repository.files() == [PATH] and not (tmp_path / "another").exists()


async def test_the_operators_own_ssh_holds_and_without_one_nobody_is_asked_for_a_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    says = ("-c", "alias.says=!printenv GIT_SSH_COMMAND", "says")
    monkeypatch.delenv("GIT_SSH_COMMAND", raising=False)
    assert "BatchMode=yes" in (await bare(tmp_path).run(*says)).out
    monkeypatch.setenv("GIT_SSH_COMMAND", "ssh -i /keys/incidents")
    assert (await bare(tmp_path).run(*says)).out == "ssh -i /keys/incidents\n"


async def test_what_does_not_answer_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    held, other = (os.open(tmp_path / "lock", os.O_CREAT | os.O_RDWR) for _ in range(2))
    fcntl.flock(held, fcntl.LOCK_EX)
    git = Git(tmp_path / "clone.git", RecordSettings.model_validate({}), held=held)
    with pytest.raises(TryLater, match="no answer in") as silent:
        async with asyncio.timeout(10):
            await git.run("-c", "alias.hangs=!sleep 60 & wait", "hangs", within=0.5)
    assert silent.value.maybe_done and silent.value.unreachable
    os.close(held)
    async with asyncio.timeout(5):
        while not free(other):  # a process that is killed takes a moment to end
            await asyncio.sleep(0.01)
    os.close(other)


async def test_where_there_is_no_git_that_is_said_and_tried_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", os.fspath(tmp_path))
    with pytest.raises(TryLater, match="there is no git on this machine"):
        await bare(tmp_path).run("version")


@pytest.mark.parametrize(
    "said",
    [
        "fatal: Authentication failed for 'https://git.example/x.git/'",
        "fatal: could not read Username for 'https://git.example': terminal prompts disabled",
        "git@git.example: Permission denied (publickey).",
        "Host key verification failed.",
        "remote: Repository not found.",
        "fatal: unable to access 'https://git.example/x.git/': The requested URL returned error: 403",
    ],
)
def test_a_repository_that_does_not_know_us_is_asked_again_only_after_a_minute(said: str) -> None:
    no = refusal(Ran(128, "", said))
    assert isinstance(no, TryLater) and no.after == timedelta(minutes=1) and not no.unreachable


@pytest.mark.parametrize(
    "said",
    [
        "remote: error: GH006: Protected branch update failed for refs/heads/main.",
        " ! [remote rejected] main -> main (pre-receive hook declined)",
        "remote: GitLab: You are not allowed to push code to protected branches on this project.",
    ],
)
def test_a_branch_that_takes_no_push_is_a_plain_no(said: str) -> None:
    assert isinstance(refusal(Ran(1, "", said)), Refused)


@pytest.mark.parametrize("said", ["ssh: connect to host git.example port 22: Connection timed out", ""])
def test_whatever_else_goes_wrong_is_tried_again(said: str) -> None:
    no = refusal(Ran(128, "", said))
    assert isinstance(no, TryLater) and no.unreachable and no.maybe_done
