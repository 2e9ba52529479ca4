"""The database: incidents, their timelines and what is owed, on SQLite or PostgreSQL."""

from adapters.database.database import Database
from adapters.database.ledger import LEASE, LONGEST_WAIT

QUIET = {"aiosqlite": "WARNING", "alembic": "WARNING"}
"""Loggers of our libraries that say much, and the level from which on they are worth hearing."""

__all__ = ["LEASE", "LONGEST_WAIT", "QUIET", "Database"]
