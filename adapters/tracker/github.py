"""GitHub Issues over its REST API, also of a GitHub Enterprise Server.

What it is built on [docs.github.com/rest/issues/issues]:

- Filing takes no key of ours. So an issue bears a mark in its text, and a second attempt *lists* the repository's
  issues (``since``, newest first): search lags behind, the list does not.
- The list holds pull requests, too, which have the key ``pull_request``.
- Labels that do not exist are made with the issue. Labels and assignees are dropped silently where the token may not
  push; an assignee who cannot be assigned is refused with 422, and then left out.
- There is no due date: it stands in the text.
- Deleted issues answer 410, moved ones 301; 404 where the token may not see the repository.
- Who closed an issue, the list does not say; its events do [docs.github.com/rest/issues/events].
"""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from adapters.tracker.checks import Checked
from adapters.tracker.text import markdown, renewed
from adapters.tracker.tracker import Filed, Gone
from adapters.tracker.wire import PATIENCE, Wire
from bot.doctor import Finding
from bot.errors import Outside, Refused
from bot.issue import Draft, IssueState, Seen

PAGE = 100
"""Issues in one answer, the most that there may be."""
PAGES = 10
"""Answers read at once: what is left comes with the next look."""
SKEW = timedelta(minutes=5)
"""How far its clock and ours may be apart."""
TOLD_BY = {"closed", "reopened", "assigned", "unassigned", "renamed"}
"""Events that say who changed what we follow."""
REASONS = {IssueState.DONE: "completed", IssueState.DROPPED: "not_planned"}


