"""The bench's figures: what counts as broken, and the table that is pasted into the documentation."""

import pytest

from tests.bench.figures import CROWDED, Figure, Unit
from tests.bench.tables import bare_programs, summary

SECTION = "Acknowledgement"


def late(value: float, *, starved: float, unit: Unit = Unit.MILLISECONDS) -> Figure:
    return Figure(SECTION, "p99", "Slack, SQLite", value, unit, 50, starved=starved, baseline=10, bare="x", main=True)


@pytest.mark.parametrize(
    ("figure", "broken"),
    [
        (late(40, starved=0), False),
        (late(60, starved=0), True),
        (late(60, starved=CROWDED + 1), False),
        (late(60, starved=CROWDED + 1, unit=Unit.COUNT), True),
        (late(60, starved=CROWDED + 1, unit=Unit.MEGABYTES), True),
    ],
)
def test_a_crowded_machine_excuses_times_and_nothing_else(figure: Figure, broken: bool) -> None:
    assert figure.broken is broken


def test_slack_and_discord_stand_in_one_row_with_promise_and_baseline() -> None:
    discord = Figure(SECTION, "p99", "Discord, SQLite", 30, Unit.MILLISECONDS, 50, baseline=2, bare="y", main=True)
    aside = Figure(SECTION, "p50", "Slack, SQLite", 7, Unit.MILLISECONDS)
    told = summary([late(60, starved=90), discord, aside], markdown=True)
    assert [[cell.strip() for cell in line.split("|")[1:-1]] for line in told.splitlines()[2:] if "--" not in line] == [
        ["figure", "Slack", "Discord", "either", "promised", "bare", "ratio"],
        ["p99, SQLite", "~✗ 60 ms", "30 ms", "", "≤ 50", "10 / 2", "6× / 15×"],
    ]
    assert bare_programs([late(60, starved=90), discord]) == "- Acknowledgement: x; y"
