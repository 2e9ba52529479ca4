"""The message itself: whatever people wrote, it is one subject, one text, and nothing else."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.mail.letter import compose, envelope
from adapters.mail.settings import address_of
from bot.intents import SendMail

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
HEADERS = {"From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Type",
           "Content-Transfer-Encoding", "MIME-Version"}  # fmt: skip


def raw(subject: str, text: str = "It is over.", *, to: str = "bo@example.com", utf8: bool = False) -> bytes:
    """As it goes over the wire."""
    mail = SendMail(seed="seed", index=0, to=to, mark="", subject=subject, text=text, at=NOON, until=NOON)
    sender = address_of("Grüße, Wérkly <support@werkly.example>")
    assert sender is None  # a comma parts two addresses
    sender = address_of('"Grüße, Wérkly" <support@werkly.example>')
    assert sender is not None
    return compose(mail, sender=sender, to=to, utf8=utf8)


def read(data: bytes) -> EmailMessage:
    """As a mail program reads it."""
    message = message_from_bytes(data, policy=default)
    assert isinstance(message, EmailMessage)
    return message


@pytest.mark.parametrize(
    ("subject", "reads"),
    [
        ("Störung am 20. November", "Störung am 20. November"),
        ("🔥 checkout 支払い", "🔥 checkout 支払い"),
        ("down\r\nBcc: everybody@example.com", "down Bcc: everybody@example.com"),
        ("down\n\n<script>", "down <script>"),
        ("down\u2028Bcc: x\u2029y\x0bz\x00w", "down Bcc: x y zw"),
        ("تعطل \u202etxt.exe", "تعطل txt.exe"),
        ("👩\u200d🚒 works", "👩\u200d🚒 works"),
        ("=?utf-8?q?=42cc?=", "=?utf-8?q?=42cc?="),
        ("x" * 900, "x" * 900),
        ("ü" * 300, "ü" * 300),
    ],
)
def test_a_subject_is_one_line_whatever_it_is_made_of(subject: str, reads: str) -> None:
    data = raw(subject)
    message = read(data)
    assert set(message.keys()) == HEADERS and len(message.keys()) == len(HEADERS)
    if "=?" not in subject:
        assert message["Subject"] == reads
    assert data.isascii() and max(map(len, data.split(b"\r\n"))) <= 998


@pytest.mark.parametrize(
    "text",
    ["It is over.", "Zeile mit Umlaut: größer\n\nund 🔥", "x" * 5000, "ü" * 5000, "a\n.\n..b\nFrom c", "مرحبا\nשלום"],
)
def test_a_text_is_read_as_it_was_written_in_lines_that_every_server_takes(text: str) -> None:
    data = raw("Sorry", text)
    message = read(data)
    assert message.get_content_type() == "text/plain" and message.get_content_charset() == "utf-8"
    assert message.get_content().replace("\r\n", "\n") == f"{text}\n"
    assert data.isascii() and max(map(len, data.split(b"\r\n"))) <= 998 and b"\n" not in data.replace(b"\r\n", b"")


@given(st.text(max_size=300), st.text(max_size=2000))
def test_no_words_make_a_header_or_a_part_of_their_own(subject: str, text: str) -> None:
    message = read(raw(subject, text))
    assert set(message.keys()) == HEADERS and not message.is_multipart()
    assert message["To"] == "bo@example.com"


def test_an_address_beyond_ascii_is_written_as_it_is_where_the_server_knows_that() -> None:
    assert envelope("josé@exämple.com") == ("josé@xn--exmple-cua.com", True)
    assert envelope("bo@exämple.com") == ("bo@xn--exmple-cua.com", False)
    data = raw("Störung", to="josé@xn--exmple-cua.com", utf8=True)
    assert "To: josé@".encode() in data


@pytest.mark.parametrize("words", ["", "nobody", "a@b\nBcc: c@d", "a@b, c@d", "<a b@c>", "Ana <>", "a@"])
def test_what_is_not_one_address_is_none(words: str) -> None:
    assert address_of(words) is None
