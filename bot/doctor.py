"""What the doctor finds: one finding for each thing examined, with how to mend what is wrong."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Health(StrEnum):
    """How a thing is."""

    FINE = "fine"
    WORTH_A_LOOK = "worth a look"
    WRONG = "wrong"


class Finding(BaseModel):
    """One thing that was examined."""

    model_config = ConfigDict(frozen=True)

    what: str
    """What was examined, in a few words: ``Slack bot token``."""
    health: Health
    says: str = ""
    """What was found; never a secret."""
    mend: str = ""
    """What to do about it, where something is to be done."""
