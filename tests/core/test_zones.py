"""Time zones by their names: whatever is asked for is one, or none, and nothing is looked for at length."""

from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import zones


def test_every_zone_is_known() -> None:
    assert [name for name in available_timezones() if str(zones.known(name)) != name] == []


@pytest.mark.parametrize(
    "name", ["", "America", "Mars/Olympus", "../Europe/Berlin", "Europe/Berlin\n", "/".join(["a"] * 300), "9" * 300]
)
def test_what_is_none_is_none(name: str) -> None:
    assert zones.known(name) is None


@given(st.text() | st.lists(st.sampled_from(["Europe", "Berlin", "..", "", "a"]), max_size=500).map("/".join))
def test_whatever_is_asked_for_is_answered(name: str) -> None:
    found = zones.known(name)
    assert found is None or found.key == name
