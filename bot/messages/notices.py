"""What is posted once: updates, changes, the end, and what came late."""

from collections.abc import Sequence
from datetime import datetime

from bot import templates
from bot.card import Bold, Button, ButtonStyle, Card, CardField, Code, Mention, Quote, Room, Style, Text, Tone, When
from bot.durations import say_duration
from bot.incident import Handover, Incident, Offered
from bot.intents import PAGES
from bot.messages import alerts, freeze
from bot.messages.lengths import QUOTED, cut
from bot.messages.words import coded, level, reason, status, tone, who
from bot.people import Person
from bot.playbook.process import Need, Role, Severity
from bot.playbook.shape import Playbook
from bot.reader import Summary
from bot.timeline import Anchor

OUTSIDE = {"tracker": "The tracker", "git": "The repository", "forge": "The forge"} | PAGES
"""What people call a tool, by its lane."""


def update(incident: Incident, playbook: Playbook, *, text: str, by: Person) -> Card:
    """A status update, as posted."""
    due = incident.reminding.due_at
    footer: Text = ("by ", *who(by), f" · {status(incident, playbook)}")
    if due is not None:
        footer = (*footer, " · next update due ", When(at=due))
    words = templates.update(incident, playbook, text=text, by=by) or text
    return Card(tone=tone(incident, playbook), title="Status update", text=(words,), footer=footer)


def severity_changed(
    incident: Incident,
    old: Severity | None,
    new: Severity,
    *,
    because: str,
    by: str,
    needed: Sequence[Role] = (),
    follows: Sequence[str] = (),
) -> Card:
    """What a change of severity changes.

    ``needed`` are the roles that nobody holds and that it now asks for, ``follows`` what else the process makes of it.
    """
    cadence = f"an update is owed every {say_duration(new.cadence)}" if new.cadence else "no update is owed"
    if incident.reminding.first and new.cadence is None:
        cadence = "one update is owed"
    before = level(old, old.name) if old is not None else "an unknown one"
    text = [f"{by} changed it from {before}: from now on {cadence}.{reason(because)}"]
    if needed:
        text.append(f" Still needed: {', '.join(role.title for role in needed)}.")
    text += [f"\n{sentence}" for sentence in follows]
    due = incident.reminding.due_at
    footer: Text = ("Next update due ", When(at=due)) if due is not None else ()
    takes = tuple(Button(label=f"Take {r.title}"[:75], does=f"{incident.name} take {r.name}") for r in needed[:3])
    return Card(
        tone=new.tone, title=f"Severity is now {new.name.upper()}", text=tuple(text), buttons=takes, footer=footer
    )


def resolved(
    incident: Incident, playbook: Playbook, *, now: datetime, without: str = "", anchor: Anchor | None = None
) -> Card:
    """The resolution; ``without`` is what the playbook asks for and was not there, ``anchor`` how its record ends."""
    footer: Text = (f"Record: {anchor.short}",) if anchor is not None else ()
    end = incident.resolved_at or now
    fields = [
        CardField(name="Impact", value=_said(incident.impact, "/incident impact …")),
        CardField(name="Began", value=(When(at=incident.began_at, style=Style.MOMENT),)),
        CardField(name="Ended", value=(When(at=end, style=Style.MOMENT),)),
        CardField(name="Lasted", value=(say_duration(incident.lasted(now)),)),
        CardField(name="Fix", value=_said(incident.fix, "/incident resolve WHAT FIXED IT")),
    ]
    if incident.affected:
        fields.append(CardField(name="Affected", value=(incident.affected,)))
    left = [CardField(name="Resolved without", value=(without,))] if without else []
    worded = templates.resolution(incident, playbook)
    open_ends = " ".join(filter(None, (freeze.lifted(incident).strip(), alerts.never_cleared(incident))))
    if worded is not None:
        text: Text = (worded, f"\n{open_ends}") if open_ends else (worded,)
        return Card(tone=Tone.GOOD, title=f"Resolved: {incident.title}", text=text, fields=tuple(left), footer=footer)
    fields += [*_postmortem(incident, playbook), *left]
    return Card(
        tone=Tone.GOOD,
        title=f"Resolved: {incident.title}",
        text=(f"Reminders have stopped. {open_ends}".strip(),),
        fields=tuple(fields),
        footer=footer,
    )


def _postmortem(incident: Incident, playbook: Playbook) -> list[CardField]:
    """When the post-mortem is due, where one is owed, and how to say that it is there; or that one is recommended."""
    owed = incident.progress.deadlines.get("postmortem")
    severity = playbook.severity(incident.severity)
    recommended = severity is not None and severity.postmortem.need is Need.RECOMMENDED and not incident.drill
    if recommended and incident.progress.postmortem is None:
        either = "recommended: `/incident postmortem` drafts it, `/incident postmortem not needed because …` does not"
        return [CardField(name="Post-mortem", value=coded(either))]
    if owed is None or not owed.running:
        return []
    link = Code(text="/incident link https://… postmortem")
    draft = Code(text="/incident postmortem")
    due = When(at=owed.due_at, style=Style.MOMENT)
    says: Text = ("due ", due, "; ", link, " once it is published; ", draft, " drafts it")
    return [CardField(name=owed.title, value=says)]


def _said(what: str, types: str) -> Text:
    """What was said, or how to say it."""
    return (what,) if what else ("not stated yet: ", Code(text=types), " adds it")


