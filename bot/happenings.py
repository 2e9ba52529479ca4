"""What happens in an incident, one line each: told from what a change saved and owed, for rehearsals.

Kinds are those that scripts rely on (``tocsin rehearse --json``).
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import AwareDatetime, BaseModel, ConfigDict

from bot.card import Card, Everyone, GroupMention, Mention, plain
from bot.incident import Incident
from bot.intents import Archive, Bookmark, Intent, Invite, OpenChannel, Pin, Post, SetTopic, Whisper
from bot.playbook.clocks import Starts
from bot.playbook.shape import Playbook
from bot.store import Change, Owed
from bot.terms import Unit
from bot.timeline import Entry
from bot.timeline import Kind as Noted


class Kind(StrEnum):
    """What sort of thing happens."""

    CHANNEL = "channel"
    TOPIC = "topic"
    INVITE = "invite"
    ROLE = "role"
    CARD = "card"
    PIN = "pin"
    PAGE = "page"
    ANNOUNCE = "announce"
    STATUS_PAGE = "status_page"
    FLAG = "flag"
    FREEZE = "freeze"
    CHECKLIST = "checklist"
    DEADLINE = "deadline"
    REMINDER = "reminder"
    ESCALATION = "escalation"
    UPDATE = "update"
    POST = "post"
    DIRECT = "direct"
    CHECK = "check"
    ARCHIVE = "archive"


class Happening(BaseModel):
    """One thing that happens."""

    model_config = ConfigDict(frozen=True)

    at: AwareDatetime
    kind: Kind
    text: str
    """Alone it tells the reader all."""
    who: tuple[str, ...] = ()
    """Names of the people and groups it is for."""
    due: AwareDatetime | None = None
    """For deadlines."""


POSTS = {
    "card": Kind.CARD,
    "announcement": Kind.ANNOUNCE,
    "runbooks": Kind.POST,
    "checklist": Kind.CHECKLIST,
    "runbook": Kind.CHECKLIST,
    "call": Kind.ESCALATION,
    "deadline": Kind.DEADLINE,
    "round": Kind.REMINDER,
}
"""First part of a message's key to what posting it is."""
NOTES = {Noted.ROLE: Kind.ROLE, Noted.FREEZE: Kind.FREEZE, Noted.FLAG: Kind.FLAG, Noted.PAGE: Kind.PAGE}
"""Timeline entries that are told besides."""


class Teller:
    """Tells changes one after the other; remembers which deadlines it has told of."""

    def __init__(self, playbook: Playbook) -> None:
        self._playbook = playbook
        self._deadlines: dict[str, datetime] = {}

    def tell(self, change: Change, *, at: datetime) -> Iterator[Happening]:
        """Everything that this change brings."""
        for entry in change.entries:
            yield from self._noted(entry, at)
        yield from self._started(change.incident, at)
        titles = {owed.key: _title(owed.intent.card) for owed in change.owed if isinstance(owed.intent, Post)}
        for owed in change.owed:
            yield from self._owed(owed, change.incident, at, titles)

    def _noted(self, entry: Entry, at: datetime) -> Iterator[Happening]:
        kind = NOTES.get(entry.kind)
        if kind is not None:
            who = (entry.text.rpartition(": ")[2],) if kind is Kind.ROLE else ()
            yield Happening(at=at, kind=kind, text=entry.text, who=who)

    def _started(self, incident: Incident, at: datetime) -> Iterator[Happening]:
        for name, one in incident.progress.deadlines.items():
            if one.running and self._deadlines.get(name) != one.due_at:
                self._deadlines[name] = one.due_at
                rule = next((r for r in self._playbook.deadlines_of(incident.severity) if r.name == name), None)
                within = f" (within {rule.within})" if rule is not None else ""
                due = one.due_at
                yield Happening(at=at, kind=Kind.DEADLINE, text=f"{one.title} due {_moment(due)}{within}", due=due)

    def _owed(self, owed: Owed, incident: Incident, at: datetime, titles: dict[str, str]) -> Iterator[Happening]:
        match owed.intent:
            case Post() as post:
                yield _posted(owed.key, post, incident, at)
            case Pin(message=message):
                yield Happening(at=at, kind=Kind.PIN, text=f"Pinned: {titles.get(message, message)}")
            case Whisper(person=person, card=card) if person.key != incident.declared_by.key:
                yield Happening(at=at, kind=Kind.DIRECT, text=_words(card), who=(person.name,))
            case other:
                yield from _other(other, at)


