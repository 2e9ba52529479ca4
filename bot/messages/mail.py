"""The e-mail to customers: the draft that is approved, how the sending stands, and what went wrong with it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot import templates
from bot.card import Button, ButtonStyle, Card, Code, Listing, Span, Style, Text, Tone, When, join
from bot.incident import Incident
from bot.messages import drafts
from bot.messages.words import coded, stop, who
from bot.playbook.shape import Playbook
from bot.progress import End, Mailing, Refusal

TOLD = 5
"""Refused addresses that are named."""
SHOWN = 120
"""Characters of the mail server's own words that are shown."""
NOT_IN_DRILLS = "A drill: nothing is sent to anybody."
BY_HAND = "A private incident: I send nothing of it to anybody. Copy the draft and send it yourself."


@dataclass(frozen=True, slots=True)
class Letter:
    """The words of the e-mail."""

    subject: str
    text: str
    by: str = ""
    """Who wrote them; empty where they come from the record."""

    @property
    def gaps(self) -> bool:
        """Whether something in it is still to be said. Whoever writes three dots themselves means them."""
        return not self.by and drafts.UNKNOWN in f"{self.subject}{self.text}"


def letter(incident: Incident, playbook: Playbook) -> Letter:
    """As it would be sent now: somebody's own words, else those of the playbook, else plain ones."""
    kept = incident.progress.mail
    if kept is not None and kept.text:
        return Letter(kept.subject, kept.text, kept.worded_by)
    words = templates.customers(incident, playbook, templates.EMAIL)
    date = templates.facts(incident, playbook)["date"]
    subject = templates.subject(incident, playbook) or f"The problem of {date}"
    return Letter(subject, words or drafts.usual(incident, playbook, templates.EMAIL))


# The draft


def draft(incident: Incident, words: Letter, *, to: Sequence[str], digest: str, blocked: str) -> Card:
    """The draft, with what sends it as it stands here; ``blocked`` says why that cannot be yet."""
    send = Button(label="Send it", does=f"{incident.name} mail send {digest}", style=ButtonStyle.PRIMARY)
    footer = f"By {words.by}. " if words.by else "From the record. "
    return Card(
        tone=Tone.ASK,
        title="Draft: the e-mail to customers",
        text=(*_words(words.subject, words.text), f"\nTo {recipients(to)}, each by itself."),
        buttons=(
            *(() if blocked else (send,)),
            Button(label="Change the words", does=f"{incident.name} mail edit"),
            Button(label="Not needed", does=f"{incident.name} mail skip"),
        ),
        footer=(footer + (blocked or "It goes out as it stands here, and only once."),),
    )


def changed(card: Card) -> Card:
    """Somebody pressed *Send it* on words, or for recipients, that are not these any more."""
    note = "Not sent: this is not what you saw. The words, or who gets them, changed meanwhile.\n"
    return replace(card, text=(note, *card.text))


def by_hand(card: Card, why: str) -> Card:
    """The draft to be copied, where Tocsin could send but may not, or lacks something."""
    return replace(card, footer=(f"{why} ", *card.footer))


def _words(subject: str, text: str) -> Text:
    return ("Subject:\n", Listing(text=subject), "\nText:\n", Listing(text=text))


def recipients(to: Sequence[str]) -> str:
    """``15 recipients (customers: 14; ops@example.com)``."""
    lists: dict[str, int] = {}
    for one in to:
        lists[one] = lists.get(one, 0) + 1
    named = "; ".join(one if "@" in one else f"{one}: {many}" for one, many in lists.items())
    return f"{len(to)} recipient{'' if len(to) == 1 else 's'} ({named})"


# Why it is not sent


def gaps() -> str:
    """Something is still to be said."""
    return f"“{drafts.UNKNOWN}” stands for what nobody has said yet: change the words, then it can be sent."


def not_over(incident: Incident) -> str:
    """Only what is over is told of."""
    return f"It can be sent once {incident.name} is resolved."


def lacking(names: Sequence[str]) -> str:
    """Lists that nobody has."""
    said = " and ".join(f"“{name}”" for name in names)
    settings = " and ".join(f"MAIL_LIST_{name.upper().replace('-', '_')}" for name in names)
    return f"I cannot send it: there is no address in the list {said} (setting {settings})."


def too_many(number: int, most: int) -> str:
    """More than one sending takes."""
    return f"I cannot send it: {number} recipients, and I send to {most} at most. Give the list an address of its own."


def already(kept: Mailing) -> Text:
    """It was approved before."""
    by = kept.by.name if kept.by is not None else "Somebody"
    when: Text = (" ", When(at=kept.at)) if kept.at is not None else ()
    return (f"{by} sent it already,", *when, f", to {recipients(kept.to)}. It goes out once.")


