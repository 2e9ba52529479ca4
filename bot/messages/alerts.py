"""What is said of alerts: on an incident's card, in its channel, under the post of an alert, and in lists."""

from collections.abc import Sequence
from datetime import datetime

from bot.alerts.alert import Alert, AlertState
from bot.alerts.tracked import Became, Tracked
from bot.card import Bold, Button, ButtonStyle, Card, CardField, Code, Link, Quote, Room, Style, Text, Tone, When, join
from bot.incident import Incident
from bot.messages.lengths import shorten
from bot.messages.words import coded, headline, level
from bot.playbook.shape import Playbook
from bot.progress import Alerted, AlertSeen
from bot.store import Summary

SHORT = 120
"""Characters of a title in a list."""
IGNORED_FOR = "2h"
"""How long the button lets an alert be."""
MOST_BUTTONS = 3
"""Severities that are offered."""


# On the incident


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
        return Card(tone=Tone.CALM, title=title, text=("One fires again; see the card.",))
    if not incident.open:
        return Card(tone=Tone.GOOD, title=title, text=("The incident is over.",))
    then = f" That begins the {quiet} of quiet." if quiet else ""
    return Card(
        tone=Tone.ASK,
        title=title,
        text=("The last one at ", When(at=alerted.cleared_at), ". Alerts never end an incident: resolve it when you ",
              f"are sure.{then}"),
        buttons=(Button(label="Resolve", does=f"{incident.name} resolve", style=ButtonStyle.PRIMARY),),
    )  # fmt: skip


def never_cleared(incident: Incident) -> str:
    """Which alerts nobody saw clear, as a sentence for the resolution; empty where all did."""
    alerted = incident.progress.alerts
    if alerted is None or not alerted.firing:
        return ""
    named = [f"“{shorten(seen.title, 60)}”" for seen in alerted.latest if seen.fires]
    more = alerted.firing - len(named)
    also = f" and {more} more" if more > 0 else ""
    return f"Never saw a clear of {', '.join(named)}{also}."


# Under the post of an alert, or in the alert channel


def answer(tracked: Tracked, playbook: Playbook, incident: Summary | None, *, now: datetime, here: bool) -> Card:
    """The bot's one message about an alert; ``here``: under the alert's own post, which tells the rest."""
    alert = tracked.alert
    facts = () if here else _facts(tracked)
    title = shorten(alert.title, 200)
    text = () if here or not alert.text else (Quote(text=shorten(alert.text, 500)), "\n")
    says = _says(tracked, playbook, incident, now=now)
    return Card(
        tone=_tone(tracked),
        title=title,
        text=(*text, *says, *_flaps(tracked, now=now)),
        fields=facts,
        buttons=_buttons(tracked, playbook, incident),
        footer=(f"{tracked.name} · ", Code(text=f"/incident ignore {tracked.name} for {IGNORED_FOR}")),
    )


def _tone(tracked: Tracked) -> Tone:
    if not tracked.fires:
        return Tone.GOOD
    return Tone.ASK if tracked.became is Became.OFFERED else Tone.CALM


def _facts(tracked: Tracked) -> tuple[CardField, ...]:
    alert = tracked.alert
    fields = [CardField(name="From", value=(f"{alert.source}{f', {alert.severity}' if alert.severity else ''}",))]
    if alert.component:
        fields.append(CardField(name="Component", value=(alert.component,)))
    fields.append(CardField(name="Since", value=(When(at=tracked.since, style=Style.MOMENT),)))
    links = addresses(alert)
    if links:
        fields.append(CardField(name="Look", value=links))
    return tuple(fields)


def addresses(alert: Alert) -> Text:
    """Where to look, as links."""
    named = [("open", alert.link), *alert.links.items(), ("runbook", alert.runbook)]
    seen: dict[str, str] = {}
    for name, url in named:
        if url and url not in seen:
            seen[url] = name
    return join([(Link(url=url, label=name),) for url, name in list(seen.items())[:6]], " · ")


def _says(tracked: Tracked, playbook: Playbook, incident: Summary | None, *, now: datetime) -> Text:
    cleared: Text = (" It cleared at ", When(at=tracked.cleared_at), ".") if tracked.cleared_at is not None else ()
    by = f" by {tracked.by}" if tracked.by else ""
    if incident is not None and tracked.became.of_incident:
        name = incident.channel_name
        room = Room(name=name, refs=incident.refs) if incident.refs else f"#{name}"
        did = {Became.DECLARED: "Declared", Became.ATTACHED: "Attached to", Became.JOINED: "Joined"}[tracked.became]
        severity = level(playbook.severity(incident.severity), incident.severity)
        over = "" if incident.stage.open else f" It is {incident.status}."
        as_ = "as " if tracked.became is Became.DECLARED else ""
        return (f"{did} {as_}#{incident.number}{by}: {severity}, ", room, f".{over}", *cleared)
    match tracked.became:
        case Became.OFFERED:
            return (*_offer(tracked, incident), *cleared)
        case Became.IGNORED:
            until: Text = (" until ", When(at=tracked.muted_until)) if tracked.muted_until is not None else ()
            return (f"Ignored{by}", *until, ".", *cleared)
        case Became.HELD:
            return ("Quiet hours: I ask when they are over, if it still fires then.", *cleared)
    return ("Noted.", *cleared)


