"""What to rehearse: a severity, for how long, and what people do meanwhile."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Answers(StrEnum):
    """What people do in a rehearsal."""

    SILENCE = "silence"
    """Nobody answers anything."""
    UPDATES = "updates"
    """Whoever is asked for a status update gives one."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to rehearse."""

    severity: str
    title: str = "rehearsal"
    length: timedelta = timedelta(hours=4)
    at: datetime | None = None
    """When it is declared; now where left out."""
    answers: Answers = Answers.SILENCE
    resolve_after: timedelta | None = None
