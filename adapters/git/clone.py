"""A bare clone of our own: looked into and committed in without a working tree, so that nothing lies about half done.

Whoever uses it holds a lock of the kernel's, and so do the git processes that it started. After a crash the lock is
free once the last of them has ended; lock files that git left behind then belong to nobody.
"""

import asyncio
import contextlib
import fcntl
import hashlib
import os
import shutil
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from time import monotonic

from adapters.git.command import Broken, Git, Ran, refusal
from adapters.git.settings import RecordSettings
from bot.errors import Refused, TryLater

DEPTH = 100
"""Commits of a branch that are fetched; more are needed for nothing here."""
WAIT = 20.0
"""Seconds for which another process may have the clone."""
PLAIN = ("100644", "100755")
"""Modes of a plain file: neither a link nor another repository."""
_OUTRUN = (
    "[rejected]",
    "[remote rejected]",
    "non-fast-forward",
    "stale info",
    "cannot lock ref",
    "failed to update ref",
)


class Outrun(Exception):
    """Somebody else pushed meanwhile."""


class NoFile(Refused):
    """A folder, a link or another repository stands where a file was to be."""


@dataclass(frozen=True, slots=True)
class Remote:
    """What the repository has: its own choice of a branch, and the tips of the branches asked for."""

    default: str
    tips: Mapping[str, str]