def ended(incident: Incident, playbook: Playbook, *, cancelled: bool, because: str, by: str) -> Card:
    """Closed, or called off."""
    what = f"{by} called it off: a false alarm." if cancelled else f"{by} closed it."
    owes = any(deadline.running for deadline in incident.progress.deadlines.values()) and not cancelled
    once = ", once no deadline runs any more" if owes else ""
    keep = f" The channel is archived in {say_duration(playbook.archive_after)}{once}; "
    title = f"{'Cancelled' if cancelled else 'Closed'}: {incident.title}"
    back = coded("`/incident reopen` brings everything back.")
    return Card(tone=Tone.GOOD, title=title, text=(f"{what}{reason(because)}{freeze.lifted(incident)}{keep}", *back))


def reopened(incident: Incident, playbook: Playbook, *, by: str, because: str) -> Card:
    """It is on again."""
    due = incident.reminding.due_at
    footer: Text = ("Next update due ", When(at=due)) if due is not None else ()
    return Card(
        tone=tone(incident, playbook),
        title=f"Reopened: {incident.title}",
        text=(f"{by} reopened it.{reason(because)}",),
        footer=footer,
    )


def moved_house(incident: Incident, *, platform: str, old: str) -> Card:
    """The first words in a channel made because the old one (its id on the platform) could not be brought back."""
    return Card(
        title="A new channel for an old incident",
        text=("The old channel could not be brought back, so this one goes on. What was said before is in ",
              Room(name=incident.channel_name, refs={platform: old}), "."),
    )  # fmt: skip


def role_given(role: Role, person: Person, *, by: Person) -> Card:
    """Somebody was given a role by another: they are rung."""
    duties = f" {role.duties}." if role.duties else ""
    return Card(title=f"{role.title}", text=(Mention(person=person), f", {by.name} made you {role.title}.{duties}"))


def handover(incident: Incident, playbook: Playbook, offer: Handover) -> Card:
    """A role offered to somebody, and what became of it."""
    role = playbook.role(offer.role)
    title = role.title if role is not None else offer.role
    if offer.state is not Offered.OPEN:
        became = {
            Offered.ACCEPTED: (*who(offer.taker), f" took over as {title} from ", *who(offer.giver), "."),
            Offered.DECLINED: (*who(offer.taker), " declined; ", *who(offer.giver), f" stays {title}."),
            Offered.EXPIRED: ("No answer in time; ", *who(offer.giver), f" stays {title}."),
        }[offer.state]
        return Card(title=f"Handover of {title}", text=became)
    last = incident.last_update
    brief: Text = ("\n", Bold(text="Last update"), "\n", Quote(text=cut(last.text, QUOTED))) if last is not None else ()
    due = incident.reminding.due_at
    clock: Text = ("\nNext update due ", When(at=due), ".") if due is not None else ()
    return Card(
        tone=Tone.ASK,
        title=f"Handover of {title}",
        text=(Mention(person=offer.taker), ": ", *who(offer.giver), f" hands you {title}.", *brief, *clock,
              "\nThe offer ends ", When(at=offer.until, style=Style.RELATIVE), "; until somebody accepts, ",
              *who(offer.giver), f" stays {title}."),
        buttons=(
            Button(label="Accept", does=f"{incident.name} accept {offer.id}", style=ButtonStyle.PRIMARY),
            Button(label="Decline", does=f"{incident.name} decline {offer.id}"),
        ),
    )  # fmt: skip


def late(what: str, why: str, *, where: str = "") -> Card:
    """Told once, when part of the work has to wait: of the chat platforms together, of each tool (``where``: its lane)
    by itself.
    """
    if where:
        title = f"{OUTSIDE.get(where, where.capitalize())} has to wait"
        text: Text = (f"Not there yet: {what}. It answered “{why}”. I keep trying, nothing is lost, and here all goes "
                      "on as ever. ", Code(text="tocsin doctor"), " tells an operator how to mend it.")  # fmt: skip
        return Card(tone=Tone.MINOR, title=title, text=text)
    return Card(
        tone=Tone.MINOR,
        title="Part of the set-up is late",
        text=(f"Still to come: {what}. The platform answered “{why}”. I keep trying; everything else is in place.",),
    )


def given_up(what: str, why: str) -> Card:
    """Told once, when part of the work will not come."""
    return Card(
        tone=Tone.MINOR,
        title="One thing could not be done",
        text=(f"I could not do this: {what}. The platform answered “{why}”. The incident goes on without it; ",
              Code(text="tocsin doctor"), " tells an operator how to mend it."),
    )  # fmt: skip


def still_rings(person: Person, why: str) -> Card:
    """Told once, when a page that is over could not be ended at the pager."""
    return Card(
        tone=Tone.MINOR,
        title="A page is not ended at the pager",
        text=("Nobody is needed any more, but the pager did not let me end the page to ", *who(person),
              f": {why}. It may go on ringing. Please end it there."),
    )  # fmt: skip


def declared(incident: Incident, playbook: Playbook, *, follows: Sequence[str] = ()) -> Card:
    """The private answer to the declarer, once the channel is there; ``follows`` is what else the process made."""
    said: Text = ("You are in ", Room(name=incident.channel_name), f": {incident.name} is open.")
    return Card(tone=tone(incident, playbook), text=(*said, *(f"\n{sentence}" for sentence in follows)))


def duplicate(open_one: Summary, *, parked: int) -> Card:
    """Something like it is open already."""
    where = Room(name=open_one.channel_name, refs=open_one.refs)
    return Card(
        tone=Tone.ASK,
        title="Is it this one?",
        text=(f"#{open_one.number} “{open_one.title}” is open, since ", When(at=open_one.declared_at), ": ", where,
              ". Nothing was declared yet."),
        buttons=(
            Button(label="Join it", does=f"#{open_one.number} join", style=ButtonStyle.PRIMARY),
            Button(label="Declare anyway", does=f"declare anyway {parked}"),
        ),
    )  # fmt: skip
