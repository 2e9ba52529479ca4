"""GitHub as far as issues need it, on this machine: it holds repositories and fails as told."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from bot.issue import IssueState
from tests.support.shown import Shown
from tests.support.wires import Asked, Told, Wired

_ISSUE = re.compile(r"/repos/(?P<repository>[^/]+/[^/]+)(?:/issues(?:/(?P<number>\d+)(?P<rest>/events)?)?)?")
TOKEN = "github-token-of-the-test"


@dataclass(slots=True)
class FakeGitHub(Wired):
    """What is filed there is kept; ``people`` may be assigned."""

    now: Callable[[], datetime]
    people: tuple[str, ...] = ()
    token: str = TOKEN
    issues: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {"acme/shop": []})
    """By repository."""
    moved: dict[str, str] = field(default_factory=dict)
    """Repositories that were renamed: the old name to the new one."""
    about: dict[str, Any] = field(default_factory=lambda: {"has_issues": True, "permissions": {"push": True}})
    """What is told of a repository."""

    def __post_init__(self) -> None:
        Wired.__init__(self)

    def only(self, repository: str = "acme/shop") -> dict[str, Any]:
        """The one issue that there is."""
        (issue,) = self.issues[repository]
        return issue

    def shown(self, number: int = 1) -> Shown:
        """The issue of this number."""
        issue = self.issues["acme/shop"][number - 1]
        closed = IssueState.DROPPED if issue["state_reason"] == "not_planned" else IssueState.DONE
        state = IssueState.OPEN if issue["state"] == "open" else closed
        labels = tuple(one["name"] for one in issue["labels"])
        return Shown(issue["title"], state, issue["body"], labels, next((a["login"] for a in issue["assignees"]), ""))

    def close(self, who: str, number: int = 1) -> None:
        """Somebody closes it."""
        self.does(who, number, "closed", state="closed", state_reason="completed")

    def reopen(self, who: str, number: int = 1) -> None:
        """Somebody opens it again."""
        self.does(who, number, "reopened", state="open", state_reason="reopened")

    def assign(self, who: str, to: str, number: int = 1) -> None:
        """Somebody gives it to somebody."""
        self.does(who, number, "assigned", assignees=[{"login": to}])

    def retitle(self, who: str, title: str, number: int = 1) -> None:
        """Somebody renames it."""
        self.does(who, number, "renamed", title=title)

    def write(self, words: str, number: int = 1) -> None:
        """Somebody writes at the end of its text, and labels it ``theirs``."""
        issue = self.issues["acme/shop"][number - 1]
        labels = [*issue["labels"], {"name": "theirs"}]
        self.does("octocat", number, "labeled", body=f"{issue['body']}\r\n{words}", labels=labels)

    def delete(self, number: int = 1) -> None:
        """Somebody deletes it."""
        self.does("octocat", number, "deleted", deleted=True)

    def does(self, who: str, number: int, event: str, *, repository: str = "acme/shop", **changes: Any) -> None:
        """Somebody changes an issue there."""
        issue = self.issues[repository][number - 1]
        issue.update(changes, updated_at=self._stamp())
        issue["events"].append({"event": event, "actor": {"login": who}, "created_at": self._stamp()})

    def _stamp(self) -> str:
        return self.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def answer(self, asked: Asked) -> Told:
        """As GitHub does."""
        if asked.headers.get("authorization") != f"Bearer {self.token}":
            return Told({"message": "Bad credentials"}, 401)
        found = _ISSUE.fullmatch(asked.path)
        if found is not None and found["repository"] in self.moved:
            path = asked.path.replace(found["repository"], self.moved[found["repository"]])
            where = {"Location": f"{self.url.rstrip('/')}{path}?{urlencode(asked.query)}"}
            return Told(status=301 if asked.method == "GET" else 307, headers=where)
        if found is None or found["repository"] not in self.issues:
            return Told({"message": "Not Found"}, 404)
        here, number = self.issues[found["repository"]], found["number"]
        if asked.path.endswith(found["repository"]):
            return Told(self.about)
        if number is None:
            return self._file(found["repository"], here, asked) if asked.method == "POST" else self._list(here, asked)
        issue = here[int(number) - 1]
        if issue.get("deleted"):
            return Told({"message": "This issue was deleted"}, 410)
        if found["rest"]:
            return Told(issue["events"])
        return self._change(issue, asked) if asked.method == "PATCH" else Told(_shown(issue))

    def _file(self, repository: str, here: list[dict[str, Any]], asked: Asked) -> Told:
        body = asked.body
        if (no := self._assignees(body)) is not None:
            return no
        number = len(here) + 1
        issue = {
            "number": number, "title": body["title"], "body": body.get("body"), "state": "open", "state_reason": None,
            "html_url": f"https://github.example/{repository}/issues/{number}", "created_at": self._stamp(),
            "updated_at": self._stamp(), "labels": [{"name": name} for name in body.get("labels", ())],
            "assignees": [{"login": login} for login in body.get("assignees", ())], "events": [],
        }  # fmt: skip
        here.append(issue)
        return Told(_shown(issue), 201)

    def _change(self, issue: dict[str, Any], asked: Asked) -> Told:
        body = dict(asked.body)
        if (no := self._assignees(body)) is not None:
            return no
        if "labels" in body:
            body["labels"] = [{"name": name} for name in body["labels"]]
        if "assignees" in body:
            body["assignees"] = [{"login": login} for login in body["assignees"]]
        issue.update(body, updated_at=self._stamp())
        issue["events"].append({"event": "closed" if body.get("state") == "closed" else "changed",
                                "actor": {"login": "tocsin-bot"}})  # fmt: skip
        return Told(_shown(issue))

    def _assignees(self, body: dict[str, Any]) -> Told | None:
        strangers = [login for login in body.get("assignees", ()) if login not in self.people]
        if not strangers:
            return None
        error = {"value": strangers[0], "resource": "Issue", "field": "assignees", "code": "invalid"}
        return Told({"message": "Validation Failed", "errors": [error]}, 422)

    def _list(self, here: list[dict[str, Any]], asked: Asked) -> Told:
        query = asked.query
        since = datetime.fromisoformat(query["since"]) if "since" in query else datetime.min.replace(tzinfo=UTC)
        order = f"{query.get('sort', 'created')}_at"
        found = [one for one in here if datetime.fromisoformat(one["updated_at"]) >= since and not one.get("deleted")]
        found.sort(key=lambda one: (one[order], one["number"]), reverse=query.get("direction", "desc") == "desc")
        size, page = int(query.get("per_page", "30")), int(query.get("page", "1"))
        return Told([_shown(one) for one in found[size * (page - 1) : size * page]])


def _shown(issue: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in issue.items() if name != "events"}
