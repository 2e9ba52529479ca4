"""An alert as it arrived: what is kept of what its sender wrote."""

from bot.alerts.alert import TITLE, Alert, AlertState


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
