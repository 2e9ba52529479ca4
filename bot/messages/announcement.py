"""The announcement: what those outside see of the incident, edited as it goes on."""

from datetime import datetime

from bot.card import Card, CardField, Code, Room, Style, Text, Tone, When
from bot.incident import Incident
from bot.messages import freeze, own
from bot.messages.lengths import QUOTED, cut
from bot.messages.live import over, promise
from bot.messages.words import NOBODY, headline, status, tone, who
from bot.playbook.shape import Playbook
from bot.progress import Announcing


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


def moved(incident: Incident) -> Card:
    """In place of an announcement that could not be edited for a while."""
    return Card(title=f"{incident.name} · {incident.title}", text=("This announcement goes on in a newer one, below.",))


def refused(incident: Incident, playbook: Playbook, state: Announcing, *, platform: str) -> Card:
    """Told once, in the incident's own channel: those outside do not hear of it."""
    place = playbook.announce.place(platform)
    where = place if place.startswith("#") else "the announcement channel"
    if state.back_at is not None:
        text: Text = (f"It stands in {where} now, since ", When(at=state.back_at), ".")
        return Card(tone=Tone.GOOD, title="Announced after all", text=text)
    what = "bring the announcement up to date" if state.stood else "announce this"
    return Card(
        tone=Tone.MINOR,
        title="Those outside do not hear of this",
        text=(f"I cannot {what} in {where}: {platform.capitalize()} answers “{state.why}”. Let me post there again ",
              "(on Slack: ", Code(text="/invite @Tocsin"), "), or name another (", Code(text="announce"), " in ",
              "the playbook, or ", Code(text="ANNOUNCE_CHANNEL"), "). I keep trying, and then say how it stands."),
    )  # fmt: skip
