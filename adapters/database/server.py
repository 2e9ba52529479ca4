"""What the doctor examines of a PostgreSQL server: whether it lets us in, and lets us do what we need."""

import asyncio
import socket
from datetime import timedelta
from typing import Any

import asyncpg  # type: ignore[import-untyped]  # ships no types

from adapters.database.engine import CONNECT_TIMEOUT, READ_CONNECTIONS, SERVER_SETTINGS, WORK_CONNECTIONS
from adapters.database.gone import RAW
from bot.doctor import Finding, doubt, fine, wrong
from bot.ports import Clock

WHAT = "Database (postgresql)"
OLDEST = 13
"""The oldest major version that is still tried out with Tocsin's statements."""
SKEW = timedelta(seconds=30)
"""How far the server's clock may be off; leases are counted by the server's, everything else by this machine's."""
EACH = WORK_CONNECTIONS + READ_CONNECTIONS
"""Connections of one replica."""
FATAL = frozenset(
    {
        "database.host",
        "database.no-server",
        "database.password",
        "database.missing",
        "database.refused",
        "database.full",
    }
)
"""Findings after which there is nothing more to ask."""
FACTS = """
SELECT current_setting('server_version_num')::int / 10000 AS version,
       current_setting('server_encoding') AS encoding,
       current_setting('fsync') AS fsync,
       current_setting('transaction_read_only') AS read_only,
       pg_is_in_recovery() AS standby,
       clock_timestamp() AS now,
       current_schema() AS schema,
       CASE WHEN current_schema() IS NULL THEN false
            ELSE has_schema_privilege(current_schema(), 'CREATE') END AS may_create,
       (SELECT least(
            current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int,
            CASE WHEN r.rolconnlimit < 0 THEN 2147483647 ELSE r.rolconnlimit END,
            CASE WHEN d.datconnlimit < 0 THEN 2147483647 ELSE d.datconnlimit END)
        FROM pg_roles r, pg_database d WHERE r.rolname = current_user AND d.datname = current_database()) AS most
"""


async def examine(url: str, clock: Clock, *, oldest: int = OLDEST) -> list[Finding]:
    """Connects once; what is wrong with the way there is the only finding."""
    dsn = url.replace(url.partition(":")[0], "postgresql", 1)
    try:
        connection = await asyncpg.connect(dsn, timeout=CONNECT_TIMEOUT, server_settings=SERVER_SETTINGS)
    except (*RAW, ValueError) as no:
        return [_way(no)]
    try:
        facts = await connection.fetchrow(FACTS)
        return [fine(WHAT, f"PostgreSQL {facts['version']} answers"), *_facts(facts, clock, oldest)]
    finally:
        await asyncio.wait_for(connection.close(), CONNECT_TIMEOUT)


def _way(no: BaseException) -> Finding:
    """Why there is no connection. What the server says may hold the user's and the database's name, and no password."""
    if isinstance(no, socket.gaierror):
        return wrong("database.host", WHAT, "The host in DATABASE_URL has no address.", "Correct its name, or the DNS.")
    if isinstance(no, asyncpg.InvalidCatalogNameError):
        mend = "`createdb NAME` makes it, or correct the name behind the last slash of DATABASE_URL."
        return wrong("database.missing", WHAT, f"The server says: {no}.", mend)
    if isinstance(no, asyncpg.InvalidAuthorizationSpecificationError):  # a wrong password is one of its kinds
        mend = "Correct user and password in DATABASE_URL (signs such as @ and / in them are written as %40 and %2F)."
        return wrong("database.password", WHAT, f"The server says: {no}.", f"{mend} Else see pg_hba.conf.")
    if isinstance(no, asyncpg.TooManyConnectionsError):
        return wrong("database.full", WHAT, f"The server says: {no}.", "Raise max_connections, or run fewer replicas.")
    if not isinstance(no, OSError):
        says = f"The server, or the address, is refused ({type(no).__name__})."
        return wrong("database.refused", WHAT, says, "Compare DATABASE_URL with postgresql://USER:PASSWORD@HOST/NAME.")
    mend = "Start it, and look at host, port (5432) and firewall; DATABASE_URL says where it is looked for."
    return wrong("database.no-server", WHAT, f"No server answers there ({type(no).__name__}).", mend)


def _facts(facts: Any, clock: Clock, oldest: int) -> list[Finding]:
    found = []
    if facts["version"] < oldest:
        says = f"It is PostgreSQL {facts['version']}; Tocsin is tried with {oldest} and newer."
        found.append(doubt("database.old", WHAT, says, "Upgrade the server."))
    if facts["encoding"] != "UTF8":
        says = f"Its encoding is {facts['encoding']}, so names and texts with other letters are refused or mangled."
        found.append(wrong("database.encoding", WHAT, says, "`createdb --encoding UTF8 --template template0 NAME`."))
    if facts["standby"] or facts["read_only"] == "on":
        says = "It is a standby, or read-only: nothing can be saved."
        found.append(wrong("database.standby", WHAT, says, "Name the primary in DATABASE_URL."))
    if not facts["may_create"]:
        says = "The user may make no tables there, so the schema cannot be made or brought up to date."
        mend = (
            f"GRANT USAGE, CREATE ON SCHEMA {facts['schema'] or 'public'} TO the user, or make it the database's owner."
        )
        found.append(wrong("database.rights", WHAT, says, mend))
    if facts["most"] < EACH:
        says = f"It lets {facts['most']} connections be open, and each replica uses up to {EACH}."
        mend = "ALTER ROLE … CONNECTION LIMIT -1 (or ALTER DATABASE …), or raise max_connections."
        found.append(wrong("database.connections", WHAT, says, mend))
    if facts["fsync"] == "off":
        says = "fsync is off: a power cut may damage the database."
        found.append(doubt("database.fsync", WHAT, says, "Set fsync = on in postgresql.conf."))
    apart = abs(clock.now() - facts["now"])
    if apart > SKEW:
        says = f"Its clock and this machine's are {round(apart.total_seconds())} seconds apart."
        found.append(wrong("database.clock", WHAT, says, "Let both be set by NTP (`timedatectl set-ntp true`)."))
    return found
