"""Cards keep to Discord's limits, and nothing that a user wrote acts."""

import re
from datetime import UTC, datetime
from typing import Any

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord import limits
from adapters.discord.escape import escape, shorten
from adapters.discord.render import embed, message
from bot.card import (
    Bold,
    Button,
    Card,
    CardField,
    Code,
    Everyone,
    GroupMention,
    Link,
    Mention,
    Quote,
    Room,
    Style,
    Tone,
    When,
)
from bot.people import Group, Person

ANA = Person(key="ana", name="Ana Reyes", handles={"discord": "200000000000000001"})
NOBODY = Person(key="x", name="<@1> *Nobody*", handles={"slack": "U1"})
AT = datetime(2026, 11, 20, 14, 35, tzinfo=UTC)


def shown(*text: Any) -> str:
    return str(embed(Card(text=text), {"channel": "9"}).description)


@pytest.mark.parametrize(
    ("typed", "harmless"),
    [
        ("@everyone and @HERE", "@\u200beveryone and @\u200bHERE"),
        ("<@1> <@&2> <#3> <t:1:R> </x:4> <:e:5>", "\\<@1> \\<@&2> \\<#3> \\<t:1:R> \\</x:4> \\<:e:5>"),
        ("[invoice](https://evil.example)", "\\[invoice\\](https://evil.example)"),
        ("see https://example.com/a_b?c=d_e.", "see https://example.com/a_b?c=d_e."),
        ("https://x.example/@everyone/__b__", "https://x.example/%40everyone/%5F%5Fb%5F%5F"),
        ("**b** _i_ ~~s~~ ||spoiler|| `code`", "\\*\\*b\\*\\* \\_i\\_ \\~\\~s\\~\\~ \\|\\|spoiler\\|\\| \\`code\\`"),
        ("# h\n- l\n1. n\n> q\n-# s", "\\# h\n\\- l\n1\\. n\n\\> q\n-\\# s"),
        ("back\\slash", "back\\\\slash"),
        ("left\u202eright\u2066\x00", "leftright"),
        ("שלום 🙋🏽 a-b #5 1.5", "שלום 🙋🏽 a-b #5 1.5"),
        ("checkout is down: 5% (p99)", "checkout is down: 5% (p99)"),
    ],
)
def test_what_people_write_does_nothing(typed: str, harmless: str) -> None:
    assert escape(typed) == harmless


@given(st.text(alphabet="@everyonh <>[]()!&#:*_~`|\\/.-t1\nps\u202e", max_size=80))
def test_no_mention_and_no_masked_link_ever_comes_through(typed: str) -> None:
    escaped = escape(typed)
    assert not re.search(r"@(everyone|here)", escaped, re.IGNORECASE)
    assert not re.search(r"(?<!\\)(?:\\\\)*<", escaped)
    assert not re.search(r"(?<!\\)(?:\\\\)*\]\(", escaped)


@given(st.text(max_size=6000), st.text(max_size=400), st.lists(st.text(max_size=1500), max_size=30))
def test_any_card_fits(text: str, title: str, values: list[str]) -> None:
    fields = tuple(CardField(name=value[:300], value=(value, Bold(text=value))) for value in values)
    card = Card(title=title, text=(text, Quote(text=text)), fields=fields, footer=(title, When(at=AT)))
    made = embed(card, {}, marker="#42 · abcde")
    assert len(made) <= limits.EMBED_TOTAL
    assert len(made.title or "") <= limits.EMBED_TITLE
    assert len(made.description or "") <= limits.EMBED_DESCRIPTION
    assert len(made.fields) <= limits.EMBED_FIELDS
    for field in made.fields:
        assert 0 < len(field.name or "") <= limits.EMBED_FIELD_NAME
        assert 0 < len(field.value or "") <= limits.EMBED_FIELD_VALUE
    assert (made.footer.text or "").endswith("#42 · abcde")


def test_long_text_is_cut_visibly() -> None:
    told = shown("x" * 5000)
    assert re.fullmatch(r"x+… \(cut: (\d+) more characters\)", told)
    assert told.count("x") + int(told.split("cut: ")[1].split()[0]) == 5000 + "(cut: more characters)".count("x")


