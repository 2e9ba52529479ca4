"""What has to hold before an incident ends, and what people said of the status page."""

from datetime import timedelta
from enum import StrEnum

from pydantic import AwareDatetime

from bot.progress.kept import Kept


class PublicState(StrEnum):
    """How the incident stands on the status page, as people say."""

    OPEN = "open"
    RESOLVED = "resolved"
    NONE = "none"
    """Customers see no incident there."""


class Public(Kept):
    """What somebody said of the status page last."""

    state: PublicState
    at: AwareDatetime
    by: str


class Lacking(StrEnum):
    """What a gate asks for."""

    FIELD = "field"
    CHECKLIST = "checklist"
    LINK = "link"
    MERGE = "merge"
    STATUS_PAGE = "status page"
    CHECKS = "checks"
    QUIET = "quiet"
    POSTMORTEM = "postmortem"
    ACTION = "action"


class Lack(Kept):
    """One thing that a gate asks for and that is not there."""

    kind: Lacking
    names: tuple[str, ...] = ()
    """The field; the checklist; the kinds of link of which one is enough; the health checks that are not green; the
    number and the text of an action item."""
    steps: tuple[str, ...] = ()
    """Of a checklist: what is still to be done. Of an action item: what it lacks. Of a merge: the linked changes."""
    span: timedelta | None = None
    """Of a quiet period."""
