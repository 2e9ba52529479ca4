"""What should stand in chat for an incident, as a function of the incident; and what is owed to get there.

Nobody who changes an incident needs to think of its card: after each change the cards that should stand are drawn
anew and compared with the last ones owed, and only a difference is owed. The same holds for the channel, its people
and its topic.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from bot import checklists, checks, templates
from bot.acts import ANNOUNCEMENT, announced
from bot.card import Card
from bot.incident import Incident, Room
from bot.intents import CHANNEL, Bookmark, Edit, Intent, Invite, OpenChannel, Pin, Post, SetTopic, Urgency, Whisper
from bot.messages import calls, calm, deadlines, health, lists, live, notices, rounds
from bot.messages.runbooks import pinned as pinned_runbooks
from bot.messages.words import headline, marks
from bot.people import Person
from bot.playbook.shape import Playbook
from bot.runbooks import matching
from bot.scene import Scene
from bot.store import Owed

CARD = "card"
"""Key of the live card."""
RUNBOOKS = "runbooks"
"""Key of the pinned runbooks."""
DIRECT = "direct"
"""Where a message stands that one person sees."""
OUTSIDE = "announcements"
"""Where a message stands that is for those outside: the channel that the playbook, or else the setting, names."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A message that should stand somewhere, as it should read now."""

    key: str
    card: Card
    to: str = CHANNEL
    pinned: bool = False
    urgency: Urgency = Urgency.POST
    instead_of: frozenset[str] = frozenset()
    """Keys of messages that need not be posted any more once this one is owed."""
    person: Person | None = None
    """Who alone sees it, in a direct message."""
    platform: str = ""
    """The only platform on which it stands; every one of the incident's where left out."""
    past: bool = False
    """It is over: edited where it stands, and posted nowhere anew."""


def channel_key(generation: int) -> str:
    """Key of an incident's n-th channel on a platform."""
    return CHANNEL if generation == 1 else f"{CHANNEL}/{generation}"


def messages(incident: Incident, playbook: Playbook, *, now: datetime) -> Iterator[Standing]:
    """Every living message."""
    yield Standing(CARD, live.card(incident, playbook, now=now), pinned=True, urgency=Urgency.SETUP)
    books = matching(incident, playbook)
    if books:
        yield Standing(RUNBOOKS, pinned_runbooks(incident, books), pinned=True)
    yield from _sheets(incident, playbook)
    if announced(incident, playbook):
        yield Standing(ANNOUNCEMENT, live.announcement(incident, playbook, now=now), to=OUTSIDE)
    clock = incident.reminding
    earlier: frozenset[str] = frozenset()
    for asked in clock.posts:
        key = f"ask/{clock.silence}/{asked.post}"
        card = live.reminder(incident, playbook, asked)
        yield Standing(key, card, urgency=Urgency.ASK, instead_of=earlier)
        earlier |= {key}
    yield from _direct(incident, playbook)
    yield from _deadlines(incident, playbook)
    yield from _rounds(incident, playbook)
    yield from _calm(incident, playbook)
    for called in incident.progress.calls:
        yield Standing(f"call/{called.id}", calls.call(incident, playbook, called), urgency=Urgency.ASK)
    for offer in incident.offers:
        yield Standing(f"handover/{offer.id}", notices.handover(incident, playbook, offer), urgency=Urgency.ASK)


def _direct(incident: Incident, playbook: Playbook) -> Iterator[Standing]:
    """The reminders that went to people privately."""
    clock = incident.reminding
    earlier: dict[tuple[str, str], str] = {}
    newest = {(one.platform, one.person.key): one.post for one in clock.direct}
    for one in clock.direct:
        theirs = (one.platform, one.person.key)
        key = f"ask/{clock.silence}/{one.post}/direct/{one.person.key}"
        yield Standing(
            key,
            live.direct_reminder(incident, playbook, again=one.post != newest[theirs]),
            to=DIRECT,
            urgency=Urgency.ASK,
            instead_of=frozenset({earlier[theirs]} if theirs in earlier else ()),
            person=one.person,
            platform=one.platform,
        )
        earlier[theirs] = key


