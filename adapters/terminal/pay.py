"""``tocsin oncall pay``: a pay report as a table, as JSON, or as CSV that no spreadsheet takes for formulas."""

import csv
import json
from collections.abc import Coroutine, Sequence
from decimal import Decimal, InvalidOperation
from io import StringIO
from typing import Annotated, Any, Protocol

import typer

from adapters.terminal.going import go
from bot.errors import Mistake
from bot.paying import Asked, Line

COLUMNS = (
    "month", "playbook", "rotation", "person", "name", "currency", "weeks", "base", "incidents", "paged",
    "weekend_covered", "weekend_hours", "weekend", "total",
)  # fmt: skip
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a cell must not begin with [OWASP, CSV Injection]; a quote before it makes it text."""
MOST = Decimal(1_000_000)


class Pays(Protocol):
    """Whoever knows what is paid."""

    def paid(self, asked: Asked, *, playbook: str) -> Coroutine[Any, Any, Sequence[Line]]:
        """What everybody earned in one playbook, or in all in force; raises ``Mistake``."""
        ...


def add(app: typer.Typer, bot: Pays) -> None:
    """Add the command to those of on-call."""

    @app.command()
    def pay(
        month: Annotated[str, typer.Option(help="The month, like 2026-11.")],
        rotation: Annotated[str, typer.Option(help="One rotation only, by its name.")] = "",
        playbook: Annotated[str, typer.Option(help="One playbook only; all in force where left out.")] = "",
        rate: Annotated[str, typer.Option(help="What an hour is paid, for weekend work.")] = "",
        hours: Annotated[list[str] | None, typer.Option(help="Worked at weekends: ana=3.5; may be repeated.")] = None,
        json_: Annotated[bool, typer.Option("--json", help="Print JSON for a script.")] = False,
        csv_: Annotated[bool, typer.Option("--csv", help="Print CSV for a spreadsheet.")] = False,
    ) -> None:
        """Report what on-call is paid for a month, as the playbook's `pay` has it.

        A base for each week (a part of a week is that part of it), a sum for each incident that somebody was paged
        for, and weekend work at its factor. Each amount is rounded to hundredths, halves up.

        Example: tocsin oncall pay --month 2026-11 --rate 80 --hours ana=3.5 --csv
        """
        if json_ and csv_:
            typer.echo("Choose --json or --csv.", err=True)
            raise typer.Exit(2)
        try:
            asked = Asked(month, rotation, _number(rate, "--rate") if rate else None, _hours(hours or []))
        except Mistake as mistake:
            typer.echo(str(mistake), err=True)
            raise typer.Exit(2) from mistake
        go(_report(bot, asked, playbook, form="json" if json_ else "csv" if csv_ else "table"))


async def _report(bot: Pays, asked: Asked, playbook: str, *, form: str) -> int:
    try:
        found = await bot.paid(asked, playbook=playbook)
    except Mistake as mistake:
        typer.echo(str(mistake), err=True)
        return 2
    rows = [_row(asked.month.strip(), one) for one in found]
    match form:
        case "json":
            typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        case "csv":
            typer.echo(_csv(rows), nl=False)
        case _:
            typer.echo(_table(rows))
    return 0


def _row(month: str, line: Line) -> dict[str, Any]:
    """Amounts are text, so that no reader makes them inexact."""
    one = line.earned
    return {
        "month": month,
        "playbook": line.playbook,
        "rotation": one.rotation,
        "person": one.person,
        "name": line.name,
        "currency": one.currency,
        "weeks": f"{one.weeks:f}",
        "base": f"{one.base:f}",
        "incidents": list(one.incidents),
        "paged": f"{one.paged:f}",
        "weekend_covered": f"{one.weekend_covered:f}",
        "weekend_hours": f"{one.weekend_hours:f}",
        "weekend": f"{one.weekend:f}",
        "total": f"{one.total:f}",
    }


def _csv(rows: Sequence[dict[str, Any]]) -> str:
    out = StringIO()
    writer = csv.writer(out)  # RFC 4180: CRLF, quotes doubled
    writer.writerow(COLUMNS)
    for row in rows:
        numbers = " ".join(f"#{number}" for number in row["incidents"])
        writer.writerow([_cell(numbers if name == "incidents" else str(row[name])) for name in COLUMNS])
    return out.getvalue()


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text


def _table(rows: Sequence[dict[str, Any]]) -> str:
    if not rows:
        return "Nobody earned anything: no rotation with `pay` had anybody on call in that month."
    lines = []
    for row in rows:
        paged = f"{len(row['incidents'])} incidents {row['paged']}" if row["incidents"] else "no incident"
        weekend = f", weekend work {row['weekend_hours']} h {row['weekend']}" if Decimal(row["weekend_hours"]) else ""
        lines.append(
            f"{row['playbook']}/{row['rotation']}  {_plain(row['name'])}: {row['weeks']} weeks {row['base']}, "
            f"{paged}{weekend} = {row['total']} {row['currency']}"
        )
    return "\n".join([*lines, *_sums(rows)])


def _sums(rows: Sequence[dict[str, Any]]) -> list[str]:
    totals: dict[str, Decimal] = {}
    for row in rows:
        totals[row["currency"]] = totals.get(row["currency"], Decimal(0)) + Decimal(row["total"])
    return [f"In all: {total:f} {currency}" for currency, total in totals.items()]


def _plain(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable())


def _number(text: str, option: str) -> Decimal:
    try:
        number = Decimal(text.strip())
    except InvalidOperation as no:
        raise Mistake(f"“{text[:20]}” is no number. Write {option} like 80 or 3.5.") from no
    if not number.is_finite() or not 0 <= number <= MOST:
        raise Mistake(f"“{text[:20]}” is out of range for {option}: it is 0 or more, and at most {MOST}.")
    return number


def _hours(words: Sequence[str]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for one in words:
        person, separator, hours = one.partition("=")
        if not separator or not person.strip():
            raise Mistake(f"“{one[:40]}” says no hours. Write --hours ana=3.5.")
        found[person.strip()] = found.get(person.strip(), Decimal(0)) + _number(hours, "--hours")
    return found
