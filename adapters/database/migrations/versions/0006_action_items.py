"""Action items, for lists over all incidents."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table; no incident had items before."""
    op.create_table(
        "action",
        sa.Column("incident", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("playbook", AutoString(), nullable=False),
        sa.Column("owner", AutoString(), nullable=True),
        sa.Column("due_at", UTCDateTime(), nullable=True),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["incident"], ["incident.number"], name=op.f("fk_action_incident")),
        sa.PrimaryKeyConstraint("incident", "number", name=op.f("pk_action")),
    )
    op.create_index(
        "ix_action_open",
        "action",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("NOT done"),
        sqlite_where=sa.text("done = 0"),
    )
