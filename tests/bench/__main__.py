"""Measure: ``python -m tests.bench [--only NAME] [--json FILE] [--quick]``. Ends by itself within twelve minutes."""

import asyncio
import gc
import json
import logging
import os
import platform
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated

import structlog
import typer

from tests.bench import acks, alerts, commands, costs, reminders, status, trips
from tests.bench.figures import table
from tests.bench.places import Bench, bench

SECTIONS: dict[str, Callable[[Bench], Coroutine[None, None, None]]] = {
    "trips": trips.measure,
    "acks": acks.measure,
    "reminders": reminders.measure,
    "commands": commands.measure,
    "costs": costs.measure,
    "alerts": alerts.measure,
    "status": status.measure,
}


def main(
    only: Annotated[str, typer.Option(help=f"One section: {', '.join(SECTIONS)}")] = "",
    json_: Annotated[Path | None, typer.Option("--json", help="Write the figures to this file, too")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Shorter and coarser, under two minutes")] = False,
) -> None:
    """Measure and print; exits 1 where a promise is not kept."""
    if only and only not in SECTIONS:
        raise typer.BadParameter(f"There is no section “{only}”: choose from {', '.join(SECTIONS)}.")
    began = time.monotonic()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with bench(quick=quick) as room:
        for name, measure in SECTIONS.items():
            if only in ("", name):
                print(f"{name} …", flush=True)
                leave_garbage()
                asyncio.run(measure(room))
    load = os.getloadavg()[0]
    print(table(room.figures))
    print(f"\n{os.cpu_count()} cores, load {load:.1f} at the end, Python {platform.python_version()}, "
          f"{time.monotonic() - began:.0f} s in all.")  # fmt: skip
    if json_ is not None:
        json_.write_text(json.dumps([figure.data() for figure in room.figures], indent=1, ensure_ascii=False) + "\n")
    raise typer.Exit(0 if all(figure.kept for figure in room.figures) else 1)


def leave_garbage() -> None:
    """Clear up now, and search the whole memory for garbage no more until the next section.

    This process holds Slack and Discord as well as the stop-watch: looking through all their objects stops it for 100
    to 350 ms, twice in 20 s, and whoever waits for an acknowledgement meanwhile looks late. The bot is another process.
    """
    gc.collect()
    gc.set_threshold(20_000, 20, 1_000_000)


if __name__ == "__main__":
    typer.run(main)