class GitHub:
    """See :class:`adapters.tracker.tracker.Tracker`; a place is ``owner/repository``, a ref ``owner/repository#12``."""

    name = "github"
    settles = timedelta(seconds=15)
    """Sooner, the issue might be on its way still."""

    def __init__(self, *, url: str, token: str, home: str = "", patience: float = PATIENCE) -> None:
        self.home = home
        headers = {"Authorization": f"Bearer {token}", "X-GitHub-Api-Version": "2022-11-28"}
        self._wire = Wire(url, headers, patience=patience)

    async def create(self, place: str, mark: str, draft: Draft) -> Filed:
        """File an issue."""
        repository = self._repository(place)
        made = {"title": draft.title, "body": markdown(draft, mark, due=True), "labels": list(draft.labels)}
        assignees = [draft.assignee] if draft.assignee else []
        issue = await self._assigning("POST", f"{_path(repository)}/issues", made | {"assignees": assignees})
        return _filed(repository, issue)

    async def find(self, place: str, mark: str, *, since: datetime) -> Filed | None:
        """Look through what the repository got since then."""
        repository = self._repository(place)
        asked = {"sort": "created", "direction": "desc", "since": _moment(since - SKEW)}
        for page in range(1, PAGES + 1):
            part = await self._list(repository, page, asked)
            for issue in part:
                if f"tocsin-{mark}" in (issue.get("body") or ""):
                    return _filed(repository, issue)
            if len(part) < PAGE:
                break
        return None

    async def change(self, ref: str, mark: str, before: Draft, draft: Draft) -> Filed:
        """Change what differs; the text only above its line."""
        repository, path = _parts(ref)
        issue = await self._wire.ask("GET", path)
        changes = _changes(before, draft, issue)
        if (before.lines, before.due) != (draft.lines, draft.due):
            changes["body"] = renewed(issue.get("body") or "", markdown(draft, mark, due=True), mark)
        if before.labels != draft.labels:
            there = [label["name"] for label in issue.get("labels", ())]
            gone = {label.casefold() for label in before.labels}
            left = [label for label in there if label.casefold() not in gone]
            changes["labels"] = list(dict.fromkeys([*left, *draft.labels]))
        if changes:
            issue = await self._assigning("PATCH", path, changes)
        return _filed(repository, issue)

    async def look(self, place: str, *, since: datetime) -> list[Filed]:
        """What changed in a repository.

        Each answer begins where the last one ended: what changes meanwhile, and moves to the end, hides nothing.
        """
        repository, page = self._repository(place), 1
        found: dict[int, Any] = {}
        for _ in range(PAGES):
            asked = {"sort": "updated", "direction": "asc", "since": _moment(since)}
            part = await self._list(repository, page, asked)
            found.update((issue["number"], issue) for issue in part if "pull_request" not in issue)
            if len(part) < PAGE:
                break
            latest = datetime.fromisoformat(part[-1]["updated_at"])
            since, page = (latest, 1) if latest > since else (since, page + 1)
        return [await self._by_whom(_filed(repository, one), one) for one in found.values()]

    async def _by_whom(self, filed: Filed, issue: Any) -> Filed:
        """Of ours: who changed it last; nobody where it has more events than one answer holds, the oldest first."""
        if "tocsin-" not in (issue.get("body") or ""):
            return filed
        _, path = _parts(filed.ref)
        events = await self._wire.ask("GET", f"{path}/events", params={"per_page": PAGE})
        telling = events if len(events) < PAGE else ()
        actors = [event.get("actor") or {} for event in telling if event.get("event") in TOLD_BY]
        login = str(actors[-1].get("login", "")) if actors else ""
        seen = filed.seen.model_copy(update={"by": login, "named": login})
        return filed.model_copy(update={"seen": seen})

    async def _list(self, repository: str, page: int, asked: dict[str, str]) -> list[Any]:
        paged = {"state": "all", "per_page": PAGE, "page": page, **asked}
        found: list[Any] = await self._wire.ask("GET", f"{_path(repository)}/issues", params=paged)
        return found

    async def _assigning(self, method: str, path: str, body: dict[str, Any]) -> Any:
        """Send it; whoever cannot be assigned there is left out (their name stands in the text)."""
        try:
            return await self._wire.ask(method, path, json=body)
        except Refused as no:
            if not (no.why.startswith("422") and "assignee" in no.why and body.get("assignees")):
                raise
        return await self._wire.ask(
            method, path, json={key: value for key, value in body.items() if key != "assignees"}
        )

    def _repository(self, place: str) -> str:
        repository = place or self.home
        if repository.strip("/").count("/") != 1:
            raise Refused("no repository is named: GITHUB_REPOSITORY, or “place” in the playbook, as owner/name")
        return repository.strip("/")

    async def examine(self, place: str) -> list[Finding]:
        """Whether the token may file there."""
        checked = Checked("GitHub issues", place or self.home)
        try:
            repository = await self._wire.ask("GET", _path(self._repository(place)))
        except (Outside, Gone) as no:
            return checked.failed(
                no,
                unknown="Set GITHUB_TOKEN anew: a fine-grained token with “Issues: read and write” on that repository.",
                missing="Correct the name (owner/name), and let the token see it, with “Issues: read and write”.",
            )
        if not repository.get("has_issues", True):
            mend = "Switch them on under Settings, Features."
            return checked.wrong("the repository has no issues", mend=mend, name="tracker.issues-off")
        rights = repository.get("permissions") or {}
        if rights and not (rights.get("push") or rights.get("triage")):
            return checked.wrong(
                "the token may not set labels or assignees there",
                mend="Give it “Issues: read and write”, and its user at least the role Triage.",
            )
        return checked.fine()

    async def close(self) -> None:
        """Drop what is open."""
        await self._wire.close()


def _changes(before: Draft, draft: Draft, issue: Any) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if before.title != draft.title:
        changes["title"] = draft.title
    if before.assignee != draft.assignee:
        there = [one["login"] for one in issue.get("assignees") or ()]
        others = [login for login in there if login.casefold() != before.assignee.casefold()]
        changes["assignees"] = list(dict.fromkeys([*filter(None, [draft.assignee]), *others]))
    if before.state != draft.state:
        changes["state"] = "open" if draft.state.open else "closed"
        changes["state_reason"] = REASONS.get(draft.state, "reopened")
    return changes


def _filed(repository: str, issue: Any) -> Filed:
    assignees = issue.get("assignees") or []
    state = IssueState.OPEN
    if issue["state"] == "closed":
        state = IssueState.DROPPED if issue.get("state_reason") == "not_planned" else IssueState.DONE
    seen = Seen(
        at=datetime.fromisoformat(issue["updated_at"]),
        title=issue["title"],
        state=state,
        assignee=assignees[0]["login"] if assignees else "",
        others=tuple(one["login"] for one in assignees[1:]),
    )
    label = f"#{int(issue['number'])}"
    return Filed(ref=f"{repository}{label}", label=label, url=issue["html_url"], place=repository, seen=seen)


def _path(repository: str) -> str:
    return f"repos/{quote(repository)}"


def _parts(ref: str) -> tuple[str, str]:
    repository, _, number = ref.rpartition("#")
    return repository, f"{_path(repository)}/issues/{number}"


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
