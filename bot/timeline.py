"""The timeline: what happened in an incident, append-only, each entry holding the hash of the one before.

The chain makes a changed, lost or swapped entry visible: the hash of an entry is SHA-256 over the hash before it and
the entry's own content as canonical JSON (sorted keys, no spaces, UTF-8).
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC
from enum import StrEnum

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

BEGINNING = "0" * 64
"""What the first entry holds in place of a hash before it."""


class Kind(StrEnum):
    """What sort of thing happened."""

    DECLARED = "declared"
    UPDATE = "update"
    STATUS = "status"
    SEVERITY = "severity"
    ROLE = "role"
    NOTE = "note"
    RETRACTION = "retraction"
    FACT = "fact"
    LINK = "link"
    REMINDER = "reminder"
    ANSWER = "answer"
    ROUND = "round"
    PEOPLE = "people"
    LATE = "late"
    DEADLINE = "deadline"
    CHECKLIST = "checklist"
    CHECK = "check"
    FLAG = "flag"
    ESCALATION = "escalation"
    FREEZE = "freeze"
    CHANGE = "change"
    """A change to production that somebody made."""
    PAGE = "page"
    ALERT = "alert"
    POSTMORTEM = "postmortem"
    END = "end"


class Entry(BaseModel):
    """One thing that happened."""

    model_config = ConfigDict(frozen=True)

    at: AwareDatetime
    """When it happened; a pinned message's own time, for instance, not the pin's."""
    kind: Kind
    text: str
    """In plain words; what people wrote stands in it as they wrote it."""
    by: str = ""
    """Name of the person, or ``Tocsin``."""
    actor: str = ""
    """Key of the person, empty for Tocsin."""
    data: dict[str, str] = Field(default_factory=dict)
    """Facts for machines: a permanent link, a message's reference, old and new value."""


@dataclass(frozen=True, slots=True)
class Link:
    """An entry in its place in the chain."""

    incident: int
    seq: int
    """1 for the first entry of the incident."""
    entry: Entry
    before: str
    hash: str


def chain_hash(incident: int, seq: int, entry: Entry, *, before: str) -> str:
    """The hash that binds an entry to its place and to all before it (hex SHA-256)."""
    content = entry.model_dump(mode="json") | {
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "incident": incident,
        "seq": seq,
        "before": before,
    }
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def append(incident: int, entries: Iterable[Entry], *, length: int, head: str) -> list[Link]:
    """Chain new entries after the ``length`` that stand, the last of which hashes to ``head``."""
    links: list[Link] = []
    for seq, entry in enumerate(entries, start=length + 1):
        digest = chain_hash(incident, seq, entry, before=head)
        links.append(Link(incident, seq, entry, head, digest))
        head = digest
    return links


def verify(links: Iterable[Link], *, length: int, head: str) -> str | None:
    """``None`` if the chain is whole and ends as the incident says, else where it breaks, in words."""
    before, count = BEGINNING, 0
    for link in links:
        count += 1
        if link.seq != count:
            return f"entry {count} is missing; entry {link.seq} stands in its place"
        if link.before != before:
            return f"entry {link.seq} does not follow entry {link.seq - 1}: one of them was changed or swapped"
        if chain_hash(link.incident, link.seq, link.entry, before=before) != link.hash:
            return f"entry {link.seq} was changed after it was written"
        before = link.hash
    if count != length:
        return f"the incident counts {length} entries, but {count} are there"
    return None if before == head else f"the last entry is not the one the incident names (entry {count})"
