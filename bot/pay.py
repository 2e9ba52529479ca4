"""What on-call is paid for a month: a weekly base by the time that somebody covered, once for each incident that they
were paged for, and weekend work that is entered.

Money is exact (:class:`~decimal.Decimal`); each amount is rounded to hundredths by itself, halves up, and a total is
the sum of what is shown. Time is counted on the wall clock of the rotation's zone, so that a week is a week also where
the clocks change. Pure; reads no clock.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from bot.calendar import WEEKDAYS, at
from bot.errors import Mistake
from bot.playbook.escalation import Rotation
from bot.rotations import Override, Shift, shifts

WEEK = timedelta(days=7)
DAY = timedelta(days=1)
CENT = Decimal("0.01")
WEEKS = Decimal("0.0001")
"""To which shares of a week, and hours, are shown."""
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Paged:
    """Somebody was paged for an incident, which was no drill."""

    incident: int
    person: str
    """Their key."""
    at: datetime


@dataclass(frozen=True, slots=True)
class Earned:
    """What one person is paid for one rotation."""

    rotation: str
    person: str
    currency: str
    weeks: Decimal
    """Weeks covered; a part of the time that the rotation covers is that part of a week."""
    base: Decimal
    incidents: tuple[int, ...]
    paged: Decimal
    weekend_covered: Decimal
    """Hours on call at weekends."""
    weekend_hours: Decimal
    """Hours worked then, as entered."""
    weekend: Decimal

    @property
    def total(self) -> Decimal:
        """All of it."""
        return self.base + self.paged + self.weekend


@dataclass(frozen=True, slots=True)
class Duty:
    """A rotation that is paid, over a month."""

    rotation: Rotation
    zone: str
    """The rotation's own, else its playbook's."""
    playbook_zone: str
    overrides: Sequence[Override]
    month: date
    """Its first day."""

    @property
    def span(self) -> tuple[datetime, datetime]:
        """The month in the rotation's zone."""
        following = (self.month.replace(day=28) + timedelta(days=4)).replace(day=1)
        zone = ZoneInfo(self.zone)
        return at(self.month, time(), zone), at(following, time(), zone)

    def shifts(self, since: datetime, until: datetime) -> list[Shift]:
        """Who really covers, overrides counted."""
        return shifts(self.rotation, zone=self.playbook_zone, overrides=self.overrides, since=since, until=until)


def duties(rotations: Iterable[Rotation], *, zone: str, overrides: Sequence[Override], month: date) -> list[Duty]:
    """The rotations that are paid."""
    return [Duty(one, one.timezone or zone, zone, overrides, month) for one in rotations if one.pay is not None]


def report(
    paid: Sequence[Duty], pages: Sequence[Paged], *, rate: Decimal | None, hours: dict[str, Decimal]
) -> list[Earned]:
    """Whoever earned something, by rotation and in the order of the first shift.

    ``hours`` are those worked at weekends, by person; what is counted is taken out. Raises ``Mistake`` for hours that
    nobody can have worked.
    """
    incidents = _incidents(paid, pages)
    rows = []
    for duty in paid:
        covered, weekend = _weeks(duty), _weekend(duty)
        people = [*covered, *(who for name, who in incidents if name == duty.rotation.name and who not in covered)]
        for person in dict.fromkeys(people):
            worked = hours.pop(person, Decimal(0))
            numbers = incidents.get((duty.rotation.name, person), ())
            rows.append(_earned(duty, person, covered[person], numbers, weekend[person], worked, rate))
    return rows


def _earned(
    duty: Duty,
    person: str,
    weeks: Decimal,
    numbers: tuple[int, ...],
    covered: Decimal,
    hours: Decimal,
    rate: Decimal | None,
) -> Earned:
    pay = duty.rotation.pay
    assert pay is not None  # noqa: S101  # a duty is paid
    if hours > covered:
        raise Mistake(
            f"{person} was on call for {covered:f} hours at weekends in {duty.rotation.name}, so {hours:f} hours of "
            "work there cannot be right."
        )
    if hours and rate is None:
        raise Mistake("Hours without a rate are worth nothing: give what an hour is paid, like --rate 80.")
    weekend = hours * (rate or Decimal(0)) * _exact(pay.weekend)
    return Earned(
        rotation=duty.rotation.name,
        person=person,
        currency=pay.currency,
        weeks=weeks.quantize(WEEKS, ROUND_HALF_UP),
        base=_money(weeks * _exact(pay.week)),
        incidents=numbers,
        paged=_money(len(numbers) * _exact(pay.incident)),
        weekend_covered=covered,
        weekend_hours=hours,
        weekend=_money(weekend),
    )


