"""Messages in the playbook's own words; what has to stay alive in them stands beside those words."""

from bot import templates
from bot.card import Button, ButtonStyle, Card, Quote, Room, Text, When
from bot.incident import Incident
from bot.messages.words import status, tone
from bot.playbook.shape import Playbook

LONGEST_FIRST = 140
"""A template's first line that is longer is no title: Slack cuts a header at 150 characters, its emoji included."""


def joins(incident: Incident) -> tuple[Button, ...]:
    """The button that leads into the channel, while there is something to do."""
    return (Button(label="Join", does=f"{incident.name} join", style=ButtonStyle.PRIMARY),) if incident.open else ()


def announcement(incident: Incident, playbook: Playbook, *, over: Text) -> Card | None:
    """The announcement: the first line is its title, and one line below the words stays alive.

    ``over`` says how it ended, where it did. ``None`` where the playbook has no words of its own.
    """
    worded = templates.announcement(incident, playbook)
    if worded is None:
        return None
    first, _, rest = worded.partition("\n")
    if len(first) > LONGEST_FIRST:
        first, rest = "", worded
    alive: Text = (status(incident, playbook), " · ", Room(name=incident.channel_name))
    due = incident.reminding.due_at
    if incident.open and due is not None:
        alive = (*alive, " · next update due ", When(at=due))
    return Card(
        tone=tone(incident, playbook),
        title=first.strip(),
        text=(rest.strip(),) if rest.strip() else (),
        buttons=joins(incident),
        footer=(*alive, " · ", *over) if over else alive,
    )


def first_update(incident: Incident, playbook: Playbook) -> Text:
    """What the first status update should say, as long as there was none."""
    worded = templates.first_update(incident, playbook) if incident.updated_first_at is None else None
    return ("\nThe first one says:\n", Quote(text=worded)) if worded is not None else ()
