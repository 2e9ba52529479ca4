"""APScheduler as the clock that rings."""

from adapters.alarm.alarm import SchedulerAlarm

QUIET = {"apscheduler": "WARNING"}
"""Loggers of our library that say much, and the level from which on they are worth hearing."""

__all__ = ["QUIET", "SchedulerAlarm"]
