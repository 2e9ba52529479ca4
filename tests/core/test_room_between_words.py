"""However much room somebody leaves between their words, finding the reason in them takes one look at each letter."""

import re

import pytest

from bot.commands import clock
from bot.commands.cover import BECAUSE

ROOM = " " * 300_000
"""So much that a look back from each letter of it would go on for hours."""


@pytest.mark.parametrize("pattern", [BECAUSE, clock._BECAUSE, clock._BY], ids=["cover", "clock because", "clock by"])
def test_room_without_a_reason_is_passed_over(pattern: re.Pattern[str]) -> None:
    assert pattern.search(f"a{ROOM}b") is None
    assert pattern.search(f"gdpr{ROOM}because we know") is not None or pattern.search(f"gdpr{ROOM}by Ana") is not None
