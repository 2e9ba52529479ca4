"""The forge as one thing: what is owed to its lane is proposed or asked there, and what it says is brought back."""

from datetime import datetime
from typing import Any
from urllib.parse import quote

from adapters.forge.github import FILES, GitHub, Place, place
from adapters.forge.settings import ForgeSettings
from bot.errors import Refused, TryLater
from bot.intents import FORGE, Inquire, Propose
from bot.learned import Inquired, Proposed
from bot.ports import Ear, Found, Job
from bot.progress import Merge


class ForgePlatform:
    """Asks GitHub; see :class:`bot.ports.Platform`."""

    name = FORGE
    ready = connected = True
    """There is nothing to connect to."""

    def __init__(self, settings: ForgeSettings) -> None:
        self.ear: Ear | None = None
        self._settings = settings
        self._github: GitHub | None = None

    @property
    def github(self) -> GitHub:
        """The API, connected to when it is first needed."""
        self._github = self._github or GitHub(self._settings)
        return self._github

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
        if self._github is not None:
            await self._github.close()

    async def _propose(self, propose: Propose) -> str:
        repo = propose.page.removeprefix(f"https://{self._settings.host}/")
        if repo == propose.page:
            raise Refused(f"{propose.page} is not on {self._settings.host}")
        return await self.github.open_pull(
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

    def __init__(self, settings: ForgeSettings) -> None:
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
