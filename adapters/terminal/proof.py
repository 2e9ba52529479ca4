"""``tocsin verify``: whether what was kept is what happened."""

import json
from collections.abc import Coroutine, Sequence
from typing import Annotated, Any, Protocol

import typer

from adapters.terminal import going
from bot.audit import Verdict
from bot.timeline import Anchor


class Proves(Protocol):
    """Whoever proves timelines."""

    def verify(self, numbers: Sequence[int], anchors: Sequence[Anchor] = ()) -> Coroutine[Any, Any, list[Verdict]]:
        """A verdict for each of these incidents, of every one where none is named."""
        ...


def add(app: typer.Typer, bot: Proves) -> None:
    """Add the command."""

    @app.command()
    def verify(
        incidents: Annotated[list[int] | None, typer.Argument(help="Numbers; all where left out.")] = None,
        anchor: Annotated[
            list[str] | None,
            typer.Option(help="HEAD:LENGTH as the resolution message or an export has it; may be repeated."),
        ] = None,
        json_: Annotated[bool, typer.Option("--json", help="Print JSON for a script.")] = False,
    ) -> None:
        """Prove that timelines are whole: nothing changed, lost or swapped; with an anchor, nothing written anew.

        Example: tocsin verify 42 --anchor 3f9ab2c4d5e6f708:34
        """
        anchors = _anchors(anchor or [], incidents or [])
        going.go(prove(bot, incidents or [], anchors, as_json=json_))


def _anchors(words: Sequence[str], incidents: Sequence[int]) -> list[Anchor]:
    if words and len(incidents) != 1:
        typer.echo("An anchor belongs to one incident: name it, like `tocsin verify 42 --anchor …`.", err=True)
        raise typer.Exit(2)
    try:
        return [Anchor.read(one) for one in words]
    except ValueError as wrong:
        typer.echo(f"{wrong}.", err=True)
        raise typer.Exit(2) from wrong


async def prove(bot: Proves, incidents: Sequence[int], anchors: Sequence[Anchor], *, as_json: bool) -> int:
    """Say whether they are whole; the exit code."""
    rows = await bot.verify(incidents, anchors)
    broken = [row for row in rows if not row["whole"]]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
    else:
        for row in broken:
            typer.echo(f"#{row['incident']}: {row['says']}")
        typer.echo(f"{len(rows) - len(broken)} of {len(rows)} timelines are whole.")
    return 1 if broken else 0
