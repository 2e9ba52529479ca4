"""What every kept part of an incident's process is made of."""

from pydantic import BaseModel, ConfigDict


class Kept(BaseModel):
    """Part of an incident: never changed, only replaced."""

    model_config = ConfigDict(frozen=True)
