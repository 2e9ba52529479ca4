"""The messages that stand in chat and are edited as the incident goes on: card, runbooks, announcement, reminders."""

from datetime import datetime

from bot.card import Bold, Button, ButtonStyle, Card, CardField, Code, Link, Room, Style, Text, Tone, When, join
from bot.durations import say_duration
from bot.incident import Answered, Asked, HowAnswered, Incident
from bot.messages import flags, freeze, health, own, rounds
from bot.messages.deadlines import on_card
from bot.messages.phases import phase
from bot.messages.words import NOBODY, headline, people, responsible, ringing, status, stop, tone, who
from bot.playbook.process import Stage
from bot.playbook.shape import Playbook


def card(incident: Incident, playbook: Playbook, *, now: datetime) -> Card:
    """The live card: what anybody who comes in needs to know."""
    fields = [
        CardField(name="Status", value=(status(incident, playbook),)),
        *_phase(incident, playbook, now=now),
        CardField(name="Next update", value=promise(incident, playbook, now=now)),
        *_deadlines(incident, playbook, now=now),
        *rounds.field(incident, playbook),
        *_roles(incident, playbook),
        CardField(name="Began", value=(When(at=incident.began_at, style=Style.MOMENT),)),
    ]
    fields += [CardField(name=name, value=value) for name, value in _facts(incident, playbook) if value]
    return Card(
        tone=tone(incident, playbook),
        title=headline(incident, playbook),
        text=_story(incident),
        fields=tuple(fields),
        buttons=_card_buttons(incident, playbook),
        footer=(
            f"{incident.name} · playbook {playbook.title} · ",
            Code(text="/incident help"),
            " shows what you can do",
        ),
    )


def _story(incident: Incident) -> Text:
    """How it ended, the last update, else who declared it."""
    over = _over(incident)
    if incident.last_update is not None:
        update = incident.last_update
        said: Text = (Bold(text="Last update"), " ", When(at=update.at, style=Style.RELATIVE), " by ", *who(update.by))
        if update.confirmed_at is not None:
            said = (*said, ", nothing new ", When(at=update.confirmed_at, style=Style.RELATIVE))
        return (*over, *(("\n",) if over else ()), *said, "\n", update.text)
    if over:
        return over
    declared: Text = ("Declared by ", *who(incident.declared_by, quiet=False), ". ")
    lead: Text = ("You are in the right place: say what you see, and keep it here.",)
    return (*declared, *lead, *freeze.notice(incident))


def _over(incident: Incident) -> Text:
    """When and after how long it ended; nothing while it is open."""
    if incident.stage is Stage.CANCELLED and incident.ended_at is not None:
        return ("It was a false alarm, called off ", When(at=incident.ended_at, style=Style.RELATIVE), ".")
    if incident.open or incident.resolved_at is None:
        return ()
    lasted = say_duration(incident.resolved_at - incident.began_at)
    return (f"Resolved after {lasted}, ", When(at=incident.resolved_at, style=Style.RELATIVE), ".")


def promise(incident: Incident, playbook: Playbook, *, now: datetime) -> Text:
    """When the next update is due, and by whom; or that the clock is paused, or that none is owed."""
    clock = incident.reminding
    if clock.paused_because is not None and clock.ask_at is not None:
        reason = f" ({clock.paused_because})" if clock.paused_because else ""
        return (f"paused{reason}, asked again ", When(at=clock.ask_at, style=Style.RELATIVE))
    if clock.due_at is None:
        return ("none owed" if incident.open else "none: it is over",)
    owner = who(responsible(incident, playbook))
    asked = clock.waiting or clock.ask_at != clock.due_at
    late: Text = (Bold(text="overdue"), " since ") if asked and clock.overdue(now) else ("due ",)
    return (*late, When(at=clock.due_at), ", ", When(at=clock.due_at, style=Style.RELATIVE), ", by ", *owner)


def _deadlines(incident: Incident, playbook: Playbook, *, now: datetime) -> list[CardField]:
    near = on_card(incident, playbook, now=now)
    return [CardField(name="Deadlines", value=near)] if near else []


def _phase(incident: Incident, playbook: Playbook, *, now: datetime) -> list[CardField]:
    current = phase(incident, playbook, now=now)
    return [CardField(name="Phase", value=current)] if current else []


def _roles(incident: Incident, playbook: Playbook) -> list[CardField]:
    wanted = required_roles(incident, playbook) if incident.open else set()
    fields = []
    for role in playbook.roles:
        holder = incident.holder(role.name)
        if holder is not None or role.name in wanted:
            fields.append(CardField(name=role.title, value=who(holder) if holder is not None else NOBODY))
    return fields


