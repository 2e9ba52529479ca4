"""Drafts of what customers are told: the playbook's words, else plain ones, for somebody to copy."""

from collections.abc import Iterator, Sequence

from bot import deadlines, templates
from bot.card import Button, ButtonStyle, Card, Listing, Text, Tone
from bot.durations import spell
from bot.incident import Incident
from bot.messages.words import stop
from bot.playbook.part import fold
from bot.playbook.process import Audience, Stage
from bot.playbook.shape import Playbook

_USUAL = {
    Stage.INVESTIGATING: "We are looking into a problem{what}.",
    Stage.IDENTIFIED: "We know what causes the problem{what} and are working on it.",
    Stage.MONITORING: "The problem{what} is mitigated. We keep watching it.",
    Stage.RESOLVED: "The problem{what} is solved. It lasted {duration}.",
    Stage.CLOSED: "The problem{what} is solved. It lasted {duration}.",
    Stage.CANCELLED: "There was no problem{what} after all.",
}
_TOLD = (Stage.INVESTIGATING, Stage.IDENTIFIED, Stage.MONITORING, Stage.RESOLVED)
"""Stages of which customers are told."""
_AFTERWARDS = "On {date} there was a problem{what}. It lasted {duration}."
_SORRY = "We are sorry for the trouble."
UNKNOWN = "…"
"""Stands for what nobody has said yet."""
BUTTONS = 5
"""Buttons of a draft."""


def draft(incident: Incident, playbook: Playbook, about: str) -> Card:
    """The draft for a status, ``email``, or a deadline: nothing but its words stands in the block to be copied."""
    subject = templates.subject(incident, playbook) if about == templates.EMAIL else None
    words = templates.customers(incident, playbook, about)
    own, words = bool(words), words or usual(incident, playbook, about)
    deadline = incident.progress.deadlines.get(about)
    what = "the e-mail afterwards" if about == templates.EMAIL else deadline.title if deadline is not None else about
    head: Text = ("Subject:\n", Listing(text=subject), "\nText:\n") if subject else ()
    return Card(
        tone=Tone.DRILL if incident.drill else Tone.CALM,
        title=f"Draft for customers: {what}",
        text=(*head, Listing(text=words)),
        buttons=(*_sent(incident, playbook, about), *_others(incident, playbook, about))[:BUTTONS],
        footer=(_hint(incident, own=own, gaps=UNKNOWN in words),),
    )


def _hint(incident: Incident, *, own: bool, gaps: bool) -> str:
    """What to do with it."""
    if incident.drill:
        return "A drill: nothing is sent to anybody. Say what you would change."
    whose = "" if own else "The playbook has no words of its own for it. "
    fill = f"“{UNKNOWN}” stands for what nobody has said yet. " if gaps else ""
    return f"{whose}{fill}Nothing was sent: copy it, change what has to be changed, and send it yourself."


def _sent(incident: Incident, playbook: Playbook, about: str) -> tuple[Button, ...]:
    """Says that it was sent: that meets the deadline, or the round of news, that waits for it."""
    for deadline in incident.progress.deadlines.values():
        rule = deadlines.rule_of(incident, playbook, deadline.name)
        if deadline.running and rule is not None and rule.draft and fold(rule.draft) == fold(about):
            done = f"{incident.name} clock {rule.name} done"
            return (Button(label="I sent it", does=done, style=ButtonStyle.PRIMARY),)
    for name, kept in incident.progress.rounds.items():
        cadence = playbook.cadence(name, incident.severity)
        waits = kept.asked is not None or kept.due_at is not None
        told = cadence is not None and cadence.audience is Audience.CUSTOMERS and playbook.status(about) is not None
        if waits and told:
            return (Button(label="Told them", does=f"{incident.name} told {name}", style=ButtonStyle.PRIMARY),)
    return ()


def _others(incident: Incident, playbook: Playbook, about: str) -> Iterator[Button]:
    """The other drafts: the playbook's own first, then those of each status, and the e-mail."""
    told = (one.name for one in playbook.statuses if one.stage in _TOLD)
    names = {fold(name): name for name in (*playbook.templates.customers, *told, templates.EMAIL)}
    titles = {rule.name: rule.title for rule in playbook.deadlines}
    for name in names.values():
        if fold(name) != fold(about):
            yield Button(label=titles.get(name, name.capitalize())[:75], does=f"{incident.name} draft {name}")


def usual(incident: Incident, playbook: Playbook, status: str, *, page: bool = True) -> str:
    """Plain words where the playbook has none; nothing in them that only insiders know. ``page``: with its address."""
    facts = templates.facts(incident, playbook)
    known = playbook.status(status)
    stage, mail = known.stage if known is not None else Stage.INVESTIGATING, status == templates.EMAIL
    about = {"what": f" with {incident.component}" if incident.component else "", "date": facts["date"]}
    words = _AFTERWARDS if mail else _USUAL[stage]
    lasted = "" if mail and incident.open else spell(str(facts["duration"]))  # it goes on: nobody knows yet how long
    said = [words.format(**about, duration=lasted or UNKNOWN)]
    if mail:
        said += [f"What you may have noticed: {stop(incident.impact)}"] if incident.impact else []
        return _with_page([" ".join([*said, _SORRY])], playbook)
    if incident.impact and stage in (Stage.INVESTIGATING, Stage.IDENTIFIED):  # over once it is mitigated
        said.append(f"What you may notice: {stop(incident.impact)}")
    if stage.open and facts["next_update"]:
        said.append(f"Next update by {facts['next_update']}.")
    first = str(facts["summary"]) if stage is Stage.INVESTIGATING else ""
    lines = [first, " ".join(said)]
    return _with_page(lines, playbook) if page else "\n".join(filter(None, lines))


def _with_page(lines: Sequence[str], playbook: Playbook) -> str:
    """With the status page's address, where there is one."""
    return "\n".join(filter(None, (*lines, playbook.status_page.url)))
