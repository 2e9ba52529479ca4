"""What the doctor finds: one finding for each thing examined, with how to mend what is not well.

Every way in which a set-up can be wrong has a name (``slack.scopes``), which ``docs/doctor.md`` explains and scripts
can go by. Each adapter brings its own examinations; :mod:`bot.examining` runs them side by side.
"""

from enum import StrEnum
from typing import Self

from pydantic import ConfigDict, Field, model_validator

from bot.model import Model


class Health(StrEnum):
    """How a thing is."""

    FINE = "fine"
    WORTH_A_LOOK = "worth a look"
    WRONG = "wrong"


class Finding(Model):
    """One thing that was examined."""

    model_config = ConfigDict(frozen=True)

    what: str
    """What was examined, in a few words: ``Slack bot token``."""
    health: Health
    name: str = Field(default="", pattern=r"^([a-z]+\.[a-z0-9-]+)?$")
    """Which misconfiguration it is, the same for ever: ``slack.scopes``; empty where all is well."""
    says: str = ""
    """What was found; never a secret."""
    mend: str = ""
    """What to do about it, where something is to be done."""

    @model_validator(mode="after")
    def _helps(self) -> Self:
        if self.health is not Health.FINE and not (self.name and self.says and self.mend):
            raise ValueError("a finding that is not fine has a name, says what was found, and how to mend it")
        return self


def fine(what: str, says: str, mend: str = "") -> Finding:
    """All is well."""
    return Finding(what=what, health=Health.FINE, says=says, mend=mend)


def doubt(name: str, what: str, says: str, mend: str) -> Finding:
    """The bot runs, and something may be missing."""
    return Finding(what=what, health=Health.WORTH_A_LOOK, name=name, says=says, mend=mend)


def wrong(name: str, what: str, says: str, mend: str) -> Finding:
    """Something will not work."""
    return Finding(what=what, health=Health.WRONG, name=name, says=says, mend=mend)
