"""What is said of pages: how far one is, who has it, and whom to reach by hand where nobody could be paged."""

from bot.card import Bold, Button, ButtonStyle, Card, CardField, Code, Everyone, Text, Tone, When
from bot.durations import say_duration
from bot.incident import Incident
from bot.messages.words import people, stop, who
from bot.people import Person
from bot.playbook.escalation import Contact
from bot.playbook.shape import Playbook
from bot.progress import Page, PageStep, StepState

UNKNOWN_CONTACT = "no phone number in the playbook"
MOST = 20
"""People of whom the channel is told how to reach them."""


def page(incident: Incident, page: Page) -> Card:
    """One page as it should read now."""
    title = f"Page: {page.title}"
    if page.acknowledged_at is not None and page.acknowledged_by is not None:
        after = say_duration(page.acknowledged_at - page.at)
        has: Text = ("✓ ", *who(page.acknowledged_by), f" has it, {after} after the page ({page.how}).")
        return Card(tone=Tone.GOOD, title=title, text=has, fields=_so_far(page))
    if page.stopped_at is not None:
        return Card(title=title, text=(f"No longer needed: {stop(page.stopped)}",), fields=_so_far(page))
    have = Button(label="I have it", does=f"{incident.name} have {page.id}", style=ButtonStyle.PRIMARY)
    return Card(tone=Tone.ASK, title=title, text=_running(page), fields=_so_far(page), buttons=(have,))


def _running(page: Page) -> Text:
    why = because(page)
    if page.alone_at is not None:
        said = f"Everybody was paged, and {_none(page)}" if page.sent else "Nobody could be paged"
        return (f"{said}: how to reach them stands in a message of its own. ", why)
    now = [step for step in page.steps if step.stage == page.stage]
    paged: Text = ("Paging ", *people([step.person for step in now]), f" by {now[0].by} since ",
                   When(at=now[0].owed_at or page.at))  # fmt: skip
    return (*paged, ". ", why, *_next(page))


def because(page: Page) -> str:
    """Why somebody is paged, and who wants it."""
    if not page.why:
        return f"{page.by} asked for it."
    return f"{page.by or 'Why'}: {stop(page.why)}"


def _next(page: Page) -> Text:
    if page.next_at is None:
        return ()
    following = page.following
    if not following:
        return ("\nIf nobody answers by ", When(at=page.next_at), ", I tell this channel whom to call.")
    names = ", ".join(step.person.name for step in following)
    return ("\nIf nobody answers by ", When(at=page.next_at), f", I page {names} by {following[0].by}.")


def _so_far(page: Page) -> tuple[CardField, ...]:
    """What became of every step that was reached, and who cannot, unless there is nothing to tell yet."""
    told = [step for step in page.steps if step.state.settled and step.state is not StepState.LEFT]
    lines = [*(_line(step) for step in told), *(f"{person.name}: cannot" for person in page.cannot)]
    return (CardField(name="So far", value=("\n".join(lines),)),) if lines else ()


def _line(step: PageStep) -> str:
    shown = f"{step.person.name} by {step.by}"
    match step.state:
        case StepState.SENT:
            return f"{shown}: sent"
        case StepState.UNKNOWN:
            return f"{shown}: perhaps sent; I was stopped while I sent it, and went on"
    return f"{shown}: failed ({step.why})"


def alone(incident: Incident, playbook: Playbook, page: Page) -> Card:
    """Nobody is left to page: who they are and how to reach them, for everybody in the channel."""
    said = f"I paged everybody, and {_none(page)}" if page.sent else f"I could not page anybody for {page.title}"
    nobody = f" Nobody is {', '.join(page.nobody)} now." if page.nobody else ""
    text: Text = (Everyone(), f" {said}. {because(page)}{nobody} ", Bold(text="Please reach them yourselves."))
    meant = list({step.person.key: step.person for step in page.steps}.values())
    fields = tuple(CardField(name=person.name, value=(_reached(playbook, person),)) for person in meant[:MOST])
    if not meant:
        fields = tuple(CardField(name=_named(key, playbook), value=(_words(contact),))
                       for key, contact in list(playbook.contacts.items())[:MOST])  # fmt: skip
    have = Button(label="I have it", does=f"{incident.name} have {page.id}", style=ButtonStyle.PRIMARY)
    return Card(tone=Tone.CRITICAL, title=f"Nobody answers: {page.title}", text=text, fields=fields, buttons=(have,))


def _none(page: Page) -> str:
    """That nobody has it, and who said that they cannot."""
    cannot = ", ".join(person.name for person in page.cannot)
    return f"{cannot} cannot, and nobody else has answered" if cannot else "nobody has answered"


def _reached(playbook: Playbook, person: Person) -> str:
    """How to reach somebody by other means, as the playbook says; by their group's number where they have none."""
    contact = playbook.contacts.get(person.key)
    groups = [group for group in playbook.groups if person.key in group.members and group.key in playbook.contacts]
    if contact is not None:
        return _words(contact)
    if groups:
        return f"{groups[0].name}: {_words(playbook.contacts[groups[0].key])}"
    return UNKNOWN_CONTACT


def _words(contact: Contact) -> str:
    return " · ".join(filter(None, (contact.phone, contact.email))) or UNKNOWN_CONTACT


def _named(key: str, playbook: Playbook) -> str:
    known = playbook.person(key) or playbook.group(key)
    return known.name if known is not None else key


# For whoever typed


def paging(page: Page) -> Card:
    """Somebody is being paged now."""
    if page.alone_at is not None:
        said = f"I could not page anybody for {page.title}. The channel was told how to reach them."
        return Card(tone=Tone.ASK, text=(said,))
    names = ", ".join(dict.fromkeys(step.person.name for step in page.steps if step.stage == page.stage))
    return Card(text=(f"Paging {names}. The message in the channel shows who answers.",))


def already(page: Page) -> str:
    """They are being paged already."""
    return f"{page.title} is being paged already; the message in the channel shows how far that is."


def nobody(title: str) -> str:
    """A name that means nobody now."""
    return f"Nobody is {title} now, so I have paged nobody. Name a person, like `page @ana`, or ask in the channel."


def in_a_drill(title: str) -> Card:
    """A drill pages nobody."""
    return Card(text=(f"In earnest this would page {title}. A drill pages nobody.",))


def no_pager(title: str, playbook: Playbook, meant: tuple[Person, ...]) -> Card:
    """Nothing can be sent from here."""
    known = tuple(CardField(name=person.name, value=(_reached(playbook, person),)) for person in meant[:MOST])
    return Card(tone=Tone.ASK, text=(f"I cannot page {title} from here: please reach them yourself.",), fields=known)


def thanks(page: Page, *, had: bool) -> Card:
    """For whoever has it; ``had``: somebody else had it before."""
    if page.stopped_at is not None:
        said = "It is no longer needed, but you are welcome. "
    elif had and page.acknowledged_by is not None:
        said = f"{page.acknowledged_by.name} has it already; you are welcome all the same. "
    else:
        said = "Thank you: you have it, and nobody else is paged. "
    return Card(text=(said, Code(text="/incident catchup"), " shows privately what happened so far."))
