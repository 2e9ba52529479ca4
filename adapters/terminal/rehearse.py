"""``tocsin rehearse``: what would happen and when, as a table for people or as JSON for scripts."""

import asyncio
import json
import re
import shutil
import textwrap
from collections.abc import Coroutine, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Protocol

import typer

from bot.durations import parse_duration, say_duration
from bot.errors import Mistake
from bot.happenings import Happening, after, moment
from bot.playbook.load import BadPlaybook
from bot.rehearsing import Answers, Plan

_RESOLVE = re.compile(r"resolve-after[\s=:]+(?P<span>.+)", re.IGNORECASE)


class Rehearses(Protocol):
    """Whoever rehearses."""

    def rehearse(self, name: str, plan: Plan) -> Coroutine[Any, Any, list[Happening]]:
        """Everything that would happen, in order of time."""
        ...


def add(app: typer.Typer, bot: Rehearses) -> None:
    """Add the command."""

    @app.command()
    def rehearse(
        playbook: Annotated[str, typer.Argument(help="Name of a shipped playbook, or a folder.")],
        severity: Annotated[str, typer.Argument(help="One of its severities.")],
        span: Annotated[str, typer.Argument(help="The time that belongs to --with resolve-after.", hidden=True)] = "",
        length: Annotated[str, typer.Option("--for", help="How far to look ahead.")] = "4h",
        at: Annotated[str, typer.Option(help="When it is declared, like 2026-11-27T03:00Z; now where left out.")] = "",
        with_: Annotated[
            str, typer.Option("--with", help="What people do: silence, updates, or resolve-after 50m.")
        ] = "silence",
        title: Annotated[str, typer.Option(help="Title of the incident.")] = "rehearsal",
        json_: Annotated[bool, typer.Option("--json", help="Print JSON for a script.")] = False,
    ) -> None:
        """Print everything that would happen and when, on a virtual clock and with no chat at all.

        Example: tocsin rehearse werkly sev1 --for 3h
        """
        try:
            plan = _plan(severity, title, length=length, at=at, answers=f"{with_} {span}")
            told = asyncio.run(bot.rehearse(playbook, plan))
        except (Mistake, ValueError) as mistake:
            typer.echo(str(mistake), err=True)
            raise typer.Exit(2) from mistake
        except BadPlaybook as bad:
            typer.echo(str(bad), err=True)
            raise typer.Exit(1) from bad
        began = told[0].at
        rows = [_row(one, began) for one in told]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1) if json_ else _table(told, began))


def _plan(severity: str, title: str, *, length: str, at: str, answers: str) -> Plan:
    chosen, resolve_after = answers.strip(), None
    found = _RESOLVE.fullmatch(chosen)
    if found is not None:
        chosen, resolve_after = Answers.UPDATES, parse_duration(found["span"])
    if chosen not in list(Answers):
        raise Mistake(f"“{chosen}” is nothing to rehearse with. Write updates, silence or resolve-after 50m.")
    moment = _moment(at) if at else None
    return Plan(severity, title, parse_duration(length), moment, Answers(chosen), resolve_after)


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise Mistake(f"“{text}” is no time; write it like 2026-11-27T03:00Z or 2026-11-27T03:00+01:00.") from error
    return (moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)).astimezone(UTC)


def _row(one: Happening, began: datetime) -> dict[str, object]:
    row: dict[str, object] = {
        "at": _iso(one.at),
        "after": after(one, began),
        "kind": one.kind.value,
        "who": list(one.who),
        "text": one.text,
    }
    return row | ({"due": _iso(one.due)} if one.due is not None else {})


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _table(told: Sequence[Happening], began: datetime) -> str:
    width = max(60, min(shutil.get_terminal_size((120, 24)).columns, 160))
    lines = [f"Declared {moment(began)}"]
    shown = ""
    for one in told:
        mark = _after(one, began)
        head = f"{mark if mark != shown else '':>8}  {one.kind.value:<11}  "
        shown = mark
        unnamed = [name for name in one.who if not _stands(name, one.text)]
        for line in (*one.text.splitlines(), *([f"→ {', '.join(unnamed)}"] if unnamed else [])):
            lines += textwrap.wrap(line, width, initial_indent=head, subsequent_indent=" " * len(head)) or [""]
            head = " " * len(head)
    return "\n".join(lines)


def _stands(name: str, text: str) -> bool:
    """Whether a text names somebody: ``#incident`` does not stand in ``#incident-2026-11-20``."""
    return re.search(rf"{re.escape(name)}(?![\w-])", text) is not None


def _after(one: Happening, began: datetime) -> str:
    span = one.at - began
    return f"+{say_duration(span)}" if span else "at once"
