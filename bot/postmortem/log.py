"""The log of incidents: a file with one line for each, kept in whatever shape the organisation gave it.

Lines of others are never touched. The bot's own is known by its seal, and left alone once somebody changed it.
"""

import re
from collections.abc import Callable, Sequence
from enum import StrEnum

from pydantic import ConfigDict

from bot.model import Model
from bot.postmortem import paths, seal
from bot.postmortem.markdown import address, inline

_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_ITEM = re.compile(r"^(?P<bullet>[-*+]) .*?\d{4}-\d{2}-\d{2}")
_RULE = re.compile(r"^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")
_CELLS = re.compile(r"(?<!\\)\|")
_FENCE = re.compile(r"^ {0,3}(?:```|~~~)")


class Row(Model):
    """What the log says of one incident; whatever is not known is empty."""

    model_config = ConfigDict(frozen=True)

    number: int
    date: str
    severity: str
    title: str
    status: str
    duration: str = ""
    lead: str = ""
    cause: str = ""
    fix: str = ""
    report: str = ""
    """Path of the post-mortem in the same repository, or its address."""


class Entered(StrEnum):
    """What became of the line."""

    WRITTEN = "written"
    SAME = "same"
    """It stands there as it should."""
    LEFT = "left"
    """Somebody changed it by hand, so it stays as it is."""


COLUMNS: dict[str, tuple[str, ...]] = {
    "date": ("date", "day", "when", "declared", "started"),
    "number": ("#", "id", "no", "nr", "number", "incident id", "incident no"),
    "title": ("title", "incident", "what", "what happened", "summary", "description", "name"),
    "severity": ("severity", "sev", "level", "priority"),
    "status": ("status", "state"),
    "duration": ("duration", "lasted", "downtime", "length", "time to resolve", "ttr"),
    "lead": ("lead", "incident lead", "owner", "commander", "ic"),
    "cause": ("root cause", "cause"),
    "fix": ("fix", "resolution", "remedy"),
    "report": ("report", "link", "postmortem", "document", "doc", "file", "details", "review"),
}
"""What a column may be called that holds each of them."""
USUAL = ("Date", "No", "Severity", "Incident", "Status", "Duration", "Report")
"""The columns of a log that the bot begins."""


def enter(text: str, row: Row, *, log: str) -> tuple[str, Entered]:
    """Put a row into the text of a log (its path is ``log``), or bring the one that stands there up to date."""
    lines = text.splitlines(keepends=True)
    for place, line in enumerate(lines):
        if seal.name_of(line) == str(row.number):
            return _renew(lines, place, row, log)
    end = "\r\n" if "\r\n" in text else "\n"
    at, written = _new(lines, row, log)
    if at == len(lines) and lines and not lines[-1].endswith(("\n", "\r")):
        lines[-1] += end
    lines[at:at] = [f"{line}{end}" for line in written]
    return "".join(lines), Entered.WRITTEN


def _renew(lines: list[str], place: int, row: Row, log: str) -> tuple[str, Entered]:
    line = lines[place]
    if not seal.holds(line):
        return "".join(lines), Entered.LEFT
    table = next((one for one in _tables(lines) if one[0] < place < one[1]), None)
    item = _ITEM.match(line)
    new = _as_row(row, _columns(lines[table[0]]), log) if table else _as_item(row, item["bullet"] if item else "-", log)
    if seal.same(new, line):
        return "".join(lines), Entered.SAME
    lines[place] = new + line[len(line.rstrip("\r\n")) :]
    return "".join(lines), Entered.WRITTEN


def _new(lines: Sequence[str], row: Row, log: str) -> tuple[int, list[str]]:
    """Where a new line belongs, and what is to be written there."""
    for head, end in _tables(lines):
        columns = _columns(lines[head])
        if len(set(filter(None, columns))) > 1:
            first, last = _date(lines[head + 2 : end], 0), _date(lines[head + 2 : end], -1)
            return head + 2 if first > last else end, [_as_row(row, columns, log)]
    items = [(place, found["bullet"]) for place, line in _outside_fences(lines) if (found := _ITEM.match(line))]
    if items:
        first, last = _date([lines[items[0][0]]], 0), _date([lines[items[-1][0]]], 0)
        return items[0][0] if first > last else items[-1][0] + 1, [_as_item(row, items[-1][1], log)]
    top = ["# Incident log", ""] if not "".join(lines).strip() else [""]
    columns = _columns(f"| {' | '.join(USUAL)} |")
    table = [f"| {' | '.join(USUAL)} |", f"|{'---|' * len(USUAL)}", _as_row(row, columns, log)]
    return len(lines), [*top, *table]


def _outside_fences(lines: Sequence[str]) -> list[tuple[int, str]]:
    """The lines that are not shown as code."""
    found, within = [], False
    for place, line in enumerate(lines):
        if _FENCE.match(line):
            within = not within
        elif not within:
            found.append((place, line))
    return found


def _tables(lines: Sequence[str]) -> list[tuple[int, int]]:
    """Each table: the line of its head, and the line behind its last row."""
    open_ones = dict(_outside_fences(lines))
    found = []
    for place, line in open_ones.items():
        if "|" in line and "|" in (rule := open_ones.get(place + 1, "")) and _RULE.match(rule):
            end = place + 2
            while "|" in open_ones.get(end, ""):
                end += 1
            found.append((place, end))
    return found


def _columns(head: str) -> list[str]:
    """What each column of a table holds; empty for those that nobody here knows."""
    names = [" ".join(re.sub(r"[^\w# ]", "", cell.replace("-", "")).split()).casefold() for cell in _cells(head)]
    every = {name: what for what, known in COLUMNS.items() for name in known}
    found = [every.get(name, "") for name in names]
    return [what if what not in found[:place] else "" for place, what in enumerate(found)]


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in _CELLS.split(line.strip().removeprefix("|").removesuffix("|"))]


def _date(lines: Sequence[str], place: int) -> str:
    """The first date in one of the lines; empty where there is none."""
    found = _DATE.search(lines[place]) if lines else None
    return found[0] if found is not None else ""


def _as_row(row: Row, columns: Sequence[str], log: str) -> str:
    cells = [_CELL[what](row, log) if what else "" for what in columns]
    line = f"| {' | '.join(cells)} |"
    cells[-1] = f"{cells[-1]} {seal.sealed(line, str(row.number)).removeprefix(line).strip()}".strip()
    return f"| {' | '.join(cells)} |"


def _as_item(row: Row, bullet: str, log: str) -> str:
    shown = ("date", "severity", "title", "status", "duration", "report")
    told = " · ".join(filter(None, (_CELL[what](row, log) for what in shown)))
    return seal.sealed(f"{bullet} {told}", str(row.number))


def _report(row: Row, log: str) -> str:
    if "://" in row.report or not row.report:
        return address(row.report, "report") if row.report else ""
    target = re.sub(r"[%#<>]", lambda sign: f"%{ord(sign[0]):02X}", paths.relative(row.report, log))
    return f"[report](<{target}>)" if re.search(r"[\s()]", target) else f"[report]({target})"


_CELL: dict[str, Callable[[Row, str], str]] = {
    "date": lambda row, _: row.date,
    "number": lambda row, _: str(row.number),
    "title": lambda row, _: inline(row.title),
    "severity": lambda row, _: inline(row.severity),
    "status": lambda row, _: inline(row.status),
    "duration": lambda row, _: row.duration,
    "lead": lambda row, _: inline(row.lead),
    "cause": lambda row, _: inline(row.cause),
    "fix": lambda row, _: inline(row.fix),
    "report": _report,
}
