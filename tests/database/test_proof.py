"""What somebody with the database in their hands may do to a timeline is found, and where."""

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from adapters.database import Database
from adapters.database.engine import engines
from bot.audit import Audit, audit
from bot.chain import Harm
from bot.store import Change
from bot.timeline import Anchor, Entry, Kind, append
from tests.database.build import NOW, declare, note, outage

COLUMNS = ("incident", "seq", "at", "kind", "text", "by", "actor", "data", "before", "hash")
SET = 'UPDATE entry SET "{}" = {} WHERE incident = :n AND seq = :seq'
LENGTH = 6
MANY = int(os.environ.get("TOCSIN_ENTRIES", "5000"))
"""Entries of the long timeline."""


@dataclass(frozen=True)
class Burglar:
    """Somebody who has the database, and for whom no trigger stands in the way."""

    engine: AsyncEngine
    postgres: bool

    async def does(self, *statements: str, **values: object) -> None:
        """Run statements of SQL past everything."""
        async with self.engine.begin() as connection:
            await self._disarm(connection)
            for statement in statements:
                await connection.execute(text(statement), values)

    async def _disarm(self, connection: AsyncConnection) -> None:
        if self.postgres:
            await connection.execute(text("SET session_replication_role = replica"))
            return
        for event in ("UPDATE", "DELETE"):
            await connection.execute(text(f"DROP TRIGGER IF EXISTS entry_{event}"))


@pytest.fixture
async def burglar(url: str) -> AsyncIterator[Burglar]:
    """Has the same database."""
    made = engines(url)
    yield Burglar(made.migrate, made.dialect.postgres)
    await made.dispose()


@pytest.fixture
async def number(database: Database) -> int:
    """An incident with six entries; a second one stands beside it."""
    number = await declare(database)
    await append_to(database, number, [note(f"entry {n}", at=NOW + timedelta(minutes=n)) for n in range(2, LENGTH + 1)])
    async with database.work() as work:
        other = outage()
        await work.enter(other)
        await work.save([Change(other)])
    assert await looked(database, number) is None
    return number


async def append_to(database: Database, number: int, entries: list[Entry]) -> None:
    """Save more of its timeline."""
    async with database.work() as work:
        incident = await work.incident(number)
        assert incident is not None
        await work.save([Change(incident, entries)])


async def audited(database: Database, number: int, *anchors: Anchor) -> Audit:
    """What the audit finds."""
    found = await audit(database.reader, number, anchors)
    assert found is not None
    return found


async def looked(database: Database, number: int, *anchors: Anchor) -> tuple[int, Harm] | None:
    """Where it breaks and how; ``None`` if it is whole."""
    broken = (await audited(database, number, *anchors)).broken
    return (broken.seq, broken.harm) if broken is not None else None


@pytest.mark.parametrize("column", COLUMNS)
async def test_whatever_is_changed_in_whichever_row_is_found_there(
    database: Database, number: int, burglar: Burglar, column: str
) -> None:
    values = {
        "incident": "incident + 1",
        "seq": "seq + 70",
        "data": "'{}'",
        "kind": "'fact'",
        "at": "'2026-11-20 14:00:01.000000'",
    }
    value = values.get(column, "'other'")
    if burglar.postgres and column == "at":
        value = "at + interval '1 microsecond'"
    for seq in range(LENGTH, 0, -1):  # from the back, so that each is the first
        await burglar.does(SET.format(column, value), n=number, seq=seq)
        harm = {"incident": Harm.CUT, "seq": Harm.MISSING}.get(column, Harm.CHANGED)
        assert await looked(database, number) == (seq, harm), seq


async def test_rows_that_are_no_entries_any_more_are_found_and_named(
    database: Database, number: int, burglar: Burglar
) -> None:
    wrong = [("kind", "'gossip'"), ("data", "'[1]'"), ("data", """'{"n": 7}'""")]
    if not burglar.postgres:  # which keeps only what a column is for
        wrong += [("at", "'soon'"), ("at", "7"), ("data", "'{'"), ("text", "x'ff00'"), ("by", "7")]
    for column, value in wrong:
        for seq in (1, 4, LENGTH):
            await burglar.does(
                "CREATE TABLE kept AS SELECT * FROM entry",
                SET.format(column, value),
                n=number,
                seq=seq,
            )
            found = await audited(database, number)
            assert found.broken is not None, (column, value)
            assert (found.broken.seq, found.broken.harm) == (seq, Harm.CHANGED), (column, value)
            await burglar.does("DELETE FROM entry", "INSERT INTO entry SELECT * FROM kept", "DROP TABLE kept")
    assert await looked(database, number) is None


@pytest.mark.parametrize("seq", range(1, LENGTH + 1))
async def test_a_row_that_was_taken_out_is_named(database: Database, number: int, burglar: Burglar, seq: int) -> None:
    await burglar.does("DELETE FROM entry WHERE incident = :n AND seq = :seq", n=number, seq=seq)
    assert await looked(database, number) == (seq, Harm.CUT if seq == LENGTH else Harm.MISSING)


async def test_two_rows_that_changed_places_are_named(database: Database, number: int, burglar: Burglar) -> None:
    move = "UPDATE entry SET seq = {} WHERE incident = :n AND seq = {}"
    await burglar.does(move.format(90, 2), move.format(2, 5), move.format(5, 90), n=number)
    found = await audited(database, number)
    assert found.says == "entry 2 was swapped: entry 5 stands in its place"


