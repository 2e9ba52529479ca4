"""Feed wrong inputs: ``python -m tests.fuzz [--only NAME] [--inputs 100000] [--seed 1] [--json FILE]``.

Prints what each target answered, how fast, and every failing case with the seed and a small input that shows it again.
"""

import asyncio
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from tests.fuzz.found import watching
from tests.fuzz.target import Outcome, Run, Target, described
from tests.fuzz.targets import TARGETS


def main(
    only: Annotated[
        list[str] | None, typer.Option(help=f"A target, or the beginning of several: {', '.join(TARGETS)}")
    ] = None,
    inputs: Annotated[int, typer.Option(min=1, help="Inputs for each target")] = 100_000,
    seed: Annotated[int, typer.Option(help="From which all inputs follow")] = 1,
    first: Annotated[int, typer.Option(min=0, help="The number of the first input")] = 0,
    small: Annotated[
        bool, typer.Option("--small/--as-is", help="Make failing inputs small, or show them as they are")
    ] = True,
    json_: Annotated[Path | None, typer.Option("--json", help="Write the figures to this file, too")] = None,
) -> None:
    """Feed and judge; exits 1 where something was found."""
    chosen = {name: make for name, make in TARGETS.items() if not only or any(name.startswith(one) for one in only)}
    if not chosen:
        raise typer.BadParameter(f"No target is called so: choose from {', '.join(TARGETS)}.")
    outcomes = [
        asyncio.run(run(name, make, inputs, seed=seed, first=first, small=small)) for name, make in chosen.items()
    ]
    print(table(outcomes))
    for outcome in outcomes:
        for case in outcome.cases:
            print(f"\n{described(outcome.name, seed, case)}")
    if json_ is not None:
        json_.write_text(json.dumps([data(one, seed) for one in outcomes], indent=1, ensure_ascii=False) + "\n")
    raise typer.Exit(1 if any(outcome.cases for outcome in outcomes) else 0)


async def run(
    name: str, make: Callable[[], Target], inputs: int, *, seed: int, first: int, small: bool = True
) -> Outcome:
    """One target's run, in a process's own time."""
    target = make()
    try:
        with watching() as watch:
            return await Run(name, target, watch, seed=seed, small=small, tell=told).go(inputs, first=first)
    finally:
        target.end()


def told(line: str) -> None:
    """How far it is, for whoever waits."""
    print(line, file=sys.stderr, flush=True)


def table(outcomes: list[Outcome]) -> str:
    """The figures, a line a target."""
    lines = [f"{'target':<24} {'inputs':>9} {'a second':>9} {'slowest':>8} {'found':>6}  answered"]
    for one in outcomes:
        kinds = ", ".join(f"{kind} {count:,}" for kind, count in one.kinds.most_common(6))
        lines.append(
            f"{one.name:<24} {one.inputs:>9,} {one.rate:>9,.0f} {one.longest:>6.2f} s {len(one.cases):>6}  {kinds}"
        )
    return "\n".join(lines)


def data(one: Outcome, seed: int) -> dict[str, object]:
    """The same for a script."""
    return {
        "target": one.name,
        "seed": seed,
        "inputs": one.inputs,
        "seconds": round(one.seconds, 1),
        "inputs_a_second": round(one.rate, 1),
        "slowest_seconds": round(one.longest, 3),
        "answered": dict(one.kinds),
        "found": [
            {"sign": case.found.sign, "number": case.number, "input": repr(case.given)[:5000]} for case in one.cases
        ],
    }


if __name__ == "__main__":
    app = typer.Typer(pretty_exceptions_enable=False)
    app.command()(main)
    app()
