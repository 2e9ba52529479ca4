"""The freeze at GitHub: a status on the heads of open pull requests, and the word that a deployment waits for.

What is shown is the freeze as it is in the moment before it is sent, so that neither an order of effects nor a second
replica can leave an old one standing. Facts from docs.github.com/rest: ``commits/statuses`` (at most 1000 for a commit
and context), ``pulls`` (list), ``actions/workflow-runs`` (deployment protection rule), and *Best practices*: at most
80 requests a minute that create something, one after the other.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import Any
from urllib.parse import quote
from weakref import WeakValueDictionary

import structlog

from adapters.tracker.app import App
from adapters.tracker.pulls import Pulls
from adapters.tracker.settings import TrackerSettings
from bot.errors import Refused, TryLater
from bot.freezing import state
from bot.intents import LetDeploy, ShowFreeze
from bot.messages import freeze as says
from bot.reader import Frozen

log = structlog.get_logger()

CONTEXT = "tocsin/freeze"
PAGE, PAGES = 100, 3
"""Pull requests of a repository whose heads are looked at: those that changed last."""
PACE = 0.8
"""Seconds between two statuses: 75 a minute."""
LONGEST = 140
"""Characters of a status's description [GitHub]."""
WAITING = timedelta(seconds=15)
"""How often a deployment that waits looks whether production is still frozen."""
REPORTED = 500
"""Deployments of which it is remembered that they were told why they wait."""

Freezes = Callable[[], Awaitable[Sequence[Frozen]]]
"""What freezes production now."""


