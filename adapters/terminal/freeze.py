"""``tocsin freeze``: whether production is frozen, for a step of a pipeline."""

import asyncio
from typing import Annotated, NoReturn, Protocol

import typer

from bot.errors import Mistake, Refused, TryLater
from bot.freezing import FreezeState
from bot.incident import ADDRESS

FREE, FROZEN, WRONG_USE, NOBODY = 0, 1, 2, 3
"""Exit codes; 3 where nobody could be asked, so that a pipeline chooses what that means."""


class Freezes(Protocol):
    """Whoever knows whether production is frozen."""

    async def frozen(self, *, change: str = "", url: str = "") -> FreezeState:
        """As the bot at ``url`` says, or where there is none, as the database does; raises ``TryLater``, ``Refused``
        and ``Mistake``."""
        ...


def add(app: typer.Typer, bot: Freezes) -> None:
    """Add the command."""

    @app.command()
    def freeze(
        change: Annotated[str, typer.Option(help="Address of a change: may this one pass?")] = "",
        url: Annotated[
            str,
            typer.Option(envvar="TOCSIN_URL", help="Address of the running bot; without it the database is asked."),
        ] = "",
        json_: Annotated[bool, typer.Option("--json", help="Print JSON for a script.")] = False,
    ) -> None:
        """Tell whether production is frozen: exits 0 where it is not (or the change may pass), 1 where it is, 3 where
        nobody could be asked.

        Example: tocsin freeze --url https://tocsin.example --change https://github.com/acme/shop/pull/7
        """
        for name, value in (("--change", change), ("--url", url)):
            if value and not ADDRESS.fullmatch(value):
                _say(f"“{value[:80]}” is no address. Give {name} whole, with https:// before it.", WRONG_USE)
        try:
            told = asyncio.run(bot.frozen(change=change, url=url))
        except (Refused, TryLater, Mistake) as no:
            _say(f"Nobody could be asked whether production is frozen: {str(no).rstrip('.')}.", NOBODY)
        typer.echo(told.model_dump_json() if json_ else told.says)
        raise typer.Exit(FREE if told.passes else FROZEN)


def _say(sentence: str, code: int) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(code)
