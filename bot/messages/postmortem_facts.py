"""The facts of a post-mortem, as Markdown: what its sections are filled with, and what follows them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.durations import say_duration
from bot.incident import Incident
from bot.messages import terms
from bot.messages.lengths import cut
from bot.messages.story import visible
from bot.playbook.shape import Playbook
from bot.postmortem.blameless import Names
from bot.postmortem.kept import Postmortem
from bot.postmortem.markdown import address, block, inline
from bot.progress import ActionItem, AlertSeen, Deadline
from bot.timeline import Entry, Kind, Link

LONGEST = 2000
"""Characters of one entry; the incident keeps it whole."""
ROOM = 250_000
"""Characters of the timeline; where there are more, entries in the middle are left out, and counted."""
ROOM_OF_UPDATES = 50_000
"""The same of the status updates."""
OURS = (Kind.REMINDER, Kind.LATE, Kind.POSTMORTEM)
"""Entries about Tocsin's own doings, which say nothing about the incident."""
UNSAID = "*not stated*"


@dataclass(frozen=True, slots=True)
class Material:
    """Everything that a post-mortem is made of."""

    incident: Incident
    playbook: Playbook
    links: Sequence[Link]
    """The whole timeline."""
    names: Names
    now: datetime

    @property
    def post(self) -> Postmortem:
        """What people wrote."""
        return self.incident.progress.postmortem or Postmortem()

    def says(self, text: str) -> str:
        """Somebody's words, on one line."""
        return inline(self.names.hide(text))

    def words(self, text: str, *, indent: int = 0) -> str:
        """Somebody's words with their lines."""
        return block(self.names.hide(text), indent=indent)

    def at(self, moment: datetime) -> str:
        """``14:35 PST`` in the team's zone, with its date where that is not the day on which it began."""
        zone = ZoneInfo(self.playbook.timezone)
        here, began = moment.astimezone(zone), self.incident.began_at.astimezone(zone)
        mark = here.strftime("%Z")
        clock = f"{here:%H:%M} {mark if mark.isalpha() else f'UTC{mark}'}"
        return clock if here.date() == began.date() else f"{here:%Y-%m-%d} {clock}"


# Sections


def _summary(material: Material) -> str:
    incident = material.incident
    lines = [
        f"- **What:** {material.says(incident.title)}",
        f"- **From:** {material.at(incident.began_at)}",
        f"- **Until:** {material.at(incident.resolved_at) if incident.resolved_at is not None else UNSAID}",
        f"- **Impact:** {material.says(incident.impact) or UNSAID}",
        f"- **Fix:** {material.says(incident.fix) or UNSAID}",
    ]
    return "\n".join(lines)


def _impact(material: Material) -> str:
    incident = material.incident
    lines = [
        f"- **Seen:** {material.says(incident.impact) or UNSAID}",
        f"- **Affected:** {material.says(incident.affected) or UNSAID}",
    ]
    lines += [f"- **Component:** {material.says(incident.component)}"] if incident.component else []
    lines += [f"- **Environment:** {material.says(incident.environment)}"] if incident.environment else []
    lines += [f"- **{material.says(_title(material, name))}:** {material.says(value)}"
              for name, value in incident.fields.items()]  # fmt: skip
    return "\n".join(lines)


def _title(material: Material, name: str) -> str:
    return next((fact.title for fact in material.playbook.fields if fact.name == name), name)


def _resolution(material: Material) -> str:
    incident = material.incident
    ended = material.at(incident.resolved_at) if incident.resolved_at is not None else UNSAID
    lines = [f"- **Fix:** {material.says(incident.fix) or UNSAID}", f"- **Restored:** {ended}", _links(material)]
    return "\n".join(filter(None, lines))


def _links(material: Material) -> str:
    return "\n".join(f"- {_linked(material, link.url, link.label)}" for link in material.incident.links)


def _linked(material: Material, url: str, label: str) -> str:
    """An address always shows where it leads, whatever it is called."""
    return f"{material.says(label)}: {address(url)}" if label else address(url)


def _responders(material: Material) -> str:
    incident, playbook = material.incident, material.playbook
    rows = _roles(material)
    held = {holder.key for holder in incident.roles.values()}
    others = [person for person in incident.responders.values() if person.key not in held]
    if others and playbook.record.blameless:
        rows = "\n".join(filter(None, [rows, f"- **Others who took part:** {len(others)}"]))
    elif others:
        named = ", ".join(inline(person.name) for person in others)
        rows = "\n".join(filter(None, [rows, f"- **Took part:** {named}"]))
    return rows


# The timeline, and what is taken from it


def _timeline(material: Material) -> str:
    """When it began, was noticed and was over, and how long that was; then the entries."""
    shown = [link.entry for link in visible(material.links) if link.entry.kind not in OURS]
    entries = _entries(material, sorted(shown, key=lambda entry: entry.at), room=ROOM)
    return "\n\n".join(filter(None, (_times(material), entries)))


def _times(material: Material) -> str:
    incident = material.incident
    over = incident.resolved_at or incident.ended_at
    lines = [
        f"Began: {material.at(incident.began_at)}",
        f"Noticed: {material.at(incident.declared_at)}",
        f"Over: {material.at(over) if over is not None else UNSAID}",
        f"In all: {say_duration(incident.lasted(material.now))}",
    ]
    return " · ".join(lines)


def _updates(material: Material) -> str:
    given = [link.entry for link in material.links if link.entry.kind is Kind.UPDATE]
    return _entries(material, given, room=ROOM_OF_UPDATES)


