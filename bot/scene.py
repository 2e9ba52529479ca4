"""The scene: what a command or a timed rule finds before it, and what it leaves to be saved.

Nothing here speaks to the outside. ``record`` adds to the timeline, ``say`` and ``owe`` add to what is owed to the
chat platforms; the desk saves it all in one transaction.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from bot import calling
from bot.accounts import Account, Several, known
from bot.calendar import Holidays, WorkingTime
from bot.calling import Callees
from bot.card import Card, Mention, Room
from bot.choosing import NOWHERE, Place
from bot.connected import Connected
from bot.errors import Mistake
from bot.heard import Filled, Heard, Moved, Spoken
from bot.incident import Incident
from bot.intents import Intent, Post, Urgency
from bot.messages.help import Described
from bot.people import Person, stranger
from bot.playbook.shape import Playbook
from bot.reader import Reader, Summary
from bot.rotations import Override
from bot.store import Owed, Work
from bot.timeline import Anchor, Entry, Kind, append

TOCSIN = Person(key="tocsin", name="Tocsin")
"""The bot itself, where it acts by itself."""

_MENTION = re.compile(r"<@!?(?P<id>[A-Z0-9]{2,24})(?:\|(?P<name>[^>]*))?>")


@dataclass(slots=True)
class Scene:
    """One act, and everything it may touch."""

    now: datetime
    actor: Person
    playbook: Playbook
    work: Work
    reader: Reader
    platforms: tuple[str, ...]
    """Names of the chat platforms that are switched on."""
    holidays: Holidays
    playbooks: tuple[Playbook, ...] = ()
    """Those loaded, any of which a declaration may fall under; ``playbook`` is the one of this act."""
    verbs: Sequence[Described] = ()
    """Everything one can type, for help."""
    heard: Heard | None = None
    overrides: Sequence[Override] = ()
    """Who is on call in whose place, around now, in the rotations of every playbook."""
    accounts: Sequence[Account] = ()
    """What the people who spoke or are mentioned linked by themselves."""
    here: Incident | None = None
    """The incident it is about, locked."""
    entries: list[Entry] = field(default_factory=list)
    owed: list[Owed] = field(default_factory=list)
    loose: list[Owed] = field(default_factory=list)
    """What is owed that belongs to no incident, beside an incident's own."""
    connected: Connected = field(default_factory=Connected)
    """What is switched on beside the chat platforms."""
    follows: list[str] = field(default_factory=list)
    """What followed from the process in this act, in short sentences, for the verb that tells of it."""
    changed: bool = False
    """Set where the incident changed without a trace on its timeline."""

    @property
    def incident(self) -> Incident:
        """The incident it is about; commands that need one are only run where there is one."""
        if self.here is None:
            raise Mistake("This needs an incident. Name it, like `#42 status`, or type it in the incident's channel.")
        return self.here

    @property
    def loaded(self) -> tuple[Playbook, ...]:
        """The playbooks that a declaration may fall under, the likeliest first: that of the incident it is typed in."""
        mine = self.here.playbook if self.here is not None else ""
        return tuple(sorted(self.playbooks, key=lambda one: one.name != mine)) or (self.playbook,)

    @property
    def place(self) -> Place:
        """Where it was heard."""
        heard = self.heard
        return Place(heard.platform, heard.channel, heard.room) if heard is not None else NOWHERE

    @property
    def platform(self) -> str:
        """Where it was heard; empty for a timed rule."""
        return self.heard.platform if self.heard is not None else ""

    @property
    def working_time(self) -> WorkingTime:
        """The playbook's working time."""
        return working_time(self.playbook, self.holidays)

    @property
    def anchor(self) -> Anchor:
        """How the timeline ends with what this act has recorded so far."""
        incident = self.incident
        links = append(incident.number, self.entries, length=incident.entries, head=incident.head)
        return Anchor(links[-1].hash if links else incident.head, incident.entries + len(links))

    def who(self, names: Iterable[str]) -> Callees:
        """Whom these names of roles, groups, people and rotations mean now."""
        return calling.who(names, self.here, self.playbook, overrides=self.overrides, now=self.now)

    async def look_at_overrides(self) -> None:
        """Know who is on call in whose place, where the playbook has rotations; costs a question only where somebody
        is, or lately was, or where no incident was loaded before.
        """
        if self.playbook.rotations:
            self.overrides = await self.work.overrides.around(self.now)

    def record(
        self, kind: Kind, text: str, *, at: datetime | None = None, by: Person | None = None, **data: str
    ) -> None:
        """Add to the timeline; by the actor, unless it is somebody else's doing."""
        by = by or self.actor
        actor = "" if by is TOCSIN else by.key
        self.entries.append(Entry(at=at or self.now, kind=kind, text=text, by=by.name, actor=actor, data=data))

    def owe(self, key: str, intent: Intent, *, urgency: Urgency = Urgency.POST, **more: object) -> None:
        """Owe an effect on every platform the incident lives on."""
        for platform in self.incident.rooms:
            self.owed.append(Owed(key, platform, intent, urgency, **more))  # type: ignore[arg-type]

    def say(self, card: Card, *, rings: bool = True) -> str:
        """Say something once in its channel, on every platform the incident lives on; returns its key."""
        self.incident.said += 1
        key = f"said/{self.incident.said}"
        self.owe(key, Post(card=card, rings=rings))
        return key

    def bring(self, *people: Person) -> None:
        """Make people responders; the desk invites whoever is not in the channel yet."""
        for person in people:
            if not self.recognise(person):
                self.incident.responders[person.key] = person

    def recognise(self, person: Person) -> bool:
        """Whether somebody is a responder already, be it under the key of one account before they linked another.

        Whoever is known by less than this (a bare handle, one account of two) is from now on known by this record,
        wherever the incident acts on them. What is written in a record is never taken away.
        """
        incident = self.incident
        old = person.keys & incident.responders.keys()
        before = incident.responders.get(person.key)
        if old and (before is None or old != {person.key} or _fuller(person, before)):
            incident.rename(old, person)
            self.changed = True
        return bool(old)

    def find_person(self, words: str) -> Person:
        """Whom these words name: a platform's mention, ``@ana``, a name, or ``me``; raises ``Mistake``."""
        words = words.strip().rstrip(",.;:")
        mention = _MENTION.fullmatch(words)
        if mention is not None:
            person = stranger(self.platform, mention["id"], mention["name"] or "")
            found = known(person, Several((self.playbook, *self.playbooks)), self.accounts)
            if found is person:
                return self._familiar(person)
            if self.here is not None:
                self.recognise(found)
            return found
        bare = words.removeprefix("@").casefold()
        if bare in {"me", "myself", "i"}:
            return self.actor
        around = [*self.playbook.people, *(p for other in self.playbooks for p in other.people), self.actor]
        if self.here is not None:
            around += [*self.here.responders.values(), *self.here.roles.values()]
        for person in around:
            name = person.name.casefold()
            if bare and bare in {person.key.casefold(), name, name.partition(" ")[0]}:
                return person
        raise Mistake(f"I do not know who “{words[:60]}” is. Begin with @ and choose the person from the list.")

    def readable(self, words: str) -> str:
        """Words in which a platform's mention tokens are names, so that what is kept can be read anywhere."""
        return _MENTION.sub(lambda found: f"@{self.find_person(found[0]).name}", words)

    def _familiar(self, person: Person) -> Person:
        """The fuller record of somebody whom the incident knows already (a mention may come without a name)."""
        if self.actor.key == person.key:
            return self.actor
        before = self.here.responders.get(person.key) if self.here is not None else None
        return before or person


