"""One alert as it arrived, in one neutral shape: whoever sent it, and by whichever way."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field

from bot import hidden
from bot.addresses import Address
from bot.model import Model

TITLE, TEXT, LABEL = 300, 2000, 300
"""Characters that are kept of a title, a text, a label's value: what a sender writes is never too long, it is cut."""
LABELS = 40
"""Labels that are kept of an alert."""


def _plain(text: str) -> str:
    """Without NUL, which PostgreSQL stores in no text: one sender's must not keep out what others send with it."""
    return text.replace("\x00", "")


def _seen(text: str) -> str:
    """As people see it: neither rules nor searches would find a word with a hidden character in it."""
    return hidden.readable(text)


def _cut(most: int, *, line: bool = False) -> AfterValidator:
    def cut(text: str) -> str:
        seen = " ".join(_seen(text).split()) if line else _seen(text)
        return seen if len(seen) <= most else f"{seen[: most - 1]}…"

    return AfterValidator(cut)


def _labels(labels: Mapping[str, str]) -> dict[str, str]:
    kept = list(labels.items())[:LABELS]
    return {_seen(name[:LABEL]): _seen(value[:LABEL]) for name, value in kept}


Plain = Annotated[str, AfterValidator(_plain)]
Title = Annotated[str, _cut(TITLE, line=True)]
Body = Annotated[str, _cut(TEXT)]
Labels = Annotated[dict[str, str], AfterValidator(_labels)]


class AlertState(StrEnum):
    """What the sender says of it."""

    FIRING = "firing"
    ACKNOWLEDGED = "acknowledged"
    """Somebody is on it at the sender's; it still fires."""
    CLEARED = "cleared"

    @property
    def over(self) -> bool:
        """Whether it no longer fires."""
        return self is AlertState.CLEARED


class Measure(StrEnum):
    """What a threshold of a playbook is about."""

    ERRORS = "error rate"
    """In percent."""
    RESPONSE = "response time"
    """In seconds."""
    DOWNTIME = "downtime"
    """In seconds."""
    QUEUE = "queue depth"
    """In items."""


class Posted(Model):
    """Where in chat an alert was posted."""

    model_config = ConfigDict(frozen=True)

    platform: str
    channel: str
    """The platform's id of the channel."""
    room: str = ""
    """Its name, where the platform tells it."""
    message: str
    """The platform's reference of the post."""
    reply: bool = False
    """Whether it stands in a thread."""


class Alert(Model):
    """One alert, or one group of alerts that its sender keeps together. Whatever is too long is cut; hidden characters
    are left out, and a title is one line."""

    model_config = ConfigDict(frozen=True)

    source: Plain
    """Name of the sender: ``alertmanager``, ``grafana`` …; for a post that a playbook's pattern reads, the pattern's
    name, and ``post`` for any other."""
    key: Plain = Field(min_length=1)
    """Dedupe key: the same while it fires and when it clears, and whether it came by webhook or as a post in chat. It
    begins with ``SOURCE:``. One that is too long is best given as a digest; see :func:`dedupe`."""
    state: AlertState
    title: Title
    text: Body = ""
    """What the sender says about it: its summary or description."""
    severity: Annotated[str, _cut(60, line=True)] = ""
    """In the sender's own word; empty where it states none."""
    component: Annotated[str, _cut(100, line=True)] = ""
    """The service, monitor or component that it names, if any."""
    labels: Labels = Field(default_factory=dict)
    link: Address = ""
    """Opens the alert at its sender."""
    links: dict[str, Address] = Field(default_factory=dict)
    """Further addresses by what they are: ``dashboard``, ``panel``, ``silence``, ``screenshot`` …"""
    runbook: Address = ""
    """From the alert's own annotation."""
    started_at: AwareDatetime | None = None
    ended_at: AwareDatetime | None = None
    told_at: AwareDatetime | None = None
    """When what it tells of happened, by the sender's own clock, where deliveries may overtake each other: what is
    older than what was told already is no news. ``None`` where the order of arrival is all there is."""
    measures: dict[Measure, float] = Field(default_factory=dict)
    """What was measured, where the sender says so in figures."""
    delivery: Plain = ""
    """The sender's own id of this delivery, or the platform's of the post: one that comes twice counts once."""
    sure: bool = True
    """Whether a sender that is known wrote it, or a playbook's own pattern read it. Where it was only guessed from
    words, it is taken up only by a rule that is about such posts."""
    posted: Posted | None = None
    """Where it stands in chat; ``None`` for a webhook."""


def dedupe(source: str, *parts: str) -> str:
    """A dedupe key of these parts, however they are capitalised and spaced; a digest stands for what is too long."""
    folded = ":".join(" ".join(part.casefold().split()) for part in parts)
    if len(folded) > 160:
        folded = f"{folded[:100]}…{sha256(folded.encode()).hexdigest()[:32]}"
    return f"{source}:{folded}"


def moment(at: datetime | None) -> datetime | None:
    """A time that a sender gave; ``None`` where it cannot be meant: Go writes year 1 for a time that is not known."""
    return at if at is not None and at.year >= 2000 else None
