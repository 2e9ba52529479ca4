"""The record of an incident as data: the shape that scripts may rely on.

Its JSON Schema is published; ``format`` is raised when a field changes its meaning or goes away, not when one is added.
"""

from typing import Literal

from pydantic import AwareDatetime, ConfigDict, Field

from bot.model import Model

FORMAT: Literal[1] = 1


class _Data(Model):
    model_config = ConfigDict(frozen=True, json_schema_serialization_defaults_required=True)


class Named(_Data):
    """A fact with its name."""

    name: str
    value: str


class Held(_Data):
    """A role, and who held it last."""

    role: str
    title: str
    person: str
    """Name of the person; empty where nobody held it."""


class Address(_Data):
    """A link that was kept."""

    url: str
    label: str


class Happened(_Data):
    """One entry of the timeline, whatever became of it later."""

    seq: int
    at: AwareDatetime
    kind: str
    text: str
    by: str
    """Name of the person, or ``Tocsin``."""
    actor: str
    """Key of the person; empty for Tocsin."""
    data: dict[str, str]
    before: str
    """Hash of the entry before it."""
    hash: str
    link: str = ""
    """Permanent link to the message, or another address that it is about; empty where none is known."""
    corrects: int | None = None
    """Number of the earlier entry that this one takes back."""
    taken_back: int | None = None
    """Number of the later entry that takes this one back."""


class Clock(_Data):
    """A deadline, and what became of it."""

    name: str
    title: str
    started_at: AwareDatetime
    due_at: AwareDatetime
    met_at: AwareDatetime | None
    met_by: str
    missed_at: AwareDatetime | None
    dropped_at: AwareDatetime | None
    dropped_because: str
    established_by: str


class Step(_Data):
    """A step of a checklist."""

    text: str
    state: Literal["open", "done", "skipped"]
    at: AwareDatetime | None = None
    by: str = ""
    note: str = ""
    """What was said with it, or why it was left out."""


class Sheet(_Data):
    """A checklist, or the steps of a runbook, that were opened."""

    name: str
    title: str
    steps: tuple[Step, ...]


class Fired(_Data):
    """An alert that belongs to the incident."""

    key: str
    title: str
    sender: str
    state: str
    first_at: AwareDatetime
    last_at: AwareDatetime
    cleared_at: AwareDatetime | None
    count: int
    """How often it arrived since it began to fire the last time."""
    link: str


class Proof(_Data):
    """Where the chain of the timeline stood when this was written."""

    whole: bool
    says: str
    """Where it breaks, in words; else length and head in short."""
    length: int
    head: str
    anchor: str
    """``HEAD:LENGTH``."""
    command: str
    """What to type to hold the incident against this document."""


class Record(_Data):
    """Everything that is known of an incident."""

    format: Literal[1] = FORMAT
    written_at: AwareDatetime
    number: int
    title: str
    severity: str
    status: str
    private: bool
    drill: bool
    playbook: str
    version: str
    """Of that playbook."""
    timezone: str
    """The playbook's; times in documents for people are in it."""
    declared_at: AwareDatetime
    declared_by: str
    began_at: AwareDatetime
    acknowledged_at: AwareDatetime | None
    identified_at: AwareDatetime | None
    mitigated_at: AwareDatetime | None
    resolved_at: AwareDatetime | None
    ended_at: AwareDatetime | None
    lasted_seconds: int | None
    """From when it began until it was resolved, or ended otherwise; ``null`` while it goes on."""
    facts: tuple[Named, ...]
    flags: tuple[Named, ...]
    """Flags that were set at the end, and why."""
    roles: tuple[Held, ...]
    responders: tuple[str, ...]
    links: tuple[Address, ...]
    deadlines: tuple[Clock, ...]
    checklists: tuple[Sheet, ...]
    alerts: tuple[Fired, ...]
    """As far as they are still kept."""
    timeline: tuple[Happened, ...] = Field(repr=False)
    """All entries, in the order in which they were written; status updates are those of the kind ``update``."""
    proof: Proof