@dataclass(frozen=True, slots=True)
class Head:
    """The newest commit of a pull request."""

    repository: str
    pull: int
    sha: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What a status says."""

    state: str
    description: str


class FreezeThere:
    """Shows the freeze at GitHub."""

    def __init__(self, settings: TrackerSettings, github: Pulls, frozen: Freezes, *, pace: float = PACE) -> None:
        self._settings, self._github, self._frozen, self._pace = settings, github, frozen, pace
        self._app = App(settings, github)
        self._turns: WeakValueDictionary[Head, asyncio.Lock] = WeakValueDictionary()
        """One at a time changes the status of a head."""
        self._posting = asyncio.Lock()
        self._posted = 0.0
        self._reported: dict[tuple[str, int, str], None] = {}

    # Pull requests

    async def show(self, asked: ShowFreeze) -> None:
        """Bring the heads in line; a repository that refuses keeps the others from nothing."""
        if asked.sha:
            await self._bring(Head(asked.repository, asked.pull, asked.sha))
            return
        no: TryLater | Refused | None = None
        for repository in self._settings.repositories:
            try:
                for head in await self.heads(repository):
                    await self._bring(head)
            except TryLater as later:
                if later.after is not None:
                    raise
                no = later
            except Refused as refused:
                no = no or Refused(f"{repository}: {refused.why}")
        if no is not None:
            raise no

    async def heads(self, repository: str) -> list[Head]:
        """Of the open pull requests, those that changed last first."""
        found: list[Head] = []
        for page in range(1, PAGES + 1):
            pulls = await self._github.get(
                f"/repos/{repository}/pulls", state="open", sort="updated", direction="desc", per_page=PAGE, page=page
            )
            found += [Head(_spelled(one, repository), int(one["number"]), str(one["head"]["sha"])) for one in pulls]
            if len(pulls) < PAGE:
                break
        return found

    async def behind(self, repository: str) -> bool:
        """Whether any head shows something else than it should."""
        for head in await self.heads(repository):
            if await self._status(head) != await self._wanted(head):
                return True
        return False

    async def _bring(self, head: Head) -> None:
        """Until what stands there is what should: the freeze may change while it is sent."""
        turn = self._turns.setdefault(head, asyncio.Lock())
        async with turn:
            wanted = await self._wanted(head)
            stands = await self._status(head)
            while stands != wanted:
                if not await self._post(head, wanted):
                    return
                stands, wanted = wanted, await self._wanted(head)

    async def _wanted(self, head: Head) -> Shown:
        found = await self._frozen()
        allowed = self._passes(found, head.repository, head.sha, (head.pull,))
        return Shown("success" if allowed else "failure", says.status(found, allowed=allowed, longest=LONGEST))

    def _passes(self, found: Sequence[Frozen], repository: str, sha: str, pulls: Sequence[int]) -> bool:
        """Whether nothing is frozen, or somebody let the commit or one of its pull requests pass."""
        there = f"https://{self._settings.host}/{repository}"
        urls = (f"{there}/commit/{sha}", *(f"{there}/pull/{pull}" for pull in pulls))
        return any(state(found, change=url, told=False).passes for url in urls)

    async def _status(self, head: Head) -> Shown | None:
        path = f"/repos/{head.repository}/commits/{head.sha}/status"
        known = await self._github.get(path, per_page=PAGE)
        mine = (one for one in known.get("statuses", ()) if str(one.get("context", "")).casefold() == CONTEXT)
        return next((Shown(str(one["state"]), str(one.get("description") or "")) for one in mine), None)

    async def _post(self, head: Head, wanted: Shown) -> bool:
        """Whether it stands there; a commit that takes none is let be."""
        said: dict[str, str] = {"state": wanted.state, "context": CONTEXT, "description": wanted.description}
        if self._settings.public_url:
            there = f"https://{self._settings.host}/{head.repository}/pull/{head.pull}"
            said["target_url"] = f"{self._settings.public_url}/api/freeze?change={quote(there, safe='')}"
        async with self._posting:
            await asyncio.sleep(max(0.0, self._posted + self._pace - monotonic()))
            self._posted = monotonic()
            try:
                await self._github.post(f"/repos/{head.repository}/statuses/{head.sha}", said)
            except Refused as no:
                if not no.why.startswith("GitHub 422"):
                    raise
                log.warning("freeze_not_shown", repository=head.repository, pull=head.pull, why=no.why)
                return False
        return True

    # Deployments

    async def let(self, asked: LetDeploy) -> None:
        """Approve it; raises ``TryLater`` while it has to wait."""
        found = await self._frozen()
        if self._passes(found, asked.repository, asked.sha, asked.pulls):
            comment = f"{says.says(found, told=False)} {says.passes(allowed=True) if found else ''}".strip()
            await self._answer(asked, state="approved", comment=comment)
        elif self._settings.freeze_deployments == "reject":
            comment = f"{says.says(found, told=False)} {says.passes(allowed=False)}"
            await self._answer(asked, state="rejected", comment=comment)
        else:
            await self._report(asked, says.waits(found))
            raise TryLater("production is frozen", shows=WAITING)

    async def _report(self, asked: LetDeploy, comment: str) -> None:
        """Tell once why it waits; where GitHub does not take that, it waits all the same."""
        mark = (asked.repository, asked.run, asked.environment)
        if mark in self._reported:
            return
        with contextlib.suppress(Refused, TryLater):
            await self._answer(asked, comment=comment)
        self._reported[mark] = None
        while len(self._reported) > REPORTED:
            del self._reported[next(iter(self._reported))]

    async def _answer(self, asked: LetDeploy, **said: str) -> None:
        """The address is made here, of the repository and the run alone: nothing else is ever called."""
        path = f"/repos/{asked.repository}/actions/runs/{asked.run}/deployment_protection_rule"
        try:
            headers = await self._app.headers(asked.installation)
            await self._github.post(path, {"environment_name": asked.environment, **said}, headers=headers)
        except Refused:
            self._app.forget(asked.installation)
            raise


def _spelled(pull: Any, repository: str) -> str:
    """The repository as GitHub spells it, and so the addresses that people copy; settings may use other letters."""
    named = ((pull.get("base") or {}).get("repo") or {}).get("full_name")
    return named if isinstance(named, str) and named.casefold() == repository.casefold() else repository
