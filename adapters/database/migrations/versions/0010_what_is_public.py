"""Which incidents customers were told of, and until when that is of matter."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column and its index; customers were told of nothing before."""
    op.add_column("incident", sa.Column("public_until", UTCDateTime(), nullable=True))
    op.create_index(
        "ix_incident_public",
        "incident",
        ["public_until"],
        unique=False,
        postgresql_where=sa.text("public_until IS NOT NULL"),
        sqlite_where=sa.text("public_until IS NOT NULL"),
    )
