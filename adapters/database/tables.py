"""The tables, the same on SQLite and PostgreSQL.

An incident is a document beside the columns that it is searched by. What people wrote, and the intents, are stored as
the JSON that pydantic makes of them; the engine hands JSON through as text (see ``engine.py``).
"""

from datetime import datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

BIG = BigInteger().with_variant(Integer(), "sqlite")
"""SQLite counts up only what it calls INTEGER, which holds 64 bits there."""
DATA = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Row(SQLModel, registry=registry(metadata=MetaData(naming_convention=NAMING))):
    """A row of one of our tables; they share a metadata of their own."""


def partly(name: str, *columns: str, postgresql: str, sqlite: str | None = None, unique: bool = False) -> Index:
    """An index over some rows only; both databases use it where a query repeats its condition."""
    return Index(
        name, *columns, unique=unique, postgresql_where=text(postgresql), sqlite_where=text(sqlite or postgresql)
    )


class IncidentRow(Row, table=True):
    """One incident, as last saved."""

    __tablename__ = "incident"
    __table_args__ = (
        partly("ix_incident_due", "next_due_at", postgresql="next_due_at IS NOT NULL"),
        partly("ix_incident_open", "declared_at", postgresql="open", sqlite="open = 1"),
        partly(
            "ix_incident_counted",
            *("severity", "status"),
            postgresql="NOT private AND NOT drill",
            sqlite="private = 0 AND drill = 0",
        ),
        partly("ix_incident_frozen", "frozen_at", postgresql="frozen_at IS NOT NULL"),
        partly("ix_incident_public", "public_until", postgresql="public_until IS NOT NULL"),
        Index("ix_incident_declared_at", "declared_at"),
        UniqueConstraint("channel_name"),
        {"sqlite_autoincrement": True},
    )

    number: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    title: str
    severity: str
    status: str
    stage: str
    open: bool
    private: bool
    drill: bool
    component: str | None = None
    channel_name: str | None = None
    commander: str | None = None
    """Name of whoever leads it."""
    declared_at: datetime
    began_at: datetime | None = None
    """Never empty; the column came later than the table."""
    acknowledged_at: datetime | None = None
    mitigated_at: datetime | None = None
    resolved_at: datetime | None = None
    ended_at: datetime | None = None
    next_due_at: datetime | None = None
    frozen_at: datetime | None = None
    """Since when it freezes production; a drill never does."""
    public_until: datetime | None = None
    """Until when it is of matter in public: far away while it is open there, empty where nothing was told."""
    revision: int
    entries: int
    head: str = Field(sa_type=String(64))
    search: str = Field(sa_type=Text)
    """Folded: one line of what is known of it, from its number to its fix; then the words of its updates and notes."""
    document: str = Field(sa_type=DATA)


class EntryRow(Row, table=True):
    """One entry of a timeline. Triggers refuse every UPDATE and DELETE."""

    __tablename__ = "entry"
    __table_args__ = (ForeignKeyConstraint(["incident"], ["incident.number"]),)

    incident: int = Field(primary_key=True, sa_type=BIG)
    seq: int = Field(primary_key=True)
    at: datetime
    kind: str
    text: str = Field(sa_type=Text)
    by: str
    actor: str
    data: str = Field(sa_type=DATA)
    before: str = Field(sa_type=String(64))
    hash: str = Field(sa_type=String(64))


