"""How long an answer asks us to wait, by its headers: whatever stands there is a time that can be waited, or none."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

SHORTEST, LONGEST = timedelta(seconds=1), timedelta(hours=1)
"""No rate limit of those whom we call is longer than an hour; a clock that is wrong may say so."""
_NUMBER = re.compile(r"\s*(\d{1,15})(\.\d{1,9})?\s*", re.ASCII)


def retry_after(value: str, *, now: datetime) -> timedelta | None:
    """``Retry-After``: seconds, or a date (RFC 9110 §10.2.3); ``None`` where it is neither."""
    found = _NUMBER.fullmatch(value)
    if found is not None:
        return _bounded(timedelta(seconds=min(float(found[0]), LONGEST.total_seconds())))
    try:
        return _bounded(parsedate_to_datetime(value) - now)
    except (TypeError, ValueError, OverflowError):
        return None


def until(value: str, *, now: datetime, milliseconds: bool = False) -> timedelta | None:
    """A moment as seconds (or milliseconds) since 1970, by a clock that is about ours; ``None`` where it is none."""
    if _NUMBER.fullmatch(value) is None:
        return None
    try:
        at = datetime.fromtimestamp(float(value) / (1000 if milliseconds else 1), UTC)
    except (ValueError, OverflowError, OSError):
        return LONGEST
    return _bounded(at - now)


def _bounded(wait: timedelta) -> timedelta:
    return min(max(wait, SHORTEST), LONGEST)
