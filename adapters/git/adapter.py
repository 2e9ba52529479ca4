"""The repository as one thing: what is to be kept is committed and pushed once, never over somebody's own words."""

import asyncio
import random
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from adapters.git.clone import Clone, NoFile, Outrun
from adapters.git.settings import By, RecordSettings
from bot.errors import Refused, TryLater
from bot.intents import GIT, Commit
from bot.learned import Committed
from bot.ports import Ear, Found, Job
from bot.postmortem import paths, seal
from bot.postmortem.log import Entered, enter

TRIES = 6
"""Times that a push may be outrun by others."""
PLACES = 9
"""Names that are tried beside a file of somebody else's."""
USUAL = "main"
"""The branch of a repository that has none yet."""
EFFECT = "Tocsin-Effect"
DOCUMENT = "Tocsin-Document"


@dataclass(slots=True)
class Ground:
    """What a commit is built on."""

    onto: str
    """The common branch."""
    branch: str
    tip: str
    """Empty where the branch begins with it."""
    own: bool = False
    """Whether it is the incident's own branch."""
    pending: bool = False
    """Whether that holds something which the common one has not."""
    instead_of: str = ""
    """The branch's own tip where it begins anew."""


@dataclass(slots=True)
class Plan:
    """What has to change."""

    files: dict[str, bytes] = field(default_factory=dict)
    path: str = ""
    """Where the document stands, or will."""
    log: Entered | None = None


class GitPlatform:
    """Keeps documents in the repository; see :class:`bot.ports.Platform`."""

    name = GIT
    ready = connected = True
    """There is nothing to connect to."""

    def __init__(self, settings: RecordSettings, folder: Path) -> None:
        self.ear: Ear | None = None
        self._settings = settings
        self._clone = Clone(settings, folder)

    async def perform(self, job: Job) -> str | None:
        """Commit and push, and bring back where it stands. What is there already is left as it is."""
        commit = job.intent
        if not isinstance(commit, Commit) or job.incident is None:
            raise Refused(f"the repository knows no “{commit.kind}”")
        if self.ear is None:
            raise TryLater("not started yet")
        async with self._clone.hold():
            came = await self._keep(job, commit)
        await self.ear.learn(came)
        return came.revision or None

    async def find(self, job: Job) -> Found | None:
        """Every attempt looks first (see :meth:`_once`), and what it brings back is learned once."""
        return None

    async def _keep(self, job: Job, commit: Commit) -> Committed:
        for _ in range(TRIES):
            try:
                return await self._once(job, commit)
            except Outrun:
                await asyncio.sleep(random.uniform(0.05, 0.5))  # noqa: S311  # so that two who push do not go on in step
        raise TryLater("others keep pushing", maybe_done=True)

    async def _once(self, job: Job, commit: Commit) -> Committed:
        ground = await self._ground(commit)
        plan = await self._plan(commit, ground.tip)
        effect = f"{job.key} {_digest(commit)}"
        done = await self._clone.bearing(ground.tip, EFFECT, effect) if ground.tip else ""
        wrote = bool(done)
        if done:  # by an earlier attempt: whatever anybody did since, it stands where it was put then
            plan = await self._plan(commit, done)
        elif plan.files:
            message = f"{commit.title}\n\n{DOCUMENT}: {_name(commit)}\n{EFFECT}: {effect}\n"
            done = await self._clone.commit(plan.files, message, on=ground.tip, at=commit.at.isoformat())
            await self._clone.push(done, ground.branch, instead_of=ground.instead_of)
            wrote = True
        own = ground.branch if ground.own and (wrote or ground.pending) else ""
        page = self._settings.page
        return Committed(
            key=f"{GIT}:{job.key}", incident=commit.incident, commit=commit, path=plan.path, revision=done[:10],
            branch=own, url=f"{page}/blob/{quote(f'{ground.branch}/{plan.path}')}" if page and plan.path else "",
            log=plan.log, wrote=wrote, page=page, onto=ground.onto,
        )  # fmt: skip

    async def _ground(self, commit: Commit) -> Ground:
        """The common branch, or the incident's own; one that was merged begins anew."""
        wanted, own = self._settings.record_branch, f"tocsin/incident-{commit.incident}"
        remote = await self._clone.ask(wanted, own)
        common = wanted or remote.default or USUAL
        if common not in remote.tips:
            remote = await self._clone.ask(common, own)
        tip = await self._clone.fetch(common, remote.tips[common]) if common in remote.tips else ""
        if self._settings.record_by is By.COMMIT or not tip:
            return Ground(common, common, tip)
        if own not in remote.tips:
            return Ground(common, own, tip, own=True)
        mine = await self._clone.fetch(own, remote.tips[own])
        if await self._merged(commit, mine, tip):
            return Ground(common, own, tip, own=True, instead_of=mine)
        return Ground(common, own, mine, own=True, pending=True)

    async def _merged(self, commit: Commit, mine: str, common: str) -> bool:
        """Whether what the incident's own branch has stands in the common one too, however it came there."""
        if commit.path and await self._clone.ahead(mine, _places(commit), of=common):
            return False
        if not commit.log:
            return True
        ours, theirs = await self._clone.read(mine, commit.log), await self._clone.read(common, commit.log)
        return _has_line(theirs, _line(ours, commit.incident))

    async def _plan(self, commit: Commit, tip: str) -> Plan:
        """What has to be written on top of a commit."""
        plan, row = Plan(), commit.row
        if commit.path:
            plan.path, text = await self._place(commit, tip)
            if text is not None:
                plan.files[plan.path] = text.encode()
            if row is not None and row.report == commit.path:
                row = row.model_copy(update={"report": plan.path})
        if commit.log and row is not None:
            before = (await self._text(tip, commit.log)) or ""
            after, plan.log = enter(before, row, log=commit.log)
            if plan.log is Entered.WRITTEN:
                plan.files[commit.log] = after.encode(errors="surrogateescape")
        return plan

    async def _place(self, commit: Commit, tip: str) -> tuple[str, str | None]:
        """Where the document goes, and its text (``None`` where it stands there as it is).

        Beside the file that was meant, where that one is not the bot's, or was changed by hand since.
        """
        for path in _places(commit):
            try:
                there = await self._text(tip, path)
            except NoFile:
                continue
            if there is None:
                return path, _sealed(commit)
            if seal.name_of(there).partition("/")[0] == str(commit.incident) and seal.holds(there):
                return path, None if seal.same(there, commit.content) else _sealed(commit)
        raise Refused(f"{commit.path} and {PLACES} names beside it are taken")

    async def _text(self, tip: str, path: str) -> str | None:
        content = await self._clone.read(tip, path) if tip else None
        return content.decode(errors="surrogateescape") if content is not None else None


