"""Accounts that people linked, and the codes by which they do it."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "account",
        sa.Column("platform", AutoString(), nullable=False),
        sa.Column("handle", AutoString(), nullable=False),
        sa.Column("person", AutoString(), nullable=False),
        sa.Column("name", AutoString(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "handle", name=op.f("pk_account")),
    )
    op.create_index("ix_account_person", "account", ["person"], unique=False)
    op.create_table(
        "code",
        sa.Column("platform", AutoString(), nullable=False),
        sa.Column("handle", AutoString(), nullable=False),
        sa.Column("name", AutoString(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("until", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "handle", name=op.f("pk_code")),
        sa.UniqueConstraint("digest", name=op.f("uq_code_digest")),
    )
    op.create_table(
        "wrong_code",
        sa.Column("platform", AutoString(), nullable=False),
        sa.Column("handle", AutoString(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("until", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "handle", name=op.f("pk_wrong_code")),
    )
