"""What the public page says to customers, in words that fit every process."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from bot.durations import say_duration
from bot.overview import DAYS, Component, Overview, affected
from bot.progress import Condition, PublicStage
from bot.progress.publication import GRAVITY
from bot.public import PublicIncident

CONDITIONS = {
    Condition.OPERATIONAL: "Operational",
    Condition.DEGRADED: "Degraded performance",
    Condition.PARTIAL: "Partial outage",
    Condition.MAJOR: "Major outage",
    Condition.MAINTENANCE: "Under maintenance",
}
STAGES = {
    PublicStage.INVESTIGATING: "Investigating",
    PublicStage.IDENTIFIED: "Identified",
    PublicStage.MONITORING: "Monitoring",
    PublicStage.RESOLVED: "Resolved",
}
STATES = {
    Condition.OPERATIONAL: "All systems operational",
    Condition.DEGRADED: "Degraded performance",
    Condition.PARTIAL: "Partial outage",
    Condition.MAJOR: "Major outage",
    Condition.MAINTENANCE: "Maintenance in progress",
}
NONE = "No incidents."
SOMEWHERE = "its address"
UNTITLED = "Status"
FEED = "Incidents and what becomes of them"
MISSING = "There is no such page."
AWAY = "Subscriptions cannot be reached now. Ask again a little later."
TOO_MANY_AT_ONCE = "Too many subscribe at once. Ask again in ten seconds."
TOO_LARGE = "That is too much: an address is all that is needed."
TOO_SLOW = "The request did not come to an end."
NO_ADDRESS = "Give an address as “url”, such as https://example.com/status."
NOT_PROVED = (
    "The address did not answer the verification. It is asked by POST, has to be public, and to answer 200 with the "
    "“challenge” that it was sent."
)
FULL = "There is no room for another subscription."
NO_SUBSCRIPTION = "There is no such subscription. Nothing is sent for it."
ENDED = "Nothing more is sent."
NOT_YET = "The page is being written. Ask again in a few seconds."


def state(overview: Overview) -> str:
    """How everything is, in a few words."""
    if overview.open and overview.condition is Condition.OPERATIONAL:
        return "We are looking into an incident" if len(overview.open) == 1 else "We are looking into several incidents"
    return STATES[overview.condition]


def condition(of: Condition) -> str:
    """How a component is."""
    return CONDITIONS[of]


def word(said: str, stage: PublicStage) -> str:
    """Where an incident stands: the process's own word, with a capital letter."""
    shown = said.strip() or STAGES[stage]
    return shown[:1].upper() + shown[1:]


def title(incident: PublicIncident) -> str:
    """The incident's title; an incident always has one."""
    return incident.title.strip() or "Incident"


def moment(at: datetime) -> str:
    """A time with its zone: ``20 Nov 2026, 14:05 UTC``."""
    told = at.astimezone(UTC)
    return f"{day(told.date())}, {told:%H:%M} UTC"


def day(of: date) -> str:
    """``20 Nov 2026``."""
    return f"{of.day} {of:%b %Y}"


def month(of: date) -> str:
    """``November 2026``."""
    return f"{of:%B %Y}"


def lasted(incident: PublicIncident) -> str:
    """From when to when, and how long: ``20 Nov 2026, 14:05 UTC, for 25 m``."""
    end = incident.resolved_at
    if end is None:
        return f"since {moment(incident.opened_at)}"
    span = max(end - incident.opened_at, timedelta(minutes=1))
    return f"{moment(incident.opened_at)}, for {say_duration(span)}"


def touched(incident: PublicIncident) -> str:
    """What it is about: the components that it affects, or did, by name; empty where it names none."""
    told = affected(incident)
    if incident.resolved_at is not None:
        return f"Affected {_listed(list(told))}" if told else ""
    names = [name for name, condition in told.items() if condition is not Condition.OPERATIONAL]
    return f"Affects {_listed(names)}" if names else ""


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def becomes(components: dict[str, Condition]) -> str:
    """What an update says of components: ``Checkout: partial outage · Search: operational``."""
    return " · ".join(f"{name}: {CONDITIONS[each].lower()}" for name, each in components.items())


def look_back(component: Component) -> str:
    """The last days of a component in one sentence."""
    counted = Counter[Condition](one.condition for one in component.days)
    del counted[Condition.OPERATIONAL]
    if not counted:
        return f"No incident in the last {DAYS} days."
    said = [f"{CONDITIONS[each].lower()} on {_days(counted[each])}" for each in reversed(GRAVITY) if counted[each]]
    return f"In the last {DAYS} days: {', '.join(said)}."


def bad_days(component: Component) -> str:
    """How many days are told apart from the others."""
    return f"{_days(sum(one.condition is not Condition.OPERATIONAL for one in component.days))} with incidents"


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def on_day(of: date, was: Condition) -> str:
    """One day of a component."""
    return f"{day(of)}: {'no incident' if was is Condition.OPERATIONAL else CONDITIONS[was].lower()}"


def subscribed(host: str) -> str:
    """What is told from now on goes there."""
    return f"Every new text is sent to {host} from now on."


def ends(host: str) -> str:
    """The question before a subscription ends."""
    return f"Send nothing more to {host}?"


def stale(since: datetime) -> str:
    """What stands above everything while there may be news that nobody can see here."""
    return f"This page could not be brought up to date since {moment(since)}. What you see is from then."
