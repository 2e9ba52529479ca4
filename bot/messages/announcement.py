"""The announcement: what those outside see of the incident, edited as it goes on."""

from datetime import datetime

from bot.card import Card, CardField, Room, Style, Text, When
from bot.incident import Incident
from bot.messages import freeze, own
from bot.messages.lengths import QUOTED, cut
from bot.messages.live import over, promise
from bot.messages.words import NOBODY, headline, status, tone, who
from bot.playbook.shape import Playbook


def card(incident: Incident, playbook: Playbook, *, now: datetime) -> Card:
    """The post in the announcement channel."""
    worded = own.announcement(incident, playbook, over=over(incident))
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
    text: Text = (cut(incident.last_update.text, QUOTED),) if incident.last_update is not None else ()
    text = over(incident) or text
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
