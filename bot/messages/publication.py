"""What customers are told: the words for them, the draft that is shown first, and every sentence about it."""

from bot import templates
from bot.card import Button, ButtonStyle, Card, CardField, Code, Everyone, Link, Listing, Text, Tone, When, join
from bot.durations import say_duration
from bot.incident import Incident
from bot.intents import PAGES
from bot.messages import drafts
from bot.messages.lengths import cut
from bot.messages.words import asked_first, ring_first, who
from bot.playbook.shape import Playbook
from bot.progress import Condition, Drafted, DraftEnd, Publication, Told

COMMS = ("comms",)
"""The role that sees to what customers are told; where nobody holds it, whoever leads."""
LONGEST = 3000
"""Characters of a text for customers: as much as a form and a message show, so that people let out what they saw."""
CONDITIONS = {
    Condition.OPERATIONAL: "operational",
    Condition.DEGRADED: "degraded performance",
    Condition.PARTIAL: "partial outage",
    Condition.MAJOR: "major outage",
    Condition.MAINTENANCE: "under maintenance",
}
"""What people read of each."""


def words(incident: Incident, playbook: Playbook) -> str:
    """What customers could read of the incident now: the playbook's words for its status, else plain ones."""
    own = templates.customers(incident, playbook, incident.status)
    return cut(own or drafts.usual(incident, playbook, incident.status, page=False), LONGEST)


def whole(text: str) -> bool:
    """Whether nothing is missing in a text."""
    return drafts.UNKNOWN not in text


def draft(incident: Incident, playbook: Playbook, publication: Publication, drafted: Drafted) -> Card:
    """A text before customers see it; once that is decided, what became of it."""
    title = f"For customers: {drafted.word}"
    if drafted.end is not None:
        tone = Tone.GOOD if drafted.end is DraftEnd.TOLD else Tone.CALM
        return Card(tone=tone, title=title, text=_ended(drafted))
    page = playbook.status_page.url
    opens = () if publication.told else (f"It opens a public incident, “{publication.title}”. ",)
    where: Text = (Link(url=page, label=page),) if page else ("the status page",)
    gaps = () if whole(drafted.text) else (f" “{drafts.UNKNOWN}” stands for what nobody has said yet.",)
    asks = (*opens, "Customers read this on ", *where, " once somebody here lets it out:\n", Listing(text=drafted.text))
    return Card(
        tone=Tone.ASK,
        title=title,
        text=(*asks, *gaps),
        fields=_components(drafted),
        buttons=_buttons(incident, drafted),
        footer=("For ", *_lead(incident, playbook), ", or anybody here; ", Code(text="/incident publish …"),
                " tells them something else"),
    )  # fmt: skip


def _lead(incident: Incident, playbook: Playbook) -> Text:
    """Who sees to it, named."""
    one = asked_first(COMMS, incident, playbook)
    unmanned = incident.by_alert and one == incident.declared_by
    return ("whoever leads",) if unmanned else (one.name,)


def _buttons(incident: Incident, drafted: Drafted) -> tuple[Button, ...]:
    does = f"{incident.name} publish {drafted.id}"
    return (
        Button(label="Publish", does=does, style=ButtonStyle.PRIMARY),
        Button(label="Change the words", does=f"{does} change"),
        Button(label="Not this one", does=f"{does} skip"),
    )


def _components(drafted: Drafted) -> tuple[CardField, ...]:
    return tuple(CardField(name=name, value=(CONDITIONS[one],)) for name, one in drafted.components.items())


def _ended(drafted: Drafted) -> Text:
    by = who(drafted.ended_by) if drafted.ended_by is not None else ("Tocsin",)
    at: Text = (" at ", When(at=drafted.ended_at)) if drafted.ended_at is not None else ()
    match drafted.end:
        case DraftEnd.TOLD:
            return ("✓ ", *by, " let it out", *at, ":\n", Listing(text=drafted.text))
        case DraftEnd.LEFT:
            return ("Customers are not told this, ", *by, " decided", *at, ".")
    return ("No longer needed: the incident has moved on, or other words took its place.",)