def _offer(tracked: Tracked, incident: Summary | None) -> Text:
    more = f" {tracked.followers} further alerts came right after it and wait with it." if tracked.followers else ""
    if incident is not None and not incident.stage.open:
        return (
            f"It fires again; it was #{incident.number} before, which is {incident.status}. What shall it be?{more}",
        )
    if not tracked.fires:
        return (f"Nobody took it up.{more}",)
    return (f"Is this an incident?{more}",)


def _flaps(tracked: Tracked, *, now: datetime) -> Text:
    times = tracked.flapping(now)
    return (f" It is flapping: {times} changes between firing and cleared in 30 min.",) if times else ()


def _buttons(tracked: Tracked, playbook: Playbook, incident: Summary | None) -> tuple[Button, ...]:
    does = f"alert-answer {tracked.name}"
    if incident is not None and tracked.became.of_incident:
        if not incident.stage.open:
            return ()
        join = Button(label="Join", does=f"#{incident.number} join", style=ButtonStyle.PRIMARY)
        mistake = Button(label="Declared by mistake", does=f"#{incident.number} {does} mistaken")
        return (join, mistake) if tracked.became is Became.DECLARED and not tracked.by else (join,)
    if tracked.became is not Became.OFFERED:
        return (Button(label="Declare after all", does=f"{does} offer"),) if tracked.became is Became.IGNORED else ()
    again = (
        (Button(label=f"Reopen #{incident.number}", does=f"#{incident.number} attach {tracked.name} reopen"),)
        if incident is not None and not incident.stage.open
        else ()
    )
    declares = tuple(
        Button(label=f"Declare {name.upper()}"[:75], does=f"{does} declare {name}", style=style)
        for name, style in zip(
            tracked.severities[:MOST_BUTTONS], (ButtonStyle.DANGER, *([ButtonStyle.PLAIN] * MOST_BUTTONS)), strict=False
        )
    )
    return (
        *again,
        *declares,
        Button(label="Attach…", does=f"{does} attach"),
        Button(label=f"Ignore {IGNORED_FOR}", does=f"ignore {tracked.name} for {IGNORED_FOR}"),
    )


# In answer to somebody


def listed(found: Sequence[Tracked], *, now: datetime, about: str = "") -> Card:
    """How often each posted, declared, was ignored or called off: which of them deserve mending."""
    if not found:
        none = f"No alert matches “{shorten(about, 60)}”." if about else "No alert has arrived yet."
        how = " `/incident help alerts` says how alerts reach me." if not about else " `/incident alerts` shows all."
        return Card(text=coded(none + how))
    lines = [_entry(one, now=now) for one in found]
    footer = coded("`/incident ignore a17 for 2h` lets one be; `/incident #42 attach a17` puts it to an incident")
    return Card(title="Alerts, the noisiest first", text=join(lines, "\n"), footer=footer)


def _entry(one: Tracked, *, now: datetime) -> Text:
    title = shorten(one.alert.title, 80)
    name: Text = (Link(url=one.alert.link, label=title),) if one.alert.link else (title,)
    tally = one.tally
    told = {
        "declared": tally.declared,
        "called off": tally.cancelled,
        "offered": tally.offered,
        "ignored": tally.ignored,
    }
    counts = [f"arrived {tally.posted}×", *(f"{word} {many}×" for word, many in told.items() if many)]
    state: Text = ("fires since ", When(at=one.since)) if one.fires else _over(one)
    where = f" · #{one.incident}" if one.incident is not None and one.became.of_incident else ""
    muted: Text = (" · ignored until ", When(at=one.muted_until)) if one.muted(now) and one.muted_until else ()
    flaps = " · flapping" if one.flapping(now) else ""
    mend = " · rarely an incident: mend the rule?" if tally.cancelled + tally.ignored >= MENDING else ""
    return (Bold(text=one.name), " ", *name, f" ({one.alert.source}) · ", *state, f" · {', '.join(counts)}{where}",
            *muted, f"{flaps}{mend}")  # fmt: skip


MENDING = 3
"""From so often called off or ignored on, an alert deserves mending."""


def _over(one: Tracked) -> Text:
    if one.cleared_at is None:
        return ("never seen to fire",)
    return ("cleared ", When(at=one.cleared_at, style=Style.RELATIVE))


def joined(incident: Incident, playbook: Playbook, tracked: Tracked) -> Text:
    """Told to whoever attached an alert."""
    return (f"{tracked.name} “{shorten(tracked.alert.title, 80)}” belongs to {headline(incident, playbook)} now.",)


def state(found: AlertState) -> str:
    """``fires``, ``cleared``."""
    return {AlertState.FIRING: "fires", AlertState.ACKNOWLEDGED: "acknowledged", AlertState.CLEARED: "cleared"}[found]
