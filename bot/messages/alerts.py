"""What an incident says of its alerts: on its card, in its channel, at its end."""

from bot.card import Button, ButtonStyle, Card, Link, Text, Tone, When, join
from bot.incident import Incident
from bot.messages.lengths import shorten
from bot.progress import Alerted, AlertSeen

SHORT = 120
"""Characters of a title in a list."""


def on_card(incident: Incident) -> Text:
    """How many alerts there are, and the last few."""
    alerted = incident.progress.alerts
    if alerted is None or not alerted.alerts:
        return ()
    lines: list[Text] = [(_counted(alerted, open=incident.open),)]
    lines += [_line(seen) for seen in alerted.latest]
    return join(lines, "\n")


def _counted(alerted: Alerted, *, open: bool) -> str:
    cleared = alerted.alerts - alerted.firing
    fires = f"{alerted.firing} firing" if open else f"{alerted.firing} never seen to clear"
    parts = [fires] if alerted.firing else []
    parts += [f"{cleared} cleared"] if cleared else []
    times = f"arrived {alerted.arrived} times" if alerted.arrived > alerted.alerts else ""
    return " · ".join(filter(None, (", ".join(parts), times)))


def _line(seen: AlertSeen) -> Text:
    title = shorten(seen.title, SHORT)
    name: Text = (Link(url=seen.link, label=title),) if seen.link else (title,)
    mark = "🔥 " if seen.fires else "✓ "
    how: Text = (" since " if seen.fires else " cleared ", When(at=seen.since))
    flaps = f", flapping: {seen.flaps} changes in 30 min" if seen.flaps else ""
    return (mark, *name, *how, f" ({seen.source}{f', {seen.count}×' if seen.count > 1 else ''}{flaps})")


def undo(incident: Incident) -> tuple[Button, ...]:
    """One tap that takes back what an alert declared, until somebody is at work on it."""
    alerted = incident.progress.alerts
    if alerted is None or not alerted.declared or incident.acknowledged_at is not None or not incident.open:
        return ()
    return (Button(label="Declared by mistake", does=f"{incident.name} alert-answer a{alerted.first} mistaken"),)


def all_clear(incident: Incident, *, quiet: str) -> Card:
    """All alerts have cleared, or fire again since; ``quiet`` is the quiet period that *resolve* begins, in words."""
    alerted = incident.progress.alerts
    title = f"All alerts of {incident.name} have cleared"
    if alerted is None or alerted.cleared_at is None:
        return Card(tone=Tone.CALM, title=title, text=("That did not last: one fires again, as the card shows.",))
    if not incident.open:
        return Card(tone=Tone.GOOD, title=title, text=(f"{incident.name} is {incident.status}.",))
    then = f" It counts as resolved after {quiet} of quiet." if quiet else ""
    return Card(
        tone=Tone.ASK,
        title=title,
        text=("The last one at ", When(at=alerted.cleared_at), ". Alerts never end an incident: look whether all is ",
              f"well, then resolve it.{then}"),
        buttons=(Button(label="Resolve", does=f"{incident.name} resolve", style=ButtonStyle.PRIMARY),),
    )  # fmt: skip


def worse(incident: Incident, title: str, *, word: str, severity: str) -> Card:
    """An alert of an incident is more severe now, in its sender's ``word``, than the incident is."""
    levels = f"An alert of this kind declares {severity.upper()}; this incident is {incident.severity.upper()}."
    raises = f"{incident.name} severity {severity} because an alert got worse"
    return Card(
        tone=Tone.ASK,
        title=f"An alert of {incident.name} got worse",
        text=(f"“{shorten(title, SHORT)}” is now {word}. {levels}",),
        buttons=(Button(label=f"Make it {severity.upper()}"[:75], does=raises, style=ButtonStyle.PRIMARY),),
    )


def never_cleared(incident: Incident) -> str:
    """Which alerts nobody saw clear, as a sentence for the resolution; empty where all did."""
    alerted = incident.progress.alerts
    if alerted is None or not alerted.firing:
        return ""
    named = [f"“{shorten(seen.title, 60)}”" for seen in alerted.latest if seen.fires]
    more = alerted.firing - len(named)
    also = f" and {more} more" if more > 0 else ""
    return f"Never saw a clear of {', '.join(named)}{also}."
