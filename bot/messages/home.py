"""A person's own page: the open incidents they may see, and a button to declare."""

from collections.abc import Sequence
from dataclasses import replace

from bot.card import Button, ButtonStyle, Card
from bot.messages.listing import incidents
from bot.playbook.shape import Playbook
from bot.reader import Summary


def page(found: Sequence[Summary], playbooks: Sequence[Playbook]) -> Card:
    """Open incidents, most recent first."""
    shown = incidents("Open incidents", found, empty="None is open. All is calm.")
    declare = Button(label="Declare an incident", does="declare", style=ButtonStyle.DANGER)
    joins = tuple(Button(label=f"Join #{one.number}", does=f"#{one.number} join") for one in found[:4])
    titles = ", ".join(playbook.title for playbook in playbooks)
    footer = f"{'Playbooks' if len(playbooks) > 1 else 'Playbook'}: {titles}"
    return replace(shown, buttons=(declare, *joins), footer=(footer,))