def required_roles(incident: Incident, playbook: Playbook) -> set[str]:
    """Names of the roles that have to be held."""
    severity = playbook.severity(incident.severity)
    return {role.name for role in playbook.roles if role.required} | set(severity.roles if severity else ())


def _facts(incident: Incident, playbook: Playbook) -> list[tuple[str, Text]]:
    titles = {fact.name: fact.title for fact in playbook.fields}
    links: list[Text] = [(Link(url=link.url, label=link.label or link.url),) for link in incident.links[-5:]]
    late = "; ".join(sorted(set(incident.late.values())))
    return [
        ("Flags", flags.on_card(incident, playbook)),
        ("Production", freeze.since(incident)),
        ("Impact", (incident.impact,) if incident.impact else ()),
        ("Affected", (incident.affected,) if incident.affected else ()),
        ("Component", (incident.component,) if incident.component else ()),
        ("Environment", (incident.environment,) if incident.environment else ()),
        ("Fix", (incident.fix,) if incident.fix else ()),
        *((titles.get(name, name), (value,)) for name, value in incident.fields.items()),
        ("Links", join(links) if links else ()),
        ("Health checks", health.red(incident, playbook) if incident.open else ()),
        ("Closed without", (incident.progress.closed_without,) if incident.progress.closed_without else ()),
        ("Still to come", (late,) if late else ()),
    ]


def _card_buttons(incident: Incident, playbook: Playbook) -> tuple[Button, ...]:
    name = incident.name
    if incident.stage in (Stage.CLOSED, Stage.CANCELLED):
        return (Button(label="Reopen", does=f"{name} reopen"),)
    if incident.stage is Stage.RESOLVED:
        return (
            Button(label="Close", does=f"{name} close", style=ButtonStyle.PRIMARY),
            Button(label="Reopen", does=f"{name} reopen"),
        )
    missing = [role for role in playbook.roles if role.name in required_roles(incident, playbook)]
    unclaimed = [role for role in missing if incident.holder(role.name) is None]
    return (
        Button(label="Post update", does=f"{name} update", style=ButtonStyle.PRIMARY),
        *(Button(label=f"Take {role.title}"[:75], does=f"{name} take {role.name}") for role in unclaimed[:3]),
        Button(label="Catch me up", does=f"{name} catchup"),
        Button(label="Resolve", does=f"{name} resolve form", style=ButtonStyle.DANGER),
    )


def announcement(incident: Incident, playbook: Playbook, *, now: datetime) -> Card:
    """The post in the announcement channel."""
    worded = own.announcement(incident, playbook, over=_over(incident))
    if worded is not None:
        return worded
    fields = [
        CardField(name="Status", value=(status(incident, playbook),)),
        CardField(name="Lead", value=_lead(incident, playbook)),
        CardField(name="Channel", value=(Room(name=incident.channel_name),)),
        CardField(name="Began", value=(When(at=incident.began_at, style=Style.MOMENT),)),
    ]
    if incident.open:
        fields.append(CardField(name="Next update", value=promise(incident, playbook, now=now)))
    if frozen := freeze.since(incident):
        fields.append(CardField(name="Production", value=frozen))
    if incident.impact:
        fields.append(CardField(name="Impact", value=(incident.impact,)))
    text: Text = (incident.last_update.text,) if incident.last_update is not None else ()
    text = _over(incident) or text
    return Card(
        tone=tone(incident, playbook),
        title=headline(incident, playbook),
        text=text,
        fields=tuple(fields),
        buttons=own.joins(incident),
        footer=(f"{incident.name} · updates follow in the thread",),
    )


def _lead(incident: Incident, playbook: Playbook) -> Text:
    holder = incident.holder(playbook.commander)
    return who(holder) if holder is not None else NOBODY


