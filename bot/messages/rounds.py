"""Rounds of news: the question whether an audience was told, and every sentence about it."""

from datetime import datetime

from bot import templates
from bot.card import (
    Bold,
    Button,
    ButtonStyle,
    Card,
    CardField,
    Code,
    Link,
    Listing,
    Style,
    Text,
    Tone,
    When,
)
from bot.durations import say_duration
from bot.incident import Incident
from bot.messages.words import ring_first, who
from bot.playbook.process import Audience, Cadence, Stage
from bot.playbook.shape import Playbook
from bot.progress import Round, RoundAsked, RoundEnd

AUDIENCES = {
    Audience.RESPONDERS: "the responders",
    Audience.TEAM: "the team",
    Audience.STAKEHOLDERS: "the stakeholders",
    Audience.LEADERSHIP: "leadership",
    Audience.CUSTOMERS: "customers",
}
"""Whom somebody tells."""


def _audience(cadence: Cadence) -> str:
    return AUDIENCES[cadence.audience]


def question(incident: Incident, playbook: Playbook, cadence: Cadence, kept: Round, asked: RoundAsked) -> Card:
    """One round as it should read now: asking, or what became of it."""
    if asked.end is not None:
        tone = Tone.GOOD if asked.end is RoundEnd.TOLD else Tone.CALM
        newest = kept.posts[-1].count == asked.count
        return Card(tone=tone, title=cadence.title, text=_ended(cadence, asked, newest=newest))
    names = f"{incident.name} told {cadence.name}"
    return Card(
        tone=Tone.DRILL if incident.drill else Tone.ASK,
        title=f"{cadence.title}: {'say that it is over' if asked.last else 'news is due'}",
        text=(*_asks(incident, playbook, cadence, asked), *_missed(asked), *_how(incident, playbook, cadence, asked)),
        buttons=(
            *_publish(incident, cadence),
            Button(label="Told them", does=names, style=ButtonStyle.PRIMARY),
            Button(label="Skip this one", does=f"{names} skip"),
        ),
        footer=(
            f"Or react {playbook.reactions.no_change}; in your own words: ",
            Code(text=f"/incident told {cadence.name} WHAT YOU SAID"),
        ),
    )


def _publish(incident: Incident, cadence: Cadence) -> tuple[Button, ...]:
    """Where Tocsin writes the page: the words that are shown go out by a tap."""
    if cadence.audience is not Audience.CUSTOMERS or incident.progress.publication is None:
        return ()
    return (Button(label="Publish these words", does=f"{incident.name} publish words", style=ButtonStyle.PRIMARY),)


def _asks(incident: Incident, playbook: Playbook, cadence: Cadence, asked: RoundAsked) -> Text:
    rings = ring_first(cadence.owner, incident, playbook)
    what = f"that {_over(incident, playbook, cadence)} is over" if asked.last else f"how {incident.name} is going"
    due: Text = ("due ", When(at=asked.due_at), ", ", When(at=asked.due_at, style=Style.RELATIVE))
    return (*rings, f": tell {_audience(cadence)} {what}, ", *due, ".")


def _over(incident: Incident, playbook: Playbook, cadence: Cadence) -> str:
    """What is over: the incident, or only what they were told of, where its flag was taken back before."""
    flag = playbook.flag(cadence.flag) if incident.open and cadence.flag else None
    return f"“{flag.title}”" if flag is not None else incident.name if not incident.open else "it"


def _missed(asked: RoundAsked) -> Text:
    if not asked.missed or asked.missed_from is None:
        return ()
    since = When(at=asked.missed_from, style=Style.MOMENT)
    if asked.missed == 1:
        return (" The round before it was missed, due ", since, ".")
    return (f" {asked.missed} rounds before it were missed, the first due ", since, ".")


def _how(incident: Incident, playbook: Playbook, cadence: Cadence, asked: RoundAsked) -> Text:
    """Where to say it, and words for it."""
    if incident.drill:
        return ("\nDrill: say what you would tell them. Nobody outside is told.",)
    if incident.private:
        return ("\n🔒 This incident is private: tell only those who may know, and no more than they need.",)
    if cadence.audience is not Audience.CUSTOMERS:
        return ()
    page = playbook.status_page.url
    where: Text = ("\nSay it on the status page, ", Link(url=page, label=page), ".") if page else ()
    words = draft(incident, playbook, cadence, last=asked.last)
    return (*where, "\nYou could say:\n", Listing(text=words))


def draft(incident: Incident, playbook: Playbook, cadence: Cadence, *, last: bool) -> str:
    """Words for customers, for a person to read before they go out: the playbook's own for this status.

    Where it has none they tell of the incident's facts only the stated impact.
    """
    over = playbook.first_status(Stage.RESOLVED).name if last and incident.open else incident.status
    own = templates.customers(incident, playbook, over)
    if own:
        return own
    impact = f": {incident.impact.strip().rstrip('.')}" if incident.impact.strip() else ""
    if incident.stage is Stage.CANCELLED:
        return "We looked into a possible problem with our service. There was none."
    if last:
        return f"The problem with our service is over{impact}. We are sorry for the trouble."
    then = f" The next news follows within {say_duration(cadence.every)}." if cadence.every is not None else ""
    doing = {
        Stage.IDENTIFIED: "We know what causes a problem with our service and are working on it",
        Stage.MONITORING: "A fix for a problem with our service is in place, and we are watching it",
    }.get(incident.stage, "We are looking into a problem with our service")
    return f"{doing}{impact}.{then}"


