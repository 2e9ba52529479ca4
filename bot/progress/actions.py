"""Action items."""

from enum import StrEnum

from pydantic import AwareDatetime

from bot.issue import Issue
from bot.people import Group, Person
from bot.progress.kept import Kept


class ActionKind(StrEnum):
    """What an action item is good for."""

    PREVENT = "prevent"
    DETECT = "detect"
    MITIGATE = "mitigate"
    REPAIR = "repair"


class ActionItem(Kept):
    """Something that has to be done about it; it outlives the incident's end."""

    number: int
    """1, 2, … within its incident."""
    text: str
    kind: ActionKind | None = None
    owner: Person | None = None
    group: Group | None = None
    """Who was asked to name a person; it owns the item as long as there is no ``owner``."""
    turn: int = 0
    """Counts how often a group was asked, for the keys of its posts."""
    due_at: AwareDatetime | None = None
    added_at: AwareDatetime
    added_by: Person
    url: str = ""
    """Permanent link to the message it came from."""
    message: str = ""
    """Reference of that message, where a reaction made the item; ``parked/17`` where a button did."""
    done_at: AwareDatetime | None = None
    done_by: str = ""
    """Name of whoever said so."""
    dropped_at: AwareDatetime | None = None
    dropped_because: str = ""
    warned: bool = False
    """Whether its owner was reminded before it was due."""
    late: bool = False
    """Whether it was noted that it is overdue."""
    asked: int = 0
    """How often its owner was reminded since then."""
    told: int = 0
    """Counts every message about it that went to people directly, for their keys."""
    ask_at: AwareDatetime | None = None
    """When it is looked at next: a reminder, or the moment at which it becomes overdue."""
    issue: Issue | None = None
    """Its issue in a tracker, once one was owed."""

    @property
    def open(self) -> bool:
        """Whether it still has to be done."""
        return self.done_at is None and self.dropped_at is None

    @property
    def owned_by(self) -> Person | Group | None:
        """Who owns it: a person, or a group that has not named one yet."""
        return self.owner or self.group
