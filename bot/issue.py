"""An issue in a tracker, as data: how it should look there, how it was last seen, and what is kept of it here."""

from datetime import date
from enum import StrEnum

from pydantic import AwareDatetime, ConfigDict

from bot.hidden import Readable
from bot.model import Model

TRACKERS = {"github": "GitHub", "linear": "Linear", "jira": "Jira"}
"""The trackers that a playbook may name, and what people call them."""


class _Kept(Model):
    model_config = ConfigDict(frozen=True)


class IssueState(StrEnum):
    """Whether an issue still has to be done."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"
    """Closed without being done; trackers that know no such thing show it as done."""

    @property
    def open(self) -> bool:
        """Whether it is open."""
        return self is IssueState.OPEN


class Line(_Kept):
    """One line of an issue's text: ``Owner: Bo``, the words leading to an address where there is one."""

    label: str
    text: str
    url: str = ""


class Draft(_Kept):
    """How an issue should look; each tracker dresses it in its own way. Its words are people's and must not act."""

    title: str
    """One line."""
    lines: tuple[Line, ...] = ()
    labels: tuple[str, ...] = ()
    assignee: str = ""
    """The tracker's own name for the person (GitHub: login; Linear, Jira: e-mail address); empty where unknown."""
    due: date | None = None
    """In the playbook's zone."""
    state: IssueState = IssueState.OPEN


class Seen(_Kept):
    """How an issue was seen in the tracker: what people may change there."""

    at: AwareDatetime
    """When it was last changed, by the tracker's clock."""
    title: Readable
    state: IssueState
    assignee: Readable = ""
    """As in :class:`Draft`."""
    others: tuple[Readable, ...] = ()
    """Further assignees, where the tracker knows several."""
    dated: bool = False
    """Whether the tracker has due dates at all."""
    due: date | None = None
    by: Readable = ""
    """Who changed it last there, as in ``assignee``; empty where the tracker does not say."""
    named: Readable = ""
    """What the tracker calls that person."""


class Issue(_Kept):
    """What is kept of an issue that was owed."""

    tracker: str
    """``github``, ``linear`` or ``jira``."""
    draft: Draft
    """As last owed, and as changed there since."""
    turn: int = 0
    """Counts its changes, for their keys."""
    label: str = ""
    """What people call it: ``#12``, ``ENG-12``; empty until it is there."""
    url: str = ""
    seen: Seen | None = None
    gone: bool = False
    """It was deleted there: nothing more is owed."""
