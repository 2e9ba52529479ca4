"""When incidents began, were acknowledged and mitigated, in columns of their own, for figures."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op
from pydantic_core import from_json
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TIMES = ("began_at", "acknowledged_at", "mitigated_at")
BATCH = 500
incident = sa.table(
    "incident", sa.column("number"), sa.column("document", sa.Text), *(sa.column(name, UTCDateTime()) for name in TIMES)
)


def upgrade() -> None:
    """Add the columns and fill them from the documents."""
    for name in TIMES:
        op.add_column("incident", sa.Column(name, UTCDateTime(), nullable=True))
    _fill(op.get_bind())


def _fill(connection: sa.Connection) -> None:
    statement = sa.update(incident).where(incident.c.number == sa.bindparam("stored"))
    last = 0
    while True:
        document = sa.cast(incident.c.document, sa.Text)
        piece = sa.select(incident.c.number, document).where(incident.c.number > last)
        rows = connection.execute(piece.order_by(incident.c.number).limit(BATCH)).all()
        if not rows:
            return
        connection.execute(statement, [{"stored": number} | _times(kept) for number, kept in rows])
        last = rows[-1][0]


def _times(document: str) -> dict[str, Any]:
    kept = from_json(document)
    return {name: datetime.fromisoformat(kept[name]) if kept.get(name) else None for name in TIMES}