def behind(incident: Incident, playbook: Playbook, publication: Publication, number: int) -> Card:
    """The page is behind the incident; once it is not, it says so in its place."""
    drafted, since = publication.draft, publication.behind_at
    if number < publication.behind or publication.behind_told_at is None or drafted is None or since is None:
        return Card(
            tone=Tone.GOOD, title="The status page is as it should be again", text=("✓ Nothing waits any more.",)
        )
    seen = f"still read “{publication.told[-1].word}”" if publication.told else "were told nothing yet"
    lasted = say_duration(publication.behind_told_at - since)
    return Card(
        tone=Tone.ASK,
        title="The status page is behind",
        text=(*_rings(incident, playbook), f": customers {seen}, and {incident.name} is {incident.status}. A text for "
              f"them has waited here for {lasted}: let it out, change it, or say that they need not hear it."),
        buttons=_buttons(incident, drafted),
    )  # fmt: skip


def _rings(incident: Incident, playbook: Playbook) -> Text:
    """Who sees to it, rung; everybody where only an alert is there."""
    unmanned = incident.by_alert and asked_first(COMMS, incident, playbook) == incident.declared_by
    return (Everyone(),) if unmanned else ring_first(COMMS, incident, playbook)


def on_card(publication: Publication | None) -> Text:
    """What customers see, for the live card, with the way there."""
    if publication is None or not (publication.told or publication.draft):
        return ()
    links = [(Link(url=page.url, label=PAGES.get(lane, lane)),) for lane, page in publication.pages.items() if page.url]
    seen: Text = (publication.told[-1].word if publication.told else "nothing yet",)
    waits = (", a text waits to be let out",) if publication.draft is not None else ()
    return (*seen, *((" · ", *join(links, " · ")) if links else ()), *waits)


# To whoever did it


def done(told: Told) -> str:
    """They are told."""
    return f"Customers are told: {told.word}."


def waits(drafted: Drafted) -> str:
    """Others have to see it first."""
    return f"The text for customers ({drafted.word}) waits in the channel until somebody lets it out."


def nothing_goes_out(incident: Incident) -> str:
    """Private incidents and drills are shown to nobody outside."""
    if incident.drill:
        return "This is a drill: customers are told nothing."
    return "This incident is private: nothing of it is ever published. `/incident update …` tells those in the channel."


def too_long(text: str) -> str:
    """Longer than people would see before it goes out."""
    return f"Too long for customers: {len(text)} characters, and {LONGEST} fit. Nothing was posted."


NO_PAGE = "No status page is connected, so I can publish nothing. `/incident draft` shows words to copy."
NONE_WAITS = "No text for customers waits. `/incident publish` shows what they could be told now."
WRITTEN_HERE = (
    "I write the status page myself: it follows what customers are told. `/incident publish …` tells them something."
)


def gone(number: int, last: Drafted | None) -> str:
    """The draft was decided meanwhile."""
    if last is None or last.id != number or last.end is None:
        return "That text does not wait any more. `/incident publish` shows what customers could be told now."
    by = last.ended_by.name if last.ended_by is not None else "Tocsin"
    return {
        DraftEnd.TOLD: f"{by} has let it out already.",
        DraftEnd.LEFT: f"{by} decided already that customers are not told this.",
        DraftEnd.REPLACED: "Other words took its place: they wait further down.",
    }[last.end]


# What the timeline says


def entry_told(told: Told) -> str:
    """Customers were told."""
    shown = ", ".join(f"{name}: {CONDITIONS[one]}" for name, one in told.components.items())
    return f"Customers were told ({told.word}{f'; {shown}' if shown else ''}): {told.text}"


def entry_drafted(drafted: Drafted) -> str:
    """A text waits."""
    return f"Drafted for customers ({drafted.word}): {drafted.text}"


def entry_left(drafted: Drafted) -> str:
    """Somebody decided against it."""
    return f"Customers are not told this ({drafted.word}): {drafted.text}"


def entry_behind(publication: Publication, incident: Incident) -> str:
    """Somebody was told that the page is behind."""
    seen = publication.told[-1].word if publication.told else "nothing"
    return f"The status page is behind: customers see {seen}, the incident is {incident.status}"


def entry_there(page: str, url: str) -> str:
    """The public incident is there."""
    return f"Public incident on {PAGES.get(page, page)}{f': {url}' if url else ''}"


def entry_unknown(page: str, names: tuple[str, ...]) -> str:
    """The page lacks components."""
    shown = ", ".join(f"“{name}”" for name in names)
    return f"{PAGES.get(page, page)} has no component {shown}: its state is not shown there"