def _entries(material: Material, entries: Sequence[Entry], *, room: int) -> str:
    rows = [_entry(material, entry) for entry in entries]
    if sum(map(len, rows)) <= room:
        return "\n".join(rows)
    first, last = _within(rows, room // 2), _within(rows[::-1], room // 2)[::-1]
    left = len(rows) - len(first) - len(last)
    return "\n".join([*first, f"- *{left} entries are left out here; the incident keeps them.*", *last])


def _within(rows: Sequence[str], room: int) -> list[str]:
    taken: list[str] = []
    for row in rows:
        room -= len(row)
        if room < 0:
            break
        taken.append(row)
    return taken


def _entry(material: Material, entry: Entry) -> str:
    if material.names.on and entry.kind is Kind.ROLE and "role" in entry.data:
        role = material.playbook.role(entry.data["role"])
        title = role.title if role is not None else entry.data["role"]
        return (
            f"- **{material.at(entry.at)}** · {inline(title)} {'taken on' if 'person' in entry.data else 'laid down'}"
        )
    said = entry.actor and "pin" not in entry.data
    by = f"{inline(material.names.of(entry.by))}: " if said else ""
    url = entry.data.get("url", "") if entry.kind is not Kind.LINK else ""
    link = f" · {address(url, 'message')}" if url else ""
    return f"- **{material.at(entry.at)}** · {by}{material.words(cut(entry.text, LONGEST), indent=2)}{link}"


# From the record


def _detection(material: Material) -> str:
    incident = material.incident
    kept, when = incident.progress.alerts, material.at(incident.declared_at)
    if kept is not None and kept.declared:
        first = next((alert for alert in kept.latest if alert.id == kept.first), None)
        named = f" of {material.says(first.source)}: {material.says(first.title)}" if first is not None else ""
        noticed = f"An alert{named}. Declared by it at {when}"
    else:
        noticed = f"Noticed by {inline(material.names.of(incident.declared_by.name))}, who declared it at {when}"
    late = incident.declared_at - incident.began_at
    after = f", {say_duration(late)} after it began" if late.total_seconds() >= 60 else ""
    return f"{noticed}{after}."


def _roles(material: Material) -> str:
    incident, playbook = material.incident, material.playbook
    held = [(role.title, holder) for role in playbook.roles if (holder := incident.holder(role.name)) is not None]
    if playbook.record.blameless:
        return "\n".join(f"- {inline(title)}" for title, _ in held)
    return "\n".join(f"- **{inline(title)}:** {inline(holder.name)}" for title, holder in held)


def _alerts(material: Material) -> str:
    kept = material.incident.progress.alerts
    if kept is None:
        return ""
    rows = [_alert(material, alert) for alert in kept.latest]
    left = kept.alerts - len(kept.latest)
    return "\n".join([*rows, *([f"- {left} more"] if left > 0 else [])])


def _alert(material: Material, alert: AlertSeen) -> str:
    stands = "firing since" if alert.fires else "cleared at"
    times = f", arrived {alert.count} times" if alert.count > 1 else ""
    link = f" · {address(alert.link)}" if alert.link else ""
    what = f"{material.says(alert.title)} ({material.says(alert.source)})"
    return f"- {what}: {stands} {material.at(alert.since)}{times}{link}"


def _deadlines(material: Material) -> str:
    return "\n".join(_deadline(material, one) for one in material.incident.progress.deadlines.values())


def _deadline(material: Material, deadline: Deadline) -> str:
    due = f"due {material.at(deadline.due_at)}"
    if deadline.met_at is not None:
        by = f", by {inline(material.names.of(deadline.met_by))}" if deadline.met_by else ""
        return f"- {material.says(terms.is_met(deadline))} ({due}{by})"
    if deadline.dropped_at is not None:
        return f"- {material.says(terms.is_gone(deadline))}"
    missed = deadline.due_at <= material.now
    return f"- {material.says(deadline.title)}: {'missed, was ' if missed else ''}{due}"


def _actions(material: Material) -> str:
    return "\n".join(_action(material, item) for item in material.incident.progress.actions)


def _action(material: Material, item: ActionItem) -> str:
    """One item with whoever owns it; in a blameless document a person by their role, a group by its name."""
    by = "*nobody owns it yet*"
    if item.owner is not None:
        by = inline(material.names.of(item.owner.name))
    elif item.group is not None:
        by = material.says(item.group.name)
    kind = f"{item.kind.value}: " if item.kind is not None else ""
    due = f"due {item.due_at.astimezone(ZoneInfo(material.playbook.timezone)):%Y-%m-%d}" if item.due_at else "no date"
    stands = "done" if item.done_at is not None else "dropped" if item.dropped_at is not None else due
    why = f" ({material.says(item.dropped_because)})" if item.dropped_because else ""
    link = f" · {address(item.url, 'message')}" if item.url else ""
    issue = f" · {address(item.issue.url, item.issue.label)}" if item.issue is not None and item.issue.label else ""
    return f"- {kind}{material.says(item.text)} · {by} · {stands}{why}{link}{issue}"


FILLS: dict[str, Callable[[Material], str]] = {
    "summary": _summary,
    "timeline": _timeline,
    "impact": _impact,
    "resolution": _resolution,
    "updates": _updates,
    "responders": _responders,
    "actions": _actions,
}
"""What each kind of section is filled with."""
ANNEX: tuple[tuple[str, str, Callable[[Material], str]], ...] = (
    ("Detection", "detection", _detection),
    ("Roles", "responders", _roles),
    ("Timeline", "timeline", _timeline),
    ("Status updates", "updates", _updates),
    ("Alerts", "alerts", _alerts),
    ("Deadlines", "deadlines", _deadlines),
    ("Links", "resolution", _links),
)
"""What follows the sections, but for what they show themselves."""
