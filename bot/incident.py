"""The incident: what is known of it now. How it came to be so is the timeline's business."""

import re
from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import AwareDatetime, ConfigDict, Field

from bot.model import Model
from bot.people import Person
from bot.playbook.process import Stage
from bot.progress import Progress
from bot.timeline import BEGINNING


class Update(Model):
    """A status update, as last given."""

    model_config = ConfigDict(frozen=True)

    text: str
    at: AwareDatetime
    by: Person
    confirmed_at: AwareDatetime | None = None
    """When somebody last said that there is nothing new since."""
    bare: bool = False
    """Only the sentence that a change of status makes by itself: the next news takes its place."""


class Offered(StrEnum):
    """What became of an offered role."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"


class Handover(Model):
    """A role that was offered to somebody."""

    model_config = ConfigDict(frozen=True)

    id: int
    role: str
    giver: Person
    taker: Person
    until: AwareDatetime
    state: Offered = Offered.OPEN


class Asked(Model):
    """One post of the reminder ladder."""

    model_config = ConfigDict(frozen=True)

    post: int
    """1, 2, … within its silence."""
    rung: int
    at: AwareDatetime


class Direct(Model):
    """A reminder that went to one person privately, on one platform, because they are not in the channel."""

    model_config = ConfigDict(frozen=True)

    post: int
    """Beside which post of the silence."""
    platform: str
    person: Person


class HowAnswered(StrEnum):
    """In which way a reminder was answered."""

    UPDATE = "update"
    NO_CHANGE = "no change"
    ACKNOWLEDGED = "acknowledged"
    SNOOZED = "snoozed"
    LEAD = "lead"
    PAUSED = "paused"
    STOPPED = "stopped"
    """Nothing is owed any more at the severity."""
    ENDED = "ended"
    """The incident is over."""


class Answered(Model):
    """Who answered a reminder, and how."""

    model_config = ConfigDict(frozen=True)

    how: HowAnswered
    by: Person
    at: AwareDatetime
    severity: str = ""
    """The severity that it had then."""
    next_at: AwareDatetime | None = None
    """When the next update was promised in answer; it stays when later answers promise something else."""
    still_owed: bool = False
    """The first status update is owed all the same: this is when it is asked for again."""


class Reminding(Model):
    """The clock of the status updates.

    A *silence* begins when the bot starts to wait for an answer, and ends with one. Within it the ladder climbs once;
    if it stays unanswered at the top, the cadence repeats there.
    """

    due_at: AwareDatetime | None = None
    """When the next status update is due: the promise. ``None`` where none is owed."""
    ask_at: AwareDatetime | None = None
    """When the bot asks, climbs or repeats next."""
    silence: int = 0
    """Counts the silences, for the keys of their posts."""
    rung_from: AwareDatetime | None = None
    """When this silence's first reminder was due: the rungs count from here."""
    posts: tuple[Asked, ...] = ()
    """The last two posts of this silence (or of the last one, until the next begins): earlier ones stay as they are."""
    direct: tuple[Direct, ...] = ()
    """What went to people privately in that silence: the last two to each, on each platform."""
    answer: Answered | None = None
    """What ended the last silence."""
    paused_because: str | None = None
    """Set while paused; empty as long as the reason is still asked for."""
    first: bool = False
    """It is the severity's first update that is owed: nothing but an update moves its promise."""

    @property
    def rung(self) -> int:
        """The rung reached; 0 before the first reminder."""
        return self.posts[-1].rung if self.posts else 0

    @property
    def waiting(self) -> bool:
        """Whether a reminder stands unanswered."""
        return bool(self.posts) and self.answer is None

    def overdue(self, now: datetime) -> bool:
        """Whether the promised update is late."""
        return self.due_at is not None and self.paused_because is None and now >= self.due_at


ADDRESS = re.compile(r"https?://[^\s<>|]{1,2000}")
"""An address of the web, and nothing else."""
LINKS = 50
"""Links that an incident keeps."""


class Hyperlink(Model):
    """An address that belongs to the incident."""

    model_config = ConfigDict(frozen=True)

    url: str
    label: str = ""


class Room(Model):
    """The incident's channel on one platform."""

    generation: int = 1
    """Counts the channels made for this incident there; more than one where an archive could not be undone."""
    opened: int = 0
    """How many of them were owed so far."""
    archived: bool = False
    invited: frozenset[str] = frozenset()
    """Keys of the people who were invited."""
    topic: str = ""
    left: frozenset[str] = frozenset()
    """Keys of the people who were invited and went away."""
    url: str = ""
    """The channel's address, once something outside chat has to lead there."""


