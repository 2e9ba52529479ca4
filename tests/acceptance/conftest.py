"""How long these tests may take before they count as hanging."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent
LONGEST = 300
"""Seconds: processes are started, killed, and waited for, half a minute on a quiet machine."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give each its time, where it names none of its own."""
    for item in items:
        if HERE in item.path.parents and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(LONGEST))
