"""Atlassian Statuspage and Better Stack's status pages as far as incidents need them, on this machine.

They answer as the vendors' references show [developer.statuspage.io; betterstack.com/docs/uptime/api] and fail as told.
What customers see is the same of both: :class:`Seen`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.support.wires import Asked, Told, Wired

KEY, TOKEN = "statuspage-key-of-the-test", "betterstack-token-of-the-test"
PAGE = "kctbh9vrtdwd"
REPORTS = "123456"


@dataclass(frozen=True, slots=True)
class SeenPublic:
    """A public incident as customers see it."""

    title: str
    stage: str
    """As the page calls it; empty where it knows none."""
    texts: tuple[str, ...]
    """Oldest first."""


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


@dataclass(slots=True)
class FakeStatuspage(Wired):
    """One page; ``components`` are names, ``states`` how each is."""

    now: Callable[[], datetime]
    components: tuple[str, ...] = ("Checkout", "Search")
    incidents: list[dict[str, Any]] = field(default_factory=list)
    states: dict[str, str] = field(default_factory=dict)
    key: str = KEY

    def __post_init__(self) -> None:
        Wired.__init__(self)
        self.states |= {f"c-{name.casefold()}": "operational" for name in self.components}

    def seen(self) -> list[SeenPublic]:
        """Every incident, oldest first."""
        return [SeenPublic(one["name"], one["status"], tuple(u["body"] for u in reversed(one["incident_updates"])))
                for one in self.incidents]  # fmt: skip

    def state(self, component: str) -> str:
        """How a component is."""
        return self.states[f"c-{component.casefold()}"]

    def by_hand(self, name: str, component: str, state: str) -> None:
        """Somebody opens an incident without Tocsin."""
        said = {
            "name": name,
            "status": "investigating",
            "body": "…",
            "components": {f"c-{component.casefold()}": state},
        }
        self._opened(said)

    def answer(self, asked: Asked) -> Told:
        """As Statuspage does."""
        if asked.headers.get("authorization") != f"OAuth {self.key}":
            return Told({"error": "Could not authenticate"}, 401)
        found = re.fullmatch(rf"/pages/{PAGE}(?P<rest>/.*)?", asked.path)
        if found is None:
            return Told({"error": "page not found"}, 404)
        rest = found["rest"] or ""
        if asked.method == "POST" and rest == "/incidents":
            return self._checked(asked.body["incident"], lambda said: Told(self._opened(said), 201))
        if asked.method == "PATCH" and rest.startswith("/incidents/"):
            one = next((i for i in self.incidents if i["id"] == rest.rpartition("/")[2]), None)
            if one is None:
                return Told({"error": "incident not found"}, 404)
            return self._checked(asked.body["incident"], lambda said: Told(self._update(one, said)))
        if asked.method == "PATCH" and rest.startswith("/components/"):
            id, status = rest.rpartition("/")[2], asked.body["component"]["status"]
            return self._checked({"components": {id: status}}, lambda said: self._set(said["components"]))
        return self._read(rest, asked.query)

    def _set(self, states: dict[str, str]) -> Told:
        self.states |= states
        return Told({"id": next(iter(states))})

    def _read(self, rest: str, query: dict[str, str]) -> Told:
        newest = list(reversed(self.incidents))
        lists: dict[str, list[dict[str, Any]]] = {
            "/incidents": newest,
            "/incidents/unresolved": [one for one in newest if one["status"] != "resolved"],
            "/components": [{"id": f"c-{n.casefold()}", "name": n, "status": self.state(n)} for n in self.components],
        }
        if rest == "":
            return Told({"id": PAGE, "name": "Acme"})
        each, number = int(query.get("per_page", "100")), int(query.get("page", "1"))
        return Told(lists[rest][(number - 1) * each : number * each])

    def _checked(self, said: dict[str, Any], does: Callable[[dict[str, Any]], Told]) -> Told:
        strange = [id for id in said.get("components", {}) if id not in self.states]
        if strange:
            return Told({"error": [f"Component {strange[0]} not found"]}, 422)
        return does(said)

    def _opened(self, said: dict[str, Any]) -> dict[str, Any]:
        number = len(self.incidents) + 1
        one: dict[str, Any] = {"id": f"i{number}", "name": said["name"], "metadata": {}, "incident_updates": [],
                               "created_at": _stamp(self.now()), "page_id": PAGE,
                               "shortlink": f"https://stspg.example/i{number}"}  # fmt: skip
        self.incidents.append(one)
        return self._update(one, said)

    def _update(self, one: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
        affected = [{"code": id, "name": id, "old_status": self.states[id], "new_status": state}
                    for id, state in said.get("components", {}).items()]  # fmt: skip
        self.states |= said.get("components", {})
        update = {"body": said["body"], "status": said["status"], "created_at": _stamp(self.now()),
                  "affected_components": affected or None}  # fmt: skip
        one["incident_updates"].insert(0, update)
        one |= {"status": said["status"], "metadata": said.get("metadata", one["metadata"])}
        return one


@dataclass(slots=True)
class FakeBetterStack(Wired):
    """One page with resources of these public names."""

    now: Callable[[], datetime]
    components: tuple[str, ...] = ("Checkout", "Search")
    reports: list[dict[str, Any]] = field(default_factory=list)
    key: str = TOKEN
    each: int = 2
    """Entries of a list at a time."""

    def __post_init__(self) -> None:
        Wired.__init__(self)

    def seen(self) -> list[SeenPublic]:
        """Every report, oldest first; its updates by the times that they show."""
        return [SeenPublic(one["title"], "", tuple(u["message"] for u in sorted(one["updates"], key=_shown_at)))
                for one in self.reports]  # fmt: skip

    def state(self, component: str) -> str:
        """How a resource is: the worst that any report's last update says."""
        order = ("resolved", "degraded", "downtime")
        said = [state for one in self.reports if (state := self._left(one).get(f"r-{component.casefold()}"))]
        return max(said, key=order.index, default="resolved")

    def _left(self, report: dict[str, Any]) -> dict[str, str]:
        left: dict[str, str] = {}
        for update in sorted(report["updates"], key=_shown_at):
            left |= {one["status_page_resource_id"]: one["status"] for one in update["affected_resources"]}
        return left

    def answer(self, asked: Asked) -> Told:
        """As Better Stack does."""
        if asked.headers.get("authorization") != f"Bearer {self.key}":
            return Told({"errors": "Invalid Team API token"}, 401)
        found = re.fullmatch(rf"/api/v2/status-pages/{REPORTS}(?P<rest>/.*)?", asked.path)
        if found is None:
            return Told({"errors": "Resource with provided ID was not found"}, 404)
        rest = found["rest"] or ""
        if rest == "":
            has = {"company_name": "Acme", "subdomain": "acme", "custom_domain": None}
            return Told({"data": {"id": REPORTS, "type": "status_page", "attributes": has}})
        if rest == "/resources":
            names = [(f"r-{n.casefold()}", {"public_name": n, "resource_type": "Monitor"}) for n in self.components]
            return self._listed(names, asked)
        if rest == "/status-reports":
            return self._opened(asked.body) if asked.method == "POST" else self._listed(
                [(one["id"], _attributes(one)) for one in self.reports], asked)  # fmt: skip
        report = next((one for one in self.reports if one["id"] == rest.split("/")[2]), None)
        if report is None:
            return Told({"errors": "Resource with provided ID was not found"}, 404)
        if asked.method == "POST":
            return self._add(report, asked.body)
        return self._listed([(str(place), one) for place, one in enumerate(report["updates"])], asked)

    def _listed(self, entries: list[tuple[str, dict[str, Any]]], asked: Asked) -> Told:
        number = int(asked.query.get("page", "1"))
        shown = entries[(number - 1) * self.each : number * self.each]
        more = f"{self.url}{asked.path}?page={number + 1}" if len(entries) > number * self.each else None
        return Told({"data": [{"id": id, "attributes": has} for id, has in shown], "pagination": {"next": more}})

    def _opened(self, said: dict[str, Any]) -> Told:
        report = {"id": str(12345 + len(self.reports)), "title": said["title"], "starts_at": said["starts_at"],
                  "report_type": said["report_type"], "updates": []}  # fmt: skip
        if (wrong := self._strange(said)) is not None:
            return wrong
        self.reports.append(report)
        self._add(report, said)
        return Told({"data": {"id": report["id"], "type": "status_report", "attributes": _attributes(report)}}, 201)

    def _add(self, report: dict[str, Any], said: dict[str, Any]) -> Told:
        if (wrong := self._strange(said)) is not None:
            return wrong
        update = {name: said[name] for name in ("message", "affected_resources", "published_at")}
        report["updates"].append(update)
        return Told({"data": {"id": str(len(report["updates"])), "type": "status_update", "attributes": update}}, 201)

    def _strange(self, said: dict[str, Any]) -> Told | None:
        known = {f"r-{name.casefold()}" for name in self.components}
        strange = [one for one in said["affected_resources"] if one["status_page_resource_id"] not in known
                   or one["status"] not in ("resolved", "degraded", "downtime")]  # fmt: skip
        return Told({"errors": {"affected_resources": ["is invalid"]}}, 422) if strange else None


def _shown_at(update: dict[str, Any]) -> str:
    return str(update["published_at"])


def _attributes(report: dict[str, Any]) -> dict[str, Any]:
    return {name: report[name] for name in ("title", "starts_at", "report_type")} | {"ends_at": None}
