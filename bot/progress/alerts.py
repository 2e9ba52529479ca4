"""The alerts that belong to an incident, as its card shows them."""

from pydantic import AwareDatetime, Field

from bot.progress.kept import Kept


class AlertSeen(Kept):
    """One alert of an incident, as its card shows it."""

    id: int
    title: str
    source: str
    """What people call its sender."""
    link: str = ""
    fires: bool
    since: AwareDatetime
    """Since when it has been so."""
    count: int
    """Alerts that arrived since it began to fire."""
    flaps: int = 0
    """How often it changed of late, where that is worth a word."""


class Alerted(Kept):
    """The alerts that belong to an incident; what arrives is shown here at a bounded rate."""

    declared: bool = False
    """Whether an alert declared it, not a person."""
    rule: str = ""
    """Name of the rule that did; empty for what always holds."""
    first: int = 0
    """Id of the alert that it came of."""
    group: str = ""
    """What further alerts of its group have in common with it."""
    labels: dict[str, str] = Field(default_factory=dict)
    """Of that alert."""
    text: str = ""
    """What it says beside its title, as far as runbooks are found by it."""
    runbook: str = ""
    """Address of the runbook that it names."""
    summary: str = ""
    """Its own words, as customers may read them first where the process says so; else empty."""
    publish: bool = False
    """Whether the process opens a public incident at once."""
    alerts: int = 0
    """How many there are, by dedupe key."""
    firing: int = 0
    """How many of them fire, as far as is known."""
    arrived: int = 0
    """How many times all of them arrived."""
    latest: tuple[AlertSeen, ...] = ()
    """The last few, those that fire first."""
    cleared_at: AwareDatetime | None = None
    """When the last of them cleared; ``None`` while any fires."""
    told: int = 0
    """How many messages said that all had cleared, for their keys."""
    told_at: AwareDatetime | None = None
    """When the last of them was posted."""
    shown_at: AwareDatetime | None = None
    """When it was brought up to date."""
