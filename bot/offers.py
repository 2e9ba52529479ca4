"""What customers are told of an alert that is only offered: the process has them told at once, whatever people answer.

It belongs to what is known of the alert until an incident takes it over. Where none does, the message about the alert
asks to take it back. As it belongs to no incident, its texts are owed by themselves.
"""

from collections.abc import Iterator
from datetime import datetime
from uuid import uuid4

from bot import publications
from bot.alerts.tracked import Tracked
from bot.connected import Connected
from bot.intents import PAGES, TellPublic
from bot.messages import alert_posts
from bot.naming import tidy
from bot.people import Person
from bot.playbook.shape import Playbook
from bot.progress import Condition, Publication, PublicStage, Told
from bot.store import Owed


def settle(tracked: Tracked, playbook: Playbook, *, connected: Connected, now: datetime) -> Iterator[Owed]:
    """Tell customers of an offer, once for as long as it fires; noted in ``tracked.publication``."""
    if not connected.pages or not _wanted(tracked, playbook):
        return
    kept = Publication(mark=str(uuid4()), title=tidy(tracked.alert.title), opened_at=now)
    word = playbook.status_page.states.get(PublicStage.INVESTIGATING, PublicStage.INVESTIGATING)
    name = publications.on_page(playbook, tracked.alert.component)
    how = {name: publications.condition(playbook, _severity(tracked, playbook), PublicStage.INVESTIGATING)}
    told = Told(id=1, at=now, stage=PublicStage.INVESTIGATING, word=word, text=tracked.alert.title,
                components=how if name else {})  # fmt: skip
    tracked.publication = kept.model_copy(update={"told": (told,)})
    yield from _owe(tracked.publication, connected)


def take_back(tracked: Tracked, playbook: Playbook, *, by: Person, connected: Connected, now: datetime) -> list[Owed]:
    """Somebody says that it is over, or that it was nothing."""
    kept = tracked.publication
    if kept is None or not kept.seen:
        return []
    word = playbook.status_page.states.get(PublicStage.RESOLVED, PublicStage.RESOLVED)
    well = dict.fromkeys(kept.told[-1].components, Condition.OPERATIONAL)
    text = alert_posts.over(tracked)
    told = Told(id=len(kept.told) + 1, at=now, stage=PublicStage.RESOLVED, word=word, text=text, components=well, by=by)
    tracked.publication = kept.model_copy(update={"told": (*kept.told, told), "resolved_at": now})
    return list(_owe(tracked.publication, connected))


def _wanted(tracked: Tracked, playbook: Playbook) -> bool:
    """Whether customers are to be told of it now: asked about, by a rule that says so, and not told of this firing."""
    if not tracked.asks or not tracked.fires or playbook.status_page.approve:
        return False
    kept = tracked.publication
    told = kept is not None and (kept.seen or kept.opened_at >= tracked.since)
    return not told and playbook.alerts.publishes(tracked.rule)


def _severity(tracked: Tracked, playbook: Playbook) -> str:
    """The mildest that is offered: customers are not told more than is known."""
    return max(tracked.severities, key=playbook.rank, default=playbook.severities[-1].name)


def _owe(kept: Publication, connected: Connected) -> Iterator[Owed]:
    last = kept.told[-1].model_copy(update={"by": None})
    tell = TellPublic(mark=kept.mark, title=kept.title, opened_at=kept.opened_at, told=last)
    for lane in sorted(connected.pages & connected.tools & PAGES.keys()):
        yield Owed(f"public/{kept.mark}/{last.id}", lane, tell, stream=f"public/{kept.mark}")
