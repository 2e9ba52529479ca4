"""What people linked by themselves, and the codes by which they do it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, case, delete, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database import tables as t
from adapters.database.dialect import Dialect
from bot.accounts import Account


class SqlAccounts:
    """The links and codes, within one transaction; see :class:`bot.accounts.Accounts`."""

    def __init__(self, connection: AsyncConnection, dialect: Dialect) -> None:
        self._connection, self._dialect = connection, dialect

    async def of(self, platform: str, handles: Collection[str]) -> list[Account]:
        """Every linked account of whoever has one of these."""
        return await accounts_of(self._connection, platform, handles)

    async def link(self, accounts: Sequence[Account], *, at: datetime) -> None:
        """Keep these as they are now."""
        rows = [
            {"platform": one.platform, "handle": one.handle, "person": one.person, "name": one.name, "at": at}
            for one in sorted(accounts, key=lambda one: (one.platform, one.handle))  # in order: nobody waits in a ring
        ]
        statement = self._dialect.insert(t.account).values(rows)
        kept = {name: statement.excluded[name] for name in ("person", "name", "at")}
        await self._connection.execute(
            statement.on_conflict_do_update(index_elements=["platform", "handle"], set_=kept)
        )
        await self._void(accounts)

    async def unlink(self, person: str) -> None:
        """Forget what links the accounts of the person of this key."""
        c = t.account.c
        gone = await self._connection.execute(delete(t.account).where(c.person == person).returning(t.account))
        await self._void([Account(row.platform, row.handle, row.person, row.name) for row in gone])

    async def _void(self, accounts: Sequence[Account]) -> None:
        c = t.code.c
        theirs = (and_(c.platform == one.platform, c.handle == one.handle) for one in accounts)
        if accounts:
            await self._connection.execute(delete(t.code).where(or_(*theirs)))

    async def give_code(self, digest: str, account: Account, *, until: datetime) -> None:
        """Keep a code for an account, in place of an earlier one."""
        new = {"name": account.name, "digest": digest, "until": until}
        statement = self._dialect.insert(t.code).values(platform=account.platform, handle=account.handle, **new)
        await self._connection.execute(statement.on_conflict_do_update(index_elements=["platform", "handle"], set_=new))

    async def code(self, digest: str, *, now: datetime) -> Account | None:
        """Whose code it is. Of two who type it at once, the second waits and finds it used."""
        c = t.code.c
        found = await self._connection.execute(
            select(c.platform, c.handle, c.name).where(c.digest == digest, c.until > now).with_for_update()
        )
        row = found.first()
        return Account(row.platform, row.handle, "", row.name) if row else None

    async def wrong_codes(self, platform: str, handle: str, *, now: datetime) -> int:
        """How many wrong codes still count."""
        c = t.wrong_code.c
        mine = (c.platform == platform, c.handle == handle, c.until > now)
        return int(await self._connection.scalar(select(c.count).where(*mine)) or 0)

    async def typed_wrong(self, platform: str, handle: str, *, now: datetime, until: datetime) -> None:
        """Count one more; where those before count no longer, it is the first."""
        c = t.wrong_code.c
        statement = self._dialect.insert(t.wrong_code).values(platform=platform, handle=handle, count=1, until=until)
        over = c.until <= now
        counted = {"count": case((over, 1), else_=c.count + 1), "until": case((over, until), else_=c.until)}
        await self._connection.execute(
            statement.on_conflict_do_update(index_elements=["platform", "handle"], set_=counted)
        )

    async def forget_wrong_codes(self, now: datetime) -> int:
        """Delete the counts that count no longer; returns how many."""
        return (await self._connection.execute(delete(t.wrong_code).where(t.wrong_code.c.until <= now))).rowcount


async def accounts_of(connection: AsyncConnection, platform: str, handles: Collection[str]) -> list[Account]:
    """Every linked account of whoever has one of these."""
    rows = await connection.execute(_accounts(), {"on": platform, "handles": list(handles)})
    return [Account(*row) for row in rows]


@cache
def _accounts() -> Select[Any]:
    """The accounts of whoever has one of ``handles`` on ``on``. Built once: every command asks it."""
    c = t.account.c
    theirs = c.platform == bindparam("on"), c.handle.in_(bindparam("handles", expanding=True))
    people = select(c.person).where(*theirs)
    return select(c.platform, c.handle, c.person, c.name).where(c.person.in_(people)).order_by(c.platform, c.handle)
