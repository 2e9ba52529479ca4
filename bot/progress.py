"""What an incident keeps of its process: deadlines, ticks, flags, calls for help, rounds of news, checks, actions."""

from datetime import timedelta
from enum import StrEnum

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from bot.issue import Issue
from bot.people import Group, Person
from bot.playbook.process import Stage
from bot.postmortem.kept import Filed, Postmortem


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True)


class Deadline(_Kept):
    """A clock with a due time that runs, was met, or was missed."""

    name: str
    """Of its rule in the playbook."""
    title: str
    started_at: AwareDatetime
    """The moment it counts from, which may lie before anybody started it."""
    due_at: AwareDatetime
    """Worked out once, when it was started or re-planned."""
    term: str = ""
    """The term that it was worked out by, as the playbook writes it; another one means that it is planned anew."""
    turn: int = 1
    """Counts how often it was started, for the keys of its posts."""
    established_by: str = ""
    """Name of whoever established that moment; empty where it follows from the incident itself."""
    words: str = ""
    """In whose own words it was established."""
    met_at: AwareDatetime | None = None
    met_by: str = ""
    """Name of whoever said that it is done; empty where that follows from the incident itself."""
    missed_at: AwareDatetime | None = None
    """When it was noted that it is overdue."""
    dropped_at: AwareDatetime | None = None
    """When it ceased to apply: another severity, called off."""
    dropped_because: str = ""
    """Why somebody called it off; empty where it ceased to apply by itself, and comes back if it applies again."""
    posts: int = 0
    """Posts made of it in this turn; the last one tells how it stands."""
    asked: int = 0
    """How often it was asked for, before and after it was due."""
    ask_at: AwareDatetime | None = None
    """When it is asked for next."""

    @property
    def running(self) -> bool:
        """Whether it still has to be met."""
        return self.met_at is None and self.dropped_at is None

    @property
    def by_hand(self) -> bool:
        """Whether somebody started it; then it ends only by somebody's word."""
        return bool(self.established_by)


class Tick(_Kept):
    """A step of a checklist or runbook that somebody did, or left out with a reason."""

    at: AwareDatetime
    by: Person
    skipped: str = ""
    """Why it was left out; empty where it was done."""
    note: str = ""
    """What was said with it."""


class Raised(_Kept):
    """A flag that is set."""

    at: AwareDatetime
    by: str
    """Name of the person, ``Tocsin`` where it follows from the severity or a runbook."""
    because: str = ""
    severity: str = ""
    """The severity that it follows from; empty where a person or a runbook set it. Such a flag goes with it."""


class Called(_Kept):
    """An escalation rule that called people in."""

    id: int
    rule: str
    at: AwareDatetime
    why: str
    grounds: tuple[str, ...] = ()
    """The marks of what it was called for; see ``bot/escalations.py``."""
    people: tuple[Person, ...] = ()
    """Who was called, as it stood then: whoever is paged for it, too."""
    groups: tuple[str, ...] = ()
    """Keys of the groups that were called; their members stand among the people as far as they are known."""
    nobody: tuple[str, ...] = ()
    """Titles of roles and rotations that nobody held then."""
    told: Person | None = None
    """Who leads, where time alone called: they are told of it."""
    path: tuple[str, ...] = ()
    """Rules that were called on this path before it, first to last, and stayed unanswered."""
    answered_at: AwareDatetime | None = None
    answered_by: str = ""
    then_at: AwareDatetime | None = None
    """When the next rule on the path follows unless somebody answers."""
    followed: str = ""
    """The next rule of the path, once it was called."""
    dropped_at: AwareDatetime | None = None
    """When what it was called for was no longer so."""

    @property
    def standing(self) -> bool:
        """Whether it still waits for somebody."""
        return self.answered_at is None and self.dropped_at is None


class Announcing(_Kept):
    """How the announcement fares on a platform where its channel refused it."""

    turn: int = 1
    """Counts the messages that were tried, for their keys."""
    since: AwareDatetime
    """Since when it is refused."""
    why: str
    """In the platform's own words."""
    try_at: AwareDatetime | None = None
    """When it is tried again; ``None`` while that is under way, and once it stands."""
    stood: str = ""
    """Key of the message that stood there when its edit was refused."""
    back_at: AwareDatetime | None = None
    """When it was announced after all."""


class Looked(_Kept):
    """How an incident stood when it was last looked at for improvement."""

    severity: str
    stage: Stage


class RoundEnd(StrEnum):
    """What became of one round of news."""

    TOLD = "told"
    SKIPPED = "skipped"
    MISSED = "missed"
    STOPPED = "stopped"
    """It ceased to be needed: another severity, a flag taken back, the end."""


class RoundAsked(_Kept):
    """One round of news that was asked for; it has one post in the channel."""

    count: int
    """1, 2, … within its cadence."""
    due_at: AwareDatetime
    missed: int = 0
    """Rounds just before it of which nobody said that the audience was told."""
    missed_from: AwareDatetime | None = None
    """When the first of those was due."""
    last: bool = False
    """It tells of the end."""
    end: RoundEnd | None = None
    ended_at: AwareDatetime | None = None
    by: Person | None = None