def reminder(incident: Incident, playbook: Playbook, asked: Asked) -> Card:
    """One post of the reminder ladder as it should read now: asking, climbed past, or answered."""
    clock = incident.reminding
    newest = clock.posts[-1].post == asked.post
    ladder = playbook.rungs(incident.severity)
    rung = ladder[min(asked.rung, len(ladder)) - 1]
    rings = ringing(rung, incident, playbook)
    if clock.answer is not None:
        return Card(tone=Tone.GOOD, title="Status update", text=_answer(incident, playbook, clock.answer))
    if not newest:
        passed: Text = ("No answer, so I asked again below.",)
        return Card(tone=Tone.CALM, title="Status update", text=passed)
    signs = playbook.reactions
    due = clock.due_at or asked.at
    question: Text = (*rings, f": how is {incident.name} going? The update was due ", When(at=due), ", ")
    since: Text = (When(at=due, style=Style.RELATIVE), ".")
    keys: Text = (
        f"Or react: {signs.no_change} nothing new · {signs.acknowledge} I am on it · {signs.snooze} later · "
        f"{signs.lead} I take the lead · {signs.pause} pause",
    )
    title = "Status update, please" if asked.post == 1 else "Still no status update"
    if not incident.open:
        return Card(tone=Tone.CALM, title="Status update", text=("No longer needed.",))
    text = (*question, *since, *own.first_update(incident, playbook))
    return Card(tone=Tone.ASK, title=title, text=text, buttons=reminder_buttons(incident, playbook), footer=keys)


def reminder_buttons(incident: Incident, playbook: Playbook) -> tuple[Button, ...]:
    """The four answers that one can tap."""
    name, silence = incident.name, incident.reminding.silence
    return (
        Button(label="Post update", does=f"{name} update", style=ButtonStyle.PRIMARY),
        Button(label="No change", does=f"{name} answer {silence} no-change"),
        Button(label="Snooze", does=f"{name} answer {silence} snooze"),
        Button(label="I'll take it", does=f"{name} answer {silence} lead"),
    )


def _answer(incident: Incident, playbook: Playbook, answer: Answered) -> Text:
    did = {
        HowAnswered.UPDATE: " posted an update",
        HowAnswered.NO_CHANGE: ": nothing new",
        HowAnswered.ACKNOWLEDGED: " is on it",
        HowAnswered.SNOOZED: " asked to be asked later",
        HowAnswered.LEAD: " takes the lead",
        HowAnswered.PAUSED: " paused the reminders",
        HowAnswered.STOPPED: f" made it {incident.severity}: no update is owed" if incident.open else " ended it",
    }[answer.how]
    clock = incident.reminding
    said: Text = ("✓ ", *who(answer.by), did, " at ", When(at=answer.at), ".")
    if answer.how is HowAnswered.PAUSED and answer.next_at is not None:
        why = _why(incident) if clock.paused_because is not None else ()
        return (*said, " I ask again ", When(at=answer.next_at, style=Style.RELATIVE), " at the latest.", *why)
    if answer.next_at is None:
        return said
    if answer.still_owed:
        return (*said, " The first update is still owed; I ask again at ", When(at=answer.next_at), ".")
    return (*said, " Next update due ", When(at=answer.next_at), ".")


def _why(incident: Incident) -> Text:
    if incident.reminding.paused_because:
        return (f" Reason: {stop(incident.reminding.paused_because)}",)
    return (" Please say why: ", Code(text="/incident pause because …"))


def direct_reminder(incident: Incident, playbook: Playbook, *, again: bool = False) -> Card:
    """The reminder for somebody who is not in the channel, as it should read now; ``again``: they got another since."""
    answer, title = incident.reminding.answer, headline(incident, playbook)
    if answer is not None:
        return Card(tone=Tone.GOOD, title=title, text=_answer(incident, playbook, answer))
    if again or not incident.open:
        over = "No answer, so I asked again below." if incident.open else "No longer needed."
        return Card(tone=Tone.CALM, title=title, text=(over,))
    return Card(
        tone=Tone.ASK,
        title=title,
        text=("A status update is owed and you are not in the channel. You can answer here, or join ",
              Room(name=incident.channel_name), "."),
        buttons=(*reminder_buttons(incident, playbook), Button(label="Join", does=f"{incident.name} join")),
    )  # fmt: skip


def roster(incident: Incident, playbook: Playbook) -> Card:
    """Who holds which role."""
    fields = []
    for role in playbook.roles:
        holder = incident.holder(role.name)
        value: Text = who(holder) if holder is not None else (f"nobody · {role.duties}" if role.duties else "nobody",)
        fields.append(CardField(name=role.title, value=value))
    free = [role for role in playbook.roles if incident.holder(role.name) is None]
    buttons = tuple(Button(label=f"Take {r.title}"[:75], does=f"{incident.name} take {r.name}") for r in free[:5])
    others = people([p for p in incident.responders.values() if p.key not in {h.key for h in incident.roles.values()}])
    return Card(
        title=f"Roles of {incident.name}",
        fields=tuple(fields),
        text=("Also here: ", *others) if others else (),
        buttons=buttons,
    )
