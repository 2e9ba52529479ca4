"""What is searched: one line of what is known of an incident, and behind it the words of its updates and notes."""

import unicodedata
from collections import defaultdict

import sqlalchemy as sa
from alembic import op
from pydantic_core import from_json

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KNOWN = ("title", "component", "impact", "affected", "environment", "fix")
KINDS = ("update", "note")
SAID = 1500
BATCH = 500
incident = sa.table("incident", sa.column("number"), sa.column("search", sa.Text), sa.column("document", sa.Text))
entry = sa.table("entry", *(sa.column(name) for name in ("incident", "seq", "kind", "text")))


def upgrade() -> None:
    """Make it of the documents and the timelines."""
    connection = op.get_bind()
    statement = sa.update(incident).where(incident.c.number == sa.bindparam("stored"))
    last = 0
    while True:
        document = sa.cast(incident.c.document, sa.Text)
        piece = sa.select(incident.c.number, document).where(incident.c.number > last)
        rows = connection.execute(piece.order_by(incident.c.number).limit(BATCH)).all()
        if not rows:
            return
        said = _said(connection, [number for number, _ in rows])
        searched = [{"stored": number, "search": f"{_line(kept)}\n{said[number]}"} for number, kept in rows]
        connection.execute(statement, searched)
        last = rows[-1][0]


def _said(connection: sa.Connection, numbers: list[int]) -> dict[int, str]:
    c, words = entry.c, defaultdict[int, dict[str, None]](dict)
    texts = sa.select(c.incident, c.text).where(c.incident.in_(numbers), c.kind.in_(KINDS))
    for number, text in connection.execute(texts.order_by(c.incident, c.seq)):
        words[number] |= dict.fromkeys(_folded(text).split())
    return defaultdict(str, {number: "".join(f" {word}" for word in each)[:SAID] for number, each in words.items()})


def _line(document: str) -> str:
    kept = from_json(document)
    fields = (kept.get("fields") or {}).values()
    known = (f"#{kept['number']}", *(kept.get(name) or "" for name in KNOWN), *fields)
    return " ".join(_folded(" ".join(known)).split())


def _folded(words: str) -> str:
    plain = unicodedata.normalize("NFKD", words)
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()
