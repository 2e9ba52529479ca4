"""Filing and changing issues."""

from typing import Literal

from bot.intents.intent import BaseIntent
from bot.issue import Draft

TRACKER = "tracker"
"""Lane of the issue trackers."""


class OpenIssue(BaseIntent):
    """File an issue. The reference is the issue's; what came of it comes back as ``Kept`` (``bot/learned.py``)."""

    kind: Literal["issue"] = "issue"
    tracker: str
    """``github``, ``linear``, ``jira``."""
    place: str
    """Repository, team or project; empty for the one that the settings name."""
    name: str
    """Which of its incident's issues it is: ``incident``, ``action/3``."""
    turn: Literal[0] = 0
    mark: str
    """A UUID made of the incident and that name: the issue bears it, and is found by it."""
    draft: Draft

    def about(self) -> str:
        return f"the issue “{self.draft.title}”"


class ChangeIssue(BaseIntent):
    """Bring an issue in line with what changed here; whatever else people changed there stays."""

    kind: Literal["issue change"] = "issue change"
    tracker: str
    issue: str
    """Key of the ``OpenIssue``."""
    name: str
    turn: int
    """Counts the changes of its issue."""
    mark: str
    before: Draft
    draft: Draft

    def needs(self) -> frozenset[str]:
        return frozenset({self.issue})

    def about(self) -> str:
        return f"a change of the issue “{self.draft.title}”"