def _money(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


def _exact(number: float) -> Decimal:
    """A number of the playbook as it is written there."""
    return Decimal(str(number))


def _weeks(duty: Duty) -> dict[str, Decimal]:
    """The weeks that each person covered: their share of what the rotation covers of each week, added up.

    A week begins at the rotation's hand-over; of one that the month cuts, what lies in the month counts.
    """
    since, until = duty.span
    zone = ZoneInfo(duty.zone)
    found: dict[str, Decimal] = defaultdict(Decimal)
    for begins, ends in _calendar_weeks(duty, since, until):
        pieces = duty.shifts(begins, ends)
        whole = sum((_wall(one.begins, one.ends, zone) for one in pieces if one.person is not None), timedelta())
        for one in pieces:
            mine = _wall(max(one.begins, since), min(one.ends, until), zone)
            if one.person is not None and mine > timedelta():
                found[one.person] += _ratio(mine, whole)
    return found


def _calendar_weeks(duty: Duty, since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    zone = ZoneInfo(duty.zone)
    day = since.astimezone(zone).date()
    day -= timedelta(days=(day.weekday() - WEEKDAYS.index(duty.rotation.day)) % 7 + 7)
    while (begins := at(day, duty.rotation.at, zone)) < until:
        ends = at(day + WEEK, duty.rotation.at, zone)
        if ends > since:
            yield begins, ends
        day += WEEK


def _wall(begins: datetime, ends: datetime, zone: ZoneInfo) -> timedelta:
    """How long something lasts by the wall clock."""
    length = ends.astimezone(zone).replace(tzinfo=None) - begins.astimezone(zone).replace(tzinfo=None)
    return max(length, timedelta())  # within an hour that comes twice it would go back


def _ratio(part: timedelta, whole: timedelta) -> Decimal:
    return Decimal(part // timedelta(seconds=1)) / Decimal(whole // timedelta(seconds=1))


def _weekend(duty: Duty) -> dict[str, Decimal]:
    """Hours on call on Saturdays and Sundays, by person."""
    since, until = duty.span
    zone = ZoneInfo(duty.zone)
    found: dict[str, Decimal] = defaultdict(Decimal)
    for one in duty.shifts(since, until):
        if one.person is None:
            continue
        day = one.begins.astimezone(zone).date()
        while (midnight := at(day, time(), zone)) < one.ends:
            following = at(day + DAY, time(), zone)
            share = min(one.ends, following) - max(one.begins, midnight)
            if day.weekday() >= SATURDAY and share > timedelta():
                found[one.person] += Decimal(share // timedelta(seconds=1)) / 3600
            day += DAY
    return defaultdict(Decimal, {who: hours.quantize(CENT, ROUND_HALF_UP) for who, hours in found.items()})


def _incidents(paid: Sequence[Duty], pages: Sequence[Paged]) -> dict[tuple[str, str], tuple[int, ...]]:
    """The incidents that each person is paid for, by rotation: each once, by the first page, and by one rotation."""
    first: dict[tuple[int, str], datetime] = {}
    for page in sorted(pages, key=lambda one: one.at):
        first.setdefault((page.incident, page.person), page.at)
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for (incident, person), moment in sorted(first.items()):
        duty = _pays(paid, person, moment)
        if duty is not None:
            found[duty.rotation.name, person].append(incident)
    return {whose: tuple(numbers) for whose, numbers in found.items()}


def _pays(paid: Sequence[Duty], person: str, moment: datetime) -> Duty | None:
    """The first rotation in which they were on call then; else the first that they belong to."""
    within = [duty for duty in paid if duty.span[0] <= moment < duty.span[1]]
    on_call = (duty for duty in within if duty.shifts(moment, moment + timedelta(seconds=1))[0].person == person)
    member = (duty for duty in within if person in duty.rotation.everybody)
    return next(on_call, None) or next(member, None)


def stray(hours: dict[str, Decimal]) -> None:
    """Raises ``Mistake`` where hours were entered for somebody who was not on call."""
    if hours:
        names = ", ".join(sorted(hours))[:200]
        raise Mistake(f"{names}: nobody of this key was on call in that month, so no hours can be entered.")


def month_of(words: str) -> date:
    """``2026-11`` as its first day; raises ``Mistake``."""
    try:
        return datetime.strptime(words.strip(), "%Y-%m").replace(tzinfo=UTC).date()
    except ValueError as no:
        raise Mistake(f"“{words[:20]}” is no month. Write it like 2026-11.") from no
