"""Counting acts in a sliding window of the sandbox's time."""

from datetime import datetime, timedelta


def tries(times: list[datetime], now: datetime, *, many: int, seconds: float) -> float:
    """Count one act at ``now``: 0 if it is within ``many`` in ``seconds``, otherwise how long to wait; in place.

    Times after ``now`` were left by a clock that has since been set back: they are forgotten.
    """
    times[:] = [at for at in times if timedelta() <= now - at < timedelta(seconds=seconds)]
    if len(times) < many:
        times.append(now)
        return 0.0
    return max(0.001, seconds - (now - times[-many]).total_seconds())
