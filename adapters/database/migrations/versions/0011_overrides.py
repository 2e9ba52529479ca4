"""Overrides: somebody is on call in place of whoever a rotation says."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "override",
        sa.Column("id", BIG, nullable=False),
        sa.Column("playbook", AutoString(), nullable=False),
        sa.Column("rotation", AutoString(), nullable=False),
        sa.Column("person", AutoString(), nullable=False),
        sa.Column("instead_of", AutoString(), nullable=True),
        sa.Column("begins", UTCDateTime(), nullable=False),
        sa.Column("ends", UTCDateTime(), nullable=False),
        sa.Column("by", AutoString(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("taken_back_at", UTCDateTime(), nullable=True),
        sa.Column("taken_back_by", AutoString(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_override")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_override_ends", "override", ["ends"], unique=False)
