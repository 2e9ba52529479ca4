"""What senders write is read with distrust."""

from datetime import UTC, datetime

import pytest
from pydantic import Field

from bot.alerts.foreign import Foreign, Pairs, Text, When, pairs, read, text, when
from bot.alerts.labels import component, severity, spoken, worst
from bot.alerts.source import NotUnderstood
from bot.alerts.written import lines, named
from tests.support.posts import slack_post

NOON = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "2026-11-26T12:00:00Z",
        "2026-11-26T13:00:00+01:00",
        "2026-11-26T12:00:00.000000000Z",
        "2026-11-26T12:00:00",
        "2026-11-26T12:00:00.000+0000",
        1795694400,
        1795694400000,
    ],
)
def test_a_time_is_read_in_each_of_its_shapes(written: object) -> None:
    assert when(written) == NOON


@pytest.mark.parametrize(
    "written",
    [
        "",
        "soon",
        None,
        True,
        [],
        {},
        float("nan"),
        10**30,
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59-12:00",
        "9999-12-31T23:59:59Z",
        "1969-07-20",
    ],
)
def test_what_cannot_be_meant_as_a_time_is_none(written: object) -> None:
    assert when(written) is None


def test_text_is_text_and_nothing_else() -> None:
    assert [text(value) for value in ("a\x00b", 7, 7.5, None, True, [1], {"a": 1}, float("inf"), 10**4000)] == [
        "ab",
        "7",
        "7.5",
        *[""] * 6,
    ]
    assert pairs({"a": 1, "b": None, "c": {"d": 1}, "e": True, "": "x"}) == {"a": "1", "e": "true"}
    assert pairs(["a"]) == {}


class Shape(Foreign):
    title: str
    text: Text = ""
    at: When = None
    labels: Pairs = Field(default_factory=dict)


def test_a_body_that_does_not_fit_is_told_with_its_place() -> None:
    assert read(Shape, b'\xef\xbb\xbf{"title": "x", "at": "never", "labels": 7}', expected="A thing") == Shape(
        title="x"
    )
    with pytest.raises(NotUnderstood, match=r"A thing was expected .“title”: "):
        read(Shape, b'{"title": 7}', expected="A thing was expected")


def test_labels_name_what_is_hit_and_how_bad_it_is() -> None:
    assert component({"job": "node", "service": "checkout"}) == "checkout"
    assert component({"instance": "a"}) == ""
    assert severity({"severity": "", "priority": "P2"}) == "P2"
    assert worst(["warning", "critical", "odd", ""]) == "critical"
    assert worst([]) == ""
    assert spoken("node critical") == "critical"
    assert spoken("s3 high-memory-job p2 eu") == "p2"
    assert spoken("checkout eu") == ""


def test_what_stands_beside_a_name_is_found_in_every_way_of_setting_it() -> None:
    post = slack_post(
        {
            "text": "*Service*\nCheckout",
            "attachments": [
                {
                    "fields": [{"title": "Priority", "value": "*<https://example.com/p1|P1>*"}],
                    "text": "Urgency: high\nCause:\n500",
                }
            ],
        }
    )

    assert [named(post, name) for name in ("Service", "Priority", "Urgency", "Cause", "Monitor")] == [
        "Checkout",
        "P1",
        "high",
        "500",
        "",
    ]
    assert "Service" in lines(post)
