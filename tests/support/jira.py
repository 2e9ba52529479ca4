"""Jira as far as issues need it, on this machine: it holds a project and fails as told."""

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.issue import IssueState
from tests.support.shown import Shown
from tests.support.wires import Asked, Told, Wired

EMAIL, TOKEN = "bot@acme.example", "jira-token-of-the-test"
STATUSES = {"To Do": "new", "In Progress": "indeterminate", "Done": "done", "Won't do": "done"}
_SINCE = re.compile(r'project = "(?P<project>\w+)" AND updated >= "-(?P<minutes>\d+)m"')
_MARK = re.compile(r'labels = "(?P<label>[\w-]+)"')


@dataclass(slots=True)
class FakeJira(Wired):
    """One project, ``OPS``; ``people`` by their account ids. ``late`` issues are not found yet."""

    now: Callable[[], datetime]
    people: tuple[str, ...] = ()
    token: str = TOKEN
    lacks: tuple[str, ...] = ()
    """Fields that the project's screen does not have."""
    issues: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By id, in the order in which they were filed."""

    def __post_init__(self) -> None:
        Wired.__init__(self)

    # As people see it

    def shown(self, number: int = 1) -> Shown:
        """The issue of this number."""
        fields = self._nth(number)["fields"]
        done = STATUSES[fields["status"]] == "done"
        state = (IssueState.DROPPED if "Won" in fields["status"] else IssueState.DONE) if done else IssueState.OPEN
        due = date.fromisoformat(fields["duedate"]) if fields.get("duedate") else None
        labels = tuple(label for label in fields["labels"] if not label.startswith("tocsin-"))
        return Shown(fields["summary"], state, _words(fields["description"]), labels, fields.get("assignee") or "", due)

    def close(self, who: str, number: int = 1) -> None:
        """Somebody closes it."""
        self._does(who, number, status="Done")

    def drop(self, who: str, number: int = 1) -> None:
        """Somebody closes it without its being done."""
        self._does(who, number, status="Won't do")

    def reopen(self, who: str, number: int = 1) -> None:
        """Somebody opens it again."""
        self._does(who, number, status="In Progress")

    def assign(self, who: str, to: str, number: int = 1) -> None:
        """Somebody gives it to somebody."""
        self._does(who, number, assignee=to)

    def date(self, who: str, day: date, number: int = 1) -> None:
        """Somebody dates it anew."""
        self._does(who, number, duedate=day.isoformat())

    def retitle(self, who: str, title: str, number: int = 1) -> None:
        """Somebody renames it."""
        self._does(who, number, summary=title)

    def write(self, words: str, number: int = 1) -> None:
        """Somebody writes at the end of its text, and labels it ``theirs``."""
        fields = self._nth(number)["fields"]
        nodes = [*fields["description"]["content"], {"type": "paragraph", "content": [{"type": "text", "text": words}]}]
        self._does("", number, description={**fields["description"], "content": nodes},
                   labels=[*fields["labels"], "theirs"])  # fmt: skip

    def delete(self, number: int = 1) -> None:
        """Somebody deletes it."""
        del self.issues[self._nth(number)["id"]]

    def _nth(self, number: int) -> dict[str, Any]:
        return list(self.issues.values())[number - 1]

    def _does(self, who: str, number: int, **changes: Any) -> None:
        issue = self._nth(number)
        issue["fields"].update(changes, updated=self._stamp())
        issue["histories"].append({"created": self._stamp(), "author": {"accountId": who, "displayName": who}})

    def _stamp(self) -> str:
        return self.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "+0000"

    # As programs see it

    def answer(self, asked: Asked) -> Told:
        """As Jira does."""
        known = base64.b64encode(f"{EMAIL}:{self.token}".encode()).decode()
        if asked.headers.get("authorization") != f"Basic {known}":
            return Told({"message": "Client must be authenticated to access this resource."}, 401)
        path = asked.path.removeprefix("/rest/api/3/").split("/")
        match asked.method, path:
            case "GET", ["project", "OPS"]:
                return Told({"key": "OPS"})
            case "GET", ["mypermissions"]:
                names = asked.query["permissions"].split(",")
                return Told({"permissions": {name: {"havePermission": True} for name in names}})
            case "POST", ["issue"]:
                return self._file(asked.body["fields"])
            case "POST", ["search", "jql"]:
                return self._search(asked.body)
            case _, ["issue", id, *rest] if id in self.issues:
                return self._at(self.issues[id], asked, rest)
        return Told({"errorMessages": ["Issue does not exist or you do not have permission to see it."]}, 404)

    def _at(self, issue: dict[str, Any], asked: Asked, rest: list[str]) -> Told:
        if rest == ["transitions"] and asked.method == "GET":
            found = [{"id": name, "name": name, "to": _status(name)} for name in STATUSES]
            return Told({"transitions": found})
        if rest == ["transitions"]:
            issue["fields"].update(status=asked.body["transition"]["id"], updated=self._stamp())
            return Told(status=204)
        if asked.method == "GET":
            return Told(self._whole(issue))
        return self._edit(issue, asked.body)

    def _refused(self, fields: dict[str, Any]) -> Told | None:
        errors = {name: f"Field '{name}' cannot be set." for name in self.lacks if name in fields}
        person = (fields.get("assignee") or {}).get("accountId")
        if person and person not in self.people:
            errors["assignee"] = f"User '{person}' cannot be assigned issues."
        return Told({"errorMessages": [], "errors": errors}, 400) if errors else None

    def _file(self, fields: dict[str, Any]) -> Told:
        if (no := self._refused(fields)) is not None:
            return no
        number = len(self.issues) + 1
        id = str(10000 + number)
        kept = {**fields, "assignee": (fields.get("assignee") or {}).get("accountId"), "status": "To Do",
                "updated": self._stamp()}  # fmt: skip
        self.issues[id] = {"id": id, "key": f"OPS-{number}", "fields": kept, "histories": []}
        return Told({"id": id, "key": f"OPS-{number}"}, 201)

    def _edit(self, issue: dict[str, Any], body: dict[str, Any]) -> Told:
        fields = dict(body.get("fields", {}))
        if (no := self._refused(fields)) is not None:
            return no
        if "assignee" in fields:
            fields["assignee"] = fields["assignee"]["accountId"]
        labels = list(issue["fields"]["labels"])
        for step in body.get("update", {}).get("labels", ()):
            labels = [one for one in labels if one != step.get("remove")] + ([step["add"]] if "add" in step else [])
        issue["fields"].update(fields, labels=labels, updated=self._stamp())
        issue["histories"].append({"created": self._stamp(), "author": {"accountId": "bot", "displayName": "Tocsin"}})
        return Told(status=204)

    def _search(self, body: dict[str, Any]) -> Told:
        marked, since = _MARK.search(body["jql"]), _SINCE.match(body["jql"])
        found = list(self.issues.values())
        if marked is not None:
            found = [one for one in found if marked["label"] in one["fields"]["labels"]]
        elif since is not None:
            begins = self.now() - timedelta(minutes=int(since["minutes"]))
            found = [one for one in found if datetime.fromisoformat(one["fields"]["updated"]) >= begins]
            found.sort(key=lambda one: str(one["fields"]["updated"]))
        else:
            return Told({"errorMessages": ["The query is not bounded."]}, 400)
        start, size = int(body.get("nextPageToken", "0")), body["maxResults"]
        page = [self._whole(one) for one in found[start : start + size]]
        more = {"nextPageToken": str(start + size)} if len(found) > start + size else {}
        return Told({"issues": page, "isLast": not more} | more)

    def _whole(self, issue: dict[str, Any]) -> dict[str, Any]:
        fields, person = issue["fields"], issue["fields"].get("assignee")
        shown = {
            **fields, "status": _status(fields["status"]), "resolution": None,
            "assignee": {"accountId": person, "displayName": person} if person else None,
        }  # fmt: skip
        return {"id": issue["id"], "key": issue["key"], "fields": shown, "changelog": {"histories": issue["histories"]}}


def _status(name: str) -> dict[str, Any]:
    return {"name": name, "statusCategory": {"key": STATUSES[name]}}


def _words(node: dict[str, Any]) -> str:
    inner = [_words(one) for one in node.get("content", ())]
    return str(node.get("text", "")) + ("\n" if node.get("type") == "doc" else "").join(inner)
