"""The inbox of alerts: accepted together in one transaction, each once, and what nobody understood beside it.

Alerts are read again in the order of their ids. Two that are accepted at the same moment by two processes may be read
in either order, as they arrived in either; of one key that is no matter, for a sender waits for the answer.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from hashlib import sha256

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database import alert_tables as t
from adapters.database.dialect import Dialect
from adapters.database.tables import heard
from bot.alerts.alert import Alert
from bot.alerts.book import Strange

Connecting = Callable[[], AbstractAsyncContextManager[AsyncConnection]]


class SqlInbox:
    """See :class:`bot.alerts.book.Inbox`."""

    def __init__(self, transaction: Connecting, dialect: Dialect, *, reading: Connecting) -> None:
        self._transaction, self._reading = transaction, reading
        self._dialect = dialect

    async def accept(self, alerts: Sequence[Alert], *, at: datetime) -> int:
        """Store them in one transaction; whoever accepts the same delivery at the same time waits for it to end."""
        keyed = [(_once(alert), alert) for alert in alerts]
        wanted = sorted({key for key, _ in keyed if key})  # in order: nobody waits in a ring
        if not keyed:
            return 0
        async with self._transaction() as connection:
            new = set(await self._hear(connection, wanted, at=at)) if wanted else set()
            rows = []
            for key, alert in keyed:
                if key and key not in new:
                    continue
                new.discard(key)
                rows.append({"source": alert.source, "document": alert.model_dump_json(), "at": at})
            if rows:
                await connection.execute(t.inbox.insert(), rows)
        return len(rows)

    async def _hear(self, connection: AsyncConnection, keys: Sequence[str], *, at: datetime) -> Sequence[str]:
        """Note these; returns those that were not noted before."""
        statement = self._dialect.insert(heard).on_conflict_do_nothing().returning(heard.c.key)
        noted = await connection.scalars(statement, [{"key": key, "at": at} for key in keys])
        return noted.all()

    async def depth(self, *, most: int) -> int:
        """How many are waiting, as far as it is worth counting."""
        some = select(t.inbox.c.id).limit(most).subquery()
        async with self._reading() as connection:
            return int(await connection.scalar(select(func.count()).select_from(some)) or 0)

    async def set_aside(self, strange: Sequence[Strange], *, keep: int) -> None:
        """Keep these, and of all only the latest."""
        if not strange:
            return
        rows = [
            {"source": _plain(one.source), "at": one.at, "why": _plain(one.why), "body": _plain(one.body)}
            for one in strange
        ]
        c = t.strange.c
        first_to_go = select(c.id).order_by(c.id.desc()).offset(keep).limit(1).scalar_subquery()
        async with self._transaction() as connection:
            await connection.execute(t.strange.insert(), rows)
            await connection.execute(delete(t.strange).where(c.id <= first_to_go))

    async def strange(self, *, limit: int = 20) -> list[Strange]:
        """What was set aside, latest first."""
        c = t.strange.c
        statement = select(c.source, c.at, c.why, c.body, c.id).order_by(c.id.desc()).limit(limit)
        async with self._reading() as connection:
            return [Strange(*row) for row in await connection.execute(statement)]


def _once(alert: Alert) -> str:
    """The key in ``heard`` of what counts once; empty where the sender names no delivery.

    One delivery may tell of several alerts.
    """
    if not alert.delivery:
        return ""
    said = "\0".join((alert.delivery, alert.key, alert.state))
    return f"alert:{alert.source}:{sha256(said.encode()).hexdigest()}"


def _plain(text: str) -> str:
    """PostgreSQL stores no NUL."""
    return text.replace("\0", "")
