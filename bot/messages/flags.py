"""What is said of flags: on the card, and to who asks for them."""

from bot.card import Bold, Button, ButtonStyle, Card, Code, Span, Style, Text, When
from bot.incident import Incident
from bot.playbook.escalation import Flag
from bot.playbook.shape import Playbook

MOST = 20
"""Buttons of one message: Discord and Slack take 25."""


def on_card(incident: Incident, playbook: Playbook) -> Text:
    """``Data loss · Security``; nothing where none is set."""
    titles = [flag.title for flag in playbook.flags if flag.name in incident.progress.flags]
    return (" · ".join(titles),) if titles else ()


def overview(incident: Incident, playbook: Playbook) -> Card:
    """Every flag with its question and how it stands, and a button to change it."""
    text: list[str | Span] = []
    for flag in playbook.flags:
        text += ["\n" if text else "", *_row(flag, incident)]
    buttons = [_button(flag, incident) for flag in playbook.flags[:MOST]]
    return Card(title=f"Flags of {incident.name}", text=tuple(part for part in text if part), buttons=tuple(buttons),
                footer=("What follows from one follows at once. ", Code(text="/incident flag NAME because …"),
                        " says why, too."))  # fmt: skip


def _row(flag: Flag, incident: Incident) -> Text:
    raised = incident.progress.flags.get(flag.name)
    asks = flag.asks or "not set"
    if raised is None:
        return (Bold(text=flag.title), f" · {asks}")
    because = f", {raised.because}" if raised.because else ""
    return ("✓ ", Bold(text=flag.title), f" · set by {raised.by} ", When(at=raised.at, style=Style.RELATIVE), because)


def _button(flag: Flag, incident: Incident) -> Button:
    if flag.name in incident.progress.flags:
        return Button(label=f"Take back: {flag.title}"[:75], does=f"{incident.name} unflag {flag.name}")
    return Button(label=f"Set: {flag.title}"[:75], does=f"{incident.name} flag {flag.name}", style=ButtonStyle.PRIMARY)
