"""What every tracker has to be able to do: file an issue, find it again, change it, tell what changed, be examined."""

from datetime import datetime, timedelta
from typing import Protocol

from pydantic import ConfigDict, Field

from bot.addresses import Address
from bot.doctor import Finding
from bot.hidden import Readable
from bot.issue import Draft, Seen
from bot.model import Model


class Filed(Model):
    """An issue as its tracker has it."""

    model_config = ConfigDict(frozen=True)

    ref: str = Field(pattern=r"^[!-~]{1,255}$")
    """The tracker's own lasting name for it: what it is changed by and told apart by."""
    label: Readable = Field(max_length=255)
    """What people call it: ``#12``, ``ENG-12``."""
    url: Address
    place: str
    """Repository, team or project in which it is."""
    seen: Seen


class Gone(Exception):
    """The issue was deleted there."""


class Tracker(Protocol):
    """One tracker. Each method raises :class:`~bot.errors.TryLater` or :class:`~bot.errors.Refused`, and whatever
    reading an answer of another shape raises: see :func:`bot.understanding.understood`.

    ``place`` is a repository, a team's key or a project's key; empty for the one of the settings.
    """

    name: str
    """``github``, ``linear``, ``jira``."""
    home: str
    """The place that the settings name, if any."""
    settles: timedelta
    """How long after a lost answer an issue can be found for certain, if it was filed."""

    async def create(self, place: str, mark: str, draft: Draft) -> Filed:
        """File an issue that bears the mark."""
        ...

    async def find(self, place: str, mark: str, *, since: datetime) -> Filed | None:
        """The issue that bears the mark, filed at ``since`` or later. Must see what was filed a moment ago."""
        ...

    async def change(self, ref: str, mark: str, before: Draft, draft: Draft) -> Filed:
        """Change what differs between the two, and nothing else. Raises :class:`Gone` where it was deleted."""
        ...

    async def look(self, place: str, *, since: datetime) -> list[Filed]:
        """Issues of the place that changed at ``since`` or later, first the one that changed first."""
        ...

    async def examine(self, place: str) -> list[Finding]:
        """Whether it may file there."""
        ...

    async def close(self) -> None:
        """Drop what is open."""
        ...
