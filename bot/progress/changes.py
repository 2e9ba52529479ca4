"""Linked changes: whether they are merged, and which may pass a production freeze."""

from enum import StrEnum

from pydantic import AwareDatetime

from bot.progress.kept import Kept


class Merge(StrEnum):
    """Whether a linked change is merged, as the forge says."""

    ASKED = "asked"
    """It has not answered yet."""
    OPEN = "open"
    CLOSED = "closed"
    """Closed without being merged."""
    MERGED = "merged"
    UNKNOWN = "unknown"
    """It cannot be asked, so the word of whoever linked it counts."""


class Change(Kept):
    """A linked change, and what the forge says of it."""

    url: str
    label: str
    merge: Merge = Merge.ASKED
    since: AwareDatetime
    """When it was linked."""
    runs: int = 1
    """How often the forge was asked."""
    ask_at: AwareDatetime | None = None
    """When it is asked again, while the change is open."""
    at: AwareDatetime | None = None
    """When it was merged."""
    by: str = ""
    """Who merged it, by the forge's own name."""
    why: str = ""
    """Why it cannot be known."""

    @property
    def holds_up(self) -> bool:
        """Whether it cannot count as merged, by the forge or by anybody's word."""
        return self.merge in (Merge.ASKED, Merge.OPEN, Merge.CLOSED)


class Allowed(Kept):
    """A change that may pass a production freeze."""

    url: str
    """Of the change: a pull request, a deploy, a commit."""
    by: str
    """Name of whoever let it pass."""
    because: str
    at: AwareDatetime