class GitAdapter:
    """A tool of the bot; see :class:`bot.running.Outside`."""

    def __init__(self, settings: RecordSettings, *, folder: Path = Path("var")) -> None:
        self.platform = GitPlatform(settings, folder)

    async def start(self, ear: Ear) -> None:
        """From now on it can be said what was kept."""
        self.platform.ear = ear

    async def stop(self) -> None:
        """Nothing is left open: what was under way was stopped with its attempt."""
        self.platform.ear = None


def _places(commit: Commit) -> list[str]:
    """Where a document may stand: at its path, or beside it."""
    marks = [f"{commit.incident}", *(f"{commit.incident}-{count}" for count in range(2, PLACES + 1))]
    return [commit.path, *(paths.beside(commit.path, mark) for mark in marks)]


def _name(commit: Commit) -> str:
    return f"{commit.incident}/{commit.revision}" if commit.path else f"{commit.incident}"


def _sealed(commit: Commit) -> str:
    return seal.sealed(f"{commit.content.rstrip()}\n\n", _name(commit)) + "\n"


def _digest(commit: Commit) -> str:
    """Tells this effect from one of the same key that another database had."""
    return seal.digest(commit.model_dump_json())


def _line(log: bytes | None, incident: int) -> str:
    """The incident's line in a log."""
    lines = (log or b"").decode(errors="surrogateescape").splitlines()
    return next((line for line in lines if seal.name_of(line) == str(incident)), "")


def _has_line(log: bytes | None, line: str) -> bool:
    there = (log or b"").decode(errors="surrogateescape").splitlines()
    return not line or any(seal.same(line, other) for other in there)
