"""Generic JSON: several at once, and what is refused by name."""

import json
from typing import Any

import pytest

from adapters.generic.source import Generic
from bot.alerts.alert import Alert, AlertState
from bot.alerts.source import Delivery, NotUnderstood


def read(body: Any) -> list[Alert]:
    return Generic().read(Delivery(body=json.dumps(body).encode()))


def test_several_come_as_a_list_or_under_the_name_of_alerts() -> None:
    two = [{"title": "a", "delivery": "m"}, {"title": "b", "status": "up", "delivery": "m"}]

    for alerts in (read(two), read({"alerts": two})):
        assert [(alert.key, alert.state) for alert in alerts] == [
            ("generic:a", AlertState.FIRING),
            ("generic:b", AlertState.CLEARED),
        ]
        assert [alert.delivery for alert in alerts] == ["generic:m:0", "generic:m:1"]
    assert read([two[0]])[0].delivery == "generic:m"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"title": "a", "status": "flapping"}, r"“flapping”"),
        ({"title": "a", "status": "\u2066\x01up"}, r"“U\+2066U\+0001up”"),
        ({"status": "firing"}, "title"),
        ([{"title": "a"}, {"status": "up"}], "title"),
        ([], "title"),
        ({"alerts": []}, "title"),
        ([{"title": "a"}] * 501, "500"),
        ([{"title": "a"}, 7], "title"),
    ],
)
def test_what_is_wrong_is_named(body: Any, said: str) -> None:
    with pytest.raises(NotUnderstood, match=said):
        read(body)


def test_a_name_that_holds_nothing_leaves_its_place_to_the_next() -> None:
    for nothing in (None, ""):
        [alert] = read({"title": "x", "status": nothing, "state": "resolved", "dedupe_key": nothing, "id": "7"})
        assert (alert.key, alert.state) == ("generic:7", AlertState.CLEARED)


def test_a_title_of_several_lines_is_one_line_and_text_is_never_lost() -> None:
    (alert,) = read({"title": " disk\n full ", "message": "93 %", "text": "93 %", "details": "db-1"})

    assert (alert.title, alert.text) == ("disk full", "db-1\n93 %")
