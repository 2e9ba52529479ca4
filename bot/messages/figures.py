"""Figures of the incidents of some days."""

from collections.abc import Sequence
from datetime import timedelta
from statistics import median

from bot.card import Card, CardField
from bot.durations import say_duration
from bot.incident import Incident
from bot.playbook.shape import Playbook


def card(past: Sequence[Incident], playbooks: Sequence[Playbook], *, days: int) -> Card:
    """Counts and medians in words, each with its formula; severities in the order of the playbooks loaded."""
    if not past:
        return Card(title=f"The last {days} days", text=("No incident was declared. All was calm.",))
    names = [*(s.name for playbook in playbooks for s in playbook.severities), *(one.severity for one in past)]
    counts = {name: sum(one.severity == name for one in past) for name in dict.fromkeys(names)}
    by_severity = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    real = [one for one in past if one.ended_at is None or one.resolved_at is not None]
    acked = [one.acknowledged_at - one.declared_at for one in real if one.acknowledged_at is not None]
    mitigated = [one.mitigated_at - one.began_at for one in real if one.mitigated_at is not None]
    solved = [one.resolved_at - one.began_at for one in real if one.resolved_at is not None]
    rows = (
        ("Time to acknowledge", "first acknowledgement or update − declared", acked),
        ("Time to mitigate", "first in monitoring or resolved − began", mitigated),
        ("Time to resolve", "resolved − began", solved),
    )
    fields = [CardField(name=name, value=(_median(spans), f" ({formula}; of {_many(len(spans))})"))
              for name, formula, spans in rows]  # fmt: skip
    cancelled = len(past) - len(real)
    called_off = f" False alarms among them: {cancelled}." if cancelled else ""
    text = f"{_many(len(past))}: {by_severity}.{called_off} Drills and private ones are left out. Medians:"
    return Card(title=f"The last {days} days", text=(text,), fields=tuple(fields))


def _many(count: int) -> str:
    return "1 incident" if count == 1 else f"{count} incidents"


def _median(spans: Sequence[timedelta]) -> str:
    return say_duration(timedelta(seconds=median(span.total_seconds() for span in spans))) if spans else "none yet"