def _deadlines(incident: Incident, playbook: Playbook) -> Iterator[Standing]:
    """What was posted of the deadlines; each tells how its deadline stands."""
    for deadline in incident.progress.deadlines.values():
        earlier: frozenset[str] = frozenset()
        for number in range(1, deadline.posts + 1):
            key = f"deadline/{deadline.name}/{deadline.turn}/{number}"
            card = deadlines.post(incident, playbook, deadline, number)
            yield Standing(key, card, urgency=Urgency.ASK, instead_of=earlier)
            earlier |= {key}


def _sheets(incident: Incident, playbook: Playbook) -> Iterator[Standing]:
    """What is ticked; those that open with the declaration are pinned, and what somebody asked for by name."""
    for sheet in checklists.standing(incident, playbook):
        checklist = playbook.checklist(sheet.key)
        pinned = checklist is None or checklist.opens == "declared" or incident.revision == 0
        yield Standing(sheet.message, lists.sheet(incident, playbook, sheet), pinned=pinned)


def _rounds(incident: Incident, playbook: Playbook) -> Iterator[Standing]:
    for name, kept in incident.progress.rounds.items():
        cadence = playbook.cadence(name, incident.severity)
        if cadence is None:
            continue
        earlier: frozenset[str] = frozenset()
        for asked in kept.posts:
            key = f"round/{name}/{asked.count}"
            card = rounds.question(incident, playbook, cadence, kept, asked)
            yield Standing(key, card, urgency=Urgency.ASK, instead_of=earlier, past=asked.end is not None)
            earlier |= {key}


def _calm(incident: Incident, playbook: Playbook) -> Iterator[Standing]:
    """What the health checks answered, and the quiet period."""
    progress, quiet = incident.progress, incident.progress.quiet
    if progress.checks_shown and progress.checks:
        yield Standing(checks.CHECKS, health.results(incident, playbook))
    if quiet is not None:
        red, watched = checks.red(incident, playbook), len(checks.belonging(incident, playbook))
        yield Standing(f"quiet/{quiet.id}", calm.waiting(quiet, red=red, watched=watched))
        if quiet.broken:
            yield Standing(f"quiet/{quiet.id}/broken", calm.disturbed(quiet))


def topic(incident: Incident, playbook: Playbook) -> str:
    """The channel's topic: what it is about, nothing that changes by the minute."""
    worded = templates.topic(incident, playbook)
    if worded is None:
        return f"{headline(incident, playbook)} · {incident.name}"
    return " · ".join((*marks(incident), worded))


def settle(scene: Scene) -> None:
    """Owe whatever is missing for things to stand as they should, on every platform of the scene's incident."""
    incident = scene.incident
    wanted = list(messages(incident, scene.playbook, now=scene.now))
    for platform in incident.rooms:
        first = _room(scene, platform)
        rest = [*_standing(scene, platform, wanted)]
        tried = frozenset(owed.key for owed in first if isinstance(owed.intent, Invite))
        mine = [o for o in scene.owed if o.platform == platform]
        others = [o for o in scene.owed if o.platform != platform]
        card = _key(CARD, incident.rooms[platform])
        mine = [replace(o, after=o.after | {card}) if isinstance(o.intent, Post) else o for o in mine]
        scene.owed = [*others, *first, *(replace(o, after=o.after | tried) for o in (*rest, *mine))]
    _forget_old(incident)


