"""What is kept of all alerts that bear one dedupe key: how it stands, what became of it, and how often.

:func:`hear` is pure: it says what an arriving alert means for what is known already.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum

from pydantic import AwareDatetime, Field

from bot.alerts.alert import Alert, AlertState, Posted
from bot.model import Model
from bot.progress import Publication

FLAPS = 3
"""From so many changes between firing and cleared within :data:`FLAPPING` on, an alert is said to flap."""
FLAPPING = timedelta(minutes=30)
KEPT_DAYS = timedelta(days=8)
"""For so long it is kept how often it came before each day: a week's turn, and the day on which it began."""
KEPT_FLIPS = 12


class News(StrEnum):
    """What an arriving alert is, for what is known of its key."""

    FIRST = "first"
    """It fires, and did not before (or so long ago that it counts as new)."""
    AGAIN = "again"
    """It fires again, soon after it had cleared."""
    REPEAT = "repeat"
    """It still fires: no news."""
    WORSE = "worse"
    """It still fires, and its sender has another word for how bad it is."""
    ACKNOWLEDGED = "acknowledged"
    CLEARED = "cleared"
    NOTHING = "nothing"
    """It was over before, nobody saw it fire, or something newer was told already."""


class Became(StrEnum):
    """What became of an alert, of late."""

    NOTHING = "nothing"
    """No rule took it up."""
    DECLARED = "declared"
    OFFERED = "offered"
    ATTACHED = "attached"
    IGNORED = "ignored"
    """By a rule, or because somebody said so."""
    HELD = "held"
    """Quiet hours hold it back; it is offered when they are over, if it still fires then."""
    JOINED = "joined"
    """It belongs to an incident that others of its kind made: one of a group, or a storm."""

    @property
    def of_incident(self) -> bool:
        """Whether it belongs to an incident."""
        return self in (Became.DECLARED, Became.ATTACHED, Became.JOINED)


class Tally(Model):
    """How often; so that a team sees which alerts deserve mending."""

    posted: int = 0
    """Alerts that arrived while it fired."""
    declared: int = 0
    offered: int = 0
    attached: int = 0
    ignored: int = 0
    cancelled: int = 0
    """Incidents it declared that were called off."""

    def less(self, other: "Tally") -> "Tally":
        """What came since another of the same alert."""
        earlier = other.model_dump()
        return Tally(**{name: max(many - earlier[name], 0) for name, many in self.model_dump().items()})


class Answer(Model):
    """The bot's one message about it on a platform."""

    turn: int = 1
    """Counts the messages that were made, for their keys."""
    under: str = ""
    """Reference of the post that it answers; empty where it stands by itself."""
    to: str = ""
    """Where it stands, as :class:`bot.intents.Post` names places; empty under a post."""
    digest: str = ""
    """Of the card last owed; empty until one was."""
    edits: int = 0
    """Counts its edits, for their keys."""


class Tracked(Model):
    """Everything known under one dedupe key."""

    id: int = 0
    """What people may call it by: ``a17``. 0 until it is saved."""
    key: str
    alert: Alert
    """As it last came with something to say."""
    sender: str = ""
    """What people call its sender."""
    state: AlertState = AlertState.FIRING
    since: AwareDatetime
    """When it began to fire this time, as far as is known: the sender's own time, else the first arrival."""
    first_at: AwareDatetime
    last_at: AwareDatetime
    """When the last one arrived."""
    told_at: AwareDatetime | None = None
    """When, by the sender's own clock, the latest happened that it told of; see :attr:`Alert.told_at`."""
    cleared_at: AwareDatetime | None = None
    flips: tuple[AwareDatetime, ...] = ()
    """The last changes between firing and cleared."""
    count: int = 0
    """Alerts since it began to fire this time."""
    playbook: str = ""
    """Name of the playbook whose rules decided."""
    rule: str = ""
    """Name of the rule that decided; empty for what always holds."""
    became: Became = Became.NOTHING
    by: str = ""
    """Name of whoever decided by hand; empty for a rule."""
    decided_at: AwareDatetime | None = None
    severities: tuple[str, ...] = ()
    """What is offered."""
    incident: int | None = None
    """The incident it belongs to."""
    behind: int | None = None
    """The id of the one whose offer stands for this one, too: in a storm, or of its group."""
    followers: int = 0
    """How many stand behind its own offer."""
    look_at: AwareDatetime | None = None
    """When the rules are asked again: a rule would take it once it has lasted for so long."""
    group: str = ""
    """What it shares with others that are to be one incident; empty where it stands alone."""
    muted_until: AwareDatetime | None = None
    muted_by: str = ""
    tally: Tally = Field(default_factory=Tally)
    days: dict[date, Tally] = Field(default_factory=dict)
    """The tally as it stood before it first arrived on a day (UTC), for the last days on which it did."""
    answers: dict[str, Answer] = Field(default_factory=dict)
    """By platform."""
    stale: bool = False
    """Whether the incident's card does not show yet what arrived since."""
    publication: Publication | None = None
    """What customers were told of it before any incident took it over."""

    @property
    def name(self) -> str:
        """``a17``."""
        return f"a{self.id}"

    @property
    def tells(self) -> bool:
        """Whether anything became of it that people should read where it was posted."""
        return self.became.of_incident or self.became in (Became.OFFERED, Became.HELD) or bool(self.by)

    @property
    def asks(self) -> bool:
        """Whether people are asked about it by a message of its own."""
        return self.became is Became.OFFERED and self.behind is None

    @property
    def answered(self) -> bool:
        """Whether people were asked about it, or it had an incident: no rule alone left it out, or holds it back."""
        by_rule = self.became is Became.IGNORED and not self.by
        return not by_rule and self.became not in (Became.NOTHING, Became.HELD)

    @property
    def fires(self) -> bool:
        """Whether it fires, as far as is known."""
        return not self.state.over

    def apart(self) -> "Tracked":
        """A copy that may hear more while this one stays as it is."""
        return self.model_copy(update={"tally": self.tally.model_copy(), "answers": dict(self.answers)})

    def lately(self, day: date) -> Tally:
        """How often since that day began (UTC). Counts no further back than days are kept."""
        kept = min((one for one in self.days if one >= day), default=None)
        return self.tally.less(self.days[kept]) if kept is not None else Tally()

    def muted(self, now: datetime) -> bool:
        """Whether somebody asked to ignore it for now."""
        return self.muted_until is not None and now < self.muted_until

    def waited(self, now: datetime) -> bool:
        """Whether the quiet hours that held it back are over."""
        return self.became is Became.HELD and self.look_at is not None and self.look_at <= now

    def flapping(self, now: datetime) -> int:
        """How often it changed of late between firing and cleared; 0 where that is no flapping yet."""
        lately = [at for at in self.flips if at > now - FLAPPING]
        return len(lately) if len(lately) >= FLAPS else 0


