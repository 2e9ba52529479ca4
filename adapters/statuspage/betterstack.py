"""Better Stack's status pages over the Uptime API, version 2.

What it is built on [betterstack.com/docs/uptime/api: create-a-new-status-page-report, create-a-new-status-update,
list-existing-reports-on-a-status-page, list-all-existing-status-updates-for-a-status-page-report]:

- ``Authorization: Bearer TOKEN``. Lists say in ``pagination.next`` where they go on.
- A public incident is a *status report*: ``title``, ``starts_at``, and a first ``message``. What follows are *status
  updates* of it, each with a ``message`` and the ``affected_resources`` as they are from then on: ``resolved``,
  ``degraded`` or ``downtime``. Where several reports affect one resource, the page itself shows the worst.
- It keeps nothing of ours with a report. One is known by its title and ``starts_at``, which is the publication's to the
  millisecond; a text by its message and ``published_at``, which we give as well: so a text is never there twice, and
  what comes late stands where it belongs.
- It knows no stages, so each message begins with the process's word.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from adapters.statuspage.page import Shown, examined, failed, plain
from adapters.statuspage.wire import PATIENCE, Wire
from bot.doctor import Finding
from bot.errors import Outside
from bot.intents import BETTERSTACK, PAGES, TellPublic
from bot.progress import Condition

STATES = {
    Condition.OPERATIONAL: "resolved",
    Condition.DEGRADED: "degraded",
    Condition.PARTIAL: "degraded",
    Condition.MAJOR: "downtime",
    Condition.MAINTENANCE: "degraded",
}
"""How each is called there; a report that is no maintenance knows no more."""
PAGES_READ = 20
"""Pages of a list that are read at the most: they say nowhere in which order they come."""


class BetterStack:
    """See :class:`adapters.statuspage.page.Page`."""

    lane = BETTERSTACK
    title = PAGES[BETTERSTACK]
    settles = timedelta(seconds=5)

    def __init__(self, *, url: str, token: str, page: str, patience: float = PATIENCE) -> None:
        self._wire = Wire(url, {"Authorization": f"Bearer {token}"}, patience=patience)
        self._page = f"/api/v2/status-pages/{page}"
        self._ids: dict[str, str] = {}
        """Public names of resources, folded, to their ids, as last read."""
        self._url: str | None = None

    async def tell(self, tell: TellPublic) -> Shown:
        """Open the report with the text, or add it."""
        there = await self._one(tell)
        if there is not None and await self._holds(there, tell):
            return await self._shown(there)
        affected, unknown = await self._affected(tell)
        says = {"message": _message(tell), "affected_resources": affected, "published_at": _stamp(tell.told.at)}
        if there is not None:
            await self._wire.ask("POST", f"{self._page}/status-reports/{there}/status-updates", json=says)
            return await self._shown(there, unknown)
        opens = {"title": _title(tell), "report_type": "manual", "starts_at": _stamp(tell.opened_at)}
        made = await self._wire.ask("POST", f"{self._page}/status-reports", json=opens | says)
        return await self._shown(str(made["data"]["id"]), unknown)

    async def find(self, tell: TellPublic) -> Shown | None:
        """The report, if it holds the text."""
        there = await self._one(tell)
        return await self._shown(there) if there is not None and await self._holds(there, tell) else None

    async def examine(self, components: Iterable[str]) -> list[Finding]:
        """Whether the token works, the page is there, and has resources of these names."""
        try:
            await self._wire.ask("GET", self._page)
            await self._read_resources()
        except Outside as no:
            return failed(
                self.title, no,
                unknown="Set BETTERSTACK_API_TOKEN anew: in Better Stack, API tokens, a token of the page's team.",
                missing="Correct BETTERSTACK_PAGE_ID: it stands in the address of the page's own settings.",
            )  # fmt: skip
        return examined(self.title, components, self._ids)

    async def close(self) -> None:
        """Drop what is open."""
        await self._wire.close()

    async def _one(self, tell: TellPublic) -> str | None:
        """Id of the report that is this publication's."""
        for one in await self._listed(f"{self._page}/status-reports"):
            has = one["attributes"]
            if has.get("title") == _title(tell) and _same(has.get("starts_at"), tell.opened_at):
                return str(one["id"])
        return None

    async def _holds(self, report: str, tell: TellPublic) -> bool:
        updates = await self._listed(f"{self._page}/status-reports/{report}/status-updates")
        said = ((one["attributes"].get("published_at"), one["attributes"].get("message")) for one in updates)
        return any(_same(at, tell.told.at) and message == _message(tell) for at, message in said)

    async def _affected(self, tell: TellPublic) -> tuple[list[dict[str, str]], tuple[str, ...]]:
        names = tell.told.components
        if any(name.casefold() not in self._ids for name in names):
            await self._read_resources()
        known = {name: self._ids[name.casefold()] for name in names if name.casefold() in self._ids}
        affected = [{"status_page_resource_id": id, "status": STATES[names[name]]} for name, id in known.items()]
        return affected, tuple(name for name in names if name not in known)

    async def _read_resources(self) -> None:
        found = await self._listed(f"{self._page}/resources")
        self._ids = {str(one["attributes"].get("public_name", "")).casefold(): str(one["id"]) for one in found}

    async def _shown(self, report: str, unknown: tuple[str, ...] = ()) -> Shown:
        """With the page's own address: where the report stands on it, the API does not say."""
        if self._url is None:
            self._url = await self._address()
        return Shown(ref=report, url=self._url, unknown=unknown)

    async def _address(self) -> str:
        try:
            has = (await self._wire.ask("GET", self._page))["data"]["attributes"]
        except Outside:
            return ""  # the text stands there all the same
        host = has.get("custom_domain") or (f"{has['subdomain']}.betteruptime.com" if has.get("subdomain") else "")
        return f"https://{host}" if host else ""

    async def _listed(self, path: str) -> list[Any]:
        found: list[Any] = []
        for number in range(1, PAGES_READ + 1):
            answer = await self._wire.ask("GET", path, params={"page": number})
            found += answer["data"]
            if not (answer.get("pagination") or {}).get("next"):
                break
        return found


def _title(tell: TellPublic) -> str:
    return plain(tell.title)


def _message(tell: TellPublic) -> str:
    word = tell.told.word
    return plain(f"{word[:1].upper()}{word[1:]}: {tell.told.text}")


def _stamp(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"


def _same(stamp: Any, at: datetime) -> bool:
    """Whether a time of theirs is ours, to the millisecond."""
    try:
        return _stamp(datetime.fromisoformat(stamp)) == _stamp(at)
    except (TypeError, ValueError):
        return False
