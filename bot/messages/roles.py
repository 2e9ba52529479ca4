"""Who holds which role, and which roles have to be held."""

from collections.abc import Iterator

from bot.card import Button, Card, CardField, Text
from bot.incident import Incident
from bot.messages.words import NOBODY, people, who
from bot.playbook.shape import Playbook


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


def required(incident: Incident, playbook: Playbook) -> set[str]:
    """Names of the roles that have to be held."""
    severity = playbook.severity(incident.severity)
    return {role.name for role in playbook.roles if role.required} | set(severity.roles if severity else ())


def on_card(incident: Incident, playbook: Playbook) -> Iterator[CardField]:
    """A field for each role that somebody holds, or that has to be held while it is open."""
    wanted = required(incident, playbook) if incident.open else set()
    for role in playbook.roles:
        holder = incident.holder(role.name)
        if holder is not None or role.name in wanted:
            yield CardField(name=role.title, value=who(holder) if holder is not None else NOBODY)
