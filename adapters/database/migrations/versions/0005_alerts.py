"""Alerts: the inbox, what is known of each, what nobody understood, and messages that belong to no incident."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DATA = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    """Add the tables; no alert came before."""
    op.create_table(
        "inbox",
        sa.Column("id", BIG, nullable=False),
        sa.Column("source", AutoString(), nullable=False),
        sa.Column("document", DATA, nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "strange",
        sa.Column("id", BIG, nullable=False),
        sa.Column("source", AutoString(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("why", AutoString(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_strange")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_strange_at", "strange", ["at"], unique=False)
    op.create_table(
        "alert",
        sa.Column("id", BIG, nullable=False),
        sa.Column("key", AutoString(), nullable=False),
        sa.Column("source", AutoString(), nullable=False),
        sa.Column("search", sa.Text(), nullable=False),
        sa.Column("link", AutoString(), nullable=False),
        sa.Column("state", AutoString(), nullable=False),
        sa.Column("playbook", AutoString(), nullable=False),
        sa.Column("incident", BIG, nullable=True),
        sa.Column("group", AutoString(), nullable=False),
        sa.Column("declared", sa.Boolean(), nullable=False),
        sa.Column("offered", sa.Boolean(), nullable=False),
        sa.Column("behind", BIG, nullable=True),
        sa.Column("look_at", UTCDateTime(), nullable=True),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("stale", sa.Boolean(), nullable=False),
        sa.Column("posted", sa.Integer(), nullable=False),
        sa.Column("last_at", UTCDateTime(), nullable=False),
        sa.Column("document", DATA, nullable=False),
        sa.ForeignKeyConstraint(["incident"], ["incident.number"], name=op.f("fk_alert_incident")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
        sa.UniqueConstraint("key", name=op.f("uq_alert_key")),
        sqlite_autoincrement=True,
    )
    _some("ix_alert_incident", "incident", where="incident IS NOT NULL")
    _some("ix_alert_group", "group", "playbook", where="incident IS NOT NULL")
    _some("ix_alert_declared", "decided_at", where="declared")
    _some("ix_alert_offered", "decided_at", where="offered")
    _some("ix_alert_behind", "behind", where="behind IS NOT NULL")
    _some("ix_alert_look_at", "look_at", where="look_at IS NOT NULL")
    _some("ix_alert_stale", "incident", where="stale")
    op.create_index("ix_alert_last_at", "alert", ["last_at"], unique=False)
    op.create_table(
        "posted",
        sa.Column("platform", AutoString(), nullable=False),
        sa.Column("key", AutoString(), nullable=False),
        sa.Column("ref", AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "key", name=op.f("pk_posted")),
    )
    loose = sa.text("incident IS NULL AND done_at IS NULL AND stream IS NOT NULL")
    op.create_index(
        "ix_owed_stream",
        "owed",
        ["platform", "stream"],
        unique=False,
        postgresql_where=loose,
        sqlite_where=loose,
    )


def _some(name: str, *columns: str, where: str) -> None:
    """An index over the rows for which this holds."""
    sqlite = where if "NULL" in where else f"{where} = 1"
    op.create_index(
        name, "alert", [*columns], unique=False, postgresql_where=sa.text(where), sqlite_where=sa.text(sqlite)
    )
