"""Figures of the incidents of some time, each with the formula it comes from."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from statistics import fmean, median
from zoneinfo import ZoneInfo

from bot.card import Card, CardField, Code
from bot.durations import say_duration
from bot.messages.answers import worst
from bot.messages.listing import narrowed
from bot.playbook.shape import Playbook
from bot.reader import Counted, Sought

WEEKS = 12
"""Weeks that are told one by one, the latest first."""
LEFT_OUT = "Cancelled ones, drills and private ones are left out."
FORMULAS: tuple[tuple[str, str, Callable[[Counted], tuple[datetime | None, datetime]]], ...] = (
    ("MTTA, to acknowledge", "first acknowledgement or update − declared",
     lambda one: (one.acknowledged_at, one.declared_at)),
    ("MTTM, to mitigate", "first in monitoring or resolved − began", lambda one: (one.mitigated_at, one.began_at)),
    ("MTTR, to resolve", "resolved − began", lambda one: (one.resolved_at, one.began_at)),
)  # fmt: skip
"""What each figure is called, how it is worked out, and its end and beginning."""


def card(
    counted: Sequence[Counted], playbooks: Sequence[Playbook], *, sought: Sought, days: int | None, zone: ZoneInfo
) -> Card:
    """Counts by severity and week, and mean and median times; severities in the order of the playbooks loaded.

    ``days`` is how far back they reach where nobody named a date; weeks begin on Mondays in ``zone``.
    """
    what = narrowed(sought if days is None else Sought(sought.words, sought.severities, sought.component), zone)
    title = ", ".join(filter(None, (f"The last {days} days" if days is not None else "Figures", what)))
    if not counted:
        if not sought.words:
            return Card(title=title[:150], text=(f"No incident was declared. {LEFT_OUT}",))
        declare = Code(text=f"/incident {worst(playbooks[0])} …")
        return Card(title=title[:150], text=(f"None found. {LEFT_OUT} To declare one: ", declare))
    order = list(dict.fromkeys(s.name for playbook in playbooks for s in playbook.severities))
    by_severity = _counts((one.severity for one in counted), order)
    weeks = CardField(name="By week", value=(_weeks(counted, order, zone),))
    times = [CardField(name=name, value=(_times(counted, formula, ends),)) for name, formula, ends in FORMULAS]
    return Card(title=title[:150], text=(f"{_many(len(counted))}: {by_severity}. {LEFT_OUT}",), fields=(weeks, *times))


def _counts(severities: Iterable[str], order: Sequence[str]) -> str:
    counts = Counter(severities)
    names = dict.fromkeys((*(name for name in order if name in counts), *counts))
    return ", ".join(f"{counts[name]} {name}" for name in names)


def _weeks(counted: Sequence[Counted], order: Sequence[str], zone: ZoneInfo) -> str:
    weeks: dict[date, list[str]] = {}
    for one in counted:
        day = one.declared_at.astimezone(zone).date()
        weeks.setdefault(day - timedelta(days=day.weekday()), []).append(one.severity)
    latest = sorted(weeks, reverse=True)
    lines = [f"{monday:%Y-%m-%d}: {_counts(weeks[monday], order)}" for monday in latest[:WEEKS]]
    if earlier := latest[WEEKS:]:
        lines.append(f"earlier: {_counts((name for monday in earlier for name in weeks[monday]), order)}")
    return "\n".join(lines)


def _times(
    counted: Sequence[Counted], formula: str, ends: Callable[[Counted], tuple[datetime | None, datetime]]
) -> str:
    pairs = (ends(one) for one in counted)
    seconds = [(end - begin).total_seconds() for end, begin in pairs if end is not None]
    if not seconds:
        return f"none yet ({formula})"
    middle, mean = (say_duration(timedelta(seconds=value)) for value in (median(seconds), fmean(seconds)))
    return f"median {middle}, mean {mean} ({formula}; of {_many(len(seconds))})"


def _many(count: int) -> str:
    return "1 incident" if count == 1 else f"{count} incidents"