def after_all(card: Card, kept: Mailing) -> Card:
    """Somebody said that none is needed; it may be sent all the same."""
    note = f"{kept.needless_by} said that none is needed: {stop(kept.needless_because)}\n"
    return replace(card, text=(note, *card.text))


# How it stands


def standing(incident: Incident, kept: Mailing) -> Card:
    """The one message about it in the channel."""
    by: Text = ("Approved by ", *who(kept.by)) if kept.by is not None else ()
    when: Text = (" ", When(at=kept.at, style=Style.MOMENT)) if kept.at is not None else ()
    head: Text = (*by, *when, f". To {recipients(kept.to)}.\n")
    footer: Text = (f"Subject: {kept.subject}",)
    if kept.waiting:
        until: Text = (", until ", When(at=kept.until)) if kept.until is not None else ()
        many = f"{len(kept.waiting)} to go" if kept.ends else "on its way"
        return Card(title="E-mail to customers is being sent", text=(*head, many, *until, "."), footer=footer)
    well = kept.done_at is not None
    title = "E-mail to customers: sent" if well else "E-mail to customers: not with everybody"
    buttons = () if well else _rest(incident, kept)
    return Card(
        tone=Tone.GOOD if well else Tone.ASK,
        title=title,
        text=(*head, *_ends(kept)),
        buttons=buttons,
        footer=footer,
    )


def _ends(kept: Mailing) -> Text:
    """How many have it, and how many have not."""
    said = [
        (kept.count(End.SENT), "the mail server took {}"),
        (kept.count(End.REFUSED), "it refused {}"),
        (kept.count(End.PERHAPS), "{} may have been sent, or not"),
        (kept.count(End.LEFT), "it did not take {} in time"),
    ]
    counted = "; ".join(words.format(many) for many, words in said if many)
    looked = f" {kept.looked_by} looked where it was in doubt." if kept.looked_by else ""
    return (f"{counted[:1].upper()}{counted[1:]}.{looked}",)


def _rest(incident: Incident, kept: Mailing) -> tuple[Button, ...]:
    if not kept.open:
        return ()
    rest = Button(label=f"Send to the rest ({len(kept.open)})", does=f"{incident.name} mail rest {kept.turn}")
    looked = Button(label="They have it", does=f"{incident.name} mail done", style=ButtonStyle.PRIMARY)
    return (looked, rest)


def trouble(incident: Incident, kept: Mailing) -> Card:
    """Somebody has to look: told once for each sending."""
    parts: list[Text] = []
    if kept.refused:
        parts.append((f"The mail server refused {kept.count(End.REFUSED)} of {len(kept.to)}:", *_refused(kept)))
    if perhaps := kept.count(End.PERHAPS):
        parts.append((f"Whether {perhaps} of {len(kept.to)} went out I do not know: the answer was lost, and a mail "
                      "server cannot be asked. Look there; I send nothing twice by myself.",))  # fmt: skip
    if left := kept.count(End.LEFT):
        why = f": “{kept.why[:SHOWN]}”" if kept.why else ""
        parts.append((f"The mail server did not take {left} of {len(kept.to)} in time{why}.",))
    return Card(
        tone=Tone.ASK,
        title="E-mail to customers: please look",
        text=join(parts, "\n"),
        buttons=_rest(incident, kept),
    )


def _refused(kept: Mailing) -> Text:
    rows: list[str | Span] = []
    for one in kept.refused:
        rows += ["\n", Code(text=one.address), f" {one.why[:SHOWN]}"]
    more = kept.count(End.REFUSED) - len(kept.refused)
    return (*rows, f"\nand {more} more") if more > 0 else tuple(rows)


# For the timeline


def approved(kept: Mailing) -> str:
    """Who gets it."""
    return f"Approved the e-mail to customers “{kept.subject}”, to {recipients(kept.to)}"


def sent_again(kept: Mailing, number: int) -> str:
    """Once more to those of whom it was not sure."""
    return f"Sends the e-mail to customers to {number} of {len(kept.to)} once more"


def over(kept: Mailing) -> str:
    """``E-mail to customers: 12 of 14 sent, 1 refused, 1 perhaps sent``."""
    said = {End.REFUSED: "refused", End.PERHAPS: "perhaps sent", End.LEFT: "not sent"}
    rest = "".join(f", {many} {words}" for end, words in said.items() if (many := kept.count(end)))
    return f"E-mail to customers: {kept.count(End.SENT)} of {len(kept.to)} sent{rest}"


def refusal(address: str, why: str) -> Refusal:
    """As it is kept."""
    return Refusal(address=address, why=" ".join(why.split())[:SHOWN])


def untouched() -> Card:
    """There is nothing of the kind."""
    return Card(text=coded("Nothing was sent yet. `/incident draft email` shows what would be."))
