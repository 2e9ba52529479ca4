"""What one person is told privately, at once: that it is done, or what to do instead."""

from collections.abc import Sequence

from bot.card import Button, ButtonStyle, Card, Code, Link, Room, Span, Style, Text, Tone, When
from bot.hidden import seen
from bot.incident import Incident
from bot.messages.lengths import cut, shorten
from bot.messages.words import coded, stop
from bot.playbook.process import Status
from bot.playbook.shape import Playbook
from bot.reader import Summary


def done(*text: str | Span, incident: Incident | None = None) -> Card:
    """It is done; and when the next update is due, where one is."""
    due = incident.reminding.due_at if incident is not None else None
    clock: Text = (" Next update due ", When(at=due), ".") if due is not None else ()
    if incident is not None and incident.reminding.first:
        clock = _first_owed(incident)
    return Card(text=(*text, *clock))


def kept_a_document(link: Link, *, incident: Incident, deadline: str) -> Card:
    """A document is kept while the post-mortem is owed: it may be just that."""
    does = f"{incident.name} clock {deadline} done"
    return Card(
        text=("Kept: ", link, ". Is it the post-mortem, published?"),
        buttons=(Button(label="Yes, it is published", does=does),),
    )


def _first_owed(incident: Incident) -> Text:
    """The first update is owed, and by when; once that has passed, when it is asked for again."""
    due, ask = incident.reminding.due_at, incident.reminding.ask_at
    again: Text = ("; I ask again at ", When(at=ask)) if ask is not None and ask != due else ()
    return (" The first update is owed by ", When(at=due), *again, ".") if due is not None else ()


def moved(status: Status) -> str:
    """The news of a status that somebody set and said nothing with; and what it means, where the playbook says so."""
    means = f" {stop(status.says)}" if status.says.strip() else ""
    return f"Status is now {status.name}.{means}"


def snoozed(incident: Incident) -> Card:
    """When the bot asks again."""
    at = incident.reminding.ask_at
    when: Text = (When(at=at), ", ", When(at=at, style=Style.RELATIVE)) if at is not None else ("later",)
    if incident.reminding.first:
        return Card(text=("I ask again at ", *when, ". The first update stays owed; only an update meets it."))
    return Card(text=("I ask again at ", *when, ". An update before then sets the clock anew."))


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


def nearest(meant: str, playbook: Playbook, *, shown: str = "", title: str = "") -> Card:
    """Words that are a command nearly, or begin with one that has no use for the rest; ``title`` is the whole line
    where it may be what is wrong instead, and ``shown`` how people read what was meant.
    """
    shown = cut(shown or meant, 80)
    buttons = (Button(label="Do that", does=meant, style=ButtonStyle.PRIMARY),) if len(meant) <= 100 else ()
    return Card(
        tone=Tone.ASK,
        title="Did you mean this?",
        text=(
            Code(text=f"/incident {shown}"),
            "\nNothing was done yet. To declare an incident, begin with its severity: ",
            Code(text=f"/incident {worst(playbook)} …"),
        ),
        buttons=(*buttons, *_declares(title)),
    )


def worst(playbook: Playbook) -> str:
    """The highest severity, as this playbook calls it: for examples."""
    return playbook.severities[0].name


def _declares(title: str) -> tuple[Button, ...]:
    """Opens the form of a declaration with this title."""
    does = f"declare {title}"
    return (Button(label="Declare it as new", does=does),) if title and len(does) <= 100 else ()


def which_incident(
    words: str, open_ones: Sequence[Summary], playbook: Playbook, *, shown: str, title: str = ""
) -> Card:
    """Typed where it does not say which incident; ``shown`` is how people read the words, ``title`` the line where it
    may be what is wrong instead.
    """
    declare = Code(text=f"/incident {worst(playbook)} WHAT IS WRONG")
    if not open_ones:
        return Card(
            title="No incident here",
            text=("No incident is open that you can see. ", declare, " declares one."),
            buttons=_declares(title),
        )
    where: list[str | Span] = ["This channel belongs to no incident. Type it in the incident's own channel:"]
    for one in open_ones[:5]:
        where += [f"\n#{one.number} {shorten(one.title, 80)} · ", Room(name=one.channel_name, refs=one.refs)]
    where += ["\nor put its number first: ", Code(text=f"/incident #{open_ones[0].number} {cut(shown, 80)}")]
    if title:
        where += ["\nIs something new wrong? ", declare, " declares it."]
    buttons = [
        Button(label=f"Do it in #{one.number}", does=f"#{one.number} {words}")
        for one in open_ones[:5]
        if len(f"#{one.number} {words}") <= 100
    ]
    offered = (*buttons[: 4 if title else 5], *_declares(title))
    return Card(tone=Tone.ASK, title="Which incident?", text=tuple(where), buttons=offered)


def mistake(sentence: str, *, title: str = "") -> Card:
    """What was wrong, and what would be right; ``title`` is the whole line where it may be what is wrong instead."""
    return Card(tone=Tone.ASK, text=coded(seen(sentence)), buttons=_declares(title))


def database_gone() -> Card:
    """Nothing could be saved."""
    return Card(tone=Tone.ASK, text=("Nothing was saved: my database does not answer. Please try again in a moment.",))
