"""Jira Cloud over its REST API, version 3.

What it is built on [developer.atlassian.com/cloud/jira/platform/rest/v3]:

- Filing takes no key of ours: the issue bears its mark as a label, too, and a second attempt asks for that label.
  Search is *eventually* consistent, a few seconds to minutes late
  [developer.atlassian.com/cloud/jira/platform/search-and-reconcile]: a second attempt waits a minute, and what changed
  is looked for further back than asked.
- Text is a document of nodes (ADF): words of people stand in text nodes, in which nothing acts.
- People are known by account ids; their addresses are often hidden.
- An issue is over while its status is of the category ``done``; statuses are changed by transitions, of which only
  those that the workflow allows are there.
- Labels hold no spaces. A due date or an assignee that the project's screen does not have is refused by name, and left
  out; both stand in the text.
- A deleted issue answers 404, as one that may not be seen does: where its project may be seen, it is gone.
- 429 comes with ``Retry-After``.
"""

import re
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote

import httpx

from adapters.tracker.checks import Checked
from adapters.tracker.text import document, renewed_document
from adapters.tracker.tracker import Filed, Gone
from adapters.tracker.wire import PATIENCE, Wire
from bot.doctor import Finding
from bot.errors import Outside, Refused, TryLater
from bot.issue import Draft, IssueState, Seen
from bot.ports import Clock

FIELDS = ("summary", "status", "resolution", "assignee", "duedate", "updated", "labels", "description", "project")
LAG = timedelta(minutes=5)
"""How late search may be."""
PAGE = 100
MAY_LACK = ("assignee", "duedate")
"""Fields that a project's screen may not have."""
_NEVER = re.compile(r"won.?t|cancel|reject|declin|duplicate|obsolete", re.IGNORECASE)
"""Names of ways to end an issue without doing it."""