def _room(scene: Scene, platform: str) -> list[Owed]:
    """The channel itself, its people and its topic."""
    incident, playbook, owed = scene.incident, scene.playbook, []
    room, turn = incident.rooms[platform], incident.revision + 1
    about = topic(incident, playbook)
    members = tuple(incident.responders.values())
    if room.opened < room.generation:
        names = _names(incident, room)
        opening = OpenChannel(names=names, topic=about, private=incident.private, people=members)
        owed.append(Owed(channel_key(room.generation), platform, opening, Urgency.SETUP))
        room = room.model_copy(update={"opened": room.generation, "invited": frozenset(), "topic": ""})
    new = tuple(p for p in members if p.key not in room.invited and p.on(platform))
    if new and not room.archived:
        owed.append(Owed(f"invite/{turn}", platform, Invite(people=new), Urgency.SETUP))
        room = room.model_copy(update={"invited": room.invited | {p.key for p in new}})
    if room.topic != about and not room.archived:
        key = f"topic/{turn}"
        owed.append(Owed(key, platform, SetTopic(topic=about), Urgency.TIDY, stream="topic", replaces=True))
        room = room.model_copy(update={"topic": about})
    incident.rooms[platform] = room
    return owed


def _names(incident: Incident, room: Room) -> tuple[str, ...]:
    """What to call the channel, in order of preference: somebody else may have taken the first."""
    name = incident.channel_name
    if room.generation > 1:
        name = f"{name}-again{room.generation - 1}"
    return (name, f"{name}-{incident.number}", f"{name}-{incident.number}-2", f"{name}-{incident.number}-3")


def _standing(scene: Scene, platform: str, wanted: list[Standing]) -> Iterator[Owed]:
    """Posts that are missing and edits that are due."""
    incident, turn = scene.incident, scene.incident.revision + 1
    room = incident.rooms[platform]
    for one in wanted:
        if one.platform not in ("", platform):
            continue
        key = _key(one.key, room) if one.to == CHANNEL else one.key
        mark, digest = f"{platform}:{key}", _digest(one.card)
        before = incident.standing.get(mark)
        if before == digest or (before is None and (room.archived or one.past)):
            continue
        incident.standing[mark] = digest
        if before is not None:
            edit = Edit(message=key, card=one.card)
            yield Owed(f"{key}/edit/{turn}", platform, edit, Urgency.EDIT, stream=key, replaces=True)
            continue
        to = scene.playbook.announce.place(platform) if one.to == OUTSIDE else one.to
        post: Intent = Post(card=one.card, to=to)
        if one.person is not None:
            post = Whisper(person=one.person, card=one.card)
        asks_here = one.urgency is Urgency.ASK and one.to == CHANNEL
        first = frozenset({_key(CARD, room)}) if asks_here else frozenset()
        yield Owed(key, platform, post, one.urgency, after=first, stream=key, instead_of=one.instead_of)
        if one.pinned:
            yield Owed(f"{key}/pin", platform, Pin(message=key), Urgency.POST)
        if one.key == RUNBOOKS:
            yield from _bookmarks(scene, platform, key)


def _key(key: str, room: Room) -> str:
    """Key of a message in the channel: a later channel has messages of its own."""
    return key if room.generation == 1 else f"{key}/in{room.generation}"


def _bookmarks(scene: Scene, platform: str, message: str) -> Iterator[Owed]:
    for place, book in enumerate(matching(scene.incident, scene.playbook), start=1):
        link = Bookmark(title=book.title, url=book.url or "", message=None if book.url else message)
        yield Owed(f"{message}/bookmark/{place}", platform, link, Urgency.POST)


def _digest(card: Card) -> str:
    return hashlib.blake2b(card.model_dump_json().encode(), digest_size=8).hexdigest()


def _forget_old(incident: Incident) -> None:
    """Reminders of silences long answered, and earlier rounds, are never edited again: nor are their digests kept."""
    current = f"ask/{incident.reminding.silence}/"
    kept = {(name, str(one.count)) for name, each in incident.progress.rounds.items() for one in each.posts}
    gone = [mark for mark in incident.standing if ":ask/" in mark and f":{current}" not in mark]
    gone += [mark for mark in incident.standing if ":round/" in mark and tuple(mark.split("/")[1:3]) not in kept]
    for mark in gone:
        del incident.standing[mark]
