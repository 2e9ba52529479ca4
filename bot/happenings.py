"""What happens in an incident, one line each: told from what a change saved and owed, for rehearsals.

Kinds are those that scripts rely on (``tocsin rehearse --json``).
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import AwareDatetime, ConfigDict

from bot.card import Card, Everyone, GroupMention, Mention, plain
from bot.incident import Incident
from bot.intents import CHANNEL, Archive, Attach, Bookmark, Intent, Invite, OpenChannel, Pin, Post, SetTopic, Whisper
from bot.model import Model
from bot.people import Person
from bot.playbook.shape import Playbook
from bot.runbooks import matching
from bot.store import Change, Owed
from bot.terms import Term
from bot.timeline import Entry
from bot.timeline import Kind as Noted


class Kind(StrEnum):
    """What sort of thing happens; those of one moment are told in this order."""

    CHANNEL = "channel"
    TOPIC = "topic"
    INVITE = "invite"
    ROLE = "role"
    CARD = "card"
    POST = "post"
    PIN = "pin"
    ANNOUNCE = "announce"
    PAGE = "page"
    FREEZE = "freeze"
    FLAG = "flag"
    REMINDER = "reminder"
    ESCALATION = "escalation"
    UPDATE = "update"
    STATUS_PAGE = "status_page"
    REPORT = "report"
    TRACKER = "tracker"
    CHECKLIST = "checklist"
    DEADLINE = "deadline"
    CHECK = "check"
    DIRECT = "direct"
    GATE = "gate"
    ARCHIVE = "archive"


_ORDER = {kind: place for place, kind in enumerate(Kind)}


class Happening(Model):
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

    @property
    def place(self) -> tuple[datetime, int]:
        """Where it is told among others."""
        return self.at, _ORDER[self.kind]


POSTS = {
    "card": Kind.CARD,
    "announcement": Kind.ANNOUNCE,
    "said": Kind.UPDATE,
    "checklist": Kind.CHECKLIST,
    "runbook": Kind.CHECKLIST,
    "call": Kind.ESCALATION,
    "page": Kind.PAGE,
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
        titles = {owed.key: _title(owed, change.incident, self._playbook) for owed in change.owed}
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
                within = f" ({spoken(rule.within)})" if rule is not None else ""
                due = one.due_at
                yield Happening(at=at, kind=Kind.DEADLINE, text=f"{one.title} due {moment(due)}{within}", due=due)

    def _owed(self, owed: Owed, incident: Incident, at: datetime, titles: dict[str, str]) -> Iterator[Happening]:
        match owed.intent:
            case Post() as post:
                yield self._posted(owed, post, incident, at)
            case Pin(message=message):
                yield Happening(at=at, kind=Kind.PIN, text=f"Pinned: {titles.get(message, message)}")
            case Whisper(person=person, card=card) if person.key != incident.declared_by.key:
                yield Happening(at=at, kind=Kind.DIRECT, text=_words(card), who=(person.name,))
            case other:
                yield from _other(other, at)

    def _posted(self, owed: Owed, post: Post, incident: Incident, at: datetime) -> Happening:
        first, _, rest = owed.key.partition("/")
        kind = POSTS.get(first, Kind.POST)
        if first == "ask":
            kind = _rung(incident)
        deadline = incident.progress.deadlines.get(rest.partition("/")[0]) if first == "deadline" else None
        due = deadline.due_at if deadline is not None else None
        words, who = _words(post.card), tuple(_rung_by(post.card))
        if post.to != CHANNEL:
            place = self._playbook.announce.place(owed.platform)
            named = place if place.startswith("#") else "the announcement channel"
            words = f"{words}\nPosted in {named}, under the announcement" if post.thread else words
            who = (named,)
        if first == "call":
            who = who or self._meant(incident, rest)
        return Happening(at=at, kind=kind, text=words, who=who, due=due)

    def _meant(self, incident: Incident, call: str) -> tuple[str, ...]:
        """Titles of whoever is called where nobody stands behind them yet."""
        return next((one.nobody for one in incident.progress.calls if str(one.id) == call), ())


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
        case Attach(name=name, title=title):
            yield Happening(at=at, kind=Kind.POST, text=f"{title}\nPosted as the file {name}")
        case Archive():
            yield Happening(at=at, kind=Kind.ARCHIVE, text="The channel is archived")


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


def _title(owed: Owed, incident: Incident, playbook: Playbook) -> str:
    """What a pinned message is called: the runbooks by their names and where they are."""
    if isinstance(owed.intent, Attach):
        return owed.intent.title
    if not isinstance(owed.intent, Post):
        return owed.key
    card = owed.intent.card
    if owed.key.partition("/")[0] == "runbooks":
        books = (f"{book.title} ({book.url or book.path})" if book.url or book.path else book.title
                 for book in matching(incident, playbook))  # fmt: skip
        return f"{card.title}: {', '.join(books)}"
    return card.title or plain(card.text)[:80]


def _words(card: Card) -> str:
    """The whole card in plain words."""
    fields = [f"{field.name}: {plain(field.value)}" for field in card.fields]
    return "\n".join(part for part in (card.title, plain(card.text), *fields) if part)


def answered(card: Card, *, to: Person, at: datetime) -> Happening:
    """What the bot answers one person, whom alone it tells."""
    return Happening(at=at, kind=Kind.DIRECT, text=_words(card), who=(to.name,))


def spoken(term: Term) -> str:
    """A term within a sentence: ``within 72h``, ``next business day``."""
    return f"within {term}" if str(term)[:1].isdigit() else str(term)


def moment(at: datetime) -> str:
    """A moment in words: ``Fri 2026-11-27 14:15 UTC``."""
    return f"{at:%a %Y-%m-%d %H:%M} UTC"


def after(one: Happening, began: datetime) -> int:
    """Whole seconds since the declaration."""
    return round((one.at - began) / timedelta(seconds=1))
