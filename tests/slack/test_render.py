"""Cards become Slack messages in which nothing that a person wrote can act."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.slack import limits
from adapters.slack.render import home, message
from adapters.slack.words import channel_name, seen, topic, typed
from bot.card import (
    Bold,
    Button,
    ButtonStyle,
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
    Text,
    Tone,
    When,
)
from bot.people import Group, Person

ANA = Person(key="ana", name="Ana Reyes", handles={"slack": "U0ANA0001"})
DISCORD_ONLY = Person(key="gus", name="Gus", handles={"discord": "1"})
OPS = Group(key="ops", name="Ops", handles={"slack": "S0OPS0001"})
AT = datetime(2026, 11, 20, 14, 35, tzinfo=UTC)
HOSTILE = (
    "<!channel> <@U0ANA0001> <!subteam^S0OPS0001> *bold* _it_ ~no~ `x` <https://evil.example|click> :fire: & <#C1>"
)


def blocks(card: Card, **more: Any) -> list[dict[str, Any]]:
    made = message(card, **more)["blocks"]
    assert isinstance(made, list)
    return made


def elements(text: Text, **more: Any) -> list[dict[str, Any]]:
    inner = blocks(Card(text=text), **more)[0]["elements"][0]["elements"]
    assert isinstance(inner, list)
    return inner


def test_what_a_person_wrote_stays_words() -> None:
    assert elements((HOSTILE,)) == [{"type": "text", "text": HOSTILE}]


@pytest.mark.parametrize("span", [Bold(text=HOSTILE), Quote(text=HOSTILE), Code(text=HOSTILE)])
def test_what_a_person_wrote_stays_words_in_every_span(span: Bold | Quote | Code) -> None:
    (only,) = elements((span,))
    assert only["type"] == "text"
    assert only["text"] == HOSTILE


def test_the_fallback_of_hostile_words_mentions_nobody() -> None:
    said = message(Card(title=HOSTILE, text=(HOSTILE,), footer=(HOSTILE,)))["text"]
    assert "<" not in said
    assert ">" not in said
    assert "&lt;!channel&gt;" in said


def test_hostile_words_in_title_field_button_and_footer_are_plain_text() -> None:
    card = Card(
        title=HOSTILE,
        fields=(CardField(name=HOSTILE, value=(HOSTILE,)),),
        buttons=(Button(label="<!channel>", does="x"),),
        footer=(HOSTILE, Code(text="`<!channel>`")),
    )
    header, fields, actions, footer = blocks(card)
    assert header["text"]["type"] == "plain_text"
    assert {part["type"] for part in fields["elements"][0]["elements"]} == {"text"}
    assert actions["elements"][0]["text"]["type"] == "plain_text"
    assert footer["elements"][0]["type"] == "plain_text"
    assert footer["elements"][1]["text"] == "`ˋ&lt;!channel&gt;ˋ`"


def test_mentions_ring_where_the_person_has_a_handle() -> None:
    assert elements((Mention(person=ANA),)) == [{"type": "user", "user_id": "U0ANA0001"}]
    assert elements((GroupMention(group=OPS),)) == [{"type": "usergroup", "usergroup_id": "S0OPS0001"}]
    assert elements((Everyone(),)) == [{"type": "broadcast", "range": "channel"}]


def test_a_person_without_a_handle_is_named() -> None:
    assert elements((Mention(person=DISCORD_ONLY),)) == [{"type": "text", "text": "Gus", "style": {"bold": True}}]


def test_a_handle_that_is_no_id_of_slacks_is_named() -> None:
    odd = Person(key="x", name="Xu", handles={"slack": "xu"})
    assert elements((Mention(person=odd),))[0]["text"] == "Xu"


def test_quiet_mentions_and_quiet_posts_ring_nobody() -> None:
    assert elements((Mention(person=ANA, quiet=True),))[0]["text"] == "Ana Reyes"
    made = message(Card(text=(Mention(person=ANA), GroupMention(group=OPS), Everyone())), rings=False)
    assert "U0ANA0001" not in json.dumps(made)
    assert "broadcast" not in json.dumps(made)
    assert "<!" not in made["text"]


@pytest.mark.parametrize(
    ("style", "tokens"),
    [(Style.RELATIVE, "{ago}"), (Style.TIME, "{time}"), (Style.MOMENT, "{date_short_pretty} {time}")],
)
def test_times_are_shown_in_the_readers_zone(style: Style, tokens: str) -> None:
    (date,) = elements((When(at=AT, style=style),))
    assert date == {
        "type": "date",
        "timestamp": 1795185300,
        "format": f"\u200b{tokens}",
        "fallback": "2026-11-20 14:35 UTC",
    }
    assert (
        f"<!date^1795185300^\u200b{tokens}|2026-11-20 14:35 UTC>"
        in message(Card(text=(When(at=AT, style=style),)))["text"]
    )


def test_a_room_is_a_link_to_its_channel() -> None:
    assert elements((Room(name="inc", refs={"slack": "C0INC0001"}),)) == [
        {"type": "channel", "channel_id": "C0INC0001"}
    ]
    assert elements((Room(name="inc"),), room="C0OWN0001") == [{"type": "channel", "channel_id": "C0OWN0001"}]
    assert elements((Room(name="inc", refs={"discord": "9"}),), room="C0OWN0001") == [{"type": "text", "text": "#inc"}]


def test_only_web_addresses_become_links() -> None:
    assert elements((Link(url="https://x.example/a", label="A"),))[0]["type"] == "link"
    assert elements((Link(url="javascript:alert(1)", label="A"),)) == [{"type": "text", "text": "A"}]


def test_quotes_stand_alone_without_gaps() -> None:
    (block,) = blocks(Card(text=("Ana said:\n", Quote(text="a\nb"), "\nand then")))
    kinds = [part["type"] for part in block["elements"]]
    texts = [part["elements"][0]["text"] for part in block["elements"]]
    assert kinds == ["rich_text_section", "rich_text_quote", "rich_text_section"]
    assert texts == ["Ana said:", "a\nb", "and then"]


def test_long_text_is_cut_where_everybody_sees_it() -> None:
    (only, mark) = elements(("x" * 9_000,))
    assert len(only["text"]) + len(mark["text"]) <= limits.BODY
    assert mark["text"] == f"… (cut: {9_000 - len(only['text'])} more characters)"


def test_the_longest_card_keeps_to_slacks_limits() -> None:
    card = Card(
        tone=Tone.CRITICAL,
        title="t" * 5_000,
        text=("x" * 5_000, Quote(text="y" * 5_000)),
        fields=tuple(CardField(name=f"F{n}", value=("z" * 5_000,)) for n in range(40)),
        buttons=tuple(Button(label="l" * 200, does="d") for _ in range(60)),
        footer=("f" * 5_000,),
    )
    made = message(card)
    assert len(made["blocks"]) <= limits.BLOCKS
    assert len(made["blocks"][0]["text"]["text"]) <= limits.HEADER
    assert len(made["text"]) <= limits.FALLBACK
    assert sum(_written(block) for block in made["blocks"]) < 13_200
    for block in made["blocks"]:
        if block["type"] == "actions":
            assert len(block["elements"]) <= limits.BUTTONS
            assert all(len(button["text"]["text"]) <= limits.BUTTON_LABEL for button in block["elements"])


def _written(part: Any) -> int:
    if isinstance(part, list):
        return sum(_written(one) for one in part)
    if isinstance(part, dict):
        own = len(part["text"]) if isinstance(part.get("text"), str) else 0
        return own + sum(_written(one) for one in part.values() if isinstance(one, dict | list))
    return 0


def test_buttons_carry_what_they_do() -> None:
    (actions,) = blocks(
        Card(
            buttons=(
                Button(label="Join", does="#1 join", style=ButtonStyle.PRIMARY),
                Button(label="Runbook", url="https://x.example"),
                Button(label="Bad", url="javascript:1"),
            )
        )
    )
    join, runbook = actions["elements"]
    assert (join["action_id"], join["value"], join["style"]) == ("do:0", "#1 join", "primary")
    assert (runbook["action_id"], runbook["url"]) == ("open:1", "https://x.example")
    assert "value" not in runbook


def test_the_tone_is_seen_in_front_of_the_title() -> None:
    assert blocks(Card(tone=Tone.CRITICAL, title="Down"))[0]["text"]["text"] == "🔴 Down"
    assert elements(("No title",)) == [{"type": "text", "text": "No title"}]
    assert blocks(Card(tone=Tone.GOOD, text=("fine",)))[0]["elements"][0]["elements"][0]["text"] == "🟢 "


def test_an_empty_card_is_still_a_message() -> None:
    assert message(Card()) == {"text": "…"}


def test_right_to_left_and_emoji_survive() -> None:
    words = "الدفع معطل 🔥 שלום"
    assert elements((words,)) == [{"type": "text", "text": words}]
    assert words in message(Card(text=(words,)))["text"]


def test_the_home_page_rings_nobody() -> None:
    made = home(Card(title="Open incidents", text=(Mention(person=ANA),)))
    assert made["type"] == "home"
    assert "U0ANA0001" not in json.dumps(made)


@pytest.mark.parametrize(
    ("wanted", "legal"),
    [
        ("incident-2026-11-20-2", "incident-2026-11-20-2"),
        ("Checkout is DOWN!! (EU)", "checkout-is-down-eu"),
        ("Оплата не работает", "оплата-не-работает"),
        ("支付 故障", "支付-故障"),
        ("🔥🔥", "incident"),
        ("x" * 100, "x" * 80),
        ("#general <!channel>", "general-channel"),
    ],
)
def test_channel_names_are_made_legal(wanted: str, legal: str) -> None:
    assert channel_name(wanted) == legal


def test_a_strict_name_leaves_out_marks() -> None:
    assert channel_name("चेकआउट") == "चेकआउट"
    assert channel_name("चेकआउट", strict=True) == "च-कआउट"


def test_a_topic_is_escaped_and_fits() -> None:
    assert topic("SEV1 <!channel>\nnow") == "SEV1 &lt;!channel&gt; now"
    assert len(topic("&" * 300)) <= limits.TOPIC
    assert topic("a" * 300).endswith("…")


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ("role comms <@U0ANA0001|ana>", "role comms <@U0ANA0001|ana>"),
        ("note a &amp; b &lt;c&gt;", "note a & b <c>"),
        ("see <#C0INC0001|inc>", "see #inc"),
        ("link <https://x.example/a?b=1&amp;c=2>", "link https://x.example/a?b=1&c=2"),
        ("link <https://x.example|x.example>", "link https://x.example"),
        ("page <!subteam^S1|@ops>", "page @ops"),
        ("<!here> now", "@here now"),
        ("&lt;@U1&gt;", "<@U1>"),
    ],
)
def test_typed_words_are_read_as_they_were_seen(sent: str, words: str) -> None:
    assert typed(sent) == words


def test_a_message_is_seen_without_markup() -> None:
    assert seen("<@U1|ana>: <https://x.example|graph> &lt;!channel&gt;") == "@ana: graph (https://x.example) <!channel>"
