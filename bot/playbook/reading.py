"""What a playbook is read against besides itself; handed in by whoever reads it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reading:
    """The circumstances of reading one playbook."""

    kept: bool = False
    """Whether it was kept with an incident: then it was right when it was kept, and later rules do not judge it."""
    verbs: Callable[[], Mapping[str, str]] = dict
    """Words that people type, and the command that each one means; asked where a name could be one of them."""
    holidays: Callable[[str, str], object | None] | None = None
    """Asked whether it knows a country and a region; ``None`` where every one is taken as known."""


PLAIN = Reading()
"""Nothing besides the playbook itself."""
KEPT = Reading(kept=True)
