"""Following: what people changed on an issue in a tracker is done here, too, and noted as said there.

What they changed is told apart from what we changed, and from what is on its way there, by how the issue was seen last
and by what was sent: only what fits neither is news.
"""

from bot import actions, ticking
from bot.filing import INCIDENT, PREFIX, issue_of, item_of, keep, wanted
from bot.issue import TRACKERS, Draft, Issue, IssueState, Seen
from bot.items import LONGEST, on_record, tell_owner
from bot.learned import Kept, Spotted
from bot.messages import issues
from bot.people import Person, key_of
from bot.progress import ActionItem
from bot.scene import Scene
from bot.timeline import Kind

FIELDS = ("title", "state", "assignee", "due")
"""What people may change there that means something here."""


def kept(scene: Scene, came: Kept) -> None:
    """An issue was filed or changed as owed; whatever else became different there is news."""
    issue = issue_of(scene, came.name)
    if issue is None:
        return
    scene.changed = True
    if came.seen is None:
        keep(scene, came.name, issue.model_copy(update={"gone": True}))
        scene.record(Kind.LINK, issues.entry_deleted(issue, item_of(scene, came.name)))
        return
    new, issue = not issue.label, issue.model_copy(update={"label": came.label, "url": came.url})
    if new:
        said = issues.entry_filed(issue, item_of(scene, came.name))
        scene.record(Kind.LINK, said, url=came.url, label=came.label)
        ticking.filed(scene, {"issue": came.name == INCIDENT})
    keep(scene, came.name, issue)
    seen = _led(came.seen, came.sent)
    _take(scene, came.name, issue, seen, sent=came.sent, ours=True)
    if came.turn == issue.turn:
        _uncross(scene, came.name, seen, came.sent)


def spotted(scene: Scene, came: Spotted, key: str) -> None:
    """An issue of this incident was found changed; ``key`` is that of the effect that filed it."""
    name = key.removeprefix(PREFIX)
    issue = issue_of(scene, name)
    if issue is not None and issue.label and (issue.seen is None or came.seen.at >= issue.seen.at):
        _take(scene, name, issue, _led(came.seen, issue.draft), sent=issue.draft, ours=False)


def _led(seen: Seen, sent: Draft) -> Seen:
    """By whom we sent, where they are among several there: a colleague beside the owner is no other owner."""
    there = {name.casefold() for name in seen.others}
    return seen.model_copy(update={"assignee": sent.assignee}) if sent.assignee.casefold() in there else seen


def _take(scene: Scene, name: str, issue: Issue, seen: Seen, *, sent: Draft, ours: bool) -> None:
    """Keep how an issue was seen, and follow what people changed there; ``ours``: as it came of our own doing."""
    if seen != issue.seen:
        scene.changed = True
        keep(scene, name, issue.model_copy(update={"seen": seen}))
    before = issue.seen or sent
    changed = [field for field in FIELDS if not (_same(field, seen, before) or _same(field, seen, sent))]
    if ours:  # a person or a date that the tracker does not take: nobody there decided it
        changed = [field for field in changed if getattr(seen, field)]
    if not changed:
        return
    scene.actor = _author(scene, issue.tracker, seen)
    item = item_of(scene, name)
    if item is not None:
        _follow_item(scene, item, seen, changed)
    else:
        _follow_incident(scene, issue, seen, changed)
    _agree(scene, name, seen, changed)


def _uncross(scene: Scene, name: str, seen: Seen, sent: Draft) -> None:
    """What was taken over from there while a change of ours was on its way, and that change put back, is owed again."""
    issue = issue_of(scene, name)
    if issue is not None:
        put_back = [f for f in FIELDS if _same(f, seen, sent) and getattr(sent, f) != getattr(issue.draft, f)]
        draft = issue.draft.model_copy(update={field: getattr(sent, field) for field in put_back})
        keep(scene, name, issue.model_copy(update={"draft": draft}))


