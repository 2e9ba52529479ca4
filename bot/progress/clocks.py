"""Deadlines: clocks with a due time."""

from pydantic import AwareDatetime

from bot.progress.kept import Kept


class Deadline(Kept):
    """A clock with a due time that runs, was met, or was missed."""

    name: str
    """Of its rule in the playbook."""
    title: str
    started_at: AwareDatetime
    """The moment it counts from, which may lie before anybody started it."""
    due_at: AwareDatetime
    """Worked out once, when it was started or re-planned."""
    term: str = ""
    """The term that it was worked out by, as the playbook writes it; another one means that it is planned anew."""
    turn: int = 1
    """Counts how often it was started, for the keys of its posts."""
    established_by: str = ""
    """Name of whoever established that moment; empty where it follows from the incident itself."""
    words: str = ""
    """In whose own words it was established."""
    met_at: AwareDatetime | None = None
    met_by: str = ""
    """Name of whoever said that it is done; empty where that follows from the incident itself."""
    missed_at: AwareDatetime | None = None
    """When it was noted that it is overdue."""
    dropped_at: AwareDatetime | None = None
    """When it ceased to apply: another severity, called off."""
    dropped_because: str = ""
    """Why somebody called it off; empty where it ceased to apply by itself, and comes back if it applies again."""
    posts: int = 0
    """Posts made of it in this turn; the last one tells how it stands."""
    asked: int = 0
    """How often it was asked for, before and after it was due."""
    ask_at: AwareDatetime | None = None
    """When it is asked for next."""

    @property
    def running(self) -> bool:
        """Whether it still has to be met."""
        return self.met_at is None and self.dropped_at is None

    @property
    def by_hand(self) -> bool:
        """Whether somebody started it; then it ends only by somebody's word."""
        return bool(self.established_by)
