"""Measure: ``python -m tests.bench [--only NAME] [--json FILE] [--markdown FILE] [--quick]``. Ends by itself."""

import asyncio
import compileall
import gc
import json
import logging
import os
import platform
import time
import timeit
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated

import structlog
import typer

from tests.bench import acks, alerts, commands, costs, reminders, status, trips, web
from tests.bench.figures import CROWDED, Figure
from tests.bench.places import Bench, bench
from tests.bench.tables import bare_programs, summary, table

SECTIONS: dict[str, Callable[[Bench], Coroutine[None, None, None]]] = {
    "trips": trips.measure,
    "acks": acks.measure,
    "reminders": reminders.measure,
    "commands": commands.measure,
    "costs": costs.measure,
    "alerts": alerts.measure,
    "web": web.measure,
    "status": status.measure,
}
ROOT = Path(__file__).parents[2]


def main(
    only: Annotated[str, typer.Option(help=f"One section: {', '.join(SECTIONS)}")] = "",
    json_: Annotated[Path | None, typer.Option("--json", help="Write the figures to this file, too")] = None,
    markdown: Annotated[Path | None, typer.Option(help="Write the last table to this file as Markdown, too")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="SQLite only, shorter and coarser: three minutes")] = False,
) -> None:
    """Measure and print; exits 1 where a promise is broken, and not only by whoever else uses the machine."""
    if only and only not in SECTIONS:
        raise typer.BadParameter(f"There is no section “{only}”: choose from {', '.join(SECTIONS)}.")
    began = time.monotonic()
    yard = yardstick()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    compile_ahead()
    with bench(quick=quick) as room:
        for name, measure in SECTIONS.items():
            if only in ("", name):
                print(f"{name} … ({time.monotonic() - began:.0f} s)", flush=True)
                leave_garbage()
                room.look_anew()
                asyncio.run(measure(room))
    made = (f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the end, Python {platform.python_version()}, "
            f"yardstick {yard:.1f} ms, {time.monotonic() - began:.0f} s in all"
            f"{', --quick' if quick else ''}.")  # fmt: skip
    baselines = f"What *bare* is:\n\n{bare_programs(room.figures)}"
    print(f"{table(room.figures)}\n\n{summary(room.figures)}\n\n{baselines}\n\n{verdict(room.figures)}\n{made}")
    if json_ is not None:
        json_.write_text(json.dumps([figure.data() for figure in room.figures], indent=1, ensure_ascii=False) + "\n")
    if markdown is not None:
        markdown.write_text(f"{made}\n\n{summary(room.figures, markdown=True)}\n\n{baselines}\n")
    raise typer.Exit(1 if any(figure.broken for figure in room.figures) else 0)


def verdict(figures: list[Figure]) -> str:
    """Which promises are broken, and by whom."""
    broken = [f"  {one.section}: {one.what} ({one.where})" for one in figures if one.broken]
    missed = sum(not one.kept and one.crowded for one in figures)
    crowded = sum(one.crowded for one in figures)
    lines = ["Broken promises:", *broken] if broken else ["Every promise that can be judged here is kept."]
    if crowded:
        lines.append(
            f"~ {crowded} times were measured while others held the cores for more than {CROWDED:.0f} % of the time;"
            f" {missed} of them miss what is promised, which proves nothing on such a machine."
        )
    return "\n".join(lines)


def yardstick() -> float:
    """Milliseconds that a fixed piece of Python takes here, the least of twenty: so that runs on two machines, or on
    two days of one, can be held side by side."""
    document = [{"number": n, "title": "checkout is down", "open": True} for n in range(1_000)]
    return min(timeit.repeat(lambda: json.loads(json.dumps(document)), number=1, repeat=20)) * 1000


def compile_ahead() -> None:
    """Compile the bot, as installing it does; where Python is told to write no bytecode, each start would do it."""
    for folder in ("bot", "adapters", "tests"):
        compileall.compile_dir(ROOT / folder, quiet=1)


def leave_garbage() -> None:
    """Clear up now, and search the whole memory for garbage no more until the next section.

    This process holds Slack and Discord as well as the stop-watch: looking through all their objects stops it for 100
    to 350 ms, twice in 20 s, and whoever waits for an acknowledgement meanwhile looks late. The bot is another process.
    """
    gc.collect()
    gc.set_threshold(20_000, 20, 1_000_000)


if __name__ == "__main__":
    typer.run(main)