def mentioned(heard: Heard) -> set[str]:
    """Whom the words that were heard mention, by the platform's own ids."""
    match heard:
        case Spoken():
            texts = [heard.words, heard.original.text if heard.original is not None else ""]
        case Filled():
            texts = list(heard.values.values())
        case Moved():
            texts = []
        case _:
            texts = [heard.original.text if heard.original is not None else ""]
    return {found["id"] for text in texts for found in _MENTION.finditer(text)}


def _fuller(person: Person, before: Person) -> bool:
    """Whether a record of the same key says more: a name for a bare handle, one more account."""
    bare = before.name in before.handles.values() and person.name != before.name
    return bare or person.handles.items() > before.handles.items()


def working_time(playbook: Playbook, holidays: Holidays) -> WorkingTime:
    """A playbook's working time."""
    calendar = playbook.calendar
    free = holidays(calendar.country, calendar.subdivision) if calendar.country else None
    return WorkingTime(calendar, ZoneInfo(playbook.timezone), free if free is not None else ())


def mention(person: Person, *, quiet: bool = False) -> Mention:
    """A person in a text."""
    return Mention(person=person, quiet=quiet)


def room(summary: Summary) -> Room:
    """A link to the channel of an incident in a list."""
    return Room(name=summary.channel_name, refs=summary.refs)
