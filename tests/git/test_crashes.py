"""A process may end anywhere: the next attempt mends what it left, and nothing is kept twice."""

import asyncio
import fcntl
import random
import sys
from pathlib import Path

import pytest

from adapters.git.clone import Clone
from adapters.git.settings import RecordSettings
from bot.errors import TryLater
from bot.learned import Committed
from tests.git.one import LOG, attempt
from tests.support.repository import Repository


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """One with a commit."""
    made = Repository(tmp_path / "incidents.git")
    made.write("README.md", "x")
    return made


@pytest.fixture
def var(tmp_path: Path) -> Path:
    """Where clones lie."""
    return tmp_path / "var"


async def begun(repository: Repository, var: Path, turn: int) -> asyncio.subprocess.Process:
    """An attempt in a process of its own."""
    words = (sys.executable, "-m", "tests.git.one", str(repository.folder), str(var), str(turn))
    return await asyncio.create_subprocess_exec(*words)


def clone(repository: Repository, var: Path) -> Path:
    """The clone's folder."""
    return Clone(RecordSettings.model_validate({"record_repository": str(repository.folder)}), var).folder


async def seen(file: Path) -> None:
    """Wait for a file."""
    async with asyncio.timeout(20):
        while not file.exists():  # noqa: ASYNC240  # a local look, many times
            await asyncio.sleep(0.01)


async def test_lock_files_and_a_half_written_index_are_swept_up(repository: Repository, var: Path) -> None:
    await attempt(str(repository.folder), str(var), 1)
    folder = clone(repository, var)
    for left in ("shallow.lock", "config.lock", "packed-refs.lock", "refs/tocsin/main.lock", "index-1234", "HEAD.lock"):
        (folder / left).write_text("half")
    repository.write("README.md", "y")
    await attempt(str(repository.folder), str(var), 2)
    assert repository.subjects() == ["By hand", "Turn 1", "By hand", "Turn 2"]
    assert not list(folder.rglob("*.lock")) and not (folder / "index-1234").exists()


async def test_a_clone_that_was_not_made_whole_is_made_again(repository: Repository, var: Path) -> None:
    folder = clone(repository, var)
    (folder / "objects").mkdir(parents=True)
    (folder / "HEAD").write_text("nonsense")
    await attempt(str(repository.folder), str(var), 1)
    assert repository.subjects() == ["By hand", "Turn 1"]


async def test_a_clone_with_damaged_objects_is_thrown_away_and_the_next_attempt_succeeds(
    repository: Repository, var: Path
) -> None:
    await attempt(str(repository.folder), str(var), 1)
    folder = clone(repository, var)
    for one in folder.glob("objects/??/*"):
        one.chmod(0o600)
        one.write_bytes(b"")
    with pytest.raises(TryLater, match="broken"):
        await attempt(str(repository.folder), str(var), 2)
    await attempt(str(repository.folder), str(var), 2)
    assert repository.subjects() == ["By hand", "Turn 1", "Turn 2"]


async def test_a_push_that_outlives_its_process_is_waited_for_and_found(repository: Repository, var: Path) -> None:
    at, go = repository.folder / "at", repository.folder / "go"
    repository.hook("pre-receive", f"touch {at}; while [ ! -e {go} ]; do sleep 0.02; done")
    process = await begun(repository, var, 1)
    try:
        await seen(at)
        process.kill()
        await process.wait()
        with clone(repository, var).with_suffix(".lock").open() as lock, pytest.raises(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # git of the process that was killed is still at it
        second = asyncio.create_task(attempt(str(repository.folder), str(var), 1))
    finally:
        go.touch()  # else the hook waits for ever
    (came,) = (await second).learned
    assert isinstance(came, Committed) and came.wrote and repository.subjects() == ["By hand", "Turn 1"]


async def test_killed_anywhere_each_turn_is_kept_once(repository: Repository, var: Path) -> None:
    dice = random.Random(7)
    turns = range(1, 7)
    for turn in turns:
        for _ in range(2):
            process = await begun(repository, var, turn)
            with_luck = asyncio.create_task(process.wait())
            await asyncio.wait({with_luck}, timeout=0.35 + dice.random() * 0.25)  # importing takes the first 0.3 s
            if process.returncode is None:
                process.kill()
            await with_luck
        await attempt(str(repository.folder), str(var), turn)
        assert f"# Down {turn}" in repository.read("down.md") and f"turn {turn}" in repository.read(LOG)
    assert repository.subjects() == ["By hand", *(f"Turn {turn}" for turn in turns)]
    assert repository.read(LOG).count("tocsin 42") == 1
