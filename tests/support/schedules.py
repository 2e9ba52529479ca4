"""On-call schedules kept elsewhere: feeds as their products write them, and PagerDuty's API on this machine."""

import json
from collections.abc import Sequence
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tests.support.wires import Asked, Told, Wired

SAMPLE = Path(__file__).parents[2] / "adapters" / "calendar" / "samples" / "pagerduty-schedule.json"
TOKEN = "pagerduty-token-of-the-test"


class FakePagerDuty(Wired):
    """Holds one schedule, ``PI7DH85``, as the documentation of its API shows it."""

    def __init__(self) -> None:
        super().__init__()
        self.schedule: dict[str, Any] = deepcopy(json.loads(SAMPLE.read_text(encoding="utf-8")))["schedule"]

    def answer(self, asked: Asked) -> Told:
        """As the API answers: 401 without the token, 404 for any other schedule."""
        if asked.headers.get("authorization") != f"Token token={TOKEN}":
            return Told({"error": {"message": "Unauthorized", "code": 2006}}, 401)
        if (asked.method, asked.path) != ("GET", "/schedules/PI7DH85"):
            return Told({"error": {"message": "Not Found", "code": 2100}}, 404)
        return Told({"schedule": self.schedule})


def turns(people: Sequence[str], *, first: datetime, days: int, count: int) -> list[tuple[str, datetime, datetime]]:
    """Turns of so many days, one after the other by the wall clock."""
    made = []
    for place in range(count):
        begins = first + timedelta(days=days * place)
        made.append((people[place % len(people)], begins, begins + timedelta(days=days)))
    return made


def local(*moment: int, zone: str) -> datetime:
    """A moment by the wall clock of a zone."""
    return datetime(*moment, tzinfo=ZoneInfo(zone))  # type: ignore[misc,arg-type]


def pagerduty(events: Sequence[tuple[str, datetime, datetime]], *, name: str = "Primary") -> str:
    """A feed as PagerDuty writes it: events in UTC, one attendee each, and no rule."""
    head = ["BEGIN:VCALENDAR", "PRODID;X-RICAL-TZSOURCE=TZINFO:-//com.denhaven2/NONSGML ri_cal gem//EN"]
    lines = [*head, "CALSCALE:GREGORIAN", "VERSION:2.0", f"X-WR-CALNAME:On Call Schedule for {name}"]
    for place, (who, begins, ends) in enumerate(events):
        mail = f"{who.split()[0].lower()}@example.com"
        lines += [
            "BEGIN:VEVENT",
            f"DTEND;VALUE=DATE-TIME:{_utc(ends)}",
            f"DTSTART;VALUE=DATE-TIME:{_utc(begins)}",
            f"ATTENDEE:{mail}",
            f"UID:Q{place:013}",
            "URL:https://acme.pagerduty.com/schedules#PI7DH85",
            f"SUMMARY:On Call - {who} - {name}",
            "END:VEVENT",
        ]
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


def grafana(events: Sequence[tuple[str, str, datetime, datetime]]) -> str:
    """A feed as Grafana OnCall writes it: the level before the name of the user."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//My calendar product//amixr//", "CALSCALE:GREGORIAN"]
    for place, (level, who, begins, ends) in enumerate(events):
        lines += [
            "BEGIN:VEVENT",
            f"SUMMARY:[{level}] {who}",
            f"DTSTART:{_utc(begins)}",
            f"DTEND:{_utc(ends)}",
            "DTSTAMP:20261101T000000Z",
            f"UID:oncall-{place}-PK1-U{place}-E1-S1",
            "END:VEVENT",
        ]
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


def ruled(rule: str, *, start: str = "TZID=Europe/Berlin:20261102T090000", more: str = "") -> str:
    """A calendar of one event that repeats."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//test//",
        "X-WR-TIMEZONE:Europe/Berlin",
        "BEGIN:VEVENT",
        "UID:a",
    ]
    lines += ["SUMMARY:Ana Reyes", f"DTSTART;{start}" if "=" in start else f"DTSTART:{start}", "DURATION:PT8H"]
    lines += [f"RRULE:{rule}", *filter(None, [more]), "END:VEVENT", "END:VCALENDAR", ""]
    return "\r\n".join(lines)


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
