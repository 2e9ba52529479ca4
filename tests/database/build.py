"""Small incidents for the tests of the database."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from adapters.database import Database
from adapters.database.ledger import SqlLedger
from bot.alerts.alert import Alert, AlertState
from bot.alerts.tracked import Tracked
from bot.card import Card
from bot.incident import Incident, Room
from bot.intents import CHANNEL, Edit, OpenChannel, Pin, Post, SetTopic
from bot.ledger import Claimed, Done
from bot.people import Person
from bot.playbook.process import Role, Rung, Severity, Stage
from bot.playbook.shape import Playbook
from bot.store import Change, Owed
from bot.timeline import Entry, Kind

NOW = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
PATIENCE = 15.0
"""Seconds a test waits for what has to come."""

ANA = Person(key="ana", name="Ana", handles={"slack": "U0ANA"})
BEN = Person(key="ben", name="Ben", handles={"slack": "U0BEN"})

PLAYBOOK = Playbook(
    name="small",
    title="Small",
    severities=(Severity(name="sev1", meaning="bad"),),
    roles=(Role(name="captain", title="Captain"),),
    commander="captain",
    ladder=(Rung(rings=("captain",)),),
)


def outage(title: str = "Checkout is down", **known: Any) -> Incident:
    """An incident that Ana declared."""
    facts: dict[str, Any] = {
        "severity": "sev1",
        "status": "investigating",
        "stage": Stage.INVESTIGATING,
        "playbook": PLAYBOOK.name,
        "version": PLAYBOOK.version,
        "declared_at": NOW,
        "declared_by": ANA,
        "began_at": NOW,
        "roles": {"captain": ANA},
        "responders": {"ana": ANA},
        "rooms": {"slack": Room()},
    }
    return Incident(title=title, **(facts | known))


def note(text: str, *, at: datetime = NOW) -> Entry:
    """An entry of the timeline."""
    return Entry(at=at, kind=Kind.NOTE, text=text, by="Ana", actor="ana", data={"link": "https://example.com/é"})


def channel(generation: int = 1, **more: Any) -> Owed:
    """The incident's channel."""
    key = CHANNEL if generation == 1 else f"{CHANNEL}/{generation}"
    return Owed(key, "slack", OpenChannel(names=("incident",), topic=""), **more)


def post(key: str, **more: Any) -> Owed:
    """A message in the incident's channel."""
    return Owed(key, "slack", Post(card=Card(title=key)), **more)


def notice(key: str, **more: Any) -> Owed:
    """A message that needs no channel of the incident."""
    return Owed(key, "slack", Post(card=Card(title=key), to="announcements"), **more)


def edit(key: str, message: str, **more: Any) -> Owed:
    """The edit of a message."""
    return Owed(key, "slack", Edit(message=message, card=Card(title=key)), **more)


def pin(key: str, message: str, **more: Any) -> Owed:
    """The pin of a message."""
    return Owed(key, "slack", Pin(message=message), **more)


def topic(key: str, **more: Any) -> Owed:
    """The channel's topic."""
    return Owed(key, "slack", SetTopic(topic=key), **more)


async def declare(database: Database, incident: Incident | None = None, *owed: Owed, **more: Any) -> int:
    """Save a new incident; returns its number."""
    incident = incident or outage()
    async with database.work() as work:
        number = await work.enter(incident)
        await work.save([Change(incident, [note("declared")], list(owed), **more)])
    return number


async def change(database: Database, number: int, *owed: Owed, due: datetime | None = None) -> None:
    """Save an incident again, owing more."""
    async with database.work() as work:
        incident = await work.incident(number)
        assert incident is not None
        await work.save([Change(incident, [note("changed")], list(owed), due)])


def keys(claims: list[Claimed]) -> list[str]:
    """What was claimed."""
    return [claim.key for claim in claims]


def done(claims: list[Claimed]) -> list[Done]:
    """All of it succeeded; references name what they refer to."""
    return [Done(claim, f"{claim.incident}:{claim.key}") for claim in claims]


async def deliver(ledger: SqlLedger, *, limit: int = 100) -> list[str]:
    """Do everything that can be done, round after round; returns the keys in order."""
    order: list[str] = []
    while claims := await ledger.claim("slack", limit=limit):
        order += keys(claims)
        await ledger.finish(done(claims), claim=False)
    return order


async def until(found: Callable[[], Awaitable[Any]], *, every: timedelta = timedelta(milliseconds=20)) -> Any:
    """What ``found`` returns once that is true; fails after :data:`PATIENCE`."""
    async with asyncio.timeout(PATIENCE):
        while not (result := await found()):  # no event tells of what a database comes to hold
            await asyncio.sleep(every.total_seconds())
    return result


def alert(title: str, *, source: str = "grafana", state: AlertState = AlertState.FIRING, **more: Any) -> Alert:
    """An alert, with its title as its key."""
    return Alert(source=source, key=f"{source}:{title}", state=state, title=title, **more)


def tracked(title: str, *, at: datetime = NOW, **known: Any) -> Tracked:
    """What is known of an alert that fires."""
    facts: dict[str, Any] = {"since": at, "first_at": at, "last_at": at, "decided_at": at, "playbook": "small"}
    one = alert(title)
    return Tracked(key=one.key, alert=known.pop("alert", one), **(facts | known))


async def track(database: Database, *these: Tracked) -> None:
    """Store what is known."""
    async with database.work() as work:
        await work.alerts.save(these)
