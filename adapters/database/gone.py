"""The database that does not answer: every way in which the drivers say so becomes one ``TryLater``."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg  # type: ignore[import-untyped]  # ships no types
from sqlalchemy import exc

from bot.errors import TryLater

PASSING = ("08", "40", "53", "55", "57", "58")
"""Classes of SQLSTATE that pass by themselves: connection, rollback (deadlock), resources, not in the right state
(lock), operator intervention (shutdown, start-up, timeout), system error.
https://www.postgresql.org/docs/current/errcodes-appendix.html"""

PASSING_SQLITE = frozenset(
    (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN)
)
"""Primary result codes that pass by themselves. https://www.sqlite.org/rescode.html"""

WHY = "database"
RAW = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
"""What reaches us without SQLAlchemy's wrapping: refused and lost connections, timeouts, a server that starts up."""


@contextmanager
def translated(*, committing: bool = False) -> Iterator[None]:
    """Raise :class:`TryLater` (``unreachable``, why ``database``) where the database cannot be asked at the moment.

    While ``committing``, a lost answer leaves open whether the change was saved: ``maybe_done``. Everything else that
    a database raises is a fault and passes through.
    """
    try:
        yield
    except exc.TimeoutError as error:
        raise TryLater(WHY, unreachable=True) from error
    except exc.DBAPIError as error:
        if error.connection_invalidated or passing(error.orig):
            raise TryLater(WHY, unreachable=True, maybe_done=committing) from error
        raise
    except RAW as error:
        if passing(error):
            raise TryLater(WHY, unreachable=True, maybe_done=committing) from error
        raise


def passing(error: BaseException | None) -> bool:
    """Whether a driver's error passes by itself."""
    if error is None:
        return False
    if isinstance(error, OSError):
        return True
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorcode", 0) & 0xFF in PASSING_SQLITE
    state = getattr(error, "sqlstate", None)
    if isinstance(state, str):
        return state.startswith(PASSING)
    return "connection" in str(error)
    # asyncpg's own InterfaceError has no SQLSTATE: "connection is closed", "connection was closed in the middle of …"
