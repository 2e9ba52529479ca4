"""Drafts of what customers are told: the playbook's words, else plain ones, for somebody to copy."""

from bot import templates
from bot.card import Button, Card
from bot.incident import Incident
from bot.messages.words import stop
from bot.playbook.process import Stage
from bot.playbook.shape import Playbook

_USUAL = {
    Stage.INVESTIGATING: "We are looking into a problem{what}.",
    Stage.IDENTIFIED: "We know what causes the problem{what} and are working on it.",
    Stage.MONITORING: "The problem{what} is mitigated. We keep watching it.",
    Stage.RESOLVED: "The problem{what} is solved. It lasted {duration}.",
    Stage.CLOSED: "The problem{what} is solved. It lasted {duration}.",
    Stage.CANCELLED: "There was no problem{what} after all.",
}
_AFTERWARDS = "On {date} there was a problem{what}. It lasted {duration}. We are sorry for the trouble."


def draft(incident: Incident, playbook: Playbook, status: str) -> Card:
    """The draft that belongs to a status, or ``email``: plain text, to be copied as it stands."""
    own = templates.customers(incident, playbook, status)
    subject = templates.subject(incident, playbook) if status == templates.EMAIL else None
    kinds = [name for name in (*playbook.templates.customers, incident.status, templates.EMAIL) if name != status]
    others = (
        Button(label=name.capitalize()[:75], does=f"{incident.name} draft {name}") for name in dict.fromkeys(kinds)
    )
    what = "the e-mail afterwards" if status == templates.EMAIL else status
    whose = "" if own else "The playbook has no words of its own for it. "
    return Card(
        title=f"Draft for customers: {what}",
        text=(f"Subject: {subject}\n\n" if subject else "", own or usual(incident, playbook, status)),
        buttons=tuple(others)[:5],
        footer=(f"{whose}Nothing was sent: copy it, change what has to be changed, and send it yourself.",),
    )


def usual(incident: Incident, playbook: Playbook, status: str) -> str:
    """Plain words where the playbook has none; nothing in them that only insiders know."""
    facts = templates.facts(incident, playbook)
    known = playbook.status(status)
    stage = known.stage if known is not None else Stage.INVESTIGATING
    words = _AFTERWARDS if status == templates.EMAIL else _USUAL[stage]
    about = {"what": f" with {incident.component}" if incident.component else "", "date": facts["date"]}
    first = str(facts["summary"]) if stage is Stage.INVESTIGATING and status != templates.EMAIL else ""
    felt = incident.impact if stage in (Stage.INVESTIGATING, Stage.IDENTIFIED) else ""  # over once it is mitigated
    said = [words.format(**about, duration=facts["duration"] or "…")]
    if felt and status != templates.EMAIL:
        said.append(f"What you may notice: {stop(felt)}")
    if stage.open and status != templates.EMAIL and facts["next_update"]:
        said.append(f"Next update by {facts['next_update']}.")
    return "\n".join(filter(None, [first, " ".join(filter(None, said)), playbook.status_page.url]))
