"""Atlassian Statuspage over its REST API.

What it is built on [developer.statuspage.io; community.atlassian.com, articles on rate limits and pagination]:

- ``Authorization: OAuth KEY``; a page is named by its id. 60 requests a minute for a key; beyond, 429 (earlier 420)
  with ``Retry-After``. Lists are paginated by ``page`` and ``per_page``, at most 100; incidents come newest first.
- ``POST /pages/ID/incidents`` opens an incident with its first update, ``PATCH /pages/ID/incidents/ID`` adds one:
  ``status``, ``body``, and how ``components`` are from then on (id to status).
- ``metadata`` is an object of ours that the page keeps with the incident and shows to nobody. It holds the
  publication's mark and the number of the last text, set by the same request that adds the text: so a text is never
  there twice, and an incident is never opened twice.
- A component has one status, whatever incidents are open on it. So it is set to the worst that any of them asks for.
  What each of ours asks for stands in its metadata; what one that people opened there asks for, in its updates
  (``affected_components``). Two that write at once do not see each other, so each looks once more after it wrote, and
  ``PATCH /pages/ID/components/ID`` sets right what came out otherwise: whoever writes last sees both.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from adapters.statuspage.page import Shown, examined, failed, plain
from adapters.statuspage.wire import PATIENCE, Wire
from bot.doctor import Finding
from bot.errors import Outside
from bot.intents import PAGES, STATUSPAGE, TellPublic
from bot.progress import Condition, PublicStage, worst

EACH = 100
"""Of a list, at a time."""
MARGIN = timedelta(hours=1)
"""By how much the page's clock may differ from ours."""
OURS = "tocsin"
"""Our part of the metadata."""
NAME, BODY = 255, 25_000
"""Characters of an incident's name and of an update [developer.statuspage.io]."""


