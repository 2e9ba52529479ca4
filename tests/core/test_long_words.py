"""Words that are made to keep patterns busy are understood as quickly as any others.

What grows with the square of the length would take minutes for each of these; the suite's own limit ends it.
"""

import pytest

from bot.commands import VERBS
from bot.commands.verb import split_next
from bot.grammar import Grammar
from tests.support.story import default

MANY = 400_000
"""Characters; the longest that a platform lets anybody type are 40,000."""


@pytest.mark.parametrize("sign", [",", " ", "\n", "(", ",;.([", "next ", "next 1", "1"])
def test_the_time_of_the_next_update_is_looked_for_at_the_end_only(sign: str) -> None:
    text = f"x{sign * (MANY // len(sign))}x"
    assert split_next(text) == (text, None)
    said, span = split_next(f"{text}, next update in 20m")
    assert said == text and span is not None and span.total_seconds() == 1200


@pytest.mark.parametrize("verb", ["attach", "handoff", "update", "note", "cover", "swap", "action", "sev1", ""])
def test_blanks_without_end_are_one(verb: str) -> None:
    parsed = Grammar(VERBS).parse(f"{verb} a{' ' * MANY}b", default())
    assert len(parsed.line) < 100
