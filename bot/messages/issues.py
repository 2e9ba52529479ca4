"""What issues in a tracker say: the incident's, and one for each action item; and what is said of them here."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from bot.card import Link, Text
from bot.incident import Incident
from bot.issue import TRACKERS, Draft, Issue, IssueState, Line
from bot.messages.lengths import shorten
from bot.people import Person
from bot.playbook.part import fold
from bot.playbook.process import Stage
from bot.playbook.shape import Playbook
from bot.progress import ActionItem

LONGEST = 200
"""Characters of a title; GitHub takes 256, Jira and Linear 255."""


def of_incident(incident: Incident, playbook: Playbook, tracker: str) -> Draft:
    """The incident itself."""
    named = playbook.tracker.labels if playbook.tracker is not None else {}
    labels = (label for name, given in named.items() if fold(name) == fold(incident.severity) for label in given)
    ended = {Stage.CLOSED: IssueState.DONE, Stage.CANCELLED: IssueState.DROPPED}
    lead = incident.holder(playbook.commander)
    return Draft(
        title=shorten(incident.title, LONGEST),
        lines=(_back(incident), *_fields(incident, playbook)),
        labels=tuple(dict.fromkeys(labels)),
        assignee=account(lead, playbook, tracker) if lead is not None else "",
        state=ended.get(incident.stage, IssueState.OPEN),
    )


def of_action(item: ActionItem, incident: Incident, playbook: Playbook, tracker: str) -> Draft:
    """An action item."""
    state = IssueState.OPEN if item.open else IssueState.DONE if item.done_at is not None else IssueState.DROPPED
    lines = [_back(incident), Line(label="Owner", text=item.owned_by.name if item.owned_by else "nobody yet")]
    if item.url:
        lines.append(Line(label="From", text="the message it came from", url=item.url))
    if item.dropped_at is not None:
        lines.append(Line(label="Dropped because", text=shorten(item.dropped_because, LONGEST)))
    due = item.due_at.astimezone(ZoneInfo(playbook.timezone)).date() if item.due_at is not None else None
    return Draft(
        title=titled(item),
        lines=tuple(lines),
        labels=playbook.tracker.action_labels if playbook.tracker is not None else (),
        assignee=account(item.owner, playbook, tracker) if item.owner is not None else "",
        due=due,
        state=state,
    )


def titled(item: ActionItem) -> str:
    """``prevent: cap the retries``."""
    kind = f"{item.kind}: " if item.kind is not None else ""
    return shorten(f"{kind}{item.text}", LONGEST)


def account(person: Person, playbook: Playbook, tracker: str) -> str:
    """Somebody's account in a tracker, where the playbook says it."""
    return playbook.known(person).on(tracker) or person.on(tracker) or ""


def _back(incident: Incident) -> Line:
    """Where it all is talked about."""
    room = next((room.url for room in incident.rooms.values() if room.url), "")
    place = f" in #{incident.channel_name}" if incident.channel_name else ""
    return Line(label="Incident", text=f"{incident.name} · {shorten(incident.title, LONGEST)}{place}", url=room)


def _fields(incident: Incident, playbook: Playbook) -> Iterator[Line]:
    """What the playbook wants to stand on it, as far as it is known."""
    wanted = playbook.tracker.fields if playbook.tracker is not None else ()
    day = incident.declared_at.astimezone(ZoneInfo(playbook.timezone)).date()
    known = {
        "severity": Line(label="Severity", text=incident.severity),
        "component": Line(label="Component", text=incident.component or ""),
        "date": Line(label="Date", text=f"{day:%Y-%m-%d}"),
        "postmortem": Line(label="Post-mortem", text="as published", url=_published(incident)),
    }
    for name in wanted:
        line = known[name]
        if line.url if name == "postmortem" else line.text:
            yield line


def _published(incident: Incident) -> str:
    """Where its post-mortem is, as far as somebody said it."""
    post = incident.progress.postmortem
    linked = (link.url for link in reversed(incident.links) if fold(link.label).startswith("postmortem"))
    return post.url if post is not None and post.url else next(linked, "")


def link(issue: Issue | None) -> Text:
    """Its label, leading there; nothing before it is there."""
    if issue is None or not issue.label:
        return ()
    return (Link(url=issue.url, label=issue.label),) if issue.url else (issue.label,)


def there(issue: Issue | None) -> str:
    """`` in GitHub (#12)``, after what became of an action item there."""
    return f" in {TRACKERS[issue.tracker]} ({issue.label})" if issue is not None else ""


def entry_filed(issue: Issue, item: ActionItem | None) -> str:
    """It is there, for the timeline."""
    return f"Issue {issue.label} in {TRACKERS[issue.tracker]} for {_what(item)}: {issue.url}"


def entry_deleted(issue: Issue, item: ActionItem | None) -> str:
    """Somebody deleted it there."""
    return f"Issue {issue.label} in {TRACKERS[issue.tracker]} was deleted there; {_what(item)} stays here alone"


def entry_of_incident(issue: Issue, incident: Incident, *, reopened: bool) -> str:
    """Somebody closed or reopened the incident's own issue, which changes nothing here."""
    became = "reopened" if reopened else "closed"
    where = f"{issue.label} in {TRACKERS[issue.tracker]}"
    return f"Issue {where} was {became} there; the incident stays {incident.status}"


def not_planned(item: ActionItem) -> str:
    """Why an item is dropped that somebody closed so there."""
    return f"it was closed as not planned{there(item.issue)}"


def reassigned(item: ActionItem, account: str) -> str:
    """Somebody gave it to a person there whom the playbook does not know, or to nobody."""
    who = f"assigned to {account}, whom the playbook does not know," if account else "given to nobody"
    return f"{who}{there(item.issue)}; its owner here stays"


def undated(item: ActionItem) -> str:
    """Somebody took its date away there."""
    return f"left without a date{there(item.issue)}; its date here stays"


def _what(item: ActionItem | None) -> str:
    return "the incident" if item is None else f"action item {item.number}"
