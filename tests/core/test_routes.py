"""Addresses that people may give, and the hours in which they are left alone."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Mistake
from bot.routes import Address, Kind, QuietHours, parse, span

TAKEN = [
    ("ntfy://ana-at-night-4711", "ntfy", Kind.PUSH, ""),
    ("ntfys://ntfy.example.com/ana", "ntfy", Kind.PUSH, "ntfy.example.com"),
    ("pover://uSerKey012345678901234567890@aToken0123456789012345678901", "Pushover", Kind.PUSH, ""),
    ("gotifys://push.example.org:8443/AbCdEf", "Gotify", Kind.PUSH, "push.example.org"),
    ("twilio://AC0123:t0ken@15551230000/15551234567", "Twilio", Kind.SMS, ""),
    ("mailtos://ana:secret@example.com?to=ana@example.com", "E-mail", Kind.EMAIL, "example.com"),
    ("pagerduty://key@api/tocsin/pages?region=eu", "PagerDuty", Kind.PAGER, ""),
    ("OPSGENIE://0a1b2c3d-0a1b/@ana?priority=5", "Opsgenie", Kind.PAGER, ""),
    ("tgram://123456789:AAabc/12315544", "Telegram", Kind.CHAT, ""),
]
REFUSED = [
    "json://10.0.0.1", "xml://localhost", "form://127.0.0.1:8080/x", "file:///etc/passwd", "exec://rm", "dbus://",
    "syslog://", "syslog://10.0.0.1", "windows://", "macosx://", "rsyslog://host", "jsons://example.com", "apprise://x/y",
    "mqtt://10.0.0.1/topic", "http://example.com", "https://example.com/hook",
    "gotify://10.0.0.1/token", "gotify://127.1/token", "gotify://2130706433/t", "gotify://0x7f.0.0.1/t",
    "gotify://0177.0.0.1/t", "gotify://[::1]/t", "gotify://localhost/t", "gotify://db/t", "gotify://db.internal/t",
    "gotify://printer.local/t", "gotify://metadata.google.internal/t", "gotify://169.254.169.254/latest",
    "gotify://example.com@10.0.0.1/t", "gotify://a@b@10.0.0.1/t", "gotify://example.com\\@10.0.0.1/t",
    "gotify://example.com:80:80/t", "gotify://example.com#@10.0.0.1/t", "gotify://%31%30.0.0.1/t", "gotify://10.0.0.1.",
    "gotify://example.com/t?verify=no", "gotify://example.com/t?redirect=yes",
    "ntfy://10.0.0.1", "ntfy://10.0.0.1/topic", "ntfy://localhost/topic", "ntfy://topic?mode=private",
    "ntfy://ana:pw@localhost", "ntfy://topic?attach=http://10.0.0.1/x", "ntfy://localhost:8080",
    "mailto://ana:pw@10.0.0.1", "mailto://ana:pw@example.com?smtp=10.0.0.1", "mailtos://ana:pw@example.com?SMTP=db",
    "mailto://ana:pw@localhost", "mailto://ana:pw@example.com?to=x&smtp=a?b", "mailto://?to=a@b.c&from=x@10.0.0.1",
    "pover://user@token?attach=/etc/passwd", "tgram://1:A/2?template=/etc/passwd", "twilio://a:b@c?cto=9999",
    "ntfy://to pic", "ntfy://", "ntfy:topic", "", "push", "ntfy://tö", f"ntfy://{'x' * 600}", "ntfy://a\nb",
]  # fmt: skip


@pytest.mark.parametrize(("words", "service", "kind", "host"), TAKEN)
def test_an_address_of_a_service_for_people_is_taken(words: str, service: str, kind: Kind, host: str) -> None:
    found = parse(f" {words} ")
    assert (found.service, found.kind, found.host) == (service, kind, host)
    assert found.full.lower() == words.lower() and found.full.partition("://")[2] == words.partition("://")[2]


@pytest.mark.parametrize("words", REFUSED)
def test_what_could_reach_inside_or_is_no_address_is_refused_and_not_repeated(words: str) -> None:
    with pytest.raises(Mistake) as wrong:
        parse(words)
    rest = words.partition("://")[2].strip("/")
    assert len(rest) < 6 or rest not in str(wrong.value)


@pytest.mark.parametrize("words", [each[0] for each in TAKEN])
def test_no_more_than_the_last_characters_are_ever_shown(words: str) -> None:
    found = parse(words)
    rest = words.partition("://")[2].partition("?")[0]
    assert rest.rstrip("/").endswith(found.tail) and len(found.tail) <= max(1, min(4, len(rest) // 4))
    assert words not in repr(found) and words.partition("://")[2] not in repr(found)


def test_a_kind_that_the_service_is_not_is_named() -> None:
    assert parse("ntfy://ana-at-night", kind="push").kind is Kind.PUSH
    assert parse("mailtos://a:b@example.com", kind="email").kind is Kind.EMAIL
    with pytest.raises(Mistake, match="ntfy is push"):
        parse("ntfy://ana-at-night", kind="sms")


@given(st.text(max_size=60), st.sampled_from(["ntfy", "gotify", "mailto", "json", "pover"]))
def test_whatever_is_typed_is_an_address_or_a_sentence_and_names_no_host_that_is_a_number(rest: str, on: str) -> None:
    try:
        found = parse(f"{on}://{rest}")
    except Mistake as wrong:
        assert str(wrong).endswith((".", "`."))
        return
    assert isinstance(found, Address) and (not found.host or found.host.rpartition(".")[2][0].isalpha())


NIGHT = QuietHours("ana", time(22), time(7), "Europe/Berlin", frozenset({"sev2"}))


def at(*when: int, zone: str = "Europe/Berlin") -> datetime:
    """A moment by the clock on the person's wall, as UTC."""
    return datetime(*when, tzinfo=ZoneInfo(zone)).astimezone(UTC)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("now", "until"),
    [
        (at(2026, 11, 26, 21, 59), None),
        (at(2026, 11, 26, 22, 0), at(2026, 11, 27, 7)),
        (at(2026, 11, 27, 0, 0), at(2026, 11, 27, 7)),
        (at(2026, 11, 27, 6, 59), at(2026, 11, 27, 7)),
        (at(2026, 11, 27, 7, 0), None),
        (at(2026, 12, 31, 23, 30), at(2027, 1, 1, 7)),
        (at(2028, 2, 28, 23, 30), at(2028, 2, 29, 7)),
        (at(2027, 3, 27, 23, 0), at(2027, 3, 28, 7)),
        (at(2027, 10, 30, 23, 0), at(2027, 10, 31, 7)),
    ],
)
def test_quiet_hours_go_over_midnight_and_end_by_the_persons_own_clock(now: datetime, until: datetime | None) -> None:
    assert NIGHT.until(now, severity="sev3", most_severe=False) == until