def _other(intent: Intent, at: datetime) -> Iterator[Happening]:
    match intent:
        case OpenChannel(names=names):
            yield Happening(at=at, kind=Kind.CHANNEL, text=f"Channel #{names[0]} is opened")
        case Invite(people=people):
            names = tuple(person.name for person in people)
            yield Happening(at=at, kind=Kind.INVITE, text=f"Invited: {', '.join(names)}", who=names)
        case SetTopic(topic=topic):
            yield Happening(at=at, kind=Kind.TOPIC, text=f"Topic: {topic}")
        case Bookmark(title=title):
            yield Happening(at=at, kind=Kind.PIN, text=f"Bookmark: {title}")
        case Archive():
            yield Happening(at=at, kind=Kind.ARCHIVE, text="The channel is archived")


def _posted(key: str, post: Post, incident: Incident, at: datetime) -> Happening:
    first = key.partition("/")[0]
    kind = POSTS.get(first, Kind.UPDATE if post.to != "channel" else Kind.POST)
    due = None
    if first == "ask":
        kind = _rung(incident)
    if first == "deadline":
        running = incident.progress.deadlines.get(key.removeprefix("deadline/"))
        due = running.due_at if running is not None else None
    return Happening(at=at, kind=kind, text=_words(post.card), who=tuple(_rung_by(post.card)), due=due)


def _rung(incident: Incident) -> Kind:
    """A reminder where a cadence asks, an escalation where the ladder climbs."""
    posts = incident.reminding.posts
    climbs = len(posts) > 1 and posts[-1].rung > posts[-2].rung
    return Kind.ESCALATION if climbs else Kind.REMINDER


def _rung_by(card: Card) -> Iterator[str]:
    for span in card.spans():
        match span:
            case Mention(person=person, quiet=False):
                yield person.name
            case GroupMention(group=group):
                yield group.name
            case Everyone():
                yield "everyone in the channel"


def _title(card: Card) -> str:
    return card.title or plain(card.text)[:80]


def _words(card: Card) -> str:
    """The whole card in plain words."""
    fields = [f"{field.name}: {plain(field.value)}" for field in card.fields]
    return "\n".join(part for part in (card.title, plain(card.text), *fields) if part)


def _moment(at: datetime) -> str:
    return f"{at:%a %Y-%m-%d %H:%M} UTC"


def outlook(incident: Incident, playbook: Playbook, *, at: datetime) -> Iterator[Happening]:
    """What the playbook says of the outside: who is paged, what customers see, which clocks may be started."""
    severity = playbook.severity(incident.severity)
    if severity is not None and severity.page:
        names = tuple(_named(key, playbook) for key in severity.page)
        yield Happening(at=at, kind=Kind.PAGE, text=f"Paged: {', '.join(names)}", who=names)
    page = playbook.status_page
    if page.opens != "by hand":
        word = page.states.get(incident.status, incident.status)
        source = ", with the monitor's components and summary" if page.opens == "alert" else ""
        text = f"Status page: customers see a public incident at once, {word}{source} ({page.url or 'address not set'})"
        yield Happening(at=at, kind=Kind.STATUS_PAGE, text=text)
    for rule in playbook.deadlines_of(incident.severity):
        if rule.starts in (Starts.BY_HAND, Starts.FLAG) and rule.name not in incident.progress.deadlines:
            due = at + rule.within.length if rule.within.unit is Unit.PLAIN else None
            when = f"when {rule.moment}" if rule.moment else f"when it is started ({rule.starts} {rule.flag})".strip()
            text = f"{rule.title}: within {rule.within}, counted from the moment {when}"
            yield Happening(at=at, kind=Kind.DEADLINE, text=text, due=due)


def _named(key: str, playbook: Playbook) -> str:
    """What a rotation, group, person or role is called."""
    rotation = next((_small(one.title) for one in playbook.rotations if one.name == key), None)
    known = playbook.group(key) or playbook.person(key)
    role = playbook.role(key)
    return rotation or (known.name if known is not None else role.title if role is not None else key)


def _small(title: str) -> str:
    """A title within a sentence: ``on-call``."""
    return title[:1].lower() + title[1:]


def after(one: Happening, began: datetime) -> int:
    """Whole seconds since the declaration."""
    return round((one.at - began) / timedelta(seconds=1))
