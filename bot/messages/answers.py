"""What one person is told privately, at once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median

from bot import phases
from bot.card import Bold, Button, ButtonStyle, Card, CardField, Code, Room, Span, Style, Text, Tone, When
from bot.durations import say_duration
from bot.incident import Incident
from bot.messages import calls, rounds
from bot.messages.live import promise
from bot.messages.words import coded, headline, level, people, ringing, status, tone, who
from bot.playbook.shape import Playbook
from bot.runbooks import matching
from bot.store import Summary
from bot.timeline import Link as ChainLink


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


def declared_already(other: Summary) -> Card:
    """The same words were declared a moment ago."""
    return Card(text=(f"Declared already, as #{other.number}: ", Room(name=other.channel_name, refs=other.refs), "."))


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


def done(*text: str | Span, incident: Incident | None = None) -> Card:
    """It is done; and when the next update is due, where one is."""
    due = incident.reminding.due_at if incident is not None else None
    clock: Text = (" Next update due ", When(at=due), ".") if due is not None else ()
    if incident is not None and incident.reminding.first:
        clock = _first_owed(incident)
    return Card(text=(*text, *clock))


def _first_owed(incident: Incident) -> Text:
    """The first update is owed, and by when; once that has passed, when it is asked for again."""
    due, ask = incident.reminding.due_at, incident.reminding.ask_at
    again: Text = ("; I ask again at ", When(at=ask)) if ask is not None and ask != due else ()
    return (" The first update is owed by ", When(at=due), *again, ".") if due is not None else ()


def snoozed(incident: Incident) -> Card:
    """When the bot asks again."""
    at = incident.reminding.ask_at
    when: Text = (When(at=at), ", ", When(at=at, style=Style.RELATIVE)) if at is not None else ("later",)
    if incident.reminding.first:
        return Card(text=("I ask again at ", *when, ". The first update stays owed; only an update meets it."))
    return Card(text=("I ask again at ", *when, ". An update before then sets the clock anew."))


def state(incident: Incident, playbook: Playbook, *, now: datetime) -> Card:
    """Where it stands, for one person."""
    fields = [
        CardField(name="Status", value=(status(incident, playbook),)),
        CardField(name="Severity", value=(level(playbook.severity(incident.severity), incident.severity),)),
        CardField(name="Running for", value=(say_duration(incident.lasted(now)),)),
        CardField(name="Next update", value=promise(incident, playbook, now=now)),
    ]
    last = incident.last_update
    text: Text = ("No status update yet.",)
    if last is not None:
        when = When(at=last.at, style=Style.RELATIVE)
        text = (Bold(text="Last update"), " ", when, " by ", *who(last.by), ": ", last.text)
    return Card(tone=tone(incident, playbook), title=headline(incident, playbook), text=text, fields=tuple(fields))


def entries(title: str, links: Sequence[ChainLink], *, footer: str = "") -> Card:
    """Timeline entries, oldest first; what was taken back is left out, and so is its taking back."""
    text: list[str | Span] = []
    for link in visible(links):
        pinned = "pin" in link.entry.data  # its text names who wrote it, which is not who pinned it
        by = "📌 " if pinned else f"{link.entry.by}: " if link.entry.actor else ""
        text += ["\n" if text else "", When(at=link.entry.at, style=Style.MOMENT), f" · {by}{link.entry.text}"]
    return Card(title=title, text=tuple(part for part in text if part) or ("Nothing yet.",), footer=(footer,))


def visible(links: Sequence[ChainLink]) -> list[ChainLink]:
    """Entries without those that were taken back and the retractions themselves.

    A message stays as long as one of those who pinned it keeps the pin; pinned by several, it is shown once.
    """
    shown: list[ChainLink] = []
    holding: dict[str, set[str]] = {}
    for link in links:
        data, actor = link.entry.data, link.entry.actor
        if "retracts" in data:
            left = holding.setdefault(data["retracts"], set())
            left.discard(actor)
            shown = [one for one in shown if left or one.entry.data.get("pin") != data["retracts"]]
            continue
        if "pin" in data:
            holders = holding.setdefault(data["pin"], set())
            again = bool(holders)
            holders.add(actor)
            if again:
                continue
        shown.append(link)
    return shown


def listing(title: str, found: Sequence[Summary], *, empty: str) -> Card:
    """Incidents, one a line."""
    text: list[str | Span] = []
    for one in found:
        mark = "DRILL · " if one.drill else "🔒 " if one.private else ""
        text += [
            "\n" if text else "",
            Bold(text=f"#{one.number}"),
            f" {mark}{one.severity.upper()} · {_short(one.title)} · {one.status} · ",
            When(at=one.declared_at, style=Style.RELATIVE),
            " · ",
            Room(name=one.channel_name, refs=one.refs),
            f" · {one.commander}" if one.commander else "",
        ]
    return Card(title=title, text=tuple(part for part in text if part) or (empty,))


def _short(title: str) -> str:
    """A title that leaves a list readable."""
    return title if len(title) <= 80 else f"{title[:79]}…"


def nearest(meant: str) -> Card:
    """A near miss."""
    shown = meant if len(meant) <= 80 else f"{meant[:79]}…"
    buttons = (Button(label="Do that", does=meant, style=ButtonStyle.PRIMARY),) if len(meant) <= 100 else ()
    return Card(
        tone=Tone.ASK,
        title="Did you mean this?",
        text=(
            Code(text=f"/incident {shown}"),
            "\nNothing was done yet. To declare an incident, begin with its severity: ",
            Code(text="/incident sev1 …"),
        ),
        buttons=buttons,
    )


def which_incident(words: str, open_ones: Sequence[Summary]) -> Card:
    """Typed where it does not say which incident."""
    if not open_ones:
        return Card(
            title="No incident here",
            text=(
                "No incident is open that you can see. ",
                Code(text="/incident sev1 WHAT IS WRONG"),
                " declares one.",
            ),
        )
    where: list[str | Span] = ["This channel belongs to no incident. Type it in the incident's own channel:"]
    for one in open_ones[:5]:
        where += [f"\n#{one.number} {one.title} · ", Room(name=one.channel_name, refs=one.refs)]
    where += ["\nor put its number first: ", Code(text=f"/incident #{open_ones[0].number} {words}"[:120])]
    buttons = [
        Button(label=f"Do it in #{one.number}", does=f"#{one.number} {words}")
        for one in open_ones[:5]
        if len(f"#{one.number} {words}") <= 100
    ]
    return Card(tone=Tone.ASK, title="Which incident?", text=tuple(where), buttons=tuple(buttons))


def mistake(sentence: str) -> Card:
    """What was wrong, and what would be right."""
    return Card(tone=Tone.ASK, text=coded(sentence))


def database_gone() -> Card:
    """Nothing could be saved."""
    return Card(tone=Tone.ASK, text=("Nothing was saved: my database does not answer. Please try again in a moment.",))


def resolved(incident: Incident) -> Card:
    """It is resolved; what is still worth saying."""
    missing = [what for what, said in (("what fixed it", incident.fix), ("the impact", incident.impact)) if not said]
    if not missing:
        return Card(tone=Tone.GOOD, text=(f"{incident.name} is resolved. Reminders have stopped.",))
    return Card(
        tone=Tone.GOOD,
        text=(f"{incident.name} is resolved. Reminders have stopped. Still unsaid: {' and '.join(missing)}.",),
        buttons=(Button(label="Say it", does=f"{incident.name} resolve form"),),
    )


def caught_up(
    incident: Incident, playbook: Playbook, links: Sequence[ChainLink], *, first: bool, now: datetime
) -> Card:
    """What happened since the person last looked, below where it stands."""
    stands = state(incident, playbook, now=now)
    heading = "The story so far" if first else "Since you last looked"
    if not links:
        return stands.model_copy(update={"text": (*stands.text, "\n\nNothing happened since you last looked.")})
    told = entries(heading, links)
    return stands.model_copy(update={"text": (*stands.text, "\n\n", Bold(text=heading), "\n", *told.text)})


def figures(past: Sequence[Incident], playbooks: Sequence[Playbook], *, days: int) -> Card:
    """Counts and medians in words, each with its formula; severities in the order of the playbooks loaded."""
    if not past:
        return Card(title=f"The last {days} days", text=("No incident was declared. All was calm.",))
    names = [*(s.name for playbook in playbooks for s in playbook.severities), *(one.severity for one in past)]
    counts = {name: sum(one.severity == name for one in past) for name in dict.fromkeys(names)}
    by_severity = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    real = [one for one in past if one.ended_at is None or one.resolved_at is not None]
    acked = [one.acknowledged_at - one.declared_at for one in real if one.acknowledged_at is not None]
    mitigated = [one.mitigated_at - one.began_at for one in real if one.mitigated_at is not None]
    solved = [one.resolved_at - one.began_at for one in real if one.resolved_at is not None]
    rows = (
        ("Time to acknowledge", "first acknowledgement or update − declared", acked),
        ("Time to mitigate", "first in monitoring or resolved − began", mitigated),
        ("Time to resolve", "resolved − began", solved),
    )
    fields = [CardField(name=name, value=(_median(spans), f" ({formula}; of {_many(len(spans))})"))
              for name, formula, spans in rows]  # fmt: skip
    cancelled = len(past) - len(real)
    called_off = f" False alarms among them: {cancelled}." if cancelled else ""
    text = f"{_many(len(past))}: {by_severity}.{called_off} Drills and private ones are left out. Medians:"
    return Card(title=f"The last {days} days", text=(text,), fields=tuple(fields))


def _many(count: int) -> str:
    return "1 incident" if count == 1 else f"{count} incidents"


def _median(spans: Sequence[timedelta]) -> str:
    return say_duration(timedelta(seconds=median(span.total_seconds() for span in spans))) if spans else "none yet"
