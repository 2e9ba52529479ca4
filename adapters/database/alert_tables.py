"""The tables of alerts: what waits in the inbox, what is known of each, and what nobody understood."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field

from adapters.database.tables import BIG, DATA, Row, partly


class InboxRow(Row, table=True):
    """One alert that was accepted and not acted on yet."""

    __tablename__ = "inbox"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    source: str
    document: str = Field(sa_type=DATA)
    at: datetime


class AlertRow(Row, table=True):
    """Everything known under one dedupe key."""

    __tablename__ = "alert"
    __table_args__ = (
        ForeignKeyConstraint(["incident"], ["incident.number"]),
        UniqueConstraint("key"),
        partly("ix_alert_incident", "incident", postgresql="incident IS NOT NULL"),
        partly("ix_alert_group", "group", "playbook", postgresql="incident IS NOT NULL"),
        partly("ix_alert_declared", "decided_at", postgresql="declared", sqlite="declared = 1"),
        partly("ix_alert_offered", "decided_at", postgresql="offered", sqlite="offered = 1"),
        partly("ix_alert_behind", "behind", postgresql="behind IS NOT NULL"),
        partly("ix_alert_look_at", "look_at", postgresql="look_at IS NOT NULL"),
        partly("ix_alert_public", "public_until", postgresql="public_until IS NOT NULL"),
        partly("ix_alert_stale", "incident", postgresql="stale", sqlite="stale = 1"),
        Index("ix_alert_last_at", "last_at"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    key: str
    source: str
    search: str = Field(sa_type=Text)
    """Key and title, folded."""
    link: str
    state: str
    playbook: str
    incident: int | None = Field(default=None, sa_type=BIG)
    group: str
    declared: bool
    """Whether it declared an incident, of late."""
    offered: bool
    """Whether people are asked about it."""
    behind: int | None = Field(default=None, sa_type=BIG)
    """Id of the one whose offer stands for this one, too."""
    look_at: datetime | None = None
    """When the rules are asked again."""
    decided_at: datetime | None = None
    stale: bool
    """Whether the incident's card does not show yet what arrived since."""
    public_until: datetime | None = None
    """Until when what customers were told of it is of matter; ``None`` where they were told nothing."""
    posted: int
    """How often it arrived while it fired."""
    last_at: datetime
    document: str = Field(sa_type=DATA)
    """All but ``id`` and ``stale``."""


class StrangeRow(Row, table=True):
    """What arrived and was not understood."""

    __tablename__ = "strange"
    __table_args__ = (Index("ix_strange_at", "at"), {"sqlite_autoincrement": True})

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    source: str
    at: datetime
    why: str
    body: str = Field(sa_type=Text)


METADATA = Row.metadata
"""These tables and all the others."""
inbox = METADATA.tables["inbox"]
alert = METADATA.tables["alert"]
strange = METADATA.tables["strange"]
