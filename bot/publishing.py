"""Publishing: what customers are told of an incident, drafted, let out, or left out; and what came of it on the pages.

What stands on the pages is a publication, part of the incident. Each text that is let out is owed whole to every page
outside, in one stream, so that a page that was away shows them later in their order. Tocsin's own page reads them.
"""

from uuid import uuid4

from bot import publications, rounds
from bot.intents import PAGES, TellPublic
from bot.learned import Published
from bot.messages import publication as says
from bot.naming import tidy
from bot.people import Person
from bot.playbook.process import Audience
from bot.progress import Drafted, DraftEnd, OnPage, Publication, PublicStage, RoundEnd, Told
from bot.publications import Stand
from bot.scene import TOCSIN, Scene
from bot.store import Owed
from bot.timeline import Kind

STREAM = "public"
"""Of each page's texts; and before the number of a text, the key of what tells it."""


def possible(scene: Scene) -> bool:
    """Whether there is a page that shows anything of this incident."""
    return bool(scene.connected.pages) and not scene.incident.private and not scene.incident.drill


def settle(scene: Scene) -> None:
    """Open what the process opens by itself, and follow the incident's status with the next text."""
    incident, kept = scene.incident, scene.incident.progress.publication
    if not possible(scene):
        return
    if kept is None:
        if incident.open and publications.opens(incident, scene.playbook):
            _begin(scene)
            _follow(scene)
    elif kept.status != incident.status:
        _follow(scene)


def tell(scene: Scene, text: str, *, by: Person) -> str:
    """Somebody's own words for customers: let out, or shown first where the process has them approved. What became of
    it, in a sentence.
    """
    begin(scene)
    there = publications.stand(scene.incident, scene.playbook)
    if scene.playbook.status_page.approve:
        return says.waits(draft(scene, text, there, by=by))
    return says.done(let_out(scene, text, there, by=by))


def begin(scene: Scene) -> Publication:
    """The publication; begun where there is none."""
    return scene.incident.progress.publication or _begin(scene)


def draft(scene: Scene, text: str, there: Stand, *, by: Person | None = None) -> Drafted:
    """Show a text in the channel; it takes the place of one that waits."""
    waited = begin(scene)
    _end(scene, DraftEnd.REPLACED)
    kept, (stage, word) = begin(scene), there
    drafted = Drafted(
        id=kept.drafted + 1,
        at=scene.now,
        stage=stage,
        word=word,
        text=text,
        components=publications.components(scene.incident, scene.playbook, stage, kept),
        by=by,
    )
    behind = {"behind_at": waited.behind_at or scene.now, "behind_told_at": waited.behind_told_at}
    _keep(scene, kept, draft=drafted, drafted=drafted.id, status=scene.incident.status, **behind)
    scene.record(Kind.PUBLIC, says.entry_drafted(drafted), by=by or TOCSIN, stage=stage)
    return drafted


def publish(scene: Scene, drafted: Drafted, *, by: Person) -> Told:
    """Let a draft out as it is."""
    _end(scene, DraftEnd.TOLD, by=by)
    return let_out(scene, drafted.text, (drafted.stage, drafted.word), by=by)


def reword(scene: Scene, drafted: Drafted, text: str, *, by: Person) -> Told:
    """Let a draft out in other words: whoever changes them has seen what customers will read."""
    _end(scene, DraftEnd.TOLD, by=by)
    return let_out(scene, text, (drafted.stage, drafted.word), by=by)


def let_out(scene: Scene, text: str, there: Stand, *, by: Person | None) -> Told:
    """Customers read it from now on; it takes the place of a draft that waits."""
    _end(scene, DraftEnd.REPLACED)
    kept, (stage, word) = begin(scene), there
    told = Told(
        id=len(kept.told) + 1,
        at=scene.now,
        stage=stage,
        word=word,
        text=text,
        components=publications.components(scene.incident, scene.playbook, stage, kept),
        by=by,
    )
    over = scene.now if stage is PublicStage.RESOLVED else None
    kept = _keep(scene, kept, told=(*kept.told, told), resolved_at=over, status=scene.incident.status)
    scene.record(Kind.PUBLIC, says.entry_told(told), by=by or TOCSIN, stage=stage)
    intent = TellPublic(
        mark=kept.mark, title=kept.title, opened_at=kept.opened_at, told=told.model_copy(update={"by": None})
    )
    for lane in sorted(scene.connected.pages & scene.connected.tools & PAGES.keys()):
        scene.owed.append(Owed(f"{STREAM}/{told.id}", lane, intent, stream=STREAM))
    _answer_rounds(scene, by or TOCSIN)
    return told


