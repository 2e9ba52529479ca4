"""An alert as it arrived: what is kept of what its sender wrote."""

from hypothesis import given
from hypothesis import strategies as st

from bot.alerts.alert import TITLE, Alert, AlertState
from bot.playbook.help import Runbook


def test_what_stands_in_a_line_of_ours_is_one_line_and_a_text_keeps_its_own() -> None:
    words = " Disk\r\n is\t\u200b full\n"
    alert = Alert(
        source="x", key="x:1", state=AlertState.FIRING, title=words, severity=words, component=words, text=words
    )
    assert (alert.title, alert.severity, alert.component) == ("Disk is full",) * 3
    assert alert.text == " Disk\r\n is\t full\n"


def test_hidden_characters_and_blanks_take_no_room_from_a_long_title() -> None:
    title = "x \u200b " * (TITLE // 2)
    assert Alert(source="x", key="x:1", state=AlertState.FIRING, title=title).title == " ".join("x" * (TITLE // 2))


def test_control_characters_are_left_out_of_what_people_read() -> None:
    made = Alert(
        state=AlertState.FIRING,
        source="generic",
        key="generic:x",
        title="Orders pi\x07le\x1b up",
        text="a\x9bb\nc",
        labels={"a\x00": "b\x07"},
    )
    assert (made.title, made.text, made.labels) == ("Orders pile up", "ab\nc", {"a": "b"})


def test_an_address_that_looks_like_another_is_none() -> None:
    for link, kept in (
        ("https://alert\u202emanager.example/", ""),
        ("https://books.example/\u200bdisk", ""),
        ("https://alertmanager.example/#/ü", "https://alertmanager.example/#/ü"),
    ):
        assert Alert(source="x", key="x:1", state=AlertState.FIRING, title="x", link=link, runbook=link).runbook == kept


@given(st.sampled_from(["https://", "http://", ""]), st.text(), st.sampled_from(["", "books.example", "/disk", "?x"]))
def test_an_address_that_is_kept_may_be_a_runbooks(scheme: str, words: str, rest: str) -> None:
    alert = Alert(source="x", key="x:1", state=AlertState.FIRING, title="x", runbook=f"{scheme}{words}{rest}")
    assert not alert.runbook or Runbook(title="x", url=alert.runbook).url == alert.runbook
