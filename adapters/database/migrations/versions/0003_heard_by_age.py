"""What was heard is found by its age, to be deleted."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    op.create_index("ix_heard_at", "heard", ["at"], unique=False)
