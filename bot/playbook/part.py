"""What every part of a playbook is made of: strict, frozen models, and names."""

import re
from functools import lru_cache
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


class Part(BaseModel):
    """A part of a playbook: unknown keys are refused, nothing changes once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"“{name}” is not a time zone; write one like Europe/Madrid or UTC") from error
    return name


@lru_cache(1024)
def fold(word: str) -> str:
    """A name with case, spaces, dashes and underscores ignored: ``SEV-1``, ``sev 1`` and ``Sev1`` are one."""
    return re.sub(r"[\s_-]+", "", word).casefold()


Zone = Annotated[str, AfterValidator(_zone)]
"""An IANA time zone."""
Name = Annotated[str, Field(pattern=r"^\w[\w -]{0,31}$")]
"""A short name: letters, digits, spaces, dashes and underscores, at most 32."""
Key = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")]
"""A name that people type and buttons carry: small letters, digits and dashes, at most 32."""
Names = tuple[str, ...]
"""Names of other parts, in order of preference."""


def named(parts: tuple[Any, ...], name: str) -> Any | None:
    """The first of these parts that has this name, however it is spelled."""
    return next((part for part in parts if fold(part.name) == fold(name)), None)
