"""The timeline: what happened in an incident, append-only, each entry holding the hash of the one before.

The chain makes a changed, lost or swapped entry visible: the hash of an entry is SHA-256 over the hash before it and
the entry's own content as canonical JSON (sorted keys, no spaces, UTF-8).
"""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC
from enum import StrEnum
from typing import Self

from pydantic import AwareDatetime, ConfigDict, Field

from bot.model import Model

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
    PUBLIC = "public"
    """What customers see on the status pages."""
    ALERT = "alert"
    MAIL = "mail"
    """The e-mail to customers."""
    POSTMORTEM = "postmortem"
    ACTION = "action"
    """An action item that was added, changed, done or dropped."""
    PERMISSION = "permission"
    """A permission rule was set aside, or nobody was there whom it names."""
    END = "end"


class Entry(Model):
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
    content = {
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "kind": entry.kind.value,
        "text": entry.text,
        "by": entry.by,
        "actor": entry.actor,
        "data": entry.data,
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


SHOWN = 16
"""Digits of a head where people read it; 64 bits are more than anybody fits a forged chain to."""
_ANCHOR = re.compile(r"(?P<head>[0-9a-f]{16,64})\s*:\s*(?P<length>\d{1,9})")
_SAID = re.compile(r"(?P<length>\d{1,9})\s+entr(?:y|ies)\W+(?P<head>[0-9a-f]{16,64})")


@dataclass(frozen=True, slots=True)
class Anchor:
    """How a chain stood at one moment, kept where whoever holds the database cannot reach it."""

    head: str
    """Hash of its last entry (hex); a shorter one, of 16 digits at least, is the beginning of it."""
    length: int
    """How many entries it had."""

    @classmethod
    def read(cls, words: str) -> Self:
        """As it is written (``HEAD:LENGTH``) or as the resolution tells it (``34 entries · HEAD``); raises
        ``ValueError`` with what would be right."""
        plain = words.strip().casefold().removeprefix("record:").strip()
        found = _ANCHOR.fullmatch(plain) or _SAID.fullmatch(plain)
        if found is None or not int(found["length"]):
            raise ValueError(f"“{words[:100]}” is no anchor; write it like 3f9ab2c4d5e6f708:34, as exports print it")
        return cls(found["head"], int(found["length"]))

    def fits(self, digest: str) -> bool:
        """Whether this is the hash of the entry that it names."""
        return digest.startswith(self.head)

    @property
    def short(self) -> str:
        """For people: ``34 entries · 3f9ab2c4d5e6f708``."""
        return f"{self.length} {'entry' if self.length == 1 else 'entries'} · {self.head[:SHOWN]}"

    def __str__(self) -> str:
        """``HEAD:LENGTH``."""
        return f"{self.head}:{self.length}"
