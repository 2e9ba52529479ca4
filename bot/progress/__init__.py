"""What an incident keeps of its process: deadlines, ticks, flags, calls for help, rounds of news, checks, actions."""

from pydantic import AwareDatetime, Field

from bot.issue import Issue
from bot.model import Model
from bot.postmortem.kept import Filed, Postmortem
from bot.progress.actions import ActionItem, ActionKind
from bot.progress.alerts import Alerted, AlertSeen
from bot.progress.announcing import Announcing
from bot.progress.calls import Called, Looked, Raised
from bot.progress.changes import Allowed, Change, Merge
from bot.progress.clocks import Deadline
from bot.progress.gates import Lack, Lacking, Public, PublicState
from bot.progress.health import Checked, Quiet, QuietEnd, Watching
from bot.progress.mail import End, Mailing, Refusal
from bot.progress.pages import Page, PageStep, StepState
from bot.progress.publication import (
    Condition,
    Drafted,
    DraftEnd,
    OnPage,
    Publication,
    PublicStage,
    Told,
    worst,
)
from bot.progress.rounds import Round, RoundAsked, RoundEnd
from bot.progress.steps import Tick

__all__ = [
    "ActionItem",
    "ActionKind",
    "AlertSeen",
    "Alerted",
    "Allowed",
    "Announcing",
    "Called",
    "Change",
    "Checked",
    "Condition",
    "Deadline",
    "DraftEnd",
    "Drafted",
    "End",
    "Lack",
    "Lacking",
    "Looked",
    "Mailing",
    "Merge",
    "OnPage",
    "Page",
    "PageStep",
    "Progress",
    "Public",
    "PublicStage",
    "PublicState",
    "Publication",
    "Quiet",
    "QuietEnd",
    "Raised",
    "Refusal",
    "Round",
    "RoundAsked",
    "RoundEnd",
    "StepState",
    "Tick",
    "Told",
    "Watching",
    "worst",
]


class Progress(Model):
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
    pages: tuple[Page, ...] = ()
    """In the order in which they began."""
    paging: tuple[str, ...] | None = None
    """Whom the severity names to be paged, as it was when last looked at; ``None`` before it was."""
    covers: tuple[int, ...] = ()
    """Ids of the overrides of its rotations that stand on its timeline; once taken back there, negative, too."""
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
    publication: Publication | None = None
    """What customers were told on the status pages that Tocsin itself writes."""
    mail: Mailing | None = None
    """The e-mail to customers, once somebody changed its words, approved it, or said that none is needed."""
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
    frozen_told: str = ""
    """What the forge was told of this incident's freeze last; empty where it never froze anything."""
    frozen_turn: int = 0
    """Counts that."""
    anyway: dict[str, AwareDatetime] = Field(default_factory=dict)
    """Until when somebody acts in spite of the permission rules, by their key."""
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
