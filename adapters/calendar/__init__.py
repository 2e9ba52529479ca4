"""Calendars: on-call schedules kept elsewhere come in, and Tocsin's own go out, as iCalendar."""

QUIET = {"httpx": "WARNING", "httpcore": "WARNING"}
