"""What is known of on-call beyond the playbook: overrides, and who was paged for which incident. Reads only."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from bot import calling
from bot.incident import Incident
from bot.pay import Paged
from bot.playbook.shape import Playbook
from bot.reader import Reader
from bot.rotations import Override

BEFORE = timedelta(days=62)
"""So long before a month pages are looked at: an incident is paid for once, in the month of the first."""


async def overrides(reader: Reader, playbook: Playbook, *, since: datetime, until: datetime) -> Sequence[Override]:
    """The overrides of a playbook's rotations that touch a span, as they count for whoever is on call."""
    return calling.counting(await reader.overrides(playbook.name, since=since, until=until), playbook)


async def paged(reader: Reader, playbook: Playbook, *, since: datetime, until: datetime) -> list[Paged]:
    """Who was paged for which of a playbook's incidents in a span, drills left out; private ones count."""
    found: list[Paged] = []
    for number in reversed(await reader.numbers()):
        incident = await reader.incident(number)
        if incident is None or incident.drill or incident.playbook != playbook.name:
            continue
        if incident.declared_at < since - BEFORE:
            break
        found += [one for one in _pages(incident) if since <= one.at < until]
    return found


def _pages(incident: Incident) -> Iterator[Paged]:
    """Everybody whom a page of the incident reached, and when."""
    for page in incident.progress.pages:
        for step in page.steps:
            if step.state.reached and step.owed_at is not None:
                yield Paged(incident.number, step.person.key, step.owed_at)
