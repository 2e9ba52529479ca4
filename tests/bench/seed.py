"""Incidents by the thousand: one is declared as people do, the others are copies of it, in database and sandbox."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database import Database
from adapters.database import tables as t
from adapters.database.rows import entry_row, incident_row
from adapters.holidays import public
from adapters.sandbox.people import PEOPLE
from bot.desk import Desk
from bot.heard import Spoken
from bot.incident import Incident
from bot.library import Library
from bot.people import stranger
from bot.playbook.load import load
from bot.playbook.shape import Playbook
from bot.ports import Clock
from bot.running import desk_alone
from bot.settings import SHIPPED
from bot.standing.channel import topic
from bot.timeline import BEGINNING, Entry, Kind, Link, append

ANA = PEOPLE[0]
BATCH = 1000


def desk_on(store: Database, clock: Clock, *platforms: str) -> Desk:
    """A desk by itself: what people say is saved, and nobody delivers it."""
    return desk_alone(
        store, Library([load(SHIPPED / "default")], store.reader), clock=clock, holidays=public, platforms=platforms
    )


async def say(desk: Desk, words: str, *, key: str, platform: str = "slack") -> str:
    """What Ana is told after typing this."""
    actor = stranger(platform, ANA.slack_id if platform == "slack" else ANA.discord_id, ANA.name)
    answer = await desk.hear(
        Spoken(key=f"{platform}/{key}", platform=platform, actor=actor, words=words, channel="C0GENERAL")
    )
    return answer.card.title if answer.card is not None else ""


async def declared(desk: Desk, store: Database, *, platform: str = "slack") -> Incident:
    """The first incident, declared as people do."""
    await say(desk, "sev1 checkout is down", key="seed", platform=platform)
    found = await store.reader.incident(1)
    if found is None:
        raise RuntimeError("the first incident was not declared")
    return found


def copy_of(first: Incident, number: int, *, playbook: Playbook, due: datetime) -> tuple[Incident, list[Link]]:
    """Another incident like the first, with an entry of its own, that asks for its update at ``due``."""
    clock = first.reminding.model_copy(update={"due_at": due, "ask_at": due})
    age = timedelta(minutes=number % 10_000)
    made = first.model_copy(deep=True, update={
        "number": number, "title": f"{first.title} in region {number}", "channel_name": f"incident-seeded-{number}",
        "reminding": clock, "declared_at": first.declared_at - age, "began_at": first.began_at - age,
    })  # fmt: skip
    about = topic(made, playbook)
    made.rooms = {name: room.model_copy(update={"topic": about}) for name, room in made.rooms.items()}
    return made, append(number, [_entry(first)], length=0, head=BEGINNING)


def _entry(first: Incident) -> Entry:
    return Entry(at=first.declared_at, kind=Kind.DECLARED, text=f"Declared {first.severity.upper()}", by="Ana Reyes")


async def fill(store: Database, first: Incident, due: Sequence[datetime], *, asleep: int = 0) -> list[int]:
    """Store a copy of the first incident for each due time, in bulk; returns their numbers, from 2 on.

    Nobody looks at the last so many, though they are due, until :func:`wake` lets them.
    """
    later = due[0] + timedelta(days=1)
    numbers, playbook = list(range(2, len(due) + 2)), load(SHIPPED / "default")
    for start in range(0, len(due), BATCH):
        incidents, entries = [], []
        for number, at in zip(numbers[start : start + BATCH], due[start : start + BATCH], strict=True):
            made, links = copy_of(first, number, playbook=playbook, due=at)
            made.entries, made.head, made.revision = len(links), links[-1].hash, 1
            sleeps = number > len(due) + 1 - asleep
            row = incident_row(made, next_due_at=later if sleeps else at, commander=ANA.name)
            incidents.append({"number": number} | row)
            entries += [entry_row(link) for link in links]
        async with store._transaction() as connection:
            await connection.execute(t.incident.insert(), incidents)
            await connection.execute(t.entry.insert(), entries)
    async with store._transaction() as connection:
        await _count_on(connection, len(due) + 1)
    return numbers


async def _count_on(connection: AsyncConnection, last: int) -> None:
    """PostgreSQL counts on from what it gave out itself; and both plan by what they know of their tables."""
    if connection.dialect.name == "postgresql":
        await connection.execute(text("SELECT setval(pg_get_serial_sequence('incident', 'number'), :n)"), {"n": last})
    await connection.execute(text("ANALYZE"))


async def wake(store: Database, numbers: Sequence[int], at: datetime) -> None:
    """Let incidents that were stored asleep (one after the other) be looked at, all at the same moment."""
    number = t.incident.c.number
    async with store._transaction() as connection:
        mine = number.between(min(numbers), max(numbers))
        await connection.execute(update(t.incident).where(mine).values(next_due_at=at))


async def deliver(store: Database) -> None:
    """Count everything that is owed as done."""
    async with store._transaction() as connection:
        await connection.execute(update(t.owed).where(t.owed.c.done_at.is_(None)).values(done_at=datetime.now(UTC)))
