"""What is asked of Linear, and how its answers are read: its questions, a team, an issue."""

from datetime import date, datetime
from typing import Any

from adapters.tracker.tracker import Filed
from bot.errors import Refused
from bot.issue import IssueState, Seen

PAGE = 50
"""Issues in one answer: with their history some 2,000 points of the 10,000 that a question may cost."""
ISSUE = """
fragment Whole on Issue {
  id identifier url title description dueDate updatedAt trashed
  state { type } assignee { email displayName } team { key } labels { nodes { id name } }
}
"""
READY = """
query Ready($team: String!, $labels: [String!]!, $email: String!) {
  teams(filter: { key: { eq: $team } }) { nodes { id states { nodes { id type position } } } }
  issueLabels(filter: { name: { in: $labels } }) { nodes { id name team { id } } }
  users(filter: { email: { eqIgnoreCase: $email } }) { nodes { id } }
}
"""
LABEL = """
mutation Label($name: String!, $team: String!) {
  issueLabelCreate(input: { name: $name, teamId: $team }) { issueLabel { id name } }
}
"""
CREATE = (
    f"mutation Create($input: IssueCreateInput!) {{ issueCreate(input: $input) {{ issue {{ ...Whole }} }} }}{ISSUE}"
)
UPDATE = f"""
mutation Update($id: String!, $input: IssueUpdateInput!) {{
  issueUpdate(id: $id, input: $input) {{ issue {{ ...Whole }} }}
}}{ISSUE}"""
ONE = f"""
query One($id: ID!) {{
  issues(filter: {{ id: {{ eq: $id }} }}, includeArchived: true, first: 1) {{ nodes {{ ...Whole }} }}
}}{ISSUE}"""
CHANGED = f"""
query Changed($team: String!, $since: DateTimeOrDuration!, $after: String) {{
  issues(
    filter: {{ team: {{ key: {{ eq: $team }} }}, updatedAt: {{ gte: $since }} }}
    orderBy: updatedAt, first: {PAGE}, after: $after
  ) {{
    nodes {{ ...Whole history(first: 10) {{ nodes {{ createdAt actor {{ email displayName }} }} }} }}
    pageInfo {{ hasNextPage endCursor }}
  }}
}}{ISSUE}"""
TYPES = {
    IssueState.OPEN: ("unstarted", "backlog", "started"),
    IssueState.DONE: ("completed",),
    IssueState.DROPPED: ("canceled", "completed"),
}
"""Types of workflow states that say it, the best first."""
ENDED = {"completed": IssueState.DONE, "canceled": IssueState.DROPPED, "duplicate": IssueState.DROPPED}


class Team:
    """A team, with what its issues are made of."""

    def __init__(self, team: Any, labels: list[Any], user: str | None) -> None:
        self.id = str(team["id"])
        self.user = user
        """Id of the person asked for; ``None`` where nobody has that address."""
        self._states = sorted(team["states"]["nodes"], key=lambda state: state["position"])
        self._labels = [one for one in labels if one["team"] is None or one["team"]["id"] == self.id]

    def label(self, name: str) -> str | None:
        """The id of the team's or the workspace's label of this name."""
        named = (str(one["id"]) for one in self._labels if one["name"].casefold() == name.casefold())
        return next(named, None)

    def state(self, wanted: IssueState) -> str:
        """The id of the state in which an issue is so."""
        for kind in TYPES[wanted]:
            for state in self._states:
                if state["type"] == kind:
                    return str(state["id"])
        raise Refused(f"the team has no state in which an issue is {wanted}")


def filed(issue: Any) -> Filed:
    """An issue, and whoever changed it last as far as the answer says that."""
    person, due = issue.get("assignee") or {}, issue.get("dueDate")
    changes = [one for one in (issue.get("history") or {}).get("nodes", ()) if one.get("actor")]
    last = max(changes, key=lambda one: one["createdAt"])["actor"] if changes else {}
    seen = Seen(
        at=datetime.fromisoformat(issue["updatedAt"]),
        title=issue["title"],
        state=ENDED.get(issue["state"]["type"], IssueState.OPEN),
        assignee=person.get("email") or "",
        dated=True,
        due=date.fromisoformat(due) if due else None,
        by=last.get("email") or "",
        named=last.get("displayName") or "",
    )
    return Filed(ref=issue["id"], label=issue["identifier"], url=issue["url"], place=issue["team"]["key"], seen=seen)
