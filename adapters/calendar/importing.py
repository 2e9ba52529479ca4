"""Importing a schedule, from a file, an address, or PagerDuty."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from adapters.calendar import fetching, pagerduty, reading
from adapters.calendar.settings import PagerDutySettings
from bot.errors import Mistake
from bot.importing import cycles, rhythm
from bot.importing.found import Schedule, Unfit
from bot.importing.writing import write
from bot.playbook.shape import Playbook

SCHEMES = ("http", "https", "webcal", "webcals")
PAGERDUTY = "pagerduty"


def text(source: str, id: str, playbook: Playbook, *, zone: str, now: datetime) -> str:
    """YAML for the playbook: of ``pagerduty`` and a schedule's id, or of a file or an address; raises ``Mistake``.

    Runs in the main thread, outside of any loop, so that a feed that takes for ever is let go of.
    """
    if source.strip().lower() == PAGERDUTY:
        if not id:
            raise Mistake("Say which schedule: `tocsin oncall import pagerduty PI7DH85`, the last part of its address.")
        made = asyncio.run(from_pagerduty(id.strip(), PagerDutySettings(), now=now))
        return write(made, playbook, source=f"PagerDuty's schedule {id.strip()}")
    if id:
        raise Mistake("Give one file or address at a time; only `pagerduty` is followed by the id of a schedule.")
    found = asyncio.run(body(source))
    zones = [zone] if zone else [playbook.timezone, *(one.timezone for one in playbook.people if one.timezone)]
    made = calendar(found, zones=zones, only=bool(zone), now=now)
    return write(made, playbook, source="a calendar feed" if "://" in source else Path(source).name)


async def body(source: str) -> bytes:
    """What stands in a file or at an address; raises :class:`~bot.errors.Mistake`."""
    scheme, separator, rest = source.strip().partition("://")
    if not separator:
        return fetching.read(Path(source))
    scheme = scheme.lower()
    if scheme not in SCHEMES:
        raise Mistake(f"“{scheme[:20]}://” is not asked. Give a file, or an address with https:// or webcal://.")
    url = f"http://{rest}" if scheme == "http" else f"https://{rest}"  # calendars' own scheme stands for https
    status, found = await fetching.fetch(url)
    if not fetching.good(status):
        raise Mistake(f"The address answered {status}, and no calendar. Is the feed still shared?")
    return found


def calendar(found: bytes, *, zones: Sequence[str], only: bool, now: datetime) -> Schedule:
    """The rotations that a feed follows, read in its own zones or these, or ``only`` in these; raises ``Mistake``."""
    read = reading.feed(found, now=now, title="On-call")
    candidates = zones if only else [*read.zones, *zones, "UTC"]
    try:
        return rhythm.schedule(read.title, read.events, tuple(dict.fromkeys(candidates)))
    except Unfit as no:
        raise Mistake(str(no)) from no


async def from_pagerduty(id: str, settings: PagerDutySettings, *, now: datetime) -> Schedule:
    """The rotations that a schedule of PagerDuty's is made of; raises ``Mistake``."""
    found = await pagerduty.schedule(id, settings, now=now)
    try:
        made = cycles.schedule(found.title, found.zone, found.cycles, now=now)
    except Unfit as no:
        raise Mistake(str(no)) from no
    return Schedule(made.title, made.zone, made.layers, (*made.remarks, *found.overrides))
