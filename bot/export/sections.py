"""A record in the order in which people read it: sections of rows, the same for every kind of document."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from bot.durations import say_duration
from bot.export.record import Clock, Happened, Record, Step

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_TURNS = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Marks that turn the direction of what follows: shown by their numbers, so that nothing reads other than it stands."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One value."""

    text: str
    url: str = ""
    """Where it leads; empty where it leads nowhere."""


@dataclass(frozen=True, slots=True)
class Section:
    """Rows under a heading; the last value of a row is the long one."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def sections(record: Record) -> Iterator[Section]:
    """All sections that have anything to say."""
    at = _Times(record.timezone)
    yield _section("Facts", ("Fact", "Value"), list(_facts(record, at)))
    known = (
        _section("Roles", ("Role", "Person"), [(one.title, one.person or "nobody") for one in record.roles]),
        _section("Flags", ("Flag", "Why"), [(one.name, one.value) for one in record.flags]),
        _links(record),
        _section("Status updates", ("When", "By", "Update"), [
            (at.say(one.at), one.by, _marked(one)) for one in record.timeline if one.kind == "update"
        ]),
        _section("Deadlines", ("Deadline", "Due", "Became"), [
            (one.title, at.say(one.due_at), _became(one, at)) for one in record.deadlines
        ]),
        *(
            _section(f"Checklist: {sheet.title}", ("Step", "State", "What"), [
                (str(place), _state(step, at), step.text) for place, step in enumerate(sheet.steps, 1)
            ])
            for sheet in record.checklists
        ),
        _alerts(record, at),
        _timeline(record, at),
    )  # fmt: skip
    yield from (section for section in known if section.rows)


def headline(record: Record) -> str:
    """``#42 · SEV1 · checkout is down``, with what is special about it before it."""
    marks = [mark for mark, so in (("DRILL", record.drill), ("PRIVATE", record.private)) if so]
    return clean(" · ".join([*marks, f"#{record.number}", record.severity.upper(), record.title])).replace("\n", " ")


def clean(text: str) -> str:
    """Text in which every character is seen: no control characters, and no marks that turn what follows around."""
    plain = _CONTROL.sub("\ufffd", re.sub(r"\r\n?|[\u2028\u2029]", "\n", text))
    return _TURNS.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", plain)


def leads(url: str) -> str:
    """An address that may be a link: of the web, and with nothing in it that ends it early; else empty."""
    try:
        parts = urlsplit(url)
        fine = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return ""
    return quote(url, safe="%/:=&?~#+!$,;@*[]") if fine and not _CONTROL.search(url) else ""


class _Times:
    def __init__(self, timezone: str) -> None:
        self._zone = ZoneInfo(timezone)

    def say(self, at: datetime | None) -> str:
        """With its distance to UTC, so that the hour that comes twice is told apart; empty where it is unknown."""
        return at.astimezone(self._zone).isoformat(sep=" ", timespec="seconds") if at is not None else ""


def _section(title: str, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Section:
    return Section(clean(title), columns, tuple(tuple(Cell(clean(value)) for value in row) for row in rows))


def _facts(record: Record, at: _Times) -> Iterator[tuple[str, str]]:
    lasted = record.lasted_seconds
    rows = (
        ("Status", record.status),
        ("Severity", record.severity),
        ("Declared", f"{at.say(record.declared_at)} by {record.declared_by}"),
        ("Began", at.say(record.began_at)),
        ("Acknowledged", at.say(record.acknowledged_at)),
        ("Identified", at.say(record.identified_at)),
        ("Mitigated", at.say(record.mitigated_at)),
        ("Resolved", at.say(record.resolved_at)),
        ("Ended", at.say(record.ended_at)),
        ("Lasted", say_duration(timedelta(seconds=lasted)) if lasted is not None else ""),
        *((one.name, one.value) for one in record.facts),
        ("Responders", ", ".join(record.responders)),
        ("Process", f"{record.playbook}, version {record.version}"),
        ("Time zone", record.timezone),
    )
    return ((name, value) for name, value in rows if value)


def _links(record: Record) -> Section:
    rows = tuple((Cell(clean(one.label or "link")), Cell(clean(one.url), leads(one.url))) for one in record.links)
    return Section("Links", ("Label", "Address"), rows)


def _alerts(record: Record, at: _Times) -> Section:
    rows = tuple(
        (
            Cell(clean(one.sender)),
            Cell(f"{one.state}, {at.say(one.first_at)} to {at.say(one.last_at)}, {one.count}×"),
            Cell(clean(one.title), leads(one.link)),
        )
        for one in record.alerts
    )
    return Section("Alerts", ("From", "State", "Alert"), rows)


def _timeline(record: Record, at: _Times) -> Section:
    rows = tuple(
        (
            Cell(str(one.seq), leads(one.link)),
            Cell(at.say(one.at)),
            Cell(one.kind),
            Cell(clean(one.by)),
            Cell(clean(_marked(one))),
        )
        for one in record.timeline
    )
    return Section("Timeline", ("No.", "When", "Kind", "By", "What"), rows)


def _marked(one: Happened) -> str:
    if one.taken_back is not None:
        return f"[taken back by entry {one.taken_back}] {one.text}"
    return f"[corrects entry {one.corrects}] {one.text}" if one.corrects is not None else one.text


def _became(one: Clock, at: _Times) -> str:
    if one.dropped_at is not None:
        return f"called off {at.say(one.dropped_at)}{f', because {one.dropped_because}' if one.dropped_because else ''}"
    late = f"missed, noted {at.say(one.missed_at)}; " if one.missed_at is not None else ""
    if one.met_at is None:
        return f"{late}open"
    return f"{late}met {at.say(one.met_at)}{f' by {one.met_by}' if one.met_by else ''}"


def _state(step: Step, at: _Times) -> str:
    said = f"{step.state} {at.say(step.at)}{f' by {step.by}' if step.by else ''}".strip()
    return f"{said}: {step.note}" if step.note else said