class OwedRow(Row, table=True):
    """One effect owed to a platform, kept after it is done so that its key stays taken."""

    __tablename__ = "owed"
    __table_args__ = (
        ForeignKeyConstraint(["incident"], ["incident.number"]),
        UniqueConstraint("incident", "platform", "key"),
        partly("uq_owed_loose", "platform", "key", postgresql="incident IS NULL", unique=True),
        partly(
            "ix_owed_claim",
            *("platform", "urgency", "id"),
            postgresql="done_at IS NULL AND ready",
            sqlite="done_at IS NULL AND ready = 1",
        ),
        partly("ix_owed_open", "incident", "platform", postgresql="done_at IS NULL"),
        partly(
            "ix_owed_stream",
            *("platform", "stream"),
            postgresql="incident IS NULL AND done_at IS NULL AND stream IS NOT NULL",
        ),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    incident: int | None = Field(default=None, sa_type=BIG)
    platform: str
    key: str
    kind: str
    intent: str = Field(sa_type=DATA)
    urgency: int
    needs: str = Field(sa_type=DATA)
    """Keys whose reference the intent uses."""
    after: str = Field(sa_type=DATA)
    """Keys it only comes after."""
    stream: str | None = None
    ready: bool
    """Nothing that is open stands before it."""
    owed_at: datetime
    not_before: datetime | None = None
    attempts: int
    unsure: bool
    """An attempt may have had its effect: true while claimed, and after an owner that died."""
    look_first: bool
    """What ``unsure`` was before the last claim."""
    fence: int = Field(sa_type=BIG)
    first_try_at: datetime | None = None
    claimed_by: str | None = None
    claimed_until: datetime | None = None
    done_at: datetime | None = None
    gave_up: bool
    why: str | None = None
    """What the last attempt said, where it did not succeed."""


class PlacedRow(Row, table=True):
    """A channel or message that the bot made, under the platform's own reference."""

    __tablename__ = "placed"
    __table_args__ = (
        ForeignKeyConstraint(["incident"], ["incident.number"]),
        UniqueConstraint("incident", "platform", "key"),
        partly("ix_placed_channel", "incident", "platform", postgresql="generation > 0"),
    )

    platform: str = Field(primary_key=True)
    ref: str = Field(primary_key=True)
    incident: int = Field(sa_type=BIG)
    key: str
    generation: int
    """1, 2, … for the incident's channels; 0 for everything else."""


class PostedRow(Row, table=True):
    """A message that belongs to no incident, under the key it was owed by, so that it can be edited."""

    __tablename__ = "posted"

    platform: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    ref: str


class MemberRow(Row, table=True):
    """Somebody who may see a private incident, by one of the keys that they may be known by."""

    __tablename__ = "member"
    __table_args__ = (ForeignKeyConstraint(["incident"], ["incident.number"]),)

    incident: int = Field(primary_key=True, sa_type=BIG)
    person: str = Field(primary_key=True)


class ActionRow(Row, table=True):
    """An action item, as far as lists over all incidents find it by; the rest stands in its incident."""

    __tablename__ = "action"
    __table_args__ = (
        ForeignKeyConstraint(["incident"], ["incident.number"]),
        partly("ix_action_open", "due_at", postgresql="NOT done", sqlite="done = 0"),
    )

    incident: int = Field(primary_key=True, sa_type=BIG)
    number: int = Field(primary_key=True)
    playbook: str
    """Name of its incident's playbook."""
    owner: str | None = None
    """Key of the person, or of the group that has not named one yet."""
    due_at: datetime | None = None
    done: bool
    """Or dropped."""


class SeenRow(Row, table=True):
    """How far somebody has seen a timeline."""

    __tablename__ = "seen"
    __table_args__ = (ForeignKeyConstraint(["incident"], ["incident.number"]),)

    incident: int = Field(primary_key=True, sa_type=BIG)
    person: str = Field(primary_key=True)
    seq: int


class HeardRow(Row, table=True):
    """An inbound event that was acted on, until it can come no more."""

    __tablename__ = "heard"
    __table_args__ = (Index("ix_heard_at", "at"),)

    key: str = Field(primary_key=True)
    at: datetime


class ParkedRow(Row, table=True):
    """Words put aside until their author decides."""

    __tablename__ = "parked"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    words: str = Field(sa_type=Text)
    actor: str
    at: datetime


class HandoffRow(Row, table=True):
    """One hand-over of an on-call rotation."""

    __tablename__ = "handoff"
    __table_args__ = (
        UniqueConstraint("key"),
        partly("ix_handoff_look_at", "look_at", postgresql="look_at IS NOT NULL"),
        Index("ix_handoff_ends_at", "ends_at"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    key: str
    playbook: str
    """Name of it."""
    look_at: datetime | None = None
    """When something has to be done about it next."""
    ends_at: datetime
    document: str = Field(sa_type=DATA)


class PlaybookRow(Row, table=True):
    """A version of a playbook under which an incident was declared."""

    __tablename__ = "playbook"

    name: str = Field(primary_key=True)
    version: str = Field(primary_key=True)
    document: str = Field(sa_type=DATA)
    at: datetime


class AccountRow(Row, table=True):
    """An account on a chat platform that its person linked with another."""

    __tablename__ = "account"
    __table_args__ = (Index("ix_account_person", "person"),)

    platform: str = Field(primary_key=True)
    handle: str = Field(primary_key=True)
    person: str
    """Key of the person; accounts that share it are one person's."""
    name: str
    at: datetime


class CodeRow(Row, table=True):
    """A code that links accounts, as its digest; one for each account that it was given to."""

    __tablename__ = "code"
    __table_args__ = (UniqueConstraint("digest"),)

    platform: str = Field(primary_key=True)
    handle: str = Field(primary_key=True)
    name: str
    digest: str = Field(sa_type=String(64))
    until: datetime


class WrongCodeRow(Row, table=True):
    """How many wrong codes were typed from an account, and until when they count."""

    __tablename__ = "wrong_code"

    platform: str = Field(primary_key=True)
    handle: str = Field(primary_key=True)
    count: int
    until: datetime


class RouteRow(Row, table=True):
    """A way to reach somebody, set by themselves; its address and its code are sealed."""

    __tablename__ = "route"
    __table_args__ = (Index("ix_route_person", "person"), {"sqlite_autoincrement": True})

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    person: str
    place: int
    service: str
    kind: str
    tail: str
    added_at: datetime
    sealed: str = Field(sa_type=Text)
    code: str = Field(sa_type=Text)
    code_until: datetime | None = None
    wrong: int
    verified_at: datetime | None = None


class QuietHoursRow(Row, table=True):
    """When somebody is left alone."""

    __tablename__ = "quiet_hours"

    person: str = Field(primary_key=True)
    begins: str
    """``22:00``."""
    ends: str
    zone: str
    excepts: str
    """Names of severities, as JSON."""


class KeptKeyRow(Row, table=True):
    """The key that was made where no SECRET_KEY is set and several machines share the database: one row."""

    __tablename__ = "kept_key"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    key: str


class OverrideRow(Row, table=True):
    """Somebody is on call in place of whoever a rotation says. Taking it back is noted beside it, once."""

    __tablename__ = "override"
    __table_args__ = (Index("ix_override_ends", "ends"), {"sqlite_autoincrement": True})

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    playbook: str
    rotation: str
    person: str
    """Key of whoever is on call by it."""
    instead_of: str | None = None
    """Key of the one in whose place."""
    begins: datetime
    ends: datetime
    by: str
    """Key of whoever made it."""
    at: datetime
    """When it was made."""
    because: str = Field(sa_type=Text)
    taken_back_at: datetime | None = None
    taken_back_by: str | None = None


class SubscriptionRow(Row, table=True):
    """An address that is told of what customers are told."""

    __tablename__ = "subscription"
    __table_args__ = (UniqueConstraint("digest"),)

    id: str = Field(primary_key=True)
    digest: str = Field(sa_type=String(64))
    """Of its address, which itself is sealed."""
    sealed: str = Field(sa_type=Text)
    sent: str = Field(sa_type=DATA)
    """Mark of an incident to the number of its last text that was sent."""
    failures: int
    failing_since: datetime | None = None
    try_at: datetime | None = None
    claimed_until: datetime | None = None
    made_at: datetime


def _table(name: str) -> Table:
    return Row.metadata.tables[name]


METADATA = Row.metadata
incident = _table("incident")
entry = _table("entry")
owed = _table("owed")
placed = _table("placed")
posted = _table("posted")
member = _table("member")
action = _table("action")
seen = _table("seen")
heard = _table("heard")
parked = _table("parked")
handoff = _table("handoff")
playbook = _table("playbook")
account = _table("account")
code = _table("code")
wrong_code = _table("wrong_code")
route = _table("route")
quiet_hours = _table("quiet_hours")
kept_key = _table("kept_key")
override = _table("override")
subscription = _table("subscription")
