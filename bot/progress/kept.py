"""What every kept part of an incident's process is made of."""

from pydantic import ConfigDict

from bot.model import Model


class Kept(Model):
    """Part of an incident: never changed, only replaced."""

    model_config = ConfigDict(frozen=True)