def adopt(scene: Scene, kept: Publication | None) -> bool:
    """Go on with what customers were told of an alert before this incident took it over; whether it did. Not where
    the incident has a publication of its own, or none may be known of it.
    """
    if kept is None or not kept.seen or not possible(scene) or scene.incident.progress.publication is not None:
        return False
    _keep(scene, kept, status="")
    for told in kept.told:
        scene.record(Kind.PUBLIC, says.entry_told(told), at=told.at, by=told.by or TOCSIN, stage=told.stage)
    return True


def leave(scene: Scene) -> None:
    """Customers are not told what waits."""
    kept = begin(scene)
    if kept.draft is not None:
        scene.record(Kind.PUBLIC, says.entry_left(kept.draft), stage=kept.draft.stage)
        _end(scene, DraftEnd.LEFT, by=scene.actor)


def rename(scene: Scene, title: str) -> None:
    """What customers read as the title; it stays once they were told anything."""
    kept, title = begin(scene), tidy(title)
    if title and title != kept.title and not kept.told:
        _keep(scene, kept, title=title)
        scene.record(Kind.PUBLIC, f"Title for customers: {title}")


def took(scene: Scene, came: Published) -> None:
    """A text stands on a page outside."""
    kept = scene.incident.progress.publication
    if kept is None or kept.mark != came.tell.mark:
        return
    scene.changed = True
    before, told = kept.pages.get(came.page), came.tell.told.id
    if before is None:
        scene.record(Kind.PUBLIC, says.entry_there(came.page, came.url), url=came.url)
    if came.unknown:
        scene.record(Kind.PUBLIC, says.entry_unknown(came.page, came.unknown))
    there = OnPage(told=max(told, before.told if before else 0), url=came.url or (before.url if before else ""))
    _keep(scene, kept, pages=kept.pages | {came.page: there})


def _begin(scene: Scene) -> Publication:
    incident, alerts = scene.incident, scene.incident.progress.alerts
    title = tidy(alerts.summary) if alerts is not None and alerts.summary else incident.title
    kept = Publication(mark=str(uuid4()), title=title, opened_at=scene.now)
    incident.progress.publication = kept
    return kept


def _follow(scene: Scene) -> None:
    """The status changed: let out the next text, or draft it. Nothing where customers read the same as before."""
    kept, there = begin(scene), publications.stand(scene.incident, scene.playbook)
    told = kept.told[-1] if kept.told else None
    unasked = kept.draft is None and not publications.opens(scene.incident, scene.playbook)
    unseen = told is None and (unasked or not scene.incident.open)
    if unseen or publications.stands(told, there) or _left_as_it_is(scene, kept):
        _end(scene, DraftEnd.REPLACED)
    elif not publications.stands(kept.draft, there):
        text = says.words(scene.incident, scene.playbook)
        if scene.playbook.status_page.approve or not says.whole(text):
            scene.follows.append(says.waits(draft(scene, text, there)))
        else:
            scene.follows.append(says.done(let_out(scene, text, there, by=None)))
    _keep(scene, begin(scene), status=scene.incident.status)


def _left_as_it_is(scene: Scene, kept: Publication) -> bool:
    """Whether somebody decided that customers do not hear the end, and it is over since."""
    before = scene.playbook.status(kept.status)
    over = before is not None and not before.stage.open and not scene.incident.open
    last = kept.last
    return over and last is not None and last.end is DraftEnd.LEFT and last.stage is PublicStage.RESOLVED


def _end(scene: Scene, end: DraftEnd, *, by: Person | None = None) -> None:
    """The draft that waits is decided, if one does, and nobody waits for it any more."""
    kept = begin(scene)
    if kept.draft is None:
        return
    last = kept.draft.model_copy(update={"end": end, "ended_at": scene.now, "ended_by": by})
    _keep(scene, kept, draft=None, last=last, status=scene.incident.status, behind_at=None, behind_told_at=None)


def _keep(scene: Scene, kept: Publication, **changes: object) -> Publication:
    kept = kept.model_copy(update=changes)
    scene.incident.progress.publication, scene.changed = kept, True
    return kept


def _answer_rounds(scene: Scene, by: Person) -> None:
    """What customers read on the page is the news that they are owed."""
    running = scene.incident.progress.rounds
    for name, before in running.items():
        cadence = scene.playbook.cadence(name, scene.incident.severity)
        waits = before.rhythm or before.asked is not None
        if cadence is not None and waits and cadence.audience is Audience.CUSTOMERS:
            running[name] = rounds.answer(before, cadence, scene.working_time, end=RoundEnd.TOLD, by=by, now=scene.now)
