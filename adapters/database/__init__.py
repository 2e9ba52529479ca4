"""The database: incidents, their timelines and what is owed, on SQLite or PostgreSQL."""

from adapters.database.database import Database
from adapters.database.ledger import LEASE, LONGEST_WAIT

__all__ = ["LEASE", "LONGEST_WAIT", "Database"]
