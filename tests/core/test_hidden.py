"""Characters that nobody can see do not come in with what people say."""

import json
from datetime import UTC, datetime

import pytest

from bot.heard import Filled, Original, Reacted, Spoken
from bot.hidden import broken, readable, spelled
from bot.people import stranger

ANA = stranger("slack", "U1", "Ana \u202eReyes\ud800")
HELD = {"key": "k", "platform": "slack", "actor": ANA}


@pytest.mark.parametrize(
    "sign", ["\u2069", "\u202e", "\x00", "\x1b", "\x07", "\x7f", "\x9b", "\ud800", "\udfff", "\ufeff"]
)
def test_what_is_heard_holds_none(sign: str) -> None:
    said = f"task ton{sign}ight"
    heard = [
        Spoken(**HELD, words=said).words,
        Filled(**HELD, words="update", values={"text": said}).values["text"],
        Original(text=said, author="Ana", at=datetime(2026, 11, 20, tzinfo=UTC)).text,
        Reacted(**HELD, emoji=said, message="C1:1", channel="C1").emoji,
    ]
    assert heard == ["task tonight"] * 4


def test_somebodys_name_holds_none() -> None:
    assert ANA.name == "Ana Reyes"
    json.dumps(ANA.name).encode()


def test_what_people_see_stays() -> None:
    said = "🧑‍🚒 مرحبا\tשלום\n支付失败 é"
    assert readable(said) == said and not broken(said)


def test_to_whoever_has_to_mend_it_it_is_spelled() -> None:
    assert spelled("s\u2069mall\x00") == "sU+2069mallU+0000"
    assert broken("a\ud800\x00") == "U+D800" and not broken("s\u2069mall")
