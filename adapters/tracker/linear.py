"""Linear over its GraphQL API.

What it is built on [linear.app/developers, and the schema of its SDK]:

- ``issueCreate`` takes an ``id`` of ours, a UUID of version 4: that is the issue's mark. Filing it again is refused,
  and it is found by that id at once.
- Labels, people and states are named by ids of their own, which are looked up by name, e-mail address and type. A label
  that does not exist is made for the team.
- An issue belongs to a workflow of its team: it is open while its state is none of type ``completed``, ``canceled`` or
  ``duplicate``. What is deleted is ``trashed`` for some weeks.
- Over a rate limit it answers 400 with the code ``RATELIMITED``, and says in ``X-RateLimit-Requests-Reset`` (or
  ``-Complexity-Reset``), in milliseconds since 1970, when there is room again [linear.app/developers/rate-limiting].
- Other errors come with 200 or 400, as ``errors`` with ``extensions.code``.
"""

from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

import httpx

from adapters.tracker.checks import Checked
from adapters.tracker.linear_words import CHANGED, CREATE, LABEL, ONE, READY, UPDATE, Team, filed
from adapters.tracker.text import markdown, renewed
from adapters.tracker.tracker import Filed, Gone
from adapters.tracker.wire import PATIENCE, SHOWN, UNTOLD, Wire, read, refusal, words
from bot import hidden
from bot.doctor import Finding
from bot.errors import Outside, Refused, TryLater
from bot.issue import Draft
from bot.retry_after import until


