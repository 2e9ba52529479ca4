"""Where people are reached, sealed; their quiet hours; and the key that was made where no SECRET_KEY is set."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "route",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person", AutoString(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("service", AutoString(), nullable=False),
        sa.Column("kind", AutoString(), nullable=False),
        sa.Column("tail", AutoString(), nullable=False),
        sa.Column("added_at", UTCDateTime(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("code_until", UTCDateTime(), nullable=True),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("verified_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_route")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_route_person", "route", ["person"], unique=False)
    op.create_table(
        "quiet_hours",
        sa.Column("person", AutoString(), nullable=False),
        sa.Column("begins", AutoString(), nullable=False),
        sa.Column("ends", AutoString(), nullable=False),
        sa.Column("zone", AutoString(), nullable=False),
        sa.Column("excepts", AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_quiet_hours")),
    )
    op.create_table(
        "kept_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_key")),
    )
