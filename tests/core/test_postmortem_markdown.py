"""Words of others in Markdown: readable, and nothing in them acts."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.postmortem.markdown import address, block, inline
from tests.support.drafts import addresses, shown, tokens
from tests.support.hostile import HOSTILE

MORE = (
    "<script>alert(1)</script> <img src=x onerror=alert(1)> <!-- gone --> &lt;b&gt;",
    "```\nrm -rf /\n```\n~~~\nx\n~~~",
    "see https://evil.example/x, www.evil.example and mail a@evil.example",
    "![x](javascript:alert(1)) [a]: https://evil.example\n[a]",
    "- item\n+ item\n* item\n1. item\n2) item\n    code\n\ttab",
    "title\n===\nother\n---\n# heading #\n> quote\n| a | b |\n|---|---|\n| 1 | 2 |",
    "@octocat #12 GH-3 owner/repo#4 $x^2$ [^1] :tada: ends in \\",
    "\r\none\rtwo\u2028three\x0bfour\x00\x1b[31mred",
)
HARMLESS = {"text", "hardbreak", "inline", "paragraph_open", "paragraph_close", "text_special"}
BARE = re.compile(r"(?i)(?<!\\)\b(?:https?|ftp):|\bwww\.|@(?=\w)|#(?=\w)")
"""What GitHub makes a link or a mention of without being asked."""


def plainly(text: str) -> str:
    """The letters of a text: what must be there whatever is escaped."""
    return "".join(letter for letter in text if letter.isalnum())


@pytest.mark.parametrize("words", (*HOSTILE, *MORE))
def test_hostile_words_act_nowhere_and_stay_readable(words: str) -> None:
    for written in (inline(words), block(words)):
        assert {token.type for token in tokens(written)} <= HARMLESS, written
        assert plainly(words) == plainly(shown(written))
        assert not BARE.search(written), written


@given(st.text(alphabet=st.sampled_from("ab1 \n\t*_`~[]()<>!#+-=.:|&;\\@$\"'/\u00a0é🔥ש"), max_size=60))
def test_no_mixture_of_marks_acts(words: str) -> None:
    for written in (inline(words), block(words), f"- **x** · {block(words, indent=2)}"):
        listed = {"bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close", "strong_open"}
        allowed = HARMLESS | listed | {"strong_close"} if written.startswith("- **x") else HARMLESS
        found = [token for token in tokens(written) if token.type not in allowed]
        assert found == [], (words, written)
        assert len([token for token in tokens(written) if token.type == "list_item_open"]) <= 1


def test_lines_stay_lines_and_what_was_indented_stays_so() -> None:
    assert shown(block("if x:\n    y()\n\nend")).rstrip() == "if x:\n    y()\n \nend"


def test_letters_from_right_to_left_keep_to_their_own_place() -> None:
    assert inline("مرحبا") == "\u2068مرحبا\u2069"
    assert "\u202e" not in inline("\u202eright to left\u202c and back")


def test_an_address_leads_where_it_says_and_nowhere_else() -> None:
    assert addresses(address("https://docs.example/a_(b)?x=1&copy;=2", "the [doc](x)")) == [
        "https://docs.example/a_%28b%29?x=1&copy;=2"
    ]
    assert addresses(address("javascript:alert(1)", "x")) == []
    assert addresses(address("http://[x", "x")) == addresses(address("https://a]b", "x")) == []
    assert addresses(address("https://a.example/>x<b>")) == ["https://a.example/%3Ex%3Cb%3E"]
