"""Which alerts customers were told of before any incident took them over."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column and its index; customers were told of no alert before."""
    op.add_column("alert", sa.Column("public_until", UTCDateTime(), nullable=True))
    op.create_index(
        "ix_alert_public",
        "alert",
        ["public_until"],
        unique=False,
        postgresql_where=sa.text("public_until IS NOT NULL"),
        sqlite_where=sa.text("public_until IS NOT NULL"),
    )
