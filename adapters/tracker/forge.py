"""The forge as one thing: what is owed to its lane is proposed or asked there, and what it says is brought back."""

import asyncio
import contextlib
import random
from datetime import datetime
from time import time
from typing import Any
from urllib.parse import quote

import structlog
from starlette.routing import BaseRoute

from adapters.tracker.app import App
from adapters.tracker.freeze import PACE, Freezes, FreezeThere
from adapters.tracker.hooks import Hooks
from adapters.tracker.pulls import FILES, Place, Pulls, place
from adapters.tracker.settings import TrackerSettings, secret
from bot.doctor import Finding, doubt, fine, wrong
from bot.errors import Refused, TryLater
from bot.intents import FORGE, Inquire, LetDeploy, Propose, ShowFreeze
from bot.learned import Inquired, Proposed, Wanted
from bot.ports import Ear, Found, Job
from bot.progress import Merge

log = structlog.get_logger()

EVERY = 600.0
"""Seconds within which the heads of pull requests are looked at again."""
WHAT = "GitHub token"
FREEZE = "The freeze on GitHub"
MEND_FREEZE = "docs/freeze.md says step by step how GitHub is connected."
MEND_OFF = "Set GITHUB_TOKEN, as adapters/tracker/README.md says, or let people say it."
MEND = "GITHUB_TOKEN has to be valid, and may need to be renewed; see adapters/tracker/README.md."


async def examine(settings: TrackerSettings, *, wanted: bool) -> list[Finding]:
    """Whether GitHub knows the token; ``wanted`` where a playbook has a gate that asks for a merged change."""
    if not settings.forge:
        return _off(settings, wanted=wanted)
    github = Pulls(settings)
    try:
        limits = await github.get("/rate_limit")
        left = limits.get("rate", {}).get("remaining", "?")
        says = f"{settings.host} knows it; {left} requests are left this hour"
        return [fine(WHAT, says), *await _examine_freeze(settings, github)]
    except (TryLater, Refused) as no:
        return [wrong("github.token", WHAT, f"{settings.host}: {no.why}", MEND)]
    finally:
        await github.close()


def _off(settings: TrackerSettings, *, wanted: bool) -> list[Finding]:
    if settings.repositories or settings.app:
        says = "GITHUB_TOKEN is not set, so GitHub is told nothing of the freeze."
        return [wrong("github.freeze-off", FREEZE, says, MEND)]
    says = "GITHUB_TOKEN is not set, so whether a linked change is merged is said by people."
    return [doubt("github.off", WHAT, says, MEND_OFF)] if wanted else []


async def _examine_freeze(settings: TrackerSettings, github: Pulls) -> list[Finding]:
    """Whether the freeze can be shown in each repository, and the app is known."""
    found = []
    for repository in settings.repositories:
        try:
            await github.get(f"/repos/{repository}/pulls", per_page=1)
            found.append(fine(FREEZE, f"{repository} can be read"))
        except (TryLater, Refused) as no:
            found.append(wrong("github.freeze-repository", FREEZE, f"{repository}: {no.why}", MEND_FREEZE))
    if settings.app:
        try:
            app = await github.get("/app", headers=await App(settings, github).itself())
            says = f"deployments are answered for as the app “{app.get('name', '?')}”"
            found.append(fine(FREEZE, says))
        except (TryLater, Refused) as no:
            found.append(wrong("github.app", FREEZE, f"the app: {no.why}", MEND_FREEZE))
    if (settings.repositories or settings.app) and not secret(settings.github_webhook_secret):
        later = "new pull requests are seen within ten minutes only" if settings.repositories else ""
        never = "no deployment is heard of" if settings.app else ""
        says = f"GITHUB_WEBHOOK_SECRET is not set, so {' and '.join(filter(None, (later, never)))}."
        found.append(doubt("github.webhook-secret", FREEZE, says, MEND_FREEZE))
    return found


