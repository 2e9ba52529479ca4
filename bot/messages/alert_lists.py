"""Alerts in lists: how often each arrived, and what became of it."""

from collections.abc import Collection, Sequence
from datetime import datetime

from bot.alerts.tracked import Tally, Tracked
from bot.card import Bold, Button, ButtonStyle, Card, Link, Room, Style, Text, When, join
from bot.messages.lengths import shorten
from bot.messages.words import coded
from bot.reader import Summary

MENDING = 3
"""From so often called off or ignored on, an alert deserves mending."""


def listed(found: Sequence[Tracked], *, seen: Collection[int], now: datetime, about: str = "") -> Card:
    """How often each posted, declared, was ignored or called off: which of them deserve mending.

    ``seen`` are the incidents that the reader may see.
    """
    if not found:
        none = f"No alert matches “{shorten(about, 60)}”." if about else "No alert has arrived yet."
        how = " `/incident alerts` lists all." if about else " `tocsin doctor` says whether any can."
        return Card(text=coded(none + how))
    lines = [_entry(one, seen=seen, now=now) for one in found]
    footer = coded("`/incident ignore a17 for 2h` lets one be · `/incident #42 attach a17` puts it to an incident")
    return Card(title="Alerts, the noisiest first", text=join(lines, "\n"), footer=footer)


def _entry(one: Tracked, *, seen: Collection[int], now: datetime) -> Text:
    title = shorten(one.alert.title, 80)
    name: Text = (Link(url=one.alert.link, label=title),) if one.alert.link else (title,)
    state: Text = ("fires since ", When(at=one.since, style=Style.MOMENT)) if one.fires else _over(one)
    where = f" · #{one.incident}" if one.incident in seen and one.became.of_incident else ""
    muted: Text = (" · ignored until ", When(at=one.muted_until)) if one.muted(now) and one.muted_until else ()
    flaps = " · flapping" if one.flapping(now) else ""
    sender = f" ({one.sender or one.alert.source}) · "
    return (Bold(text=one.name), " ", *name, sender, *state, f" · {counts(one.tally)}{where}",
            *muted, f"{flaps}{mend(one.tally)}")  # fmt: skip


def counts(tally: Tally) -> str:
    """``arrived 12×, declared 1×, ignored 3×``."""
    told = {
        "declared": tally.declared,
        "called off": tally.cancelled,
        "offered": tally.offered,
        "ignored": tally.ignored,
    }
    return ", ".join([f"arrived {tally.posted}×", *(f"{word} {many}×" for word, many in told.items() if many)])


def mend(tally: Tally) -> str:
    """What is said of an alert that was seldom an incident."""
    return " · seldom an incident: mend its rule?" if tally.cancelled + tally.ignored >= MENDING else ""


def _over(one: Tracked) -> Text:
    if one.cleared_at is None:
        return ("never seen to fire",)
    return ("cleared ", When(at=one.cleared_at, style=Style.RELATIVE))


def which(found: Sequence[Tracked], *, about: str, does: str) -> Card:
    """No alert, or several, are meant by these words; ``does`` is what was to be done with one."""
    if not found:
        none = f"I know no alert “{shorten(about, 80)}”. `/incident alerts` lists those I know, each with its name."
        return Card(text=coded(none))
    lines: list[Text] = [(Bold(text=one.name), f" {shorten(one.alert.title, 80)} ({one.sender})") for one in found]
    buttons = tuple(
        Button(label=f"{one.name} {shorten(one.alert.title, 40)}", does=f"{does} {one.name}") for one in found
    )
    return Card(title="Which alert?", text=join(lines, "\n"), buttons=buttons[:5])


def only_a_link(incident: str) -> Card:
    """No alert has this address; it stays with the incident of this name nevertheless."""
    none = (
        f"I know no alert with this address, so {incident} keeps it as a link. `/incident alerts` lists those I know."
    )
    return Card(text=coded(none))


def to_which(tracked: Tracked, open_ones: Sequence[Summary]) -> Card:
    """To which of the open incidents is it to be put?"""
    if not open_ones:
        return Card(text=("No incident is open. Declare one with the buttons under the alert.",))
    buttons = tuple(
        Button(label=f"#{one.number} {shorten(one.title, 50)}", does=f"#{one.number} attach {tracked.name}")
        for one in open_ones
    )
    return Card(title="To which incident?", text=(f"“{shorten(tracked.alert.title, 150)}”",), buttons=buttons)


def taken(tracked: Tracked, incident: Summary) -> Card:
    """Somebody was faster."""
    by = f" by {tracked.by}" if tracked.by else ""
    if incident.private:
        return Card(text=(f"That alert was taken up already{by}.",))
    join_it = Button(label="Join", does=f"#{incident.number} join", style=ButtonStyle.PRIMARY)
    where: Text = (Room(name=incident.channel_name, refs=incident.refs),) if incident.refs else (incident.channel_name,)
    return Card(text=(f"That alert was taken up already{by}: #{incident.number}, ", *where, "."), buttons=(join_it,))


def offered(tracked: Tracked) -> Card:
    """It is offered after all."""
    return Card(text=("Its buttons are back: say what it is.",))