def begin(alert: Alert, *, now: datetime) -> Tracked:
    """What is known of a key of which nothing was known."""
    return Tracked(
        key=alert.key,
        alert=alert,
        state=AlertState.CLEARED,
        since=now,
        first_at=now,
        last_at=now,
        cleared_at=None,
    )


def hear(known: Tracked, alert: Alert, *, now: datetime, again: timedelta) -> News:
    """Note an arriving alert in what is known of its key, and say what it is.

    ``again`` is how long after it cleared an alert that fires counts as the same one.
    """
    known.last_at = now
    if not alert.state.over:
        _keep_day(known, now.date())
        known.tally.posted += 1
    if _overtaken(known, alert, now=now):
        return News.NOTHING
    if alert.state.over:
        return _clear(known, alert, now=now)
    before, known.count = known.state, known.count + 1
    known.state = alert.state
    if before.over:
        return _fire(known, alert, now=now, again=again)
    if alert.state is AlertState.ACKNOWLEDGED and before is AlertState.FIRING:
        return News.ACKNOWLEDGED
    worse = alert.severity and alert.severity != known.alert.severity
    known.alert = _latest(known.alert, alert)
    return News.WORSE if worse else News.REPEAT


def _keep_day(known: Tracked, today: date) -> None:
    """Keep how often it came before today, when it first comes today."""
    if today not in known.days:
        kept = {day: tally for day, tally in known.days.items() if day > today - KEPT_DAYS}
        known.days = kept | {today: known.tally.model_copy()}


def _overtaken(known: Tracked, alert: Alert, *, now: datetime) -> bool:
    """Whether it tells of a time before what was told already. A time to come is nobody's: it would make all that
    follows look old."""
    if alert.told_at is None or alert.told_at > now:
        return False
    if known.told_at is not None and alert.told_at < known.told_at:
        return True
    known.told_at = alert.told_at
    return False


def _fire(known: Tracked, alert: Alert, *, now: datetime, again: timedelta) -> News:
    soon = known.cleared_at is not None and now - known.cleared_at <= again
    known.since = min(alert.started_at or now, now)
    known.count = 1
    if known.cleared_at is not None:
        known.flips = (*known.flips, now)[-KEPT_FLIPS:]
    known.cleared_at = None
    known.alert = _latest(known.alert, alert)
    return News.AGAIN if soon else News.FIRST


def _clear(known: Tracked, alert: Alert, *, now: datetime) -> News:
    if known.state.over:
        return News.NOTHING
    known.state = AlertState.CLEARED
    known.cleared_at = now
    known.flips = (*known.flips, now)[-KEPT_FLIPS:]
    return News.CLEARED


def _latest(before: Alert, alert: Alert) -> Alert:
    """The newer alert, with what only the earlier one said: a post says less than a webhook."""
    kept: dict[str, object] = {
        name: getattr(before, name)
        for name in ("text", "severity", "component", "link", "runbook", "started_at", "labels")
        if getattr(before, name) and not getattr(alert, name)
    }
    kept["posted"] = alert.posted or before.posted
    return alert.model_copy(update=kept)


__all__ = ["Answer", "Became", "News", "Posted", "Tally", "Tracked", "begin", "hear"]
