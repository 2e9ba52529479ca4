"""How the components on the public page are, now and on each of the last days, as far as customers were told."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from bot.progress import Condition, worst
from bot.public import PublicIncident

DAYS = 90
"""Days that the page looks back, today included."""


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a component, in UTC."""

    date: date
    condition: Condition
    """The worst that was told of it."""


@dataclass(frozen=True, slots=True)
class Component:
    """A component on the page."""

    name: str
    condition: Condition
    """The worst of the open incidents'."""
    days: tuple[Day, ...]
    """Oldest first, :data:`DAYS` of them; the last is today."""


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything on the page at one moment."""

    components: tuple[Component, ...]
    open: tuple[PublicIncident, ...]
    """Newest first."""
    past: tuple[PublicIncident, ...]
    """Resolved within the last days, the one that began last first."""

    @property
    def condition(self) -> Condition:
        """The worst of all components."""
        return worst(component.condition for component in self.components)


@dataclass(frozen=True, slots=True)
class _Spell:
    """For how long a component was told to be so; it may be no time at all."""

    component: str
    condition: Condition
    since: datetime
    until: datetime


def oldest(now: datetime) -> datetime:
    """The beginning of the first day that the page looks back to."""
    return datetime.combine(now.astimezone(UTC).date() - timedelta(days=DAYS - 1), datetime.min.time(), UTC)


def affected(incident: PublicIncident) -> dict[str, Condition]:
    """How the incident leaves each component that it was told of: as it was told last."""
    found: dict[str, Condition] = {}
    for update in incident.updates:
        found |= update.components
    return found


def overview(incidents: Sequence[PublicIncident], names: Sequence[str], *, now: datetime) -> Overview:
    """The page of these incidents: components of these names, then those that open incidents name besides."""
    newest = sorted(incidents, key=lambda one: (one.opened_at, one.mark), reverse=True)
    opened = tuple(one for one in newest if one.resolved_at is None)
    past = tuple(one for one in newest if one.resolved_at is not None and one.resolved_at >= oldest(now))
    listed = dict.fromkeys([*names, *(name for one in opened for name in affected(one))])
    spells = [spell for one in (*opened, *past) for spell in _spells(one, now)]
    current = [affected(one) for one in opened]
    components = (
        Component(
            name,
            worst(each[name] for each in current if name in each),
            _days([spell for spell in spells if spell.component == name], now),
        )
        for name in listed
    )
    return Overview(tuple(components), opened, past)


def _spells(incident: PublicIncident, now: datetime) -> Iterator[_Spell]:
    end = incident.resolved_at or now
    for name in affected(incident):
        told = [(one.at, one.components[name]) for one in incident.updates if name in one.components]
        ends = [at for at, _ in told[1:]] + [end]
        for (since, condition), until in zip(told, ends, strict=True):
            if condition is not Condition.OPERATIONAL and since <= end:
                yield _Spell(name, condition, since, max(since, min(until, end)))


def _days(spells: Sequence[_Spell], now: datetime) -> tuple[Day, ...]:
    first = oldest(now)
    return tuple(_day(first + timedelta(days=place), spells) for place in range(DAYS))


def _day(begins: datetime, spells: Sequence[_Spell]) -> Day:
    ends = begins + timedelta(days=1)
    met = (one.condition for one in spells if one.since < ends and (one.until > begins or one.since >= begins))
    return Day(begins.date(), worst(met))
