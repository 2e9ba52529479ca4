"""The first tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DATA = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")

ENTRIES_STAY_SQLITE = """
CREATE TRIGGER entry_{event} BEFORE {event} ON entry
BEGIN SELECT RAISE(ABORT, 'a timeline is append-only'); END
"""
ENTRIES_STAY_POSTGRESQL = """
CREATE FUNCTION entry_stays() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'a timeline is append-only'; END $$
"""


def upgrade() -> None:
    """Create everything."""
    op.create_table(
        "heard",
        sa.Column("key", AutoString(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_heard")),
    )
    op.create_table(
        "incident",
        sa.Column("number", BIG, nullable=False),
        sa.Column("title", AutoString(), nullable=False),
        sa.Column("severity", AutoString(), nullable=False),
        sa.Column("status", AutoString(), nullable=False),
        sa.Column("stage", AutoString(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("drill", sa.Boolean(), nullable=False),
        sa.Column("component", AutoString(), nullable=True),
        sa.Column("channel_name", AutoString(), nullable=True),
        sa.Column("commander", AutoString(), nullable=True),
        sa.Column("declared_at", UTCDateTime(), nullable=False),
        sa.Column("resolved_at", UTCDateTime(), nullable=True),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("next_due_at", UTCDateTime(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.Column("search", sa.Text(), nullable=False),
        sa.Column("document", DATA, nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_incident")),
        sa.UniqueConstraint("channel_name", name=op.f("uq_incident_channel_name")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_incident_declared_at", "incident", ["declared_at"], unique=False)
    op.create_index(
        "ix_incident_due",
        "incident",
        ["next_due_at"],
        unique=False,
        postgresql_where=sa.text("next_due_at IS NOT NULL"),
        sqlite_where=sa.text("next_due_at IS NOT NULL"),
    )
    op.create_index(
        "ix_incident_open",
        "incident",
        ["declared_at"],
        unique=False,
        postgresql_where=sa.text("open"),
        sqlite_where=sa.text("open = 1"),
    )
    op.create_index(
        "ix_incident_counted",
        "incident",
        ["severity", "status"],
        unique=False,
        postgresql_where=sa.text("NOT private AND NOT drill"),
        sqlite_where=sa.text("private = 0 AND drill = 0"),
    )
    op.create_table(
        "parked",
        sa.Column("id", BIG, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("actor", AutoString(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parked")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "playbook",
        sa.Column("name", AutoString(), nullable=False),
        sa.Column("version", AutoString(), nullable=False),
        sa.Column("document", DATA, nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", "version", name=op.f("pk_playbook")),
    )
    op.create_table(
        "entry",
        sa.Column("incident", BIG, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("kind", AutoString(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by", AutoString(), nullable=False),
        sa.Column("actor", AutoString(), nullable=False),
        sa.Column("data", DATA, nullable=False),
        sa.Column("before", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["incident"], ["incident.number"], name=op.f("fk_entry_incident")),
        sa.PrimaryKeyConstraint("incident", "seq", name=op.f("pk_entry")),
    )
    op.create_table(
        "member",
        sa.Column("incident", BIG, nullable=False),
        sa.Column("person", AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["incident"], ["incident.number"], name=op.f("fk_member_incident")),
        sa.PrimaryKeyConstraint("incident", "person", name=op.f("pk_member")),
    )
    op.create_table(
        "owed",
        sa.Column("id", BIG, nullable=False),
        sa.Column("incident", BIG, nullable=True),
        sa.Column("platform", AutoString(), nullable=False),
        sa.Column("key", AutoString(), nullable=False),
        sa.Column("kind", AutoString(), nullable=False),
        sa.Column("intent", DATA, nullable=False),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("needs", DATA, nullable=False),
        sa.Column("after", DATA, nullable=False),
        sa.Column("stream", AutoString(), nullable=True),
        sa.Column("ready", sa.Boolean(), nullable=False),
        sa.Column("owed_at", UTCDateTime(), nullable=False),
        sa.Column("not_before", UTCDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("unsure", sa.Boolean(), nullable=False),
        sa.Column("look_first", sa.Boolean(), nullable=False),
        sa.Column("fence", BIG, nullable=False),
        sa.Column("first_try_at", UTCDateTime(), nullable=True),
        sa.Column("claimed_by", AutoString(), nullable=True),
        sa.Column("claimed_until", UTCDateTime(), nullable=True),
        sa.Column("done_at", UTCDateTime(), nullable=True),
        sa.Column("gave_up", sa.Boolean(), nullable=False),
        sa.Column("why", AutoString(), nullable=True),
        sa.ForeignKeyConstraint(["incident"], ["incident.number"], name=op.f("fk_owed_incident")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_owed")),
        sa.UniqueConstraint("incident", "platform", "key", name=op.f("uq_owed_incident_platform_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_owed_claim",
        "owed",
        ["platform", "urgency", "id"],
        unique=False,
        postgresql_where=sa.text("done_at IS NULL AND ready"),
        sqlite_where=sa.text("done_at IS NULL AND ready = 1"),
    )
    op.create_index(
        "ix_owed_open",
        "owed",
        ["incident", "platform"],
        unique=False,
        postgresql_where=sa.text("done_at IS NULL"),
        sqlite_where=sa.text("done_at IS NULL"),
    )
    op.create_index(
        "uq_owed_loose",
        "owed",
        ["platform", "key"],
        unique=True,
        postgresql_where=sa.text("incident IS NULL"),
        sqlite_where=sa.text("incident IS NULL"),
    )
    op.create_table(
        "placed",
        sa.Column("platform", AutoString(), nullable=False),
        sa.Column("ref", AutoString(), nullable=False),
        sa.Column("incident", BIG, nullable=False),
        sa.Column("key", AutoString(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["incident"], ["incident.number"], name=op.f("fk_placed_incident")),
        sa.PrimaryKeyConstraint("platform", "ref", name=op.f("pk_placed")),
        sa.UniqueConstraint("incident", "platform", "key", name=op.f("uq_placed_incident_platform_key")),
    )
    op.create_index(
        "ix_placed_channel",
        "placed",
        ["incident", "platform"],
        unique=False,
        postgresql_where=sa.text("generation > 0"),
        sqlite_where=sa.text("generation > 0"),
    )
    op.create_table(
        "seen",
        sa.Column("incident", BIG, nullable=False),
        sa.Column("person", AutoString(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["incident"], ["incident.number"], name=op.f("fk_seen_incident")),
        sa.PrimaryKeyConstraint("incident", "person", name=op.f("pk_seen")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(ENTRIES_STAY_POSTGRESQL)
        op.execute(
            "CREATE TRIGGER entry_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON entry "
            "FOR EACH STATEMENT EXECUTE FUNCTION entry_stays()"
        )
    else:
        for event in ("UPDATE", "DELETE"):
            op.execute(ENTRIES_STAY_SQLITE.format(event=event))
