"""What stands on the page that a link in a page leads to: what is the matter, and what became of it."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot import pages
from bot.durations import say_duration
from bot.incident import Incident
from bot.messages.paging import because
from bot.messages.words import stop
from bot.people import Person
from bot.progress import Page

HAVE, CANNOT = "I have it", "I cannot"


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as its reader's clock shows it."""

    iso: str
    """For machines."""
    shown: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One small page."""

    title: str
    """What is the matter."""
    since: Moment | None
    """Since when the page runs."""
    lines: tuple[str, ...]
    asks: bool = False
    """Whether it can be answered."""
    good: bool = False


def sheet(incident: Incident, page: Page, person: Person, *, now: datetime, late: bool) -> Sheet:
    """A page as it stands now, for whoever was paged. Of a private incident it tells no word that people wrote."""
    zone = person.zone()
    title = f"{incident.severity.upper()} · {'a private incident' if incident.private else incident.title}"
    since = _moment(page.at, zone)
    if page.acknowledged_at is not None and page.acknowledged_by is not None:
        mine = page.acknowledged_by.keys & person.keys
        who, has = ("You", "have") if mine else (page.acknowledged_by.name, "has")
        lines: tuple[str, ...] = (f"{who} {has} it since {_moment(page.acknowledged_at, zone).shown}.",)
        if mine:
            lines = (*lines, "Nobody else is paged. The incident's channel shows the rest.")
        return Sheet(title, since, lines, good=True)
    if page.stopped_at is not None:
        why = "" if incident.private else f" {stop(page.stopped)}"
        over = f"Nobody needs to answer any more since {_moment(page.stopped_at, zone).shown}.{why}"
        return Sheet(title, since, (over,))
    if pages.cannot(page, person):
        return Sheet(title, since, ("You said that you cannot. Whoever comes after you is paged.",), asks=not late)
    if late:
        said = "This link has run out, and nobody has answered yet. Please answer in the incident's channel."
        return Sheet(title, since, (said,))
    why = "" if incident.private else because(page) if page.by else stop(f"{page.why[:1].upper()}{page.why[1:]}")
    began = f"The page began {say_duration(now - page.at)} ago."
    return Sheet(title, since, tuple(filter(None, (why, began))), asks=True)


LOST = "Perhaps a piece of it got lost on the way: open it again from the message, or answer in the incident's channel."
AGAIN = "Please try again in a few seconds, or answer in the incident's channel. Nothing was changed."


def strange() -> Sheet:
    """The link is none of ours, or what it was about is no more."""
    return Sheet("This link leads nowhere", None, (LOST,))


def away() -> Sheet:
    """The database does not answer."""
    return Sheet("I cannot look that up just now", None, (AGAIN,))


def _moment(at: datetime, zone: ZoneInfo) -> Moment:
    here = at.astimezone(zone)
    return Moment(at.isoformat(), f"{here:%H:%M} ({zone.key}), {here.day} {here:%B %Y}")
