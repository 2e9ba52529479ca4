"""From what the core speaks of to rows, and back."""

import unicodedata
from collections.abc import Iterable
from datetime import datetime
from typing import Any, get_args

from pydantic import TypeAdapter
from pydantic_core import from_json, to_json
from sqlalchemy import RowMapping

from adapters.database import tables as t
from bot.incident import Incident
from bot.intents import Intent, Urgency
from bot.ledger import Claimed
from bot.playbook.process import Stage
from bot.progress import Allowed
from bot.public import public_until
from bot.reader import Frozen, Summary
from bot.store import Owed
from bot.timeline import Entry, Kind, Link

INTENT: TypeAdapter[Intent] = TypeAdapter(Intent)
KINDS = frozenset(str(each.model_fields["kind"].default) for each in get_args(get_args(Intent)[0]))
"""Kinds of effects that this version knows."""

SUMMARY = (
    *(t.incident.c.number, t.incident.c.title, t.incident.c.severity, t.incident.c.status, t.incident.c.stage),
    *(t.incident.c.private, t.incident.c.drill, t.incident.c.component, t.incident.c.declared_at),
    *(t.incident.c.commander, t.incident.c.channel_name),
)
"""The columns of a :class:`Summary`."""
SEARCHED = (Kind.UPDATE, Kind.NOTE)
"""Entries whose words are searched."""
SAID = 1500
"""Characters of such words that are kept for the search, the first ones: what a search may have to read. Ours."""


def folded(words: str) -> str:
    """Words as they are searched: without case, accents and ligatures."""
    plain = unicodedata.normalize("NFKD", words)
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()


def json_of(values: Any) -> str:
    """Canonical enough: sets are written in order."""
    return to_json(sorted(values) if isinstance(values, frozenset) else values).decode()


def keys_of(stored: str) -> frozenset[str]:
    """A set of keys, as it was stored."""
    return frozenset(from_json(stored))


def incident_row(incident: Incident, *, next_due_at: datetime | None, commander: str | None) -> dict[str, Any]:
    """Every column but the number."""
    return {
        "title": incident.title,
        "severity": incident.severity,
        "status": incident.status,
        "stage": incident.stage.value,
        "open": incident.open,
        "private": incident.private,
        "drill": incident.drill,
        "component": incident.component,
        "channel_name": incident.channel_name or None,
        "commander": commander,
        "declared_at": incident.declared_at,
        "began_at": incident.began_at,
        "acknowledged_at": incident.acknowledged_at,
        "mitigated_at": incident.mitigated_at,
        "resolved_at": incident.resolved_at,
        "ended_at": incident.ended_at,
        "next_due_at": next_due_at,
        "frozen_at": None if incident.drill else incident.progress.frozen_at,
        "public_until": public_until(incident),
        "revision": incident.revision,
        "entries": incident.entries,
        "head": incident.head,
        "search": facts(incident),
        "document": incident.model_dump_json(),
    }


def frozen(at: datetime, document: str, shown: Summary | None) -> Frozen:
    """What an incident that freezes production keeps of that."""
    kept = from_json(document)["progress"]
    allowed = tuple(Allowed.model_validate(one) for one in kept.get("allowed", ()))
    return Frozen(at, shown, kept.get("frozen_by", ""), kept.get("frozen_because", ""), allowed)


def facts(incident: Incident) -> str:
    """What is known of an incident, as it is searched: one line."""
    known = (f"#{incident.number}", incident.title, incident.component or "", incident.impact, incident.affected,
             incident.environment, incident.fix, *incident.fields.values())  # fmt: skip
    return f"{' '.join(folded(' '.join(known)).split())}\n"


def said(entries: Iterable[Entry]) -> str:
    """The words of updates and notes, each once, as they are searched; empty or with a space before them."""
    texts = " ".join(entry.text for entry in entries if entry.kind in SEARCHED)
    return "".join(f" {word}" for word in dict.fromkeys(folded(texts).split()))


def entry_row(link: Link) -> dict[str, Any]:
    """An entry in its place."""
    entry = link.entry
    return {
        "incident": link.incident,
        "seq": link.seq,
        "at": entry.at,
        "kind": entry.kind.value,
        "text": entry.text,
        "by": entry.by,
        "actor": entry.actor,
        "data": json_of(entry.data),
        "before": link.before,
        "hash": link.hash,
    }


def link(row: RowMapping) -> Link:
    """An entry in its place, as it was stored."""
    entry = Entry(
        at=row["at"],
        kind=Kind(row["kind"]),
        text=row["text"],
        by=row["by"],
        actor=row["actor"],
        data=from_json(row["data"]),
    )
    return Link(row["incident"], row["seq"], entry, row["before"], row["hash"])


def owed_row(owed: Owed, *, incident: int | None, needs: frozenset[str], ready: bool) -> dict[str, Any]:
    """An effect that is newly owed, but for the time, which the database tells. ``needs`` are its intent's."""
    return {
        "incident": incident,
        "platform": owed.platform,
        "key": owed.key,
        "kind": owed.intent.kind,
        "intent": owed.intent.model_dump_json(),
        "urgency": int(owed.urgency),
        "needs": json_of(needs),
        "after": json_of(owed.after),
        "stream": owed.stream,
        "ready": ready,
    }


def claimed(row: RowMapping, refs: dict[str, str]) -> Claimed:
    """An effect in a worker's hands."""
    return Claimed(
        id=row["id"],
        fence=row["fence"],
        key=row["key"],
        platform=row["platform"],
        incident=row["incident"],
        intent=INTENT.validate_json(row["intent"]),
        attempts=row["attempts"],
        look_first=row["look_first"],
        owed_at=row["owed_at"],
        first_try_at=row["first_try_at"],
        refs=refs,
        urgency=Urgency(row["urgency"]),
        stream=row["stream"],
    )


def summary(row: RowMapping, refs: dict[str, str]) -> Summary:
    """An incident in a list."""
    return Summary(
        number=row["number"],
        title=row["title"],
        severity=row["severity"],
        status=row["status"],
        stage=Stage(row["stage"]),
        private=row["private"],
        drill=row["drill"],
        component=row["component"],
        declared_at=row["declared_at"],
        commander=row["commander"],
        channel_name=row["channel_name"] or "",
        refs=refs,
    )
