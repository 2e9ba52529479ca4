"""Running a command's work, and saying in words why it cannot be done."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import typer

from bot.errors import Mistake, Refused, TryLater
from bot.playbook.load import BadPlaybook


def go(work: Coroutine[Any, Any, int]) -> None:
    """Run a command's work; its number is the exit code."""
    try:
        code = asyncio.run(work)
    except (Refused, TryLater) as no:
        typer.echo(f"The database cannot be used: {no.why}. `tocsin doctor` says more.", err=True)
        code = 1
    except (BadPlaybook, Mistake) as bad:
        typer.echo(str(bad), err=True)
        code = 1
    raise typer.Exit(code)
