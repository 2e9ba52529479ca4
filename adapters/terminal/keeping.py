"""``tocsin backup`` and ``tocsin restore``: a copy of what the bot keeps, and back."""

from collections.abc import Awaitable
from pathlib import Path
from typing import Annotated, Any, Protocol

import typer

from adapters.terminal import going, proof


class Keeps(proof.Proves, Protocol):
    """Whoever makes copies and puts them back."""

    def backup(self, into: Path) -> Awaitable[Any]:
        """Copy database and key; see :class:`bot.keeping.Kept`. Raises ``Mistake``."""
        ...

    def restore(self, source: Path | None, *, beyond: int) -> Awaitable[Any]:
        """Put a copy back; see :class:`bot.keeping.Restored`. Raises ``Mistake``."""
        ...


def add(app: typer.Typer, bot: Keeps) -> None:
    """Add the commands."""

    @app.command()
    def backup(file: Annotated[Path, typer.Argument(help="The file to make; it must not be there yet.")]) -> None:
        """Copy the SQLite database into one file, also while the bot runs; its key goes beside it.

        Example: tocsin backup backups/tocsin-$(date +%F).db
        """

        async def work() -> int:
            kept = await bot.backup(file)
            typer.echo(f"The database is copied: {kept.file}, {kept.bytes:,} bytes.")
            if kept.key is not None:
                typer.echo(f"The key that opens people's own routes: {kept.key}. Keep it apart from the copy.")
            return 0

        going.go(work())

    @app.command()
    def restore(
        file: Annotated[
            Path | None,
            typer.Argument(help="A copy that `tocsin backup` made. Without it: the database was put back already."),
        ] = None,
        beyond: Annotated[
            int, typer.Option(help="The highest number of an incident seen in chat; new ones come after it.", min=0)
        ] = 0,
    ) -> None:
        """Put a copy back while the bot is stopped, and prove it. What stood in its place is set aside.

        What was owed when the copy was made is looked for in chat before it is done. For PostgreSQL: pg_restore first,
        then this without a file.

        Example: tocsin restore backups/tocsin-2026-11-27.db --beyond 61
        """

        async def work() -> int:
            restored = await bot.restore(file, beyond=beyond)
            typer.echo("The database is back and up to date.")
            if restored.aside is not None:
                typer.echo(f"What stood in its place: {restored.aside}.")
            if restored.doubted:
                typer.echo(f"Owed when it was copied: {restored.doubted}. Each is looked for before it is done.")
            return await proof.prove(bot, [], [], as_json=False)

        going.go(work())