def test_the_most_severe_and_what_is_excepted_page_at_any_hour() -> None:
    now = at(2026, 11, 27, 3, 14)
    assert NIGHT.until(now, severity="sev1", most_severe=True) is None
    assert NIGHT.until(now, severity="sev2", most_severe=False) is None
    assert NIGHT.until(now, severity="sev3", most_severe=False) == at(2026, 11, 27, 7)


def test_a_zone_with_half_hours_and_a_span_within_a_day() -> None:
    hours = QuietHours("bo", time(9, 30), time(12), "Asia/Kolkata")
    assert hours.until(at(2026, 11, 27, 9, 29, zone="Asia/Kolkata"), severity="x", most_severe=False) is None
    noon = at(2026, 11, 27, 12, zone="Asia/Kolkata")
    assert hours.until(at(2026, 11, 27, 9, 30, zone="Asia/Kolkata"), severity="x", most_severe=False) == noon
    assert hours.until(noon, severity="x", most_severe=False) is None


def test_spans_are_read_as_people_write_them() -> None:
    assert span("22:00-07:00") == span("22 – 7") == span("22:00 until 7") == (time(22), time(7))
    assert span("0:30-24:00") == (time(0, 30), time(0))
    for wrong in ("", "22:00", "25:00-7:00", "22:61-7", "7-7", "night", "22:00-07:00-08:00", "99-98"):
        with pytest.raises(Mistake, match="quiet 22:00-07:00"):
            span(wrong)
