"""A rota with times of nobody, one person twice, or a layer that never shows is told with its line and first time."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.playbook.load import check
from bot.playbook.rota_doubts import rotas
from bot.rotations import on_call
from tests.support.story import acquainted

BASE = """\
name: base
title: Base
severities:
  - { name: sev1, meaning: Everything is down, cadence: 30m, page: [primary] }
roles:
  - { name: lead, title: Lead }
commander: lead
ladder:
  - { rings: [lead, channel] }
people:
  - { key: ana, name: Ana, handles: { slack: U0ANA0001 } }
  - { key: bo, name: Bo, handles: { slack: U0BO00001 } }
  - { key: cleo, name: Cleo, handles: { slack: U0CLEO001 } }
rotations:
"""
PRIMARY = "  - { name: primary, title: Primary, people: [ana, bo], starts: 2026-11-02 }\n"


def told(folder: Path, rotations: str, *, base: str = BASE) -> list[str]:
    """The doubts about a rota, without the file."""
    file = folder / "playbook.yaml"
    file.write_text(base + rotations, encoding="utf-8")
    return [str(doubt).removeprefix(f"{file}:") for doubt in check(file).doubts]


@pytest.mark.parametrize(
    "rotations",
    [
        PRIMARY,
        "  - { name: primary, title: Primary, starts: 2026-11-02, layers: [{ name: day, people: [ana], "
        "hours: [{ from: '09:00', until: '21:00' }] }, { name: night, people: [bo], "
        "hours: [{ from: '21:00', until: '09:00' }] }], timezone: Australia/Lord_Howe }\n",
        PRIMARY + "  - { name: second, title: Second, people: [bo, ana], starts: 2026-11-02 }\n",
        PRIMARY + "  - { name: nights, title: Nights, people: [cleo], starts: 2026-11-02, "
        "hours: [{ from: '22:00', until: '06:00' }] }\n",
    ],
    ids=["one list", "day and night", "two in step", "nights beside it"],
)
def test_a_rota_without_holes_raises_no_doubt(tmp_path: Path, rotations: str) -> None:
    assert told(tmp_path, rotations, base=BASE.replace("[primary]", "[primary, cleo]")) == []


def test_a_gap_that_only_a_change_of_the_clocks_makes_is_found_with_its_first_time_there(tmp_path: Path) -> None:
    sun = """\
  - name: primary
    title: Primary
    starts: 2026-11-02
    timezone: Europe/Madrid
    layers:
      - { name: europe, people: [ana], hours: [{ from: "09:00", until: "21:00" }] }
      - { name: america, people: [bo], timezone: America/New_York, hours: [{ from: "15:00", until: "03:00" }] }
"""
    (found,) = told(tmp_path, sun)
    assert found.startswith(
        "15: rotations[0]: found nobody on call in “Primary” from Sun 2027-03-14 08:00 (Europe/Madrid)"
    )
    assert "for 1h, 15 times a year" in found or "times a year" in found


def test_a_layer_that_a_later_one_always_covers_is_told_and_so_is_the_list_under_it(tmp_path: Path) -> None:
    hidden = """\
  - name: primary
    title: Primary
    people: [ana]
    starts: 2026-11-02
    layers:
      - { name: nights, people: [bo], hours: [{ from: "22:00", until: "06:00" }] }
      - { name: all, people: [cleo] }
"""
    assert [one.partition(", expected")[0] for one in told(tmp_path, hidden)] == [
        "17: rotations[0].people: found “people” of “Primary”, which a later layer covers at all times",
        "20: rotations[0].layers[0]: found layer “nights” of “Primary”, which a later layer covers at all times",
    ]


def test_one_person_in_two_layers_at_once_is_told_with_the_first_time(tmp_path: Path) -> None:
    over = """\
  - name: primary
    title: Primary
    people: [ana, bo]
    starts: 2026-11-02
    layers:
      - { name: nights, people: [bo], hours: [{ from: "22:00", until: "06:00" }] }
