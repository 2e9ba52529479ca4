"""Filing: an incident and its action items as issues in a tracker, kept in step both ways.

What an issue should look like follows from the incident and its playbook. It is compared with what was owed last, and
only a difference is owed, as with messages that stand. What people change there comes back by ``bot/following.py``.
"""

import hashlib
from collections.abc import Iterator
from uuid import UUID

from bot import actions
from bot.incident import Incident
from bot.intents import TRACKER, ChangeIssue, OpenIssue, Urgency
from bot.issue import Draft, Issue
from bot.messages import issues
from bot.playbook.part import fold
from bot.playbook.process import Stage
from bot.progress import ActionItem
from bot.scene import Scene
from bot.store import Owed

INCIDENT = "incident"
"""Name of the incident's own issue; those of action items are ``action/3``."""
PREFIX = "issue/"
"""Before that name: the key of what files it."""


def settle(scene: Scene) -> None:
    """Owe what is missing for the issues to be as they should."""
    incident = scene.incident
    if incident.private or incident.drill:
        return
    for name, draft in wanted(scene):
        issue = issue_of(scene, name)
        if issue is None:
            _open(scene, name, draft)
        elif issue.draft != draft and not issue.gone:
            _change(scene, name, issue, draft)


def wanted(scene: Scene) -> Iterator[tuple[str, Draft]]:
    """Every issue that there should be, by its name; what is over when it would be filed first, is not filed."""
    incident, playbook, tracker = scene.incident, scene.playbook, scene.playbook.tracker
    if tracker is None or tracker.kind not in scene.connected.trackers:
        return
    ended = incident.stage in (Stage.CLOSED, Stage.CANCELLED)
    named = any(fold(name) == fold(incident.severity) for name in tracker.incidents)
    if incident.progress.issue is not None or (named and not ended):
        yield INCIDENT, issues.of_incident(incident, playbook, tracker.kind)
    for item in incident.progress.actions:
        if item.issue is not None or (tracker.actions and item.open):
            yield f"action/{item.number}", issues.of_action(item, incident, playbook, tracker.kind)


def _open(scene: Scene, name: str, draft: Draft) -> None:
    tracker = scene.playbook.tracker
    if tracker is None:
        return
    key, mark = f"{PREFIX}{name}", mark_of(scene.incident, name)
    opens = OpenIssue(tracker=tracker.kind, place=tracker.place, name=name, mark=mark, draft=draft)
    scene.owed.append(Owed(key, TRACKER, opens, Urgency.POST, stream=key))
    keep(scene, name, Issue(tracker=tracker.kind, draft=draft))


def _change(scene: Scene, name: str, issue: Issue, draft: Draft) -> None:
    """One change is one step: none is left out, because each says only what became different in it."""
    key, mark, turn = f"{PREFIX}{name}", mark_of(scene.incident, name), issue.turn + 1
    change = ChangeIssue(
        tracker=issue.tracker, issue=key, name=name, turn=turn, mark=mark, before=issue.draft, draft=draft
    )
    scene.owed.append(Owed(f"{key}/{turn}", TRACKER, change, Urgency.EDIT, stream=key))
    keep(scene, name, issue.model_copy(update={"draft": draft, "turn": turn}))


def issue_of(scene: Scene, name: str) -> Issue | None:
    """What is kept of the issue of this name."""
    if name == INCIDENT:
        return scene.incident.progress.issue
    item = item_of(scene, name)
    return item.issue if item is not None else None


def keep(scene: Scene, name: str, issue: Issue) -> None:
    """Keep it."""
    item = item_of(scene, name)
    if item is not None:
        actions.track(scene.incident, item, issue)
    elif name == INCIDENT:
        scene.incident.progress.issue = issue


def item_of(scene: Scene, name: str) -> ActionItem | None:
    """The action item of the issue of this name; ``None`` for the incident's own."""
    kind, _, number = name.partition("/")
    return actions.get(scene.incident, int(number)) if kind == "action" else None


def mark_of(incident: Incident, name: str) -> str:
    """What an issue is found by in the tracker: a UUID that no other installation makes."""
    made = f"{incident.declared_at.isoformat()}/{incident.number}/{name}".encode()
    return str(UUID(bytes=hashlib.blake2b(made, digest_size=16).digest(), version=4))
