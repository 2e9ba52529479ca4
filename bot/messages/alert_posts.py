"""The bot's one message about an alert: under the post of it, or in the first alert channel."""

from datetime import datetime

from bot.alerts.alert import Alert
from bot.alerts.tracked import Became, Tracked
from bot.card import Button, ButtonStyle, Card, CardField, Code, Link, Quote, Room, Style, Text, Tone, When, join
from bot.messages.lengths import shorten
from bot.messages.words import level
from bot.playbook.shape import Playbook
from bot.reader import Summary

IGNORED_FOR = "2h"
"""How long the button lets an alert be."""
MOST_BUTTONS = 3
"""Severities that are offered."""


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
        text=(*text, *says, *_read(tracked, playbook), *_flaps(tracked, now=now)),
        fields=facts,
        buttons=(*_taking_back(tracked), *_buttons(tracked, playbook, incident)),
        footer=_footer(tracked),
    )


def _footer(tracked: Tracked) -> Text:
    """What it may be called; and, where somebody is asked, that it can be let be for longer."""
    if tracked.became is not Became.OFFERED:
        return (tracked.name,)
    return (f"{tracked.name} · ", Code(text=f"/incident ignore {tracked.name} for 1d"), " lets it be for longer")


def _tone(tracked: Tracked) -> Tone:
    if not tracked.fires:
        return Tone.GOOD
    return Tone.ASK if tracked.became is Became.OFFERED else Tone.CALM


def _facts(tracked: Tracked) -> tuple[CardField, ...]:
    alert = tracked.alert
    fields = [
        CardField(
            name="From", value=(f"{tracked.sender or alert.source}{f', {alert.severity}' if alert.severity else ''}",)
        )
    ]
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
    cleared = _cleared(tracked)
    by = f" by {tracked.by}" if tracked.by else ""
    if incident is not None and incident.private:
        return ("It is taken care of.", *cleared)
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
            return (*_offer(tracked, incident), *_customers(tracked, playbook), *cleared)
        case Became.IGNORED:
            until: Text = (" until ", When(at=tracked.muted_until)) if tracked.muted_until is not None else ()
            return (f"Ignored{by}", *until, ".", *cleared)
        case Became.HELD:
            return (*_held(tracked), *cleared)
    return ("Noted.", *cleared)


def _cleared(tracked: Tracked) -> Text:
    return (" It cleared at ", When(at=tracked.cleared_at), ".") if tracked.cleared_at is not None else ()


def _held(tracked: Tracked) -> Text:
    if not tracked.fires or tracked.look_at is None:
        return ("It came in quiet hours, and nobody was asked.",)
    return ("Quiet hours: nobody is asked now. If it still fires at ", When(at=tracked.look_at), ", I ask here.")


def _offer(tracked: Tracked, incident: Summary | None) -> Text:
    more = _followers(tracked.followers)
    if not tracked.fires:
        return (f"Nobody took it up.{more}",)
    if incident is not None and not incident.stage.open:
        was = f"It fires again. It was #{incident.number}, which is {incident.status}."
        return (f"{was} Is it the same, a new incident, or none?{more}",)
    return (f"Is this an incident?{more}",)


def _followers(count: int) -> str:
    """How many wait behind an offer, and what becomes of them."""
    if not count:
        return ""
    came = "Another alert came" if count == 1 else f"{count} more alerts came"
    return f" {came} right after it: what you decide here holds for {'both' if count == 1 else 'all'}."


def over(tracked: Tracked) -> str:
    """What customers who were told of it read when somebody takes it back."""
    what = f" with {tracked.alert.component}" if tracked.alert.component else ""
    return f"There was no problem{what} after all." if tracked.fires else f"The problem{what} is solved."


def _read(tracked: Tracked, playbook: Playbook) -> Text:
    """What customers read of it, and that somebody has to say when that is over."""
    kept = tracked.publication
    if kept is None or not kept.seen:
        return ()
    where = playbook.status_page.url or "the status page"
    told: Text = (f"\nCustomers read “{kept.told[-1].text}” on {where} since ", When(at=kept.opened_at), ".")
    if _waits(tracked):
        return told
    if tracked.became.of_incident:
        return (*told, " The incident tells them apart from that: once it is over, tell them so here, too.")
    return (*told, " Nobody is at it any more: tell them that it is over.")


def _waits(tracked: Tracked) -> bool:
    """Whether people are still asked what becomes of it."""
    return tracked.became in (Became.OFFERED, Became.HELD) and tracked.fires


def _customers(tracked: Tracked, playbook: Playbook) -> Text:
    """What customers are to be told at once, where the process says so, whatever people will answer."""
    if tracked.publication is not None:
        return ()
    if not tracked.fires or not playbook.alerts.publishes(tracked.rule):
        return ()
    where = playbook.status_page.url or "the status page"
    return (f"\nTell customers now, whatever it turns out to be: on {where}, beginning “{tracked.alert.title}”.",)


def _flaps(tracked: Tracked, *, now: datetime) -> Text:
    times = tracked.flapping(now)
    return (f" It is flapping: {times} changes between firing and cleared in 30 min.",) if times else ()


def _taking_back(tracked: Tracked) -> tuple[Button, ...]:
    """Where customers read of it and nobody is asked what becomes of it any more."""
    kept = tracked.publication
    if kept is None or not kept.seen or _waits(tracked):
        return ()
    does = f"alert-answer {tracked.name} over"
    return (Button(label="Tell customers it is over", does=does, style=ButtonStyle.PRIMARY),)


def _buttons(tracked: Tracked, playbook: Playbook, incident: Summary | None) -> tuple[Button, ...]:
    does = f"alert-answer {tracked.name}"
    if incident is not None and incident.private:
        return ()
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
