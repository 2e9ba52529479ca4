"""Time zones by their names."""

import re
from zoneinfo import ZoneInfo

_NAME = re.compile(r"[A-Za-z0-9+_-]{1,14}(/[A-Za-z0-9+_-]{1,14}){0,3}", re.ASCII)
"""Parts of at most 14 characters each, three at most in the names that are given out [IANA tz database, theory: “Names
of timezones”]. Other names would be looked for part by part, as files and packages."""


def known(name: str) -> ZoneInfo | None:
    """The zone of an IANA name such as ``Europe/Berlin``; ``None`` where nobody knows it."""
    if _NAME.fullmatch(name) is None:
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None