class Round(_Kept):
    """One audience's news: when it is owed next, and who gave it last."""

    rhythm: str = ""
    """Its cadence's rhythm as it runs; empty while it does not run."""
    since: AwareDatetime | None = None
    """When it was started, answered or asked for last: from here the next one is counted."""
    due_at: AwareDatetime | None = None
    """When it is asked for next; ``None`` while it does not run, or where nothing more is asked."""
    last: bool = False
    """All that is still owed is the end."""
    count: int = 0
    """Counts the rounds that were asked for, for the keys of their posts."""
    posts: tuple[RoundAsked, ...] = ()
    """The last two of them: earlier ones stay as they are."""
    told_at: AwareDatetime | None = None
    told_by: str = ""

    @property
    def asked(self) -> RoundAsked | None:
        """The round that was asked for and is not answered."""
        return self.posts[-1] if self.posts and self.posts[-1].end is None else None


class Checked(_Kept):
    """What a health check last said."""

    ok: bool
    says: str
    """``200 in 85 ms``, ``no answer within 5s``."""
    at: AwareDatetime
    since: AwareDatetime
    """Since when it has been so."""


class Watching(_Kept):
    """Health checks that are repeated."""

    every: int
    """Seconds."""
    next_at: AwareDatetime
    by: str
    """Name of the person; empty where only the quiet period wants it."""


class QuietEnd(StrEnum):
    """What ended a quiet period."""

    HELD = "held"
    """It stayed quiet: the incident is resolved."""
    LACKING = "lacking"
    """It stayed quiet, but something that has to hold no longer did."""
    UPDATE = "update"
    SEVERITY = "severity"
    STATUS = "status"
    AT_ONCE = "at once"
    CALLED_OFF = "called off"


class Quiet(_Kept):
    """The quiet period before an incident counts as resolved; the last one is kept when it is over."""

    id: int = 1
    """Counts the quiet periods, for the keys of their messages."""
    since: AwareDatetime
    """Since when it counts: moved when it starts over."""
    until: AwareDatetime
    by: Person
    updates: int = 0
    """Status updates that had been given: another one ends it."""
    severity: str = ""
    """The severity it began at: a rise ends it."""
    broken: int = 0
    """How often it started over."""
    broken_by: str = ""
    broken_at: AwareDatetime | None = None
    over: QuietEnd | None = None
    """``None`` while it runs."""
    over_by: str = ""
    """Name of whoever ended it."""

    @property
    def span(self) -> timedelta:
        """How long it has to stay quiet."""
        return self.until - self.since


class AlertSeen(_Kept):
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


class Alerted(_Kept):
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


class ActionKind(StrEnum):
    """What an action item is good for."""

    PREVENT = "prevent"
    DETECT = "detect"
    MITIGATE = "mitigate"
    REPAIR = "repair"


class ActionItem(_Kept):
    """Something that has to be done about it; it outlives the incident's end."""

    number: int
    """1, 2, … within its incident."""
    text: str
    kind: ActionKind | None = None
    owner: Person | None = None
    group: Group | None = None
    """Who was asked to name a person; it owns the item as long as there is no ``owner``."""
    turn: int = 0
    """Counts how often a group was asked, for the keys of its posts."""
    due_at: AwareDatetime | None = None
    added_at: AwareDatetime
    added_by: Person
    url: str = ""
    """Permanent link to the message it came from."""
    message: str = ""
    """Reference of that message, where a reaction made the item; ``parked/17`` where a button did."""
    done_at: AwareDatetime | None = None
    done_by: str = ""
    """Name of whoever said so."""
    dropped_at: AwareDatetime | None = None
    dropped_because: str = ""
    warned: bool = False
    """Whether its owner was reminded before it was due."""
    late: bool = False
    """Whether it was noted that it is overdue."""
    asked: int = 0
    """How often its owner was reminded since then."""
    told: int = 0
    """Counts every message about it that went to people directly, for their keys."""
    ask_at: AwareDatetime | None = None
    """When it is looked at next: a reminder, or the moment at which it becomes overdue."""
    issue: Issue | None = None
    """Its issue in a tracker, once one was owed."""

    @property
    def open(self) -> bool:
        """Whether it still has to be done."""
        return self.done_at is None and self.dropped_at is None

    @property
    def owned_by(self) -> Person | Group | None:
        """Who owns it: a person, or a group that has not named one yet."""
        return self.owner or self.group


class Merge(StrEnum):
    """Whether a linked change is merged, as the forge says."""

    ASKED = "asked"
    """It has not answered yet."""
    OPEN = "open"
    CLOSED = "closed"
    """Closed without being merged."""
    MERGED = "merged"
    UNKNOWN = "unknown"
    """It cannot be asked, so the word of whoever linked it counts."""


