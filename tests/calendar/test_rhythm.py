"""Turns of a fixed length, and orders with exceptions, as rotations: whoever was on call there is on call here."""

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from ruamel.yaml import YAML

from bot.importing import covering, cycles
from bot.importing.found import DAY, Cycle, Somebody, Window
from bot.importing.order import order
from bot.importing.turns import turns
from bot.importing.writing import write
from bot.playbook.escalation import Rotation
from bot.rotations import on_call
from tests.support.story import acquainted

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
ZONE = "America/New_York"
PEOPLE = [Somebody(name) for name in ("Ana Reyes", "Bo Lindqvist", "Cleo Okafor")]
KEYS = ("ana", "bo", "cleo")


def rotation(*layers: Cycle) -> Rotation:
    """What is printed of these layers, as the playbook reads it."""
    text = write(cycles.schedule("Primary", ZONE, layers, now=NOW), acquainted(), source="x")
    found: dict[str, Any] = YAML(typ="safe", pure=True).load(text)["rotations"][0]
    return Rotation.model_validate(found)


@pytest.mark.parametrize("hours", [24, 3 * 24, 7 * 24, 14 * 24, 12, 8, 6])
def test_whoever_is_on_call_by_a_cycle_is_on_call_by_the_rotation(hours: int) -> None:
    turn = timedelta(hours=hours)
    first = datetime(2024, 2, 26, 20, tzinfo=ZoneInfo(ZONE))
    made = rotation(Cycle("Layer 1", PEOPLE, turn, first, first))
    for place in range(200):
        moment = NOW + timedelta(hours=5 * place)
        there = moment.astimezone(ZoneInfo(ZONE)).replace(tzinfo=None)
        count = (there - first.replace(tzinfo=None)) // turn
        assert on_call(made, zone="UTC", overrides=(), now=moment) == KEYS[count % 3], (hours, moment)


def test_a_layer_that_begins_later_begins_with_whoever_is_in_turn_then() -> None:
    first = datetime(2026, 1, 5, 9, tzinfo=ZoneInfo(ZONE))
    begins = datetime(2026, 12, 21, 9, tzinfo=ZoneInfo(ZONE))
    made = rotation(Cycle("Layer 1", PEOPLE, timedelta(days=7), first, begins))
    assert made.starts == date(2026, 12, 21)
    assert on_call(made, zone="UTC", overrides=(), now=begins) == KEYS[50 % 3]
    assert on_call(made, zone="UTC", overrides=(), now=begins - timedelta(hours=1)) is None


@pytest.mark.parametrize(
    ("windows", "told"),
    [
        ([Window(4 * DAY + 18 * 60, 2 * DAY + 14 * 60)], "Fri 18:00–Mon 08:00"),
        ([Window(6 * DAY + 12 * 60, DAY)], "Sun 12:00–12:00"),
        ([Window(day * DAY + 9 * 60, 8 * 60) for day in range(7)], "Mon 09:00–17:00"),
        ([Window(0, DAY), Window(DAY, DAY)], "Mon 00:00–Wed 00:00"),
    ],
)
def test_windows_of_a_week_are_covered_by_hours_of_days_and_nothing_else(windows: list[Window], told: str) -> None:
    first = datetime(2026, 1, 5, 0, tzinfo=ZoneInfo(ZONE))
    made = rotation(Cycle("Layer 1", PEOPLE, timedelta(days=7), first, first, windows=tuple(windows)))
    assert covering.told(windows).startswith(told)
    monday = datetime(2026, 12, 7, tzinfo=ZoneInfo(ZONE))
    for minute in range(5, 7 * DAY, 30):
        there = any((minute - window.begins) % (7 * DAY) < window.length for window in windows)
        moment = (monday + timedelta(minutes=minute)).astimezone(UTC)
        assert (on_call(made, zone="UTC", overrides=(), now=moment) is not None) is there, moment


def test_windows_that_together_are_the_whole_week_are_no_hours() -> None:
    assert covering.hours([Window(0, 3 * DAY), Window(2 * DAY, 5 * DAY)]) == () and covering.hours([]) == ()


def test_an_order_bears_few_exceptions_and_no_more() -> None:
    run = [KEYS[place % 3] for place in range(30)]
    one = order([*run[:7], "dora", *run[8:]])
    assert one is not None and (one.keys, one.exceptions) == (KEYS, (7,))
    chance = random.Random(3)
    several = [
        who if place % 5 else chance.choice(["dora", "esha", "finn", "gus", "hal", "ida"])
        for place, who in enumerate(run)
    ]
    assert order(several) is None or order(several).keys != KEYS  # type: ignore[union-attr]
    assert order([chance.choice(KEYS) for _ in range(50)]) is None


def test_a_week_that_was_shared_is_a_week_with_an_exception() -> None:
    days = [KEYS[place // 7 % 3] for place in range(70)]
    days[23] = "dora"
    found = turns(days, first=date(2026, 11, 2))
    assert found is not None and (found.turn, found.keys) == (7, KEYS)
    assert found.exceptions == {date(2026, 11, 25): ("dora", "ana")}
