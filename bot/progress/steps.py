"""Checklists: which steps were ticked."""

from pydantic import AwareDatetime

from bot.people import Person
from bot.progress.kept import Kept


class Tick(Kept):
    """A step of a checklist or runbook that somebody did, or left out with a reason."""

    at: AwareDatetime
    by: Person
    skipped: str = ""
    """Why it was left out; empty where it was done."""
    note: str = ""
    """What was said with it."""
