"""What contradicts itself in deadlines, the calendar and the schedule of drills."""

from collections.abc import Callable, Iterator

from bot.durations import say_duration
from bot.playbook.clocks import Meets, Starts
from bot.playbook.misfit import Misfit, quoted
from bot.playbook.places import places
from bot.playbook.written import Written
from bot.terms import Unit

TERMS = (
    "severities.response",
    "severities.resolution",
    "severities.postmortem.within",
    "deadlines.within",
    "mail.within",
    "record.due",
)
"""Where terms stand."""
OVER = (Meets.RESPONSE, Meets.UPDATE, Meets.RESOLVED)
"""What has happened by the time an incident is resolved."""


def sprints(playbook: Written) -> Iterator[Misfit]:
    """Terms in sprints, of which the calendar knows nothing."""
    if playbook.calendar.sprint is not None:
        return
    for path in TERMS:
        for at, term in places(playbook, path):
            if term.unit is Unit.SPRINTS:
                expected = "“calendar.sprint”, which says when sprints start and how long they are"
                found = f"{quoted(term.words)} and no sprints in the calendar"
                yield Misfit(at, found, expected, lacks="sprint", among="calendar.sprint")


def calendar(playbook: Written) -> Iterator[Misfit]:
    """No working time at all, or a region of no country."""
    opens, closes = playbook.calendar.opens, playbook.calendar.closes
    if opens >= closes:
        yield Misfit(("calendar",), f"a day from {opens:%H:%M} to {closes:%H:%M}", "“opens” before “closes”")
    if not playbook.calendar.days:
        yield Misfit(("calendar", "days"), "no working day", "at least one, such as mon")
    if playbook.calendar.subdivision and not playbook.calendar.country:
        yield Misfit(
            ("calendar", "subdivision"),
            f"{quoted(playbook.calendar.subdivision)} and no country",
            "“country” beside it, such as US",
            lacks="country",
        )


def holidays(playbook: Written, known: Callable[[str, str], object | None]) -> Iterator[Misfit]:
    """A country or a region whose public holidays nobody knows."""
    country, region = playbook.calendar.country, playbook.calendar.subdivision
    if country and known(country, "") is None:
        expected = "a country whose holidays are known, such as US, or “closed” with the days themselves"
        yield Misfit(("calendar", "country"), quoted(country), expected)
    elif country and region and known(country, region) is None:
        yield Misfit(("calendar", "subdivision"), quoted(region), f"a region of {country} whose holidays are known")


def deadlines(playbook: Written) -> Iterator[Misfit]:
    """Deadlines that never start, are met before they do, or asked for before they run."""
    for place, rule in enumerate(playbook.deadlines):
        if (rule.starts is Starts.FLAG) != bool(rule.flag):
            expected = "both: the flag that starts it, and that one does"
            yield Misfit(("deadlines", place), "only one of “flag” and “starts: flag”", expected)
        if rule.starts in (Starts.RESOLVED, Starts.CLOSED) and rule.met_by in OVER:
            found = f"{quoted(rule.met_by.value)}, which has happened when it starts"
            yield Misfit(("deadlines", place, "met_by"), found, "done or published")
        for nth, before in enumerate(rule.before or ()):
            if rule.within.unit is Unit.PLAIN and before >= rule.within.length:
                expected = f"less than {rule.within}, which is all the time there is"
                yield Misfit(("deadlines", place, "before", nth), say_duration(before), expected)


def drills(playbook: Written) -> Iterator[Misfit]:
    """A day of no month."""
    plan = playbook.drills
    if plan.day and plan.every is None and plan.after is None:
        yield Misfit(
            ("drills", "day"), f"{quoted(plan.day)} of no month", "“every”, or “after” with a day", lacks="after"
        )
    if plan.after is not None and not plan.day:
        expected = "“day” beside it, such as first fri"
        yield Misfit(("drills", "after"), "a day after which nothing is planned", expected, lacks="day")