def _ended(cadence: Cadence, asked: RoundAsked, *, newest: bool) -> Text:
    at: Text = (" at ", When(at=asked.ended_at)) if asked.ended_at is not None else ()
    by = who(asked.by) if asked.by is not None else ()
    match asked.end:
        case RoundEnd.TOLD:
            return ("✓ ", *by, f" told {_audience(cadence)}", *at, ".")
        case RoundEnd.SKIPPED:
            return ("Left out by ", *by, *at, ".")
        case RoundEnd.MISSED if newest:
            return (f"Nobody said that {_audience(cadence)} heard of it.",)
        case RoundEnd.MISSED:
            return ("No answer, so I asked again below.",)
        case _:
            return ("No longer needed.",)


def field(incident: Incident, playbook: Playbook) -> list[CardField]:
    """The audience that is to be told next, for the live card: customers before others."""
    running = [(cadence, kept) for name, kept in incident.progress.rounds.items()
               if (cadence := playbook.cadence(name, incident.severity)) is not None
               and _next(kept) is not None]  # fmt: skip
    if not running:
        return []
    cadence, kept = min(running, key=lambda one: (one[0].audience is not Audience.CUSTOMERS, _next(one[1])))
    at = _next(kept) or incident.declared_at
    owed: Text = (Bold(text="owed"), " since ") if kept.asked is not None else ("news due ",)
    return [CardField(name=cadence.title, value=(*owed, When(at=at), ", ", When(at=at, style=Style.RELATIVE)))]


def _next(kept: Round) -> datetime | None:
    """Since when the news is owed, or when it will be."""
    return kept.asked.due_at if kept.asked is not None else kept.due_at


def plans(playbook: Playbook, severity: str) -> str:
    """Who is told besides at a severity, for a preview: ``Customers every 30m while “unavailable” is set``."""
    told = []
    for one in playbook.cadences(severity):
        flag = playbook.flag(one.flag) if one.flag else None
        while_ = f" while “{flag.title if flag is not None else one.flag}” is set" if one.flag else ""
        told.append(f"{one.title} {one.rhythm}{while_}")
    return "; ".join(told)


def noted(cadence: Cadence | None, kept: Round | None, *, told: bool, already: str = "") -> Card:
    """To the person who told somebody, or left it out: when the next round is due."""
    said = f"{already} noted that already." if already else "Noted." if told else "Left out this time."
    due = kept.due_at if kept is not None else None
    if cadence is None or due is None:
        return Card(text=(said,))
    return Card(text=(f"{said} {cadence.title}: news is due again ", When(at=due, style=Style.MOMENT), "."))


def unknown(words: str, playbook: Playbook, severity: str) -> str:
    """Nobody of this name is told anything."""
    names = [one.name for one in playbook.cadences(severity)] or [one.value for one in Audience]
    right = f"Say whom you told: {', '.join(names)}. Like `/incident told {names[0]} WHAT YOU SAID`."
    return f"I do not know whom “{words[:40]}” means. {right}"


def nothing_to_skip(cadence: Cadence | None) -> str:
    """Nothing was asked, or somebody answered already."""
    return f"No round{f' for {_audience(cadence)}' if cadence else ''} waits for an answer, so there is none to skip."


# What the timeline says


def runs(cadence: Cadence) -> str:
    """It begins, or goes on in another rhythm."""
    return f"{cadence.title}: news is owed {cadence.rhythm}"


def stops(cadence: Cadence) -> str:
    """It ends."""
    return f"{cadence.title}: no more news is owed"


def concludes(cadence: Cadence) -> str:
    """It ends with one last round."""
    return f"{cadence.title}: they are still to hear of the end"


def asked(cadence: Cadence, count: int) -> str:
    """A round was asked for."""
    return f"{cadence.title}: asked for news, round {count}"


def told(audience: Audience, cadence: Cadence | None, text: str) -> str:
    """Somebody told them: ``Told the team (Daily standup): the pool is restarted``."""
    whom = AUDIENCES[audience]
    if cadence is not None and cadence.title.casefold() != audience.value:
        whom = f"{whom} ({cadence.title})"
    return f"Told {whom}: {text}" if text else f"Told {whom}"


def skipped(cadence: Cadence, because: str) -> str:
    """A round was left out."""
    return f"{cadence.title}: this round was left out{f' because {because}' if because else ''}"


def missed(cadence: Cadence, count: int, *, since: datetime) -> str:
    """Rounds of which nobody said that they were told."""
    due = f"due {since:%Y-%m-%d %H:%M} UTC"
    return f"{cadence.title}: a round was missed, {due}" if count == 1 else (
        f"{cadence.title}: {count} rounds were missed, the first {due}")  # fmt: skip


def end_untold(cadence: Cadence) -> str:
    """The incident is closed, and nobody said that they were told."""
    return f"{cadence.title}: closed without word that they heard of the end"
