"""Several incidents, one a line."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.card import Bold, Card, Code, Room, Span, Style, When
from bot.messages.answers import worst
from bot.messages.lengths import shorten
from bot.playbook.shape import Playbook
from bot.reader import Sought, Summary

TITLE = 80
"""Characters of a title in a list."""


def incidents(title: str, found: Sequence[Summary], *, empty: str) -> Card:
    """Incidents, one a line."""
    text: list[str | Span] = []
    for one in found:
        mark = "DRILL · " if one.drill else "🔒 " if one.private else ""
        text += [
            "\n" if text else "",
            Bold(text=f"#{one.number}"),
            f" {mark}{one.severity.upper()} · {shorten(one.title, TITLE)} · {one.status} · ",
            When(at=one.declared_at, style=Style.RELATIVE),
            " · ",
            Room(name=one.channel_name, refs=one.refs),
            f" · {one.commander}" if one.commander else "",
        ]
    return Card(title=title, text=tuple(part for part in text if part) or (empty,))


def found(sought: Sought, those: Sequence[Summary], playbook: Playbook, *, zone: ZoneInfo) -> Card:
    """Incidents that are sought; where there is none, also how one is declared: that may have been meant."""
    title = f"Incidents {narrowed(sought, zone)}"[:250]
    if those:
        return incidents(title, those, empty="")
    declare = Code(text=f"/incident {worst(playbook)} …")
    where = "None found; words are looked for in what is known of an incident, its updates and notes. Fewer find more; "
    return Card(title=title, text=(where, declare, " declares one."))


def narrowed(sought: Sought, zone: ZoneInfo) -> str:
    """What is sought, in words: ``with “checkout”, severity sev1, since 2026-10-01``; dates are days in this zone."""
    said = [f"with “{sought.words}”"] if sought.words else []
    said += [f"severity {' or '.join(sorted(sought.severities))}"] if sought.severities else []
    said += [f"component {sought.component}"] if sought.component else []
    said += [f"since {_moment(sought.since, zone)}"] if sought.since is not None else []
    said += [f"before {_moment(sought.until, zone)}"] if sought.until is not None else []
    return ", ".join(said)


def _moment(at: datetime, zone: ZoneInfo) -> str:
    there = at.astimezone(zone)
    return f"{there:%Y-%m-%d}" if (there.hour, there.minute) == (0, 0) else f"{there:%Y-%m-%d %H:%M}"
