"""What whoever declares an incident is told privately: that it is under way, or what would happen."""

from collections.abc import Sequence

from bot import phases
from bot.card import Card, CardField, Room, Span, Text, When
from bot.durations import say_duration
from bot.incident import Incident
from bot.messages import calls, rounds
from bot.messages.words import headline, people, ringing, tone
from bot.playbook.shape import Playbook
from bot.reader import Summary
from bot.runbooks import matching


def declared(incident: Incident, playbook: Playbook, *, heard_on: str = "", follows: Sequence[str] = ()) -> Card:
    """At once, before the channel is there; ``heard_on`` is the platform on which it was declared, and ``follows`` what
    else the process makes of it.
    """
    where = "its channel is on its way" if incident.rooms else "no chat platform is switched on"
    if heard_on and incident.rooms and heard_on not in incident.rooms:
        where = f"{where} on {_platforms(incident)}"
    severity = playbook.severity(incident.severity)
    process = (severity.says,) if severity is not None and severity.says else ()
    return Card(
        tone=tone(incident, playbook),
        title=headline(incident, playbook),
        text=(
            f"Declared as {incident.name}; {where}: #{incident.channel_name}.",
            *(f"\n{said}" for said in (*follows, *process)),
        ),
    )


def already(other: Summary) -> Card:
    """The same words were declared a moment ago."""
    return Card(text=(f"Declared already, as #{other.number}: ", Room(name=other.channel_name, refs=other.refs), "."))


def preview(incident: Incident, playbook: Playbook, *, follows: Sequence[str] = ()) -> Card:
    """What a declaration would do; ``follows`` is what else the process makes of it."""
    severity = playbook.severity(incident.severity)
    books = ", ".join(book.title for book in matching(incident, playbook)) or "none match"
    lists = ", ".join(one.title for one in phases.opening(incident, playbook, now=incident.declared_at))
    due = incident.reminding.due_at
    clock: Text = ("none owed at this severity",)
    if due is not None:
        every = severity.cadence if severity is not None else None
        then = f", then every {say_duration(every)}" if every is not None else "; no further one"
        clock = ("first one due ", When(at=due), then)
    roles = "; ".join(
        f"{role.title}: {incident.roles[role.name].name if role.name in incident.roles else 'asked for'}"
        for role in playbook.roles
        if role.required or role.name in incident.roles or (severity is not None and role.name in severity.roles)
    )
    besides = rounds.plans(playbook, incident.severity)
    ladder: list[str | Span] = []
    for rung in playbook.rungs(incident.severity):
        ladder += [" → " if ladder else "", *ringing(rung, incident, playbook)]
        ladder.append(f" after {say_duration(rung.wait)}" if rung.wait else " at once")
    return Card(
        tone=tone(incident, playbook),
        title=f"👁 Preview: {headline(incident, playbook)}",
        text=("Nothing was done. Declared now, this would happen:", *(f"\n{said}" for said in follows)),
        fields=(
            CardField(name="Playbook", value=(playbook.title,)),
            CardField(name="Channel", value=(f"#{incident.channel_name} on {_platforms(incident)}",)),
            CardField(name="Roles", value=(roles,)),
            CardField(name="Invited", value=people(list(incident.responders.values()))),
            *calls.preview(incident, playbook),
            CardField(name="Runbooks pinned", value=(books,)),
            *((CardField(name="Checklists opened", value=(lists,)),) if lists else ()),
            CardField(name="Announced in", value=(_told(incident, playbook),)),
            CardField(name="Status updates", value=clock),
            *([CardField(name="Told besides", value=(besides,))] if besides else []),
            CardField(name="If nobody answers", value=tuple(part for part in ladder if part)),
        ),
    )


def _platforms(incident: Incident) -> str:
    return " and ".join(platform.title() for platform in incident.rooms) or "no platform"


def _told(incident: Incident, playbook: Playbook) -> str:
    """Where it is announced."""
    if incident.private or incident.drill:
        return f"nowhere: it is {'private' if incident.private else 'a drill'}"
    if not playbook.applies(playbook.announce.severities, incident.severity):
        return f"nowhere: {incident.severity} is not announced"
    places = [playbook.announce.place(platform) for platform in incident.rooms]
    names = (place if place.startswith("#") else "the announcement channel" for place in places)
    return f"{' and '.join(dict.fromkeys(names))}, with a Join button"
