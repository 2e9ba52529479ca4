"""The posts that are missing and the edits that are due, for messages to stand as they should."""

from collections.abc import Iterable, Iterator

from bot.intents import CHANNEL, Bookmark, Edit, Intent, Pin, Post, Urgency, Whisper
from bot.scene import Scene
from bot.standing.card import CARD
from bot.standing.message import OUTSIDE, Standing, key_in
from bot.store import Owed


def settle(scene: Scene, platform: str, wanted: Iterable[Standing]) -> Iterator[Owed]:
    """What is owed on one platform; the digests of the cards are kept in the incident."""
    incident, turn = scene.incident, scene.incident.revision + 1
    room = incident.rooms[platform]
    for one in wanted:
        if one.platform not in ("", platform):
            continue
        key = key_in(room, one.key) if one.to == CHANNEL else one.key
        mark, digest = f"{platform}:{key}", one.card.digest()
        before = incident.standing.get(mark)
        closed = room.archived and one.to == CHANNEL  # nothing can be written there; what differs is owed on return
        if before == digest or closed or (before is None and (room.archived or one.past)):
            continue
        incident.standing[mark] = digest
        if before is not None:
            edit = Edit(message=key, card=one.card)
            yield Owed(f"{key}/edit/{turn}", platform, edit, Urgency.EDIT, stream=key, replaces=True)
            yield from _bookmarks(scene, platform, key, one)
            continue
        asks_here = one.urgency is Urgency.ASK and one.to == CHANNEL
        first = frozenset({key_in(room, CARD)}) if asks_here else frozenset()
        post = _post(scene, platform, one)
        yield Owed(key, platform, post, one.urgency, after=first, stream=key, instead_of=one.instead_of)
        if one.pinned:
            yield Owed(f"{key}/pin", platform, Pin(message=key), Urgency.POST)
        yield from _bookmarks(scene, platform, key, one)


def _post(scene: Scene, platform: str, one: Standing) -> Intent:
    """What brings it there."""
    if one.person is not None:
        return Whisper(person=one.person, card=one.card)
    return Post(card=one.card, to=scene.playbook.announce.place(platform) if one.to == OUTSIDE else one.to)


def _bookmarks(scene: Scene, platform: str, key: str, one: Standing) -> Iterator[Owed]:
    """Those of its bookmarks that are not there yet: a runbook may come to match later."""
    for book in one.bookmarks:
        mark = f"{platform}:{key}/bookmark/{book.key}"
        if mark not in scene.incident.standing:
            scene.incident.standing[mark] = "kept"
            link = Bookmark(title=book.title, url=book.url or "", message=None if book.url else key)
            yield Owed(f"{key}/bookmark/{book.key}", platform, link, Urgency.POST)
