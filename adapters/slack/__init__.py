"""Slack: what is heard there becomes the core's words, and what the core owes becomes calls of Slack's Web API."""

QUIET = {"slack_bolt": "WARNING", "slack_sdk": "WARNING"}
"""Loggers of our libraries that say much, and the level from which on they are worth hearing."""