class ForgePlatform:
    """Asks GitHub, and tells it; see :class:`bot.ports.Platform`."""

    name = FORGE
    ready = connected = True
    """There is nothing to connect to."""

    def __init__(self, settings: TrackerSettings, frozen: Freezes | None = None, *, pace: float = PACE) -> None:
        self.ear: Ear | None = None
        self._settings, self._frozen, self._pace = settings, frozen, pace
        self._pulls: Pulls | None = None
        self._freeze: FreezeThere | None = None

    @property
    def github(self) -> Pulls:
        """The API, connected to when it is first needed."""
        self._pulls = self._pulls or Pulls(self._settings)
        return self._pulls

    @property
    def freeze(self) -> FreezeThere:
        """The freeze there."""
        if self._frozen is None:
            raise TryLater("nobody can be asked whether production is frozen")
        self._freeze = self._freeze or FreezeThere(self._settings, self.github, self._frozen, pace=self._pace)
        return self._freeze

    async def perform(self, job: Job) -> str | None:
        """Propose or ask, and bring back what came of it."""
        if self.ear is None:
            raise TryLater("not started yet")
        key, incident = f"{FORGE}:{job.key}", job.incident or 0
        match job.intent:
            case ShowFreeze() as show:
                await self.freeze.show(show)
                return None
            case LetDeploy() as deploy:
                await self.freeze.let(deploy)
                return None
            case Propose() as propose:
                url = await self._propose(propose)
                await self.ear.learn(Proposed(key=key, incident=incident, propose=propose, url=url))
                return url or None
            case Inquire() as inquire:
                try:
                    came = await self._inquire(key, incident, inquire)
                except Refused as no:
                    came = Inquired(key=key, incident=incident, inquire=inquire, merge=Merge.UNKNOWN, why=no.why)
                await self.ear.learn(came)
                return None
        raise Refused(f"the forge knows no “{job.intent.kind}”")

    async def find(self, job: Job) -> Found | None:
        """Every attempt looks for an open pull request first; asking again does no harm."""
        return None

    async def close(self) -> None:
        """Close what is open."""
        if self._pulls is not None:
            await self._pulls.close()

    async def _propose(self, propose: Propose) -> str:
        repo = propose.page.removeprefix(f"https://{self._settings.host}/")
        if repo == propose.page:
            raise Refused(f"{propose.page} is not on {self._settings.host}")
        return await self.github.open(
            repo, branch=propose.branch, onto=propose.onto, title=propose.title, text=propose.text
        )

    async def _inquire(self, key: str, incident: int, inquire: Inquire) -> Inquired:
        there = place(inquire.url, self._settings.host)
        if there is None:
            raise Refused(f"it is no pull request and no commit on {self._settings.host}")
        merge, at, by, files = await (self._pull(there) if there.pull else self._commit(there))
        return Inquired(key=key, incident=incident, inquire=inquire, merge=merge, at=at, by=by, files=files)

    async def _pull(self, there: Place) -> "Told":
        path = f"/repos/{there.repo}/pulls/{there.pull}"
        pull = await self.github.get(path)
        if not pull.get("merged"):
            return Merge.CLOSED if pull.get("state") == "closed" else Merge.OPEN, None, "", ()
        files = await self.github.get(f"{path}/files", per_page=FILES)
        by = (pull.get("merged_by") or {}).get("login", "")
        return Merge.MERGED, _moment(pull.get("merged_at")), by, tuple(str(one["filename"]) for one in files)

    async def _commit(self, there: Place) -> "Told":
        """A commit is merged once the repository's common branch holds it."""
        common = (await self.github.get(f"/repos/{there.repo}"))["default_branch"]
        path = f"/repos/{there.repo}/compare/{quote(common, safe='')}...{there.commit}"
        compared = await self.github.get(path, per_page=1)
        if compared.get("status") not in ("behind", "identical"):
            return Merge.OPEN, None, "", ()
        commit = await self.github.get(f"/repos/{there.repo}/commits/{there.commit}")
        by = (commit.get("committer") or commit.get("author") or {}).get("login", "")
        files = tuple(str(one["filename"]) for one in commit.get("files", [])[:FILES])
        return Merge.MERGED, _moment(commit["commit"]["committer"].get("date")), by, files


class ForgeAdapter:
    """A tool of the bot; see :class:`bot.running.Outside`."""

    def __init__(self, settings: TrackerSettings, frozen: Freezes | None = None, *, pace: float = PACE) -> None:
        self.platform = ForgePlatform(settings, frozen, pace=pace)
        self._settings = settings
        self._hooks = Hooks(settings)
        self._looking: asyncio.Task[None] | None = None

    def routes(self) -> list[BaseRoute]:
        """Where GitHub tells us what is new."""
        return self._hooks.routes()

    async def start(self, ear: Ear) -> None:
        """From now on answers can be brought back, and GitHub is looked at."""
        self.platform.ear = self._hooks.ear = ear
        if self._settings.repositories:
            self._looking = asyncio.create_task(self._look_ever(), name="forge")

    async def stop(self) -> None:
        """Ask nothing more."""
        if self._looking is not None:
            self._looking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._looking
        await self.platform.close()

    async def _look_ever(self) -> None:
        """GitHub delivers a webhook once: what was lost while we were away is seen here."""
        while True:
            await asyncio.sleep(random.uniform(0.5, 1.0) * EVERY)  # noqa: S311  # so that replicas do not look at once
            await self.look()

    async def look(self) -> None:
        """Owe what is missing where a head shows another freeze than there is, once for all replicas."""
        for repository in self._settings.repositories:
            try:
                if await self.platform.freeze.behind(repository) and self.platform.ear is not None:
                    slot = int(time() // EVERY)
                    await self.platform.ear.learn(Wanted(key=f"github/look/{slot}", intent=ShowFreeze()))
                    return
            except (TryLater, Refused) as no:
                log.warning("freeze_not_looked_at", repository=repository, why=no.why)
            except Exception:  # an edge: a fault goes to the log whole, and the other repositories are looked at
                log.exception("freeze_not_looked_at", repository=repository)


Told = tuple[Merge, datetime | None, str, tuple[str, ...]]
"""Whether it is merged, when, by whom, and some of its files."""


def _moment(said: Any) -> datetime | None:
    """GitHub writes ``2026-11-20T14:00:00Z``."""
    return datetime.fromisoformat(str(said)) if said else None
