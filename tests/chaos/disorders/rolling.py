"""Deploys: replicas of the code from before the last migrations give way to today's, one after the other."""

import asyncio
import io
import shutil
import subprocess
import tarfile
from functools import cache
from pathlib import Path

from tests.chaos.disorders.disorder import Disorder
from tests.chaos.fire import Fire
from tests.support.processes import BotProcess

ROOT = Path(__file__).resolve().parents[3]
VERSIONS = "adapters/database/migrations/versions"


class RollingDeploy(Disorder):
    """The first of today's processes migrates, while the others still are of the code before that."""

    name = "rolling deploy"
    says = "processes of the code before the last migrations are replaced one by one, side by side with today's"
    replicas = 3
    share = 4

    def lacks(self, database: str) -> str:
        if earlier() is None:
            return "there is no git history here, from which the code before the last migrations could be taken"
        return ""

    def prepare(self, fire: Fire) -> None:
        commit = earlier()
        assert commit is not None
        folder = fire.folder / "earlier"
        with tarfile.open(fileobj=io.BytesIO(_git("archive", commit))) as archive:
            archive.extractall(folder, filter="data")
        fire.tell(f"the earlier code is that of {commit[:10]}")
        for bot in fire.bots:
            bot.module, bot.folder = "bot", folder
        fire.fallen = renewed
        fire.migrated = fire.publishing = False  # the earlier code may know no status page

    def lasts(self, fire: Fire) -> float:
        """About."""
        return 45.0

    async def burn(self, fire: Fire) -> None:
        await asyncio.sleep(10)
        for bot in fire.bots:
            await fire.leave(bot)
            today(bot)
            fire.start(bot)
            fire.tell(f"{bot.name} is of today")
            await asyncio.sleep(fire.random.uniform(8, 14))


def today(bot: BotProcess) -> None:
    """From its next start on it is of today."""
    bot.module, bot.folder = "tests.chaos.bot", None


def renewed(bot: BotProcess) -> str:
    """One that was killed comes up no more once the schema is newer than its code: whoever deploys renews it."""
    if bot.folder is not None and "A newer Tocsin" in bot.log():
        today(bot)
        return ""
    return f"{bot.name} ended by itself; see its log"


@cache
def earlier() -> str | None:
    """The newest commit whose migrations are the beginning of today's, and not all of them."""
    if shutil.which("git") is None:
        return None
    try:
        commits = _git("rev-list", "--first-parent", "HEAD").decode().split()
        today = _migrations("HEAD")
        return next((commit for commit in commits if _migrations(commit) < today), None)
    except subprocess.CalledProcessError:
        return None


def _migrations(commit: str) -> set[str]:
    """Names and contents."""
    listed = _git("ls-tree", commit, f"{VERSIONS}/").decode().splitlines()
    return {line.split(" ", 2)[2] for line in listed} or {"none"}


def _git(*words: str) -> bytes:
    return subprocess.run(["git", "-C", str(ROOT), *words], capture_output=True, check=True).stdout
