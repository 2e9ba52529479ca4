"""The bot's own web server: health, readiness, metrics, and whatever routes the adapters bring."""

QUIET = {"httpx": "WARNING", "uvicorn": "WARNING"}
"""Loggers of our libraries that say much, and the level from which on they are worth hearing."""
