"""An issue as somebody sees it in a tracker, whichever that is."""

from dataclasses import dataclass
from datetime import date

from bot.issue import IssueState


@dataclass(frozen=True, slots=True)
class Shown:
    """One issue."""

    title: str
    state: IssueState
    text: str
    labels: tuple[str, ...] = ()
    assignee: str = ""
    due: date | None = None
    """``None`` also where the tracker has none."""
