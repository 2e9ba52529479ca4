"""``tocsin export``: incidents to take along, as documents; private ones, too, for who has this machine has them."""

import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Annotated, Protocol

import typer

from adapters.terminal import going
from bot.export.record import Record
from bot.export.writing import Format, schema, write

ANCHORS = "anchors.txt"
"""A line for each exported incident: the command that holds it against the export."""


class Exports(Protocol):
    """Whoever knows incidents."""

    def records(self, numbers: Sequence[int]) -> AsyncGenerator[tuple[int, Record | None]]:
        """Records of these incidents, of every one where none is named; ``None`` where there is no such incident."""
        ...


def add(app: typer.Typer, bot: Exports) -> None:
    """Add the command."""

    @app.command()
    def export(
        incident: Annotated[int | None, typer.Argument(help="Its number.")] = None,
        form: Annotated[Format, typer.Option("--format", help="Markdown, JSON, or a page to print.")] = Format.MARKDOWN,
        out: Annotated[Path | None, typer.Option(help="A file, or with --all a folder; else it is printed.")] = None,
        all_: Annotated[bool, typer.Option("--all", help="Every incident, each to a file of its own.")] = False,
        schema_: Annotated[bool, typer.Option("--schema", help="Print the JSON Schema of the format json.")] = False,
    ) -> None:
        """Write everything that is known of an incident, with the line that proves it.

        Example: tocsin export 42 --format html --out incident-42.html
        """
        if schema_:
            typer.echo(json.dumps(schema(), indent=2))
            raise typer.Exit
        if all_ == (incident is not None) or (all_ and out is None):
            typer.echo(
                "Name one incident, like `tocsin export 42`, or all: `tocsin export --all --out FOLDER`.", err=True
            )
            raise typer.Exit(2)
        try:
            going.go(_all(bot, form, out or Path()) if incident is None else _one(bot, incident, form, out))
        except OSError as no:
            typer.echo(f"Nothing can be written there: {no.strerror or no} ({no.filename}).", err=True)
            raise typer.Exit(1) from no


async def _one(bot: Exports, number: int, form: Format, out: Path | None) -> int:
    code = 0
    async with aclosing(bot.records([number])) as records:  # left early, it would be closed after its loop
        async for _, record in records:
            if record is None:
                typer.echo(f"There is no incident #{number}.", err=True)
                return 1
            if out is None:
                typer.echo(write(record, form), nl=False)
            else:
                _keep(out, write(record, form))
            code = max(code, _told(record))
    return code


async def _all(bot: Exports, form: Format, folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)  # noqa: ASYNC240  # nothing else runs beside it
    code, commands = 0, []
    async with aclosing(bot.records([])) as records:
        async for number, record in records:
            if record is None:
                typer.echo(
                    f"Of #{number} nothing is left but entries of its timeline: `tocsin verify {number}`.", err=True
                )
                code = 1
                continue
            _keep(folder / f"incident-{number:05}.{form}", write(record, form))
            commands.append(record.proof.command)
            code = max(code, _told(record))
    _keep(folder / ANCHORS, "".join(f"{command}\n" for command in commands))
    typer.echo(f"{len(commands)} incidents are written. Keep {ANCHORS} where nobody can change it.", err=True)
    return code


def _keep(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8", newline="\n")


def _told(record: Record) -> int:
    if record.proof.whole:
        return 0
    typer.echo(f"The timeline of #{record.number} is broken: {record.proof.says}.", err=True)
    return 1
