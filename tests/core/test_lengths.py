"""Texts cut to a length: visibly, on one line, never within an emoji, and together within one room."""

import pytest

from bot.messages.lengths import fit, shorten, weight


def test_a_text_is_one_line_and_cut_visibly() -> None:
    assert shorten("two\n  lines ", 20) == "two lines"
    assert shorten("a word too many", 10) == "a word to…" and len(shorten("x" * 50, 10)) == 10


@pytest.mark.parametrize("emoji", ["👩‍👩‍👧‍👦", "👩🏽‍🚒", "❤️"])
def test_an_emoji_is_whole_or_gone(emoji: str) -> None:
    for most in range(5, 20):
        cut = shorten(f"call {emoji} {emoji} now, please", most)
        assert set(cut.replace(emoji, "")) <= set("call now, please…"), cut


def test_short_texts_stay_whole_and_long_ones_share_the_rest() -> None:
    assert fit(["a" * 10, "b" * 100, "c" * 100], 90) == ["a" * 10, "b" * 39 + "…", "c" * 39 + "…"]
    assert fit(["a" * 10, "b" * 20], 30) == ["a" * 10, "b" * 20] and fit([], 10) == []


def test_what_a_platform_writes_as_two_counts_as_two() -> None:
    assert weight(("_a_",)) == 5
    assert fit(["*" * 40], 40) == ["*" * 19 + "…"]
