"""The reminders for a status update, as they should read now: asking, climbed past, or answered."""

from bot.card import Button, ButtonStyle, Card, Code, Room, Style, Text, Tone, When
from bot.incident import Answered, Asked, HowAnswered, Incident
from bot.messages import own
from bot.messages.words import headline, ringing, stop, who
from bot.playbook.shape import Playbook


def post(incident: Incident, playbook: Playbook, asked: Asked) -> Card:
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
    return Card(tone=Tone.ASK, title=title, text=text, buttons=_buttons(incident, playbook), footer=keys)


def direct(incident: Incident, playbook: Playbook, *, again: bool = False) -> Card:
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
        buttons=(*_buttons(incident, playbook), Button(label="Join", does=f"{incident.name} join")),
    )  # fmt: skip


def _buttons(incident: Incident, playbook: Playbook) -> tuple[Button, ...]:
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
        HowAnswered.STOPPED: f" made it {answer.severity or incident.severity}: no update is owed",
        HowAnswered.ENDED: " ended it",
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
