"""Issue trackers: files what a process keeps in GitHub, Linear or Jira, and brings back what people change there."""

QUIET = {"httpx": "WARNING", "httpcore": "WARNING"}
"""Loggers of our libraries that say much, and the level from which on they are worth hearing."""
