"""APScheduler as the clock that rings."""

from adapters.alarm.alarm import SchedulerAlarm

__all__ = ["SchedulerAlarm"]