class Jira:
    """See :class:`adapters.tracker.tracker.Tracker`; a place is a project's key, a ref ``OPS/10012``."""

    name = "jira"
    settles = timedelta(minutes=1)
    """Search is late by so much, nearly always by less."""

    def __init__(
        self,
        clock: Clock,
        *,
        url: str,
        email: str,
        token: str,
        home: str = "",
        kind: str = "Task",
        patience: float = PATIENCE,
    ) -> None:
        self.home = home
        self._clock, self._kind, self._url = clock, kind, url
        self._wire = Wire(f"{url}/rest/api/3", {}, auth=httpx.BasicAuth(email, token), patience=patience)

    async def create(self, place: str, mark: str, draft: Draft) -> Filed:
        """File an issue."""
        fields: dict[str, Any] = {
            "project": {"key": self._named(place)},
            "issuetype": {"name": self._kind},
            "summary": draft.title,
            "description": document(draft, mark),
            "labels": [*map(_label, draft.labels), f"tocsin-{mark}"],
        }
        if draft.assignee:
            fields["assignee"] = {"accountId": draft.assignee}
        if draft.due is not None:
            fields["duedate"] = draft.due.isoformat()
        made = await self._setting("POST", "issue", {"fields": fields})
        try:
            return self._filed(await self._issue(made["id"]))
        except Outside as no:  # it is filed: whatever comes, the next attempt has to look for it
            raise TryLater(no.why, maybe_done=True) from no

    async def find(self, place: str, mark: str, *, since: datetime) -> Filed | None:
        """The issue with the mark's label."""
        found = await self._search(f'labels = "tocsin-{mark}"')
        return self._filed(found[0]) if found else None

    async def change(self, ref: str, mark: str, before: Draft, draft: Draft) -> Filed:
        """Change what differs; the text only above its line."""
        project, _, id = ref.partition("/")
        try:
            issue = await self._issue(id)
        except Refused as no:
            if no.why.startswith("404") and await self._sees(project):
                raise Gone from no
            raise
        body = _changes(issue["fields"], mark, before, draft)
        if body:
            await self._setting("PUT", f"issue/{id}", body)
        if before.state != draft.state:
            await self._move(id, issue["fields"], draft.state)
        return self._filed(await self._issue(id))

    async def _move(self, id: str, fields: Any, wanted: IssueState) -> None:
        """By the transition that leads there; nothing where it is there already."""
        if _state(fields).open == wanted.open:
            return
        found = (await self._wire.ask("GET", f"issue/{id}/transitions"))["transitions"]
        fit = [one for one in found if (_category(one["to"]) != "done") == wanted.open]
        if not fit:
            raise Refused(f"409 the project's workflow allows no step after which the issue is {wanted}")
        best = min(fit, key=lambda one: _distance(one, wanted))
        await self._wire.ask("POST", f"issue/{id}/transitions", json={"transition": {"id": best["id"]}})

    async def look(self, place: str, *, since: datetime) -> list[Filed]:
        """What changed in a project."""
        minutes = int((self._clock.now() - since + LAG) / timedelta(minutes=1)) + 1
        asked = f'project = "{self._named(place)}" AND updated >= "-{max(minutes, 1)}m" ORDER BY updated ASC'
        return [self._filed(one) for one in await self._search(asked, expand="changelog")]

    async def examine(self, place: str) -> list[Finding]:
        """Whether the token may file in the project."""
        checked = Checked("Jira", place or self.home)
        try:
            project = self._named(place)
            asked = {"projectKey": project, "permissions": "CREATE_ISSUES,EDIT_ISSUES,TRANSITION_ISSUES"}
            await self._wire.ask("GET", f"project/{quote(project)}")
            rights = (await self._wire.ask("GET", "mypermissions", params=asked))["permissions"]
        except (Outside, Gone) as no:
            return checked.failed(
                no,
                unknown="Set JIRA_EMAIL and JIRA_TOKEN anew: id.atlassian.com, Security, API tokens.",
                missing="Correct the project's key (as in OPS-12), and let the token's account see that project.",
            )
        lacking = [name for name, right in rights.items() if not right["havePermission"]]
        if lacking:
            says = f"the account lacks {', '.join(lacking)} there"
            return checked.wrong(says, mend="Give it a role of the project that has these permissions.")
        return checked.fine()

    async def close(self) -> None:
        """Drop what is open."""
        await self._wire.close()

    async def _issue(self, id: str) -> Any:
        return await self._wire.ask("GET", f"issue/{quote(id)}", params={"fields": ",".join(FIELDS)})

    async def _sees(self, project: str) -> bool:
        try:
            await self._wire.ask("GET", f"project/{quote(project)}")
        except Refused:
            return False
        return True

    async def _search(self, jql: str, **more: Any) -> list[Any]:
        asked: dict[str, Any] = {"jql": jql, "fields": list(FIELDS), "maxResults": PAGE, **more}
        found: list[Any] = []
        while True:
            page = await self._wire.ask("POST", "search/jql", json=asked, harmless=True)
            found += page["issues"]
            token = page.get("nextPageToken")
            if not token:
                return found
            asked["nextPageToken"] = token

    async def _setting(self, method: str, path: str, body: dict[str, Any]) -> Any:
        """Send it; a field that the project's screen lacks, or a person who cannot be assigned, is left out."""
        try:
            return await self._wire.ask(method, path, json=body)
        except Refused as no:
            fields = body.get("fields", {})
            lacking = [name for name in MAY_LACK if name in fields and name in no.why]
            if not (no.why.startswith("400") and lacking):
                raise
        left = {name: value for name, value in fields.items() if name not in lacking}
        return await self._wire.ask(method, path, json={**body, "fields": left})

    def _named(self, place: str) -> str:
        key = place or self.home
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", key):
            raise Refused("no project is named: JIRA_PROJECT, or “place” in the playbook, such as OPS")
        return key

    def _filed(self, issue: Any) -> Filed:
        fields = issue["fields"]
        person, due, project = fields.get("assignee") or {}, fields.get("duedate"), fields["project"]["key"]
        histories = (issue.get("changelog") or {}).get("histories") or ()
        last = max(histories, key=lambda one: one["created"]).get("author", {}) if histories else {}
        seen = Seen(
            at=datetime.fromisoformat(fields["updated"]),
            title=fields["summary"],
            state=_state(fields),
            assignee=person.get("accountId") or "",
            dated=True,
            due=date.fromisoformat(due) if due else None,
            by=last.get("accountId") or "",
            named=last.get("displayName") or "",
        )
        ref, key = f"{project}/{int(issue['id'])}", issue["key"]
        return Filed(ref=ref, label=key, url=f"{self._url}/browse/{key}", place=project, seen=seen)


def _changes(fields: Any, mark: str, before: Draft, draft: Draft) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if before.title != draft.title:
        changes["summary"] = draft.title
    if (before.lines, before.due) != (draft.lines, draft.due):
        changes["description"] = renewed_document(fields.get("description"), document(draft, mark), mark)
    if before.due != draft.due:
        changes["duedate"] = draft.due.isoformat() if draft.due is not None else None
    if before.assignee != draft.assignee:
        changes["assignee"] = {"accountId": draft.assignee or None}
    body: dict[str, Any] = {"fields": changes} if changes else {}
    if before.labels != draft.labels:
        old, new = set(map(_label, before.labels)), set(map(_label, draft.labels))
        steps = [*({"remove": one} for one in sorted(old - new)), *({"add": one} for one in sorted(new - old))]
        body["update"] = {"labels": steps}
    return body


def _label(name: str) -> str:
    return "-".join(name.split())


def _category(status: Any) -> str:
    return str(status["statusCategory"]["key"])


def _state(fields: Any) -> IssueState:
    if _category(fields["status"]) != "done":
        return IssueState.OPEN
    names = f"{fields['status'].get('name', '')} {(fields.get('resolution') or {}).get('name', '')}"
    return IssueState.DROPPED if _NEVER.search(names) else IssueState.DONE


def _distance(transition: Any, wanted: IssueState) -> int:
    """How far from what is wanted a transition ends: to be done again it begins anew, to be dropped it says so."""
    if wanted.open:
        return int(_category(transition["to"]) != "new")
    never = bool(_NEVER.search(f"{transition['name']} {transition['to']['name']}"))
    return int(never != (wanted is IssueState.DROPPED))