async def test_a_row_put_in_at_the_end_is_named_with_and_without_the_incidents_own_count(
    database: Database, number: int, burglar: Burglar
) -> None:
    last = (await database.reader.timeline(number, newest=True, limit=1))[0]
    (more,) = append(number, [note("we had told you so")], length=LENGTH, head=last.hash)
    await burglar.does(
        "INSERT INTO entry SELECT incident, 7, at, kind, :text, by, actor, data, :before, :hash FROM entry "
        "WHERE incident = :n AND seq = 1",
        **{"text": more.entry.text, "before": more.before, "hash": more.hash, "n": number},
    )
    assert await looked(database, number) == (7, Harm.ADDED)


@pytest.mark.parametrize("document", [True, False])
async def test_a_tail_that_was_cut_off_and_a_chain_written_anew_are_found_by_an_anchor(
    database: Database, number: int, burglar: Burglar, *, document: bool
) -> None:
    links = await database.reader.timeline(number)
    anchor, before = Anchor.read(Anchor(links[-1].hash, LENGTH).short), Anchor(links[2].hash, 3)
    assert await looked(database, number, anchor, before) is None

    await burglar.does("DELETE FROM entry WHERE incident = :n AND seq > 4", n=number)
    await _tells(burglar, number, 4, links[3].hash, document=document)
    if document:
        assert await looked(database, number) is None
    assert await looked(database, number, before) == (None if document else (4, Harm.CHANGED))
    assert await looked(database, number, anchor) == ((5, Harm.CUT) if document else (4, Harm.CHANGED))

    anew = append(number, [note("nothing"), *(link.entry for link in links[1:4])], length=0, head="0" * 64)
    for link in anew:
        await burglar.does(
            "UPDATE entry SET text = :text, before = :before, hash = :hash WHERE incident = :n AND seq = :seq",
            **{"text": link.entry.text, "before": link.before, "hash": link.hash, "n": number, "seq": link.seq},
        )
    await _tells(burglar, number, 4, anew[-1].hash, document=True)
    found = await looked(database, number, before)
    assert found == (3, Harm.RECOMPUTED)


async def _tells(burglar: Burglar, number: int, length: int, head: str, *, document: bool) -> None:
    """Make the incident name another end; in its document, too."""
    await burglar.does("UPDATE incident SET entries = :l, head = :h WHERE number = :n", l=length, h=head, n=number)
    if document and burglar.postgres:
        await burglar.does(
            "UPDATE incident SET document = document || jsonb_build_object('entries', CAST(:l AS integer), "
            "'head', CAST(:h AS text)) WHERE number = :n", l=length, h=head, n=number,
        )  # fmt: skip
    elif document:
        await burglar.does(
            "UPDATE incident SET document = json_set(document, '$.entries', :l, '$.head', :h) WHERE number = :n",
            **{"l": length, "h": head, "n": number},
        )


async def test_an_incident_that_is_gone_is_found_by_the_entries_it_left_or_by_an_anchor(
    database: Database, number: int, burglar: Burglar
) -> None:
    (anchor,) = [Anchor(link.hash, link.seq) for link in await database.reader.timeline(number, limit=1)]
    if not burglar.postgres:
        await burglar.does(
            "CREATE TABLE kept AS SELECT * FROM entry", "DELETE FROM entry WHERE incident = :n", n=number
        )
    await burglar.does("DELETE FROM placed WHERE incident = :n", "DELETE FROM incident WHERE number = :n", n=number)
    if burglar.postgres:
        assert number in await database.reader.numbers()
        assert await looked(database, number) == (1, Harm.ADDED)
        await burglar.does("DELETE FROM entry WHERE incident = :n", n=number)
    assert await audit(database.reader, number, [anchor]) is None


async def test_a_timeline_that_grows_while_it_is_walked_is_whole(database: Database, number: int) -> None:
    class Busy:
        """The reader of a database that somebody else writes to just now."""

        def __init__(self) -> None:
            self.quiet, self.rows = False, database.reader.rows

        async def tail(self, number: int) -> object:
            if not self.quiet:
                await append_to(database, number, [note("meanwhile")])
                self.quiet = True
            return await database.reader.tail(number)

    found = await audit(Busy(), number)  # type: ignore[arg-type]
    assert found is not None and found.whole and found.length == LENGTH + 1


async def test_a_long_timeline_is_walked_piece_by_piece_and_its_one_changed_row_is_named(
    database: Database, burglar: Burglar
) -> None:
    number = await declare(database)
    more = [Entry(at=NOW, kind=Kind.NOTE, text=f"entry {n} 🔥 שלום <b>", by="Ana", actor="ana") for n in range(MANY)]
    for place in range(0, MANY, 5000):
        await append_to(database, number, more[place : place + 5000])
    found = await audited(database, number)
    assert found.whole and found.length == MANY + 1
    await burglar.does("UPDATE entry SET by = 'Bo' WHERE incident = :n AND seq = :seq", n=number, seq=MANY - 7)
    assert await looked(database, number) == (MANY - 7, Harm.CHANGED)
