"""Which incidents freeze production, and since when."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column and its index; nothing froze production before."""
    op.add_column("incident", sa.Column("frozen_at", UTCDateTime(), nullable=True))
    op.create_index(
        "ix_incident_frozen",
        "incident",
        ["frozen_at"],
        unique=False,
        postgresql_where=sa.text("frozen_at IS NOT NULL"),
        sqlite_where=sa.text("frozen_at IS NOT NULL"),
    )
