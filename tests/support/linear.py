"""Linear as far as issues need it, on this machine: it holds a team and fails as told."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from bot.issue import IssueState
from tests.support.shown import Shown
from tests.support.wires import Asked, Told, Wired

KEY = "linear-key-of-the-test"
STATES = {"triage": 0, "backlog": 1, "unstarted": 2, "started": 3, "completed": 4, "canceled": 5}
_OPERATION = re.compile(r"(?:query|mutation)\s+(\w+)")


@dataclass(slots=True)
class FakeLinear(Wired):
    """One team, ``ENG``; ``people`` by their addresses."""

    now: Callable[[], datetime]
    people: tuple[str, ...] = ()
    key: str = KEY
    issues: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By id, in the order in which they were filed."""
    labels: dict[str, str] = field(default_factory=dict)
    """Name to id."""

    def __post_init__(self) -> None:
        Wired.__init__(self)

    # As people see it

    def shown(self, number: int = 1) -> Shown:
        """The issue of this number."""
        issue = list(self.issues.values())[number - 1]
        state = {"completed": IssueState.DONE, "canceled": IssueState.DROPPED}.get(issue["state"], IssueState.OPEN)
        names = {id: name for name, id in self.labels.items()}
        due = date.fromisoformat(issue["dueDate"]) if issue["dueDate"] else None
        labels = tuple(names[id] for id in issue["labelIds"])
        return Shown(issue["title"], state, issue["description"], labels, issue["assigneeId"] or "", due)

    def close(self, who: str, number: int = 1) -> None:
        """Somebody closes it."""
        self._does(who, number, state="completed")

    def reopen(self, who: str, number: int = 1) -> None:
        """Somebody opens it again."""
        self._does(who, number, state="started")

    def assign(self, who: str, to: str, number: int = 1) -> None:
        """Somebody gives it to somebody."""
        self._does(who, number, assigneeId=to)

    def date(self, who: str, day: date, number: int = 1) -> None:
        """Somebody dates it anew."""
        self._does(who, number, dueDate=day.isoformat())

    def undate(self, who: str, number: int = 1) -> None:
        """Somebody takes its date away."""
        self._does(who, number, dueDate=None)

    def retitle(self, who: str, title: str, number: int = 1) -> None:
        """Somebody renames it."""
        self._does(who, number, title=title)

    def write(self, words: str, number: int = 1) -> None:
        """Somebody writes at the end of its text, and labels it ``theirs``."""
        issue = list(self.issues.values())[number - 1]
        self.labels.setdefault("theirs", "label-theirs")
        text = f"{issue['description']}\n\n{words}"
        self._does("", number, description=text, labelIds=[*issue["labelIds"], self.labels["theirs"]])

    def delete(self, number: int = 1) -> None:
        """Somebody throws it away."""
        self._does("", number, trashed=True)

    def _does(self, who: str, number: int, **changes: Any) -> None:
        issue = list(self.issues.values())[number - 1]
        issue.update(changes, updatedAt=self._stamp())
        actor = {"email": who, "displayName": who.split("@")[0]} if who else None
        issue["history"].append({"createdAt": self._stamp(), "actor": actor})

    def _stamp(self) -> str:
        return self.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"

    # As programs see it

    def answer(self, asked: Asked) -> Told:
        """As Linear does: refusals come with 200 or 400, as errors."""
        if asked.headers.get("authorization") != self.key:
            return _error("Authentication required, not authenticated", "AUTHENTICATION_ERROR", 401)
        found = _OPERATION.search(asked.body["query"])
        assert found is not None
        told: Told = getattr(self, f"_{found[1].casefold()}")(asked.body["variables"])
        return told

    def _ready(self, given: dict[str, Any]) -> Told:
        states = [{"id": f"state-{name}", "type": name, "position": place} for name, place in STATES.items()]
        teams = [{"id": "team-eng", "states": {"nodes": states}}] if given["team"] == "ENG" else []
        labels = [{"id": id, "name": name, "team": None} for name, id in self.labels.items() if name in given["labels"]]
        users = [{"id": one} for one in self.people if one.casefold() == given["email"].casefold()]
        return _data(teams={"nodes": teams}, issueLabels={"nodes": labels}, users={"nodes": users})

    def _label(self, given: dict[str, Any]) -> Told:
        if given["name"] in self.labels:
            return _error("duplicate label name", "INPUT_ERROR")
        self.labels[given["name"]] = f"label-{given['name']}"
        return _data(issueLabelCreate={"issueLabel": {"id": self.labels[given["name"]], "name": given["name"]}})

    def _create(self, given: dict[str, Any]) -> Told:
        made = given["input"]
        if made["id"] in self.issues:
            return _error("conflict on insert of Issue: already exists", "INPUT_ERROR")
        number = len(self.issues) + 1
        self.issues[made["id"]] = {
            **made, "state": made.get("stateId", "state-backlog").removeprefix("state-"), "identifier": f"ENG-{number}",
            "url": f"https://linear.example/acme/issue/ENG-{number}", "updatedAt": self._stamp(), "trashed": None,
            "history": [],
        }  # fmt: skip
        return _data(issueCreate={"issue": self._whole(self.issues[made["id"]])})

    def _update(self, given: dict[str, Any]) -> Told:
        issue, changes = self.issues[given["id"]], dict(given["input"])
        added, removed = changes.pop("addedLabelIds", ()), changes.pop("removedLabelIds", ())
        labels = [id for id in [*issue["labelIds"], *added] if id not in removed]
        if "stateId" in changes:
            changes["state"] = changes.pop("stateId").removeprefix("state-")
        issue.update(changes, labelIds=labels, updatedAt=self._stamp())
        issue["history"].append(
            {"createdAt": self._stamp(), "actor": {"email": "bot@acme.example", "displayName": "t"}}
        )
        return _data(issueUpdate={"issue": self._whole(issue)})

    def _one(self, given: dict[str, Any]) -> Told:
        issue = self.issues.get(given["id"])
        return _data(issues={"nodes": [self._whole(issue)] if issue is not None else []})

    def _changed(self, given: dict[str, Any]) -> Told:
        since = datetime.fromisoformat(given["since"])
        found = [one for one in self.issues.values() if datetime.fromisoformat(one["updatedAt"]) >= since]
        found = [one for one in found if given["team"] == "ENG" and not one["trashed"]]
        found.sort(key=lambda one: str(one["updatedAt"]), reverse=True)
        start = int(given["after"] or 0)
        nodes = [self._whole(one) | {"history": {"nodes": one["history"]}} for one in found[start : start + 50]]
        more = len(found) > start + 50
        return _data(issues={"nodes": nodes, "pageInfo": {"hasNextPage": more, "endCursor": str(start + 50)}})

    def _whole(self, issue: dict[str, Any]) -> dict[str, Any]:
        names = {id: name for name, id in self.labels.items()}
        person = issue["assigneeId"]
        plain = ("id", "identifier", "url", "title", "description", "dueDate", "updatedAt", "trashed")
        return {name: issue[name] for name in plain} | {
            "state": {"type": issue["state"]}, "team": {"key": "ENG"},
            "assignee": {"email": person, "displayName": person.split("@")[0]} if person else None,
            "labels": {"nodes": [{"id": id, "name": names[id]} for id in issue["labelIds"]]},
        }  # fmt: skip


def _data(**data: Any) -> Told:
    return Told({"data": data})


def _error(says: str, code: str, status: int = 200) -> Told:
    return Told({"errors": [{"message": says, "extensions": {"code": code}}]}, status)
