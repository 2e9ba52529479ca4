"""The base of our pydantic models."""

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """A model that is built when it is first needed, not when its module is loaded.

    Most are parts of another, which has them built in, and are never validated by themselves; so most of what building
    them all would cost a start (half a second) is not spent at all. The largest, an incident, takes 30 ms once.
    """

    model_config = ConfigDict(defer_build=True)