class Linear:
    """See :class:`adapters.tracker.tracker.Tracker`; a place is a team's key, a ref the issue's UUID."""

    name = "linear"
    settles = timedelta(seconds=5)
    """Filing twice is refused, so that this spares a question at most."""

    def __init__(self, *, url: str, key: str, home: str = "", patience: float = PATIENCE) -> None:
        self.home = home
        base, _, self._path = url.rpartition("/")
        self._wire = Wire(base, {"Authorization": key}, patience=patience)

    async def create(self, place: str, mark: str, draft: Draft) -> Filed:
        """File an issue under our own id; one that was filed so before is taken as it is."""
        team = await self._team(self._named(place), labels=draft.labels, email=draft.assignee)
        made = {
            "id": mark,
            "teamId": team.id,
            "title": draft.title,
            "description": markdown(draft, mark),
            "labelIds": [await self._label(team, name) for name in draft.labels],
            "dueDate": draft.due.isoformat() if draft.due is not None else None,
            "assigneeId": team.user,
        }
        if not draft.state.open:
            made["stateId"] = team.state(draft.state)
        try:
            answer = await self._do(CREATE, {"input": made})
        except Refused:
            there = await self._one(mark)
            if there is None:
                raise
            return filed(there)
        return filed(answer["issueCreate"]["issue"])

    async def find(self, place: str, mark: str, *, since: datetime) -> Filed | None:
        """The issue of this id."""
        there = await self._one(mark)
        return filed(there) if there is not None else None

    async def change(self, ref: str, mark: str, before: Draft, draft: Draft) -> Filed:
        """Change what differs; the text only above its line."""
        issue = await self._one(ref)
        if issue is None or issue.get("trashed"):
            raise Gone
        changes = await self._changes(issue, mark, before, draft)
        if not changes:
            return filed(issue)
        answer = await self._do(UPDATE, {"id": ref, "input": changes})
        return filed(answer["issueUpdate"]["issue"])

    async def _changes(self, issue: Any, mark: str, before: Draft, draft: Draft) -> dict[str, Any]:
        names = tuple({*before.labels, *draft.labels})
        team = await self._team(issue["team"]["key"], labels=names, email=draft.assignee)
        changes: dict[str, Any] = {}
        if before.title != draft.title:
            changes["title"] = draft.title
        if before.lines != draft.lines:
            changes["description"] = renewed(issue.get("description") or "", markdown(draft, mark), mark)
        if before.due != draft.due:
            changes["dueDate"] = draft.due.isoformat() if draft.due is not None else None
        if before.assignee != draft.assignee:
            changes["assigneeId"] = team.user
        if before.state != draft.state:
            changes["stateId"] = team.state(draft.state)
        if before.labels != draft.labels:
            there = {label["name"].casefold(): label["id"] for label in issue["labels"]["nodes"]}
            gone = {name.casefold() for name in before.labels} - {name.casefold() for name in draft.labels}
            new = [name for name in draft.labels if name.casefold() not in there]
            changes["addedLabelIds"] = [await self._label(team, name) for name in new]
            changes["removedLabelIds"] = [id for name, id in there.items() if name in gone]
        return changes

    async def look(self, place: str, *, since: datetime) -> list[Filed]:
        """What changed in a team, the last first as Linear tells it; turned around here."""
        asked: dict[str, Any] = {"team": self._named(place), "since": since.astimezone(UTC).isoformat(), "after": None}
        found: list[Any] = []
        while True:
            page = (await self._do(CHANGED, asked, harmless=True))["issues"]
            found += page["nodes"]
            if not page["pageInfo"]["hasNextPage"]:
                return [filed(issue) for issue in reversed(found)]
            asked["after"] = page["pageInfo"]["endCursor"]

    async def examine(self, place: str) -> list[Finding]:
        """Whether the key may read the team."""
        checked = Checked("Linear", place or self.home)
        try:
            await self._team(self._named(place), labels=(), email="")
        except (Outside, Gone) as no:
            return checked.failed(
                no,
                unknown="Set LINEAR_API_KEY anew: in Linear, Settings, Security & access, Personal API keys.",
                missing="Correct the team's key (as in ENG-12), and let the key's user be a member of that team.",
            )
        return checked.fine()

    async def close(self) -> None:
        """Drop what is open."""
        await self._wire.close()

    async def _one(self, id: str) -> Any | None:
        nodes = (await self._do(ONE, {"id": id}, harmless=True))["issues"]["nodes"]
        return nodes[0] if nodes else None

    async def _team(self, key: str, *, labels: tuple[str, ...], email: str) -> Team:
        ready = await self._do(READY, {"team": key, "labels": list(labels), "email": email}, harmless=True)
        teams, users = ready["teams"]["nodes"], ready["users"]["nodes"]
        if not teams:
            raise Refused(f"404 there is no team “{key}” that the key may see")
        return Team(teams[0], ready["issueLabels"]["nodes"], users[0]["id"] if users and email else None)

    async def _label(self, team: Team, name: str) -> str:
        known = team.label(name)
        if known is not None:
            return known
        made = await self._do(LABEL, {"name": name, "team": team.id})
        return str(made["issueLabelCreate"]["issueLabel"]["id"])

    async def _do(self, query: str, variables: dict[str, Any], *, harmless: bool = False) -> Any:
        answer = await self._wire.send(
            "POST", self._path, json={"query": query, "variables": variables}, harmless=harmless
        )
        if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR or answer.status_code in _PLAIN:
            raise refusal(answer, words(answer))
        said = read(answer) or {}
        if said.get("errors"):
            raise _refusal(answer, said["errors"][0], harmless=harmless)
        if not answer.is_success:
            raise refusal(answer, words(answer))
        return said["data"]

    def _named(self, place: str) -> str:
        if not (place or self.home):
            raise Refused("no team is named: LINEAR_TEAM, or “place” in the playbook, such as ENG")
        return place or self.home


_PLAIN = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.TOO_MANY_REQUESTS}
"""Answers whose status says it all."""


def _refusal(answer: httpx.Response, error: Any, *, harmless: bool) -> Outside:
    """What an error of GraphQL's means."""
    extensions = error.get("extensions") or {}
    code = str(extensions.get("code") or extensions.get("type") or "").upper().replace(" ", "_")
    if code == "RATELIMITED":
        return TryLater("rate limit", after=_room_at(answer))
    if code == "INTERNAL_SERVER_ERROR":
        return TryLater("internal error", maybe_done=not harmless, unreachable=True)
    why = str(extensions.get("userPresentableMessage") or error.get("message") or code)
    status = HTTPStatus.UNAUTHORIZED if code == "AUTHENTICATION_ERROR" else answer.status_code
    return Refused(f"{status} {' '.join(hidden.readable(why).split())}"[:SHOWN])


def _room_at(answer: httpx.Response) -> timedelta:
    """When there is room again: the latest of what ran out."""
    kinds = ("requests", "complexity", "endpoint-requests")
    spent = [kind for kind in kinds if answer.headers.get(f"x-ratelimit-{kind}-remaining") == "0"]
    resets = [answer.headers.get(f"x-ratelimit-{kind}-reset", "") for kind in spent]
    now = datetime.now(UTC)
    waits = [wait for reset in resets if (wait := until(reset, now=now, milliseconds=True)) is not None]
    return max(waits, default=UNTOLD)