"""
    (found,) = told(tmp_path, over)
    assert found.startswith(
        "20: rotations[0].layers[0]: found bo in layer “nights” and in “people” of “Primary” at once, first "
        "Mon 2026-11-09 22:00 (UTC)"
    )


@pytest.mark.parametrize(
    ("backup", "page", "line", "at"),
    [
        (", backup: [second]", "[primary]", 15, "rotations[0].backup[0]"),
        ("", "[primary, second]", 4, "severities[0].page"),
    ],
)
def test_one_person_in_two_rotations_that_back_each_other_up_is_told(
    tmp_path: Path, backup: str, page: str, line: int, at: str
) -> None:
    first = PRIMARY.replace("starts: 2026-11-02 }", f"starts: 2026-11-02{backup} }}")
    second = "  - { name: second, title: Second, people: [cleo, bo], starts: 2026-11-02 }\n"
    (found,) = told(tmp_path, first + second, base=BASE.replace("[primary]", page))
    assert found.startswith(
        f"{line}: {at}: found bo in “Primary” and “Second” at once, first Mon 2026-11-09 09:00 (UTC)"
    )
    assert not told(tmp_path, PRIMARY + second), "side by side they may do as they like"


def test_rotations_that_are_paged_together_and_leave_a_time_to_nobody_are_told(tmp_path: Path) -> None:
    both = """\
  - { name: days, title: Days, people: [ana], starts: 2026-11-02, hours: [{ from: "09:00", until: "18:00" }] }
  - { name: nights, title: Nights, people: [bo], starts: 2026-11-02, hours: [{ from: "19:00", until: "09:00" }] }
"""
    (found,) = told(tmp_path, both, base=BASE.replace("[primary]", "[days, nights]"))
    assert found.startswith(
        "4: severities[0].page: found nobody to page at sev1 from Mon 2026-11-02 18:00 (UTC) for 1h"
    )
    assert "Days and Nights" in found
    assert not told(tmp_path, both, base=BASE.replace("[primary]", "[days, nights, cleo]"))


HOURS = st.fixed_dictionaries(
    {
        "from": st.sampled_from(["00:00", "06:30", "09:00", "18:00"]),
        "until": st.sampled_from(["06:30", "09:00", "18:00"]),
    }
)
LAYERS = st.fixed_dictionaries(
    {
        "people": st.lists(st.sampled_from(["ana", "bo", "cleo"]), min_size=1, max_size=3),
        "hours": st.lists(HOURS, min_size=1, max_size=2),
        "timezone": st.sampled_from(["Asia/Kolkata", "Australia/Lord_Howe", "America/St_Johns", "UTC"]),
        "turn": st.sampled_from(["daily", "weekly"]),
    }
)


@settings(max_examples=10, deadline=None)
@given(st.lists(LAYERS, min_size=2, max_size=3), st.data())
def test_a_gap_is_told_exactly_where_there_is_one(layers: list[dict[str, Any]], data: st.DataObject) -> None:
    named = [one | {"name": f"layer-{place}"} for place, one in enumerate(layers)]
    rotation = {"name": "primary", "title": "Primary", "starts": date(2026, 11, 2), "layers": named}
    playbook = acquainted(rotations=[rotation])
    gaps = [one for one in rotas(playbook) if "nobody on call" in one.found]
    (known,) = playbook.rotations
    begins = datetime(2026, 11, 3, 12, tzinfo=UTC)
    at = begins + timedelta(minutes=data.draw(st.integers(0, 300 * 24 * 60)))
    if on_call(known, zone="UTC", overrides=(), now=at) is None:
        assert gaps
    if gaps:
        said = gaps[0].found.partition(" from ")[2][4:20]
        first = datetime.strptime(said, "%Y-%m-%d %H:%M").replace(tzinfo=ZoneInfo(playbook.timezone))
        assert on_call(known, zone="UTC", overrides=(), now=first) is None
