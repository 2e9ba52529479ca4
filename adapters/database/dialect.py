"""What SQLite and PostgreSQL say differently, in one place."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Table, case, func
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel.sql.sqltypes import UTCDateTime


@dataclass(frozen=True, slots=True)
class Dialect:
    """One of the two databases, as far as statements differ."""

    postgres: bool

    def insert(self, table: Table) -> postgresql.Insert | sqlite.Insert:
        """An INSERT that can deal with a row that is there already."""
        return postgresql.insert(table) if self.postgres else sqlite.insert(table)

    def clock(self, ahead: timedelta = timedelta(0)) -> ColumnElement[datetime]:
        """The lease clock, or a time ahead of it: the server's on PostgreSQL, this machine's on SQLite.

        It runs on within a transaction (PostgreSQL's ``now()`` would stand still). SQLite tells milliseconds; written
        as here they compare rightly with the microseconds of other columns.
        """
        if self.postgres:
            return func.clock_timestamp(type_=UTCDateTime()) + ahead
        seconds = f"{ahead.total_seconds():+.3f} seconds"
        return func.strftime("%Y-%m-%d %H:%M:%f000", "now", seconds, type_=UTCDateTime())

    def behind_line(self, column: ColumnElement[str]) -> ColumnElement[str]:
        """What stands behind the first line of a text; empty where it has one line only."""
        at = func.strpos(column, "\n") if self.postgres else func.instr(column, "\n")
        return case((at > 0, func.substr(column, at + 1)), else_="")

    def number_beyond(self, last: int) -> tuple[str, ...]:
        """Statements after which the next incident is numbered ``last + 1``, or higher where it would be anyway."""
        if self.postgres:
            of = "CAST(pg_get_serial_sequence('incident', 'number') AS regclass)"
            return (f"SELECT setval({of}, GREATEST({int(last)}, COALESCE(pg_sequence_last_value({of}), 1)))",)
        this = "name = 'incident'"
        return (
            f"UPDATE sqlite_sequence SET seq = max(seq, {int(last)}) WHERE {this}",  # noqa: S608  # a number
            f"INSERT INTO sqlite_sequence (name, seq) SELECT 'incident', {int(last)} "  # noqa: S608
            f"WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE {this})",
        )