def _agree(scene: Scene, name: str, seen: Seen, changed: list[str]) -> None:
    """What was taken over from there need not be sent back."""
    draft, issue = dict(wanted(scene)).get(name), issue_of(scene, name)
    if draft is not None and issue is not None:
        agreed = {field: getattr(draft, field) for field in changed if _same(field, seen, draft)}
        keep(scene, name, issue.model_copy(update={"draft": issue.draft.model_copy(update=agreed)}))


def _same(field: str, one: Seen | Draft, other: Seen | Draft) -> bool:
    """Whether both say the same there; not every tracker knows why an issue was closed."""
    if field == "state":
        return one.state.open == other.state.open
    if field == "assignee":
        return one.assignee.casefold() == other.assignee.casefold()
    if field == "due" and isinstance(one, Seen) and not one.dated:
        return True
    return bool(getattr(one, field) == getattr(other, field))


def _author(scene: Scene, tracker: str, seen: Seen) -> Person:
    """Who changed it there: somebody the playbook knows, else whatever the tracker calls them."""
    if (known := _known(scene, tracker, seen.by)) is not None:
        return known
    title = TRACKERS[tracker]
    name = seen.named or seen.by
    return Person(key=key_of(tracker, seen.by or "somebody"), name=f"{name} ({title})" if name else title)


def _known(scene: Scene, tracker: str, account: str) -> Person | None:
    named = (one for one in scene.playbook.people if (one.on(tracker) or "").casefold() == account.casefold())
    return next(named, None) if account else None


def _follow_incident(scene: Scene, issue: Issue, seen: Seen, changed: list[str]) -> None:
    """An incident ends by its own rules: what became of its issue is only noted."""
    if "state" in changed:
        scene.record(Kind.LINK, issues.entry_of_incident(issue, scene.incident, reopened=seen.state.open))


def _follow_item(scene: Scene, item: ActionItem, seen: Seen, changed: list[str]) -> None:
    steps = {"title": _retitle, "assignee": _reassign, "due": _redate, "state": _reopen_or_end}
    for field in changed:
        steps[field](scene, actions.get(scene.incident, item.number) or item, seen)


def _retitle(scene: Scene, item: ActionItem, seen: Seen) -> None:
    kind = item.kind if item.kind is not None and seen.title.startswith(f"{item.kind}: ") else None
    text = " ".join(seen.title.removeprefix(f"{kind}: ").split())[:LONGEST]
    if text:
        item = actions.reword(scene.incident, item, text=text, kind=kind)
        on_record(scene, item, does=f"reworded{issues.there(item.issue)}")


def _reassign(scene: Scene, item: ActionItem, seen: Seen) -> None:
    tracker = item.issue.tracker if item.issue is not None else ""
    owner = _known(scene, tracker, seen.assignee)
    if owner is None:
        on_record(scene, item, does=issues.reassigned(item, seen.assignee))
    elif item.owner is None or not item.owner.keys & owner.keys:
        item = actions.own(scene.incident, item, owner, now=scene.now, here=scene.working_time)
        on_record(scene, item, does=f"given to {owner.name}{issues.there(item.issue)}")
        tell_owner(scene, item)


def _redate(scene: Scene, item: ActionItem, seen: Seen) -> None:
    """A day there is the end of the working day here."""
    if seen.due is None:
        on_record(scene, item, does=issues.undated(item))
        return
    here = scene.working_time
    item = actions.date(scene.incident, item, here.closes(seen.due), now=scene.now, here=here)
    on_record(scene, item, does=f"dated anew{issues.there(item.issue)}")


def _reopen_or_end(scene: Scene, item: ActionItem, seen: Seen) -> None:
    incident = scene.incident
    if seen.state.open and not item.open:
        item = actions.take_up(incident, item, now=scene.now, here=scene.working_time)
        on_record(scene, item, does=f"taken up again{issues.there(item.issue)}")
    elif seen.state is IssueState.DROPPED and item.open:
        item = actions.drop(incident, item, because=issues.not_planned(item), now=scene.now)
        on_record(scene, item, does="dropped")
    elif not seen.state.open and item.open:
        item = actions.finish(incident, item, by=scene.actor.name, now=scene.now)
        on_record(scene, item, does=f"done{issues.there(item.issue)}")