class Change(_Kept):
    """A linked change, and what the forge says of it."""

    url: str
    label: str
    merge: Merge = Merge.ASKED
    since: AwareDatetime
    """When it was linked."""
    runs: int = 1
    """How often the forge was asked."""
    ask_at: AwareDatetime | None = None
    """When it is asked again, while the change is open."""
    at: AwareDatetime | None = None
    """When it was merged."""
    by: str = ""
    """Who merged it, by the forge's own name."""
    why: str = ""
    """Why it cannot be known."""

    @property
    def holds_up(self) -> bool:
        """Whether it cannot count as merged, by the forge or by anybody's word."""
        return self.merge in (Merge.ASKED, Merge.OPEN, Merge.CLOSED)


class PublicState(StrEnum):
    """How the incident stands on the status page, as people say."""

    OPEN = "open"
    RESOLVED = "resolved"
    NONE = "none"
    """Customers see no incident there."""


class Public(_Kept):
    """What somebody said of the status page last."""

    state: PublicState
    at: AwareDatetime
    by: str


class Lacking(StrEnum):
    """What a gate asks for."""

    FIELD = "field"
    CHECKLIST = "checklist"
    LINK = "link"
    MERGE = "merge"
    STATUS_PAGE = "status page"
    CHECKS = "checks"
    QUIET = "quiet"
    POSTMORTEM = "postmortem"
    ACTION = "action"


class Lack(_Kept):
    """One thing that a gate asks for and that is not there."""

    kind: Lacking
    names: tuple[str, ...] = ()
    """The field; the checklist; the kinds of link of which one is enough; the health checks that are not green; the
    number and the text of an action item."""
    steps: tuple[str, ...] = ()
    """Of a checklist: what is still to be done. Of an action item: what it lacks. Of a merge: the linked changes."""
    span: timedelta | None = None
    """Of a quiet period."""


class Allowed(_Kept):
    """A change that may pass a production freeze."""

    url: str
    """Of the change: a pull request, a deploy, a commit."""
    by: str
    """Name of whoever let it pass."""
    because: str
    at: AwareDatetime


class Progress(BaseModel):
    """Everything of that kind; an incident has one."""

    deadlines: dict[str, Deadline] = Field(default_factory=dict)
    """By name, in the order in which they were started."""
    ticks: dict[str, dict[int, Tick]] = Field(default_factory=dict)
    """Name of the checklist, or ``runbook/NAME``, to the number of the step (from 1) to its tick."""
    opened: tuple[str, ...] = ()
    """Checklists and runbooks with steps that stand in the channel, in the order in which they were opened."""
    beside: dict[str, str] = Field(default_factory=dict)
    """Of those that opened together: each but the first to the first, in whose message it stands."""
    phase_again_at: AwareDatetime | None = None
    """When the phase has to be looked at again: a window begins or ends, or a checklist that was put off opens."""
    flags: dict[str, Raised] = Field(default_factory=dict)
    lowered: tuple[str, ...] = ()
    """Flags that somebody took back: no severity sets them again."""
    calls: tuple[Called, ...] = ()
    grounds: tuple[str, ...] = ()
    """Marks of the grounds for calling people in that hold and were acted on."""
    rounds: dict[str, Round] = Field(default_factory=dict)
    """By the name of the cadence."""
    checks: dict[str, Checked] = Field(default_factory=dict)
    checked: int = 0
    """Counts the runs of the health checks that were asked for."""
    answered: int = 0
    """The last of those runs that was answered."""
    checks_shown: bool = False
    """Whether their message stands in the channel: once somebody asked for it."""
    watching: Watching | None = None
    quiet: Quiet | None = None
    public: Public | None = None
    """What was said of the status page."""
    closed_without: str = ""
    """What it was closed without, in words; stays for ever."""
    frozen_at: AwareDatetime | None = None
    """Since when production is frozen for this incident."""
    frozen_by: str = ""
    """Name of whoever froze it by hand; empty where that follows from the severity."""
    frozen_because: str = ""
    """Why, in their words."""
    thawed: str = ""
    """Why the freeze was lifted early; empty where it was not."""
    thawed_at: str = ""
    """The mildest severity since then; one that is worse freezes again."""
    allowed: tuple[Allowed, ...] = ()
    """The changes that may pass while production is frozen for this incident."""
    improved_at: AwareDatetime | None = None
    """When its status or severity last changed for the better; at first when it was declared."""
    looked: Looked | None = None
    drill_asked: str = ""
    """Of a drill: key of the announcement that asked for it; empty where none did."""
    drill_told: str = ""
    """What that announcement says of it by now."""
    announcing: dict[str, Announcing] = Field(default_factory=dict)
    """By platform, where the announcement was refused."""
    alerts: Alerted | None = None
    postmortem: Postmortem | None = None
    """The post-mortem, once somebody began it."""
    filed: Filed | None = None
    """What the repository holds of it."""
    changes: dict[str, Change] = Field(default_factory=dict)
    """Linked changes that have to be merged, by their addresses; none where no forge can be asked."""
    actions: tuple[ActionItem, ...] = ()
    """In the order of their numbers; none is ever taken out."""
    issue: Issue | None = None
    """The incident's own issue in a tracker, once one was owed."""
