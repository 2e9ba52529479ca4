"""Entries as an iCalendar feed (RFC 5545): times in UTC, so that no zone has to be explained."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event

from bot.feeds import Entry
from bot.importing.writing import plain

PRODUCT = "-//Tocsin//On-call//EN"
FRESH = timedelta(hours=1)
"""After which calendars should look again; most take longer by themselves."""


def write(entries: Sequence[Entry], *, title: str, day: datetime) -> bytes:
    """The feed. ``day`` stamps the entries: a feed reads the same until something in it, or the day, is another."""
    calendar = Calendar()
    calendar.add("PRODID", PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("METHOD", "PUBLISH")
    calendar.add("X-WR-CALNAME", plain(title))
    calendar.add("REFRESH-INTERVAL", FRESH, parameters={"VALUE": "DURATION"})  # RFC 7986
    calendar.add("X-PUBLISHED-TTL", "PT1H")
    for entry in entries:
        calendar.add_component(_event(entry, day))
    written: bytes = calendar.to_ical()
    return written


def _event(entry: Entry, day: datetime) -> Event:
    event = Event()
    event.add("UID", f"{entry.name}@oncall.tocsin")
    event.add("DTSTAMP", day.astimezone(UTC))
    event.add("DTSTART", entry.begins.astimezone(UTC))
    event.add("DTEND", entry.ends.astimezone(UTC))
    event.add("SUMMARY", entry.title)
    event.add("DESCRIPTION", entry.about)
    event.add("TRANSP", "TRANSPARENT")  # on call is not busy
    return event