class Clone:
    """The clone of one repository in one folder."""

    def __init__(self, settings: RecordSettings, folder: Path) -> None:
        mark = hashlib.sha256(settings.repository.encode()).hexdigest()[:8]
        self.folder = (folder / f"record-{mark}.git").absolute()
        self._settings = settings
        self._turn = asyncio.Lock()
        self.git = Git(self.folder, settings)

    @contextlib.asynccontextmanager
    async def hold(self) -> AsyncIterator[None]:
        """Use it alone, in good order. A clone that turns out to be broken is thrown away, and ``TryLater`` raised."""
        async with self._turn:
            self.folder.parent.mkdir(parents=True, exist_ok=True)
            lock = os.open(self.folder.with_suffix(".lock"), os.O_CREAT | os.O_RDWR, 0o600)
            try:
                await _take(lock)
                self.git = Git(self.folder, self._settings, held=lock)
                await self._tidy()
                yield
            except Broken as broken:
                await asyncio.to_thread(shutil.rmtree, self.folder, ignore_errors=True)
                raise TryLater(f"the clone was broken ({broken}); it is made anew", maybe_done=True) from broken
            except OSError as full:
                raise TryLater(f"the clone cannot be kept ({full.strerror})", maybe_done=True) from full
            finally:
                fcntl.flock(lock, fcntl.LOCK_UN)  # a helper that git left running may have it too
                os.close(lock)

    async def _tidy(self) -> None:
        """What an earlier process left goes, and what it did not get to make is made."""
        if not (self.folder / "whole").exists():
            await asyncio.to_thread(shutil.rmtree, self.folder, ignore_errors=True)
            await self.git.local("init", "--quiet", "--bare", str(self.folder))
            (self.folder / "whole").touch()
        for left in (*self.folder.rglob("*.lock"), *self.folder.glob("index-*"), *self.folder.rglob("tmp_*")):
            left.unlink(missing_ok=True)

    # Looking

    async def ask(self, *branches: str) -> Remote:
        """Ask the repository; an empty one has no branches."""
        refs = [f"refs/heads/{branch}" for branch in branches if branch]
        ran = await self.git.remote("ls-remote", "--symref", self._settings.repository, "HEAD", *refs)
        lines = [line.split("\t") for line in ran.out.splitlines()]
        default = next((what.removeprefix("ref: refs/heads/") for what, name in lines
                        if name == "HEAD" and what.startswith("ref: ")), "")  # fmt: skip
        tips = {name.removeprefix("refs/heads/"): sha for sha, name in lines if name.startswith("refs/heads/")}
        return Remote(default, tips)

    async def fetch(self, branch: str, tip: str) -> str:
        """Bring a branch in as it is now; returns its tip."""
        ref = f"refs/tocsin/{branch}"
        if (await self.git.run("rev-parse", "--quiet", "--verify", ref)).out.strip() != tip:
            fetched = await self.git.run("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", f"--depth={DEPTH}",
                                         self._settings.repository, f"+refs/heads/{branch}:{ref}")  # fmt: skip
            if fetched.code != 0:
                raise await self._at_fault(fetched)
        return (await self.git.local("rev-parse", "--verify", f"{ref}^{{commit}}")).strip()

    async def _at_fault(self, fetched: Ran) -> Exception:
        """Whether a fetch that failed is the clone's own fault."""
        whole = await self.git.run("fsck", "--connectivity-only", "--no-dangling", "--no-progress")
        return Broken(whole.why) if whole.code != 0 else refusal(fetched)

    async def read(self, commit: str, path: str) -> bytes | None:
        """A file of a commit; ``None`` where nothing is at that path. Raises :class:`NoFile`."""
        listed = await self.git.local("ls-tree", "-z", commit, "--", path)
        if not listed:
            return None
        mode, _, blob = listed.split("\t")[0].split(" ")
        if mode not in PLAIN:
            raise NoFile(f"{path} is no plain file")
        return (await self.git.local("cat-file", "blob", blob)).encode(errors="surrogateescape")

    async def ahead(self, commit: str, paths: Sequence[str], *, of: str) -> bool:
        """Whether a commit has a file at one of these paths that another one has not, or has otherwise."""
        files = await self.git.local("diff-tree", "-r", "--name-only", "--diff-filter=d", of, commit, "--", *paths)
        return bool(files.strip())

    async def bearing(self, commit: str, trailer: str, value: str) -> str:
        """The commit, among the last ones up to this, whose message has this trailer; empty where none has."""
        format = f"--format=%H %(trailers:key={trailer},valueonly,separator=%x2C)"
        told = await self.git.local("log", f"-{DEPTH}", format, commit)
        return next((line.split(" ", 1)[0] for line in told.splitlines() if line.split(" ", 1)[1:] == [value]), "")

    # Writing

    async def commit(self, files: Mapping[str, bytes], message: str, *, on: str, at: str) -> str:
        """Make a commit of these files on top of another one (empty: of none); returns it. ``at`` is ISO 8601."""
        file = self.folder / f"index-{token_hex(4)}"  # swept up by the next who holds the clone
        index = {"GIT_INDEX_FILE": str(file), "GIT_AUTHOR_DATE": at}
        await self.git.local("read-tree", *([on] if on else ["--empty"]), env=index)
        for path, content in files.items():
            mode = (await self.git.local("ls-tree", "-z", on, "--", path))[:6] if on else ""
            blob = (await self.git.local("hash-object", "-w", "--stdin", given=content)).strip()
            entry = f"{mode if mode in PLAIN else PLAIN[0]},{blob},{path}"
            await self.git.local("update-index", "--add", "--cacheinfo", entry, env=index)
        tree = (await self.git.local("write-tree", env=index)).strip()
        parent = ("-p", on) if on else ()
        made = await self.git.local("commit-tree", tree, *parent, "-F", "-", given=message.encode(), env=index)
        return made.strip()

    async def push(self, commit: str, branch: str, *, instead_of: str = "", trial: bool = False) -> None:
        """Make a commit the tip of a branch; raises :class:`Outrun` where it is on top of something else by now.

        ``instead_of`` is the tip that may be left behind, where the branch begins anew. A ``trial`` sends nothing.
        """
        ref = f"refs/heads/{branch}"
        lease = [f"--force-with-lease={ref}:{instead_of}"] if instead_of else []
        how = ["--quiet", "--no-verify", *(["--dry-run"] if trial else []), *lease]
        ran = await self.git.run("push", *how, self._settings.repository, f"{commit}:{ref}")
        if ran.code == 0:
            return
        refused = refusal(ran)
        if isinstance(refused, TryLater) and any(word in ran.err for word in _OUTRUN):
            raise Outrun
        raise refused


async def _take(lock: int) -> None:
    """Wait for the kernel's lock."""
    until = monotonic() + WAIT
    while True:
        try:
            return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if monotonic() > until:
                raise TryLater("another process has the clone") from None
            await asyncio.sleep(0.1)
