"""Status pages outside: tells customers on Atlassian Statuspage and on Better Stack what was let out for them."""

QUIET = {"httpx": "WARNING", "httpcore": "WARNING"}
"""Loggers of our libraries that say much, and the level from which on they are worth hearing."""
