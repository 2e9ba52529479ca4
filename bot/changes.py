"""Linked changes: a test, a monitor or a fix counts once it is merged, as far as a forge can be asked.

Where none can, the word of whoever linked it counts, and the record says that it was not checked.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot import gates
from bot.acts import owe_whisper, whispering
from bot.intents import FORGE, Inquire, Urgency
from bot.learned import Inquired
from bot.messages import changes as says
from bot.progress import Change, Lack, Lacking, Merge
from bot.scene import Scene
from bot.store import Owed
from bot.timeline import Kind

SOONEST, LATEST = timedelta(minutes=5), timedelta(hours=1)
"""How long to wait before the forge is asked again about an open change: longer for one that has been open for long."""


def linked(scene: Scene, url: str, label: str) -> bool | None:
    """A link was kept: ask the forge where it is a change that a gate wants merged. Whether it was asked; ``None`` for
    any other link.
    """
    if not gates.wants_merged(scene.playbook, label):
        return None
    if FORGE not in scene.connected.tools:
        by_word(scene)
        return False
    known = scene.incident.progress.changes.get(url)
    if known is None or known.merge is Merge.UNKNOWN:
        change = known or Change(url=url, label=label, since=scene.now, runs=0)
        _inquire(scene, change.model_copy(update={"merge": Merge.ASKED, "label": label}))
    return True


def by_word(scene: Scene) -> None:
    """Where the forge was switched off since, what it never answered or called open counts by a person's word."""
    if FORGE in scene.connected.tools:
        return
    for change in tuple(scene.incident.progress.changes.values()):
        if change.merge in (Merge.ASKED, Merge.OPEN):
            word = change.model_copy(update={"merge": Merge.UNKNOWN, "why": says.NO_FORGE, "ask_at": None})
            _keep(scene, word)
            scene.record(Kind.LINK, says.noted(word, (), now=scene.now, zone=scene.playbook.timezone), url=change.url)


def again(scene: Scene, missing: Sequence[Lack]) -> None:
    """Somebody wants to go on: ask about the changes whose merge is missing."""
    if FORGE not in scene.connected.tools:
        return
    known = scene.incident.progress.changes
    urls = dict.fromkeys(url for lack in missing if lack.kind is Lacking.MERGE for url in lack.steps)
    for change in [known[url] for url in urls if url in known]:
        if change.merge in (Merge.OPEN, Merge.CLOSED):
            _inquire(scene, change)


def ask_due(scene: Scene) -> None:
    """Ask about the open changes whose time has come."""
    by_word(scene)
    for change in tuple(scene.incident.progress.changes.values()):
        if change.ask_at is not None and change.ask_at <= scene.now:
            _inquire(scene, change)


def took(scene: Scene, came: Inquired) -> None:
    """The forge answered: keep it, and tell whom it concerns."""
    incident, inquire = scene.incident, came.inquire
    before = incident.progress.changes.get(inquire.url)
    if before is None or inquire.run < before.runs or before.merge is Merge.MERGED:
        return  # a later question is on its way, or nothing can change any more
    change = before.model_copy(update={"merge": came.merge, "at": came.at, "by": came.by, "why": came.why,
                                       "ask_at": _ask_at(before, came.merge, scene.now)})  # fmt: skip
    _keep(scene, change)
    if came.merge is not before.merge:
        scene.record(Kind.LINK, says.noted(change, came.files, now=scene.now, zone=scene.playbook.timezone),
                     url=change.url)  # fmt: skip
    if came.merge is Merge.MERGED and before.merge is not Merge.ASKED:
        scene.say(says.merged(incident, change), rings=False)
    elif inquire.answer is not None and inquire.platform in incident.rooms:
        owe_whisper(scene, inquire.answer.model_copy(update={"card": says.told(incident, change)}),
                    platform=inquire.platform)  # fmt: skip


def _inquire(scene: Scene, change: Change) -> None:
    """Owe the question; until it is answered, it is not asked again by itself."""
    change = change.model_copy(update={"runs": change.runs + 1, "ask_at": None})
    _keep(scene, change)
    inquire = Inquire(url=change.url, run=change.runs, by=scene.actor if scene.heard is not None else None,
                      platform=scene.platform, answer=whispering(scene))  # fmt: skip
    place = list(scene.incident.progress.changes).index(change.url) + 1
    scene.owed.append(Owed(f"inquire/{place}/{change.runs}", FORGE, inquire, Urgency.ASK, stream=f"inquire/{place}"))


def _keep(scene: Scene, change: Change) -> None:
    scene.incident.progress.changes[change.url] = change
    scene.changed = True


def _ask_at(change: Change, merge: Merge, now: datetime) -> datetime | None:
    if merge is not Merge.OPEN:
        return None
    return now + min(LATEST, max(SOONEST, (now - change.since) / 10))