class Incident(Model):
    """One incident. What a newer version beside this one wrote of it stays when this one saves it."""

    model_config = ConfigDict(extra="allow")

    number: int = 0
    """Its name among people: ``#42``. 0 until it is saved for the first time."""
    title: str
    severity: str
    status: str
    stage: Stage
    playbook: str
    """Name of the playbook it was declared under."""
    version: str
    """Version of that playbook; it stays when the playbook changes."""
    private: bool = False
    drill: bool = False
    channel_name: str = ""

    declared_at: AwareDatetime
    declared_by: Person
    began_at: AwareDatetime
    """When the trouble itself began, as far as is known."""
    acknowledged_at: AwareDatetime | None = None
    """When somebody first said that they are on it, in whichever way."""
    identified_at: AwareDatetime | None = None
    mitigated_at: AwareDatetime | None = None
    """First time in *monitoring*, or resolved where that was skipped."""
    resolved_at: AwareDatetime | None = None
    ended_at: AwareDatetime | None = None
    """When it was closed or cancelled."""
    archived_at: AwareDatetime | None = None

    roles: dict[str, Person] = Field(default_factory=dict)
    offers: tuple[Handover, ...] = ()
    """The latest handovers, oldest first."""
    responders: dict[str, Person] = Field(default_factory=dict)
    """Everybody who was brought in or took part, by key: who is invited, and who may see a private incident."""
    last_update: Update | None = None
    updates: int = 0
    reminding: Reminding = Field(default_factory=Reminding)

    impact: str = ""
    affected: str = ""
    component: str | None = None
    fix: str = ""
    fields: dict[str, str] = Field(default_factory=dict)
    links: tuple[Hyperlink, ...] = ()
    environment: str = ""
    """Where it is: one of the playbook's environments."""
    updated_first_at: AwareDatetime | None = None
    """When the first status update was given."""
    progress: Progress = Field(default_factory=Progress)

    rooms: dict[str, Room] = Field(default_factory=dict)
    """The platforms it lives on, and what stands there."""
    standing: dict[str, str] = Field(default_factory=dict)
    """``PLATFORM:KEY`` of each living message to the digest of the card last owed for it."""
    said: int = 0
    """Counts the messages said once, for their keys."""
    late: dict[str, str] = Field(default_factory=dict)
    """What could not be done in time, by the key of the effect; emptied as it is made good."""

    entries: int = 0
    """Length of the timeline."""
    head: str = BEGINNING
    """Hash of its last entry."""
    revision: int = 0
    """Counts the saved changes."""

    @property
    def open(self) -> bool:
        """Whether responders are still at work."""
        return self.stage.open

    @property
    def by_alert(self) -> bool:
        """Whether an alert declared it: then nobody is there from the start who could be asked or hold a role."""
        return self.progress.alerts is not None and self.progress.alerts.declared

    @property
    def name(self) -> str:
        """``#42``."""
        return f"#{self.number}"

    def holder(self, role: str) -> Person | None:
        """Who holds a role."""
        return self.roles.get(role)

    def keep_link(self, url: str, label: str) -> bool:
        """Keep an address by the way, unless it is kept, or there is no room; whether it is new."""
        new = all(link.url != url for link in self.links) and len(self.links) < LINKS
        if new:
            self.links = (*self.links, Hyperlink(url=url, label=label))
        return new

    def sees(self, person: Person) -> bool:
        """Whether somebody may see it: everybody, or only its members where it is private, by any of their accounts."""
        return not self.private or any(person.keys & member.keys for member in self.responders.values())

    def rename(self, old: Collection[str], person: Person) -> None:
        """Put somebody's record in the place of those of these keys: among the responders, in roles and offers."""

        def now(one: Person) -> Person:
            return person if one.key in old else one

        def keys(of: frozenset[str]) -> frozenset[str]:
            return frozenset(person.key if key in old else key for key in of)

        self.responders = {now(one).key: now(one) for one in self.responders.values()}
        self.roles = {role: now(holder) for role, holder in self.roles.items()}
        self.declared_by = now(self.declared_by)
        self.offers = tuple(
            offer.model_copy(update={"giver": now(offer.giver), "taker": now(offer.taker)}) for offer in self.offers
        )
        self.rooms = {
            platform: room.model_copy(update={"invited": keys(room.invited), "left": keys(room.left)})
            for platform, room in self.rooms.items()
        }

        self.progress.actions = tuple(
            item.model_copy(update={"owner": now(item.owner)}) if item.owner is not None else item
            for item in self.progress.actions
        )

    def lasted(self, now: datetime) -> timedelta:
        """From when it began until it was resolved, or until now."""
        return (self.resolved_at or self.ended_at or now) - self.began_at