def test_a_cut_never_splits_an_escape() -> None:
    assert shorten(iter([("\\*", 1)] * 100), 60).count("\\") == shorten(iter([("\\*", 1)] * 100), 60).count("*")


def test_spans() -> None:
    assert shown(Bold(text="a*b")) == "**a\\*b**"
    assert shown(Code(text="rm `x`")) == "`rm \u02cbx\u02cb`"
    assert shown("said:\n", Quote(text="one\n# two")) == "said:\n> one\n> \\# two"
    assert shown(Mention(person=ANA), " ", Mention(person=NOBODY)) == "<@200000000000000001> \\<@1> \\*Nobody\\*"
    assert shown(GroupMention(group=Group(key="g", name="Ops")), " ", Everyone()) == "Ops @here"
    assert shown(When(at=AT), When(at=AT, style=Style.RELATIVE)) == "<t:1795185300:t><t:1795185300:R>"
    assert shown(Room(name="inc")) == "<#9>"
    assert shown(Room(name="inc", refs={"slack": "C1"})) == "#inc"
    assert shown(Link(url="https://e.com/a(b)", label="run [it]")) == "[run \\[it\\]](https://e.com/a%28b%29)"
    assert shown(Link(url="javascript:alert(1)", label="x")) == "x javascript:alert(1)"


def test_a_footer_with_a_time_still_ticks() -> None:
    made = embed(Card(text=("a",), footer=("due ", When(at=AT, style=Style.RELATIVE))), {}, marker="#1 · x")
    assert made.description == "a\n-# due <t:1795185300:R>"
    assert made.footer.text == "#1 · x"
    plain = embed(Card(text=("a",), footer=("sev1 *",)), {}, marker="#1 · x")
    assert plain.footer.text == "sev1 * · #1 · x"


def test_only_a_post_that_rings_lists_whom_it_rings() -> None:
    card = Card(title="Due", text=(Mention(person=ANA), Everyone()))
    quiet = message(card, {})
    assert (quiet["content"], quiet["allowed_mentions"]) == ("", discord.AllowedMentions.none().to_dict())
    loud = message(card, {}, rings=True)
    assert loud["content"] == "@here <@200000000000000001> **Due**"
    assert loud["allowed_mentions"]["users"] == [200000000000000001]
    assert "everyone" in loud["allowed_mentions"]["parse"]
    nobody = message(Card(title="@everyone", text=("<@1>",)), {}, rings=True)
    assert nobody["allowed_mentions"]["parse"] == []


def test_a_thousand_mentions_fit() -> None:
    people = (Person(key=str(n), name="p", handles={"discord": str(10**18 + n)}) for n in range(1000))
    loud = message(Card(title="t" * 256, text=tuple(Mention(person=p) for p in people)), {}, rings=True)
    assert len(loud["content"]) <= limits.CONTENT
    assert len(loud["allowed_mentions"]["users"]) == limits.RUNG_PEOPLE


def test_an_empty_card_and_every_tone_can_be_shown() -> None:
    for tone in Tone:
        made = message(Card(tone=tone, buttons=(Button(label="", does="x"),)), {})
        assert made["embeds"][0]["description"]
        assert made["components"][0]["components"][0]["label"]


async def test_hostile_words_on_the_wire(stage: Any) -> None:
    hostile = "@everyone <@200000000000000002> <#1> [x](https://evil.example) \u202eabc 🙋🏽 שלום " + "z" * 5000
    card = Card(
        title=hostile,
        text=(Mention(person=ANA), hostile, Quote(text=hostile)),
        fields=tuple(CardField(name=hostile, value=(hostile,)) for _ in range(26)),
        footer=(hostile,),
        buttons=(Button(label=hostile, does="x" * 100),),
    )
    posted = await stage.posted(card, await stage.channel())
    assert [user["id"] for user in posted["mentions"]] == ["200000000000000001"]
    assert not posted["mention_everyone"]
    assert "more characters)" in posted["embeds"][0]["description"]