class Statuspage:
    """See :class:`adapters.statuspage.page.Page`."""

    lane = STATUSPAGE
    title = PAGES[STATUSPAGE]
    settles = timedelta(seconds=5)

    def __init__(self, *, url: str, key: str, page: str, patience: float = PATIENCE) -> None:
        self._wire = Wire(url, {"Authorization": f"OAuth {key}"}, patience=patience)
        self._page = f"/pages/{page}"
        self._ids: dict[str, str] = {}
        """Names of components, folded, to their ids, as last read."""

    async def tell(self, tell: TellPublic) -> Shown:
        """Open the incident with the text, or add it."""
        there = await self._one(tell)
        if there is not None and _told(there) >= tell.told.id:
            return _shown(there)
        known, unknown = await self._known(tell.told.components)
        held = there.get("metadata") or {} if there is not None else {}
        says: dict[str, Any] = {
            "status": tell.told.stage.value,
            "body": plain(tell.told.text)[:BODY],
            "metadata": {**held, OURS: {"mark": tell.mark, "told": tell.told.id, "asks": known}},
        }
        affected = await self._affected(tell.mark, known)
        if known:
            says |= {"components": affected, "component_ids": sorted(affected)}
        if there is None:
            says["name"] = plain(tell.title)[:NAME]
            made = await self._wire.ask("POST", f"{self._page}/incidents", json={"incident": says})
        else:
            made = await self._wire.ask("PATCH", f"{self._page}/incidents/{there['id']}", json={"incident": says})
        await self._set_right(tell.mark, known, affected)
        return _shown(made, unknown)

    async def find(self, tell: TellPublic) -> Shown | None:
        """The incident of this mark, if it holds the text or a later one."""
        there = await self._one(tell)
        return _shown(there) if there is not None and _told(there) >= tell.told.id else None

    async def examine(self, components: Iterable[str]) -> list[Finding]:
        """Whether the key works, the page is there, and has components of these names."""
        try:
            await self._wire.ask("GET", self._page)
            await self._read_components()
        except Outside as no:
            return failed(
                self.title, no,
                unknown="Set STATUSPAGE_API_KEY anew: in Statuspage, your avatar, API info.",
                missing="Correct STATUSPAGE_PAGE_ID: it stands in the address of the page's own management.",
            )  # fmt: skip
        return examined(self.title, components, self._ids)

    async def close(self) -> None:
        """Drop what is open."""
        await self._wire.close()

    async def _one(self, tell: TellPublic) -> Any | None:
        """The incident that bears the mark, looked for as far back as it can be."""
        number = 1
        while True:
            asked = {"page": number, "per_page": EACH}
            found = await self._wire.ask("GET", f"{self._page}/incidents", params=asked)
            for one in found:
                if _ours(one).get("mark") == tell.mark:
                    return one
            if len(found) < EACH or datetime.fromisoformat(found[-1]["created_at"]) < tell.opened_at - MARGIN:
                return None
            number += 1

    async def _known(self, names: Mapping[str, Condition]) -> tuple[dict[str, Condition], tuple[str, ...]]:
        """How components are, by their ids; and the names that the page does not know."""
        if any(name.casefold() not in self._ids for name in names):
            await self._read_components()
        known = {self._ids[name.casefold()]: one for name, one in names.items() if name.casefold() in self._ids}
        return known, tuple(name for name in names if name.casefold() not in self._ids)

    async def _read_components(self) -> None:
        found: dict[str, str] = {}
        number = 1
        while True:
            asked = {"page": number, "per_page": EACH}
            page = await self._wire.ask("GET", f"{self._page}/components", params=asked)
            found |= {str(one["name"]).casefold(): str(one["id"]) for one in page}
            if len(page) < EACH:
                break
            number += 1
        self._ids = found

    async def _affected(self, mark: str, known: Mapping[str, Condition]) -> dict[str, str]:
        """How components are to be, by their ids: the worst of what this incident and the other open ones ask for."""
        others = await self._others(mark) if known else {}
        return {id: worst((one, *others.get(id, ()))).value for id, one in known.items()}

    async def _set_right(self, mark: str, known: Mapping[str, Condition], written: Mapping[str, str]) -> None:
        """Another incident may have been written meanwhile."""
        for id, status in (await self._affected(mark, known)).items():
            if status != written[id]:
                said = {"component": {"status": status}}
                await self._wire.ask("PATCH", f"{self._page}/components/{id}", json=said)

    async def _others(self, mark: str) -> dict[str, list[Condition]]:
        """What the other open incidents ask of components, by their ids."""
        asked: dict[str, list[Condition]] = {}
        for one in await self._wire.ask("GET", f"{self._page}/incidents/unresolved", params={"per_page": EACH}):
            if _ours(one).get("mark") != mark and one.get("status") != PublicStage.RESOLVED:
                for id, state in _asks(one).items():
                    asked.setdefault(id, []).append(state)
        return asked


def _asks(incident: Any) -> dict[str, Condition]:
    """What an incident asks of components: as we keep it, else as its updates left them, the newest first."""
    said = _ours(incident).get("asks")
    pairs = list(said.items()) if isinstance(said, dict) else [
        (one["code"], one.get("new_status"))
        for update in incident.get("incident_updates") or ()
        for one in update.get("affected_components") or ()
    ]  # fmt: skip
    known = {one.value for one in Condition}
    return {str(id): Condition(state) for id, state in reversed(pairs) if state in known}


def _ours(incident: Any) -> dict[str, Any]:
    ours = (incident.get("metadata") or {}).get(OURS)
    return ours if isinstance(ours, dict) else {}


def _told(incident: Any) -> int:
    """Number of the last text that it holds."""
    return int(_ours(incident).get("told") or 0)


def _shown(incident: Any, unknown: tuple[str, ...] = ()) -> Shown:
    return Shown(ref=incident["id"], url=str(incident.get("shortlink") or ""), unknown=unknown)
