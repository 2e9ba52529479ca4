"""Everything that can go wrong around real bots, one after the other, while they are killed; every effect counted.

``python -m tests.chaos`` runs it all with a thousand kills and exits 1 unless nothing is lost, doubled or wrong.
``--quick`` takes a few minutes. See docs/chaos.md.
"""

import asyncio
import json
import random
import signal
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from tests.chaos.disorders import DISORDERS, Disorder
from tests.chaos.run import Row, run
from tests.chaos.table import table
from tests.support.postgres import binaries

DATABASES = ("sqlite", "postgres")
KILLS, QUICK_KILLS = 1000, 60
AWAY, QUICK_AWAY = 600.0, 20.0


def shares(disorders: list[Disorder], databases: tuple[str, ...], kills: int) -> dict[tuple[str, str], int]:
    """How many of the kills happen in each row; their sum is at least ``kills``."""
    rows = [(each, on) for each in disorders for on in databases if on in each.databases]
    weights = {(each.name, on): each.share / sum(of in databases for of in each.databases) for each, on in rows}
    whole = sum(weights.values())
    return {row: -int(-kills * weight // whole) for row, weight in weights.items()}


def missing(disorder: Disorder, database: str) -> str:
    """Why a row is left out here; empty where it is not."""
    if database == "postgres" and binaries() is None:
        return "there are no PostgreSQL binaries here (PG_BIN, PATH, /usr/lib/postgresql)"
    return disorder.lacks(database)


def main(
    kills: Annotated[int, typer.Option(min=0, max=5000, help="In all, shared among what goes wrong")] = 0,
    database: Annotated[str, typer.Option(help="sqlite, postgres or both")] = "both",
    only: Annotated[str, typer.Option(help="Names of disorders, with commas between")] = "",
    quick: Annotated[bool, typer.Option("--quick", help="A few minutes: few kills, short outages")] = False,
    away: Annotated[float, typer.Option(min=0, max=3600, help="Seconds of the long outages")] = 0.0,
    seed: Annotated[int, typer.Option(help="The same seed gives the same disorder")] = 0,
    keep: Annotated[Path | None, typer.Option(help="Folder for logs and databases")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the table as JSON")] = False,
) -> None:
    """Break things, count, tell."""
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, signal.default_int_handler)  # whatever was started is stopped then, too
    kills = kills or (QUICK_KILLS if quick else KILLS)
    away = away or (QUICK_AWAY if quick else AWAY)
    seed = seed or random.SystemRandom().randrange(10**6)
    names = [name.strip() for name in only.split(",") if name.strip()]
    chosen = [each() for each in DISORDERS if not names or each.name in names]
    if not chosen or len(chosen) < len(names):
        raise typer.BadParameter(f"known are: {', '.join(each.name for each in DISORDERS)}", param_hint="--only")
    databases = DATABASES if database == "both" else (database,)
    folder = keep or Path(tempfile.mkdtemp(prefix="tocsin-chaos-"))
    folder.mkdir(parents=True, exist_ok=True)
    told: list[Row] = []
    left_out: list[str] = []
    for (name, on), many in shares(chosen, databases, kills).items():
        disorder = next(each for each in chosen if each.name == name)
        if why := missing(disorder, on):
            left_out.append(f"{name} on {on} is left out: {why}.")
            continue
        print(f"{name} on {on}, {many} kills: {disorder.says}", file=sys.stderr, flush=True)
        row = asyncio.run(run(disorder, on, kills=many, seed=seed, folder=folder, away=away))
        print(table([row], head=not told), file=sys.stderr, flush=True)
        told.append(row)
    _tell(told, left_out, seed=seed, folder=folder, as_json=as_json)
    raise typer.Exit(0 if all(row.clean for row in told) else 1)


def _tell(told: list[Row], left_out: list[str], *, seed: int, folder: Path, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"seed": seed, "rows": [row.figures() for row in told], "left out": left_out}, indent=2))
        return
    print(f"seed {seed}; logs in {folder}\n\n{table(told)}")
    for line in left_out:
        print(line)


if __name__ == "__main__":
    typer.run(main)
