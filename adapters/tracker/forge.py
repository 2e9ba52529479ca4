"""The forge as one thing: what is owed to its lane is proposed or asked there, and what it says is brought back."""

from datetime import datetime
from typing import Any
from urllib.parse import quote

from adapters.tracker.pulls import FILES, Place, Pulls, place
from adapters.tracker.settings import TrackerSettings
from bot.doctor import Finding, Health
from bot.errors import Refused, TryLater
from bot.intents import FORGE, Inquire, Propose
from bot.learned import Inquired, Proposed
from bot.ports import Ear, Found, Job
from bot.progress import Merge

WHAT = "GitHub token"
MEND = "GITHUB_TOKEN has to be valid, and may need to be renewed; see adapters/tracker/README.md."


async def examine(settings: TrackerSettings, *, wanted: bool) -> list[Finding]:
    """Whether GitHub knows the token; ``wanted`` where a playbook has a gate that asks for a merged change."""
    if not settings.forge:
        says = "GITHUB_TOKEN is not set, so whether a linked change is merged is said by people."
        return [Finding(what=WHAT, health=Health.WORTH_A_LOOK, says=says)] if wanted else []
    github = Pulls(settings)
    try:
        limits = await github.get("/rate_limit")
    except (TryLater, Refused) as no:
        return [Finding(what=WHAT, health=Health.WRONG, says=f"{settings.host}: {no.why}", mend=MEND)]
    finally:
        await github.close()
    left = limits.get("rate", {}).get("remaining", "?")
    says = f"{settings.host} knows it; {left} requests are left this hour"
    return [Finding(what=WHAT, health=Health.FINE, says=says)]


class ForgePlatform:
    """Asks GitHub; see :class:`bot.ports.Platform`."""

    name = FORGE
    ready = connected = True
    """There is nothing to connect to."""

    def __init__(self, settings: TrackerSettings) -> None:
        self.ear: Ear | None = None
        self._settings = settings
        self._pulls: Pulls | None = None

    @property
    def github(self) -> Pulls:
        """The API, connected to when it is first needed."""
        self._pulls = self._pulls or Pulls(self._settings)
        return self._pulls

    async def perform(self, job: Job) -> str | None:
        """Propose or ask, and bring back what came of it."""
        if self.ear is None:
            raise TryLater("not started yet")
        key, incident = f"{FORGE}:{job.key}", job.incident or 0
        match job.intent:
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

    def __init__(self, settings: TrackerSettings) -> None:
        self.platform = ForgePlatform(settings)

    async def start(self, ear: Ear) -> None:
        """From now on answers can be brought back."""
        self.platform.ear = ear

    async def stop(self) -> None:
        """Ask nothing more."""
        await self.platform.close()


Told = tuple[Merge, datetime | None, str, tuple[str, ...]]
"""Whether it is merged, when, by whom, and some of its files."""


def _moment(said: Any) -> datetime | None:
    """GitHub writes ``2026-11-20T14:00:00Z``."""
    return datetime.fromisoformat(str(said)) if said else None
