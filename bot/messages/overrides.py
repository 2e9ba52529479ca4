"""What is said of overrides: on the timeline, in the rotation's channel, and to whoever is asked."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.card import Bold, Button, ButtonStyle, Card, Mention, Quote, Style, Text, When, join
from bot.messages.lengths import QUOTED, cut
from bot.messages.words import coded
from bot.people import Person, stranger
from bot.playbook.escalation import Rotation
from bot.playbook.part import named
from bot.playbook.shape import Playbook
from bot.rotations import Override, Shift

# On the timeline


def noted(one: Override, playbook: Playbook) -> str:
    """``Bo is on call (On-call) for Ana until 2026-11-20 18:00 UTC, because …``."""
    span = f"from {_clock(one.begins, one, playbook)} until {_clock(one.ends, one, playbook)}"
    why = f", because {one.because}" if one.because else ""
    return f"Cover, {_title(one, playbook)}: {_name(one.person, playbook)}{_instead(one, playbook)} {span}{why}"


def noted_end(one: Override, playbook: Playbook) -> str:
    """It was taken back."""
    return f"Cover taken back, {_title(one, playbook)}: {_name(one.person, playbook)}{_instead(one, playbook)}"


def who_did(key: str, playbook: Playbook) -> Person:
    """Whoever made it, or took it back; they may be in no playbook."""
    platform, _, handle = key.partition(":")
    return playbook.person(key) or (stranger(platform, handle, key) if handle else Person(key=key, name=key))


def _clock(at: datetime, one: Override, playbook: Playbook) -> str:
    """The wall clock in the rotation's zone."""
    rotation: Rotation | None = named(playbook.rotations, one.rotation)
    zone = (rotation.timezone if rotation is not None else None) or playbook.timezone
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} ({zone})"


def _title(one: Override, playbook: Playbook) -> str:
    rotation: Rotation | None = named(playbook.rotations, one.rotation)
    return rotation.title if rotation is not None else one.rotation


def _name(key: str, playbook: Playbook) -> str:
    return who_did(key, playbook).name


def _instead(one: Override, playbook: Playbook) -> str:
    return f" for {_name(one.instead_of, playbook)}" if one.instead_of is not None else ""


# In the channel, and to whoever made them


def told(one: Override, playbook: Playbook) -> Card:
    """One override, told once where the rotation's hand-overs are told; from then on it reads as it stands."""
    title = f"Cover: {_title(one, playbook)}"
    if one.taken_back is not None:
        text: Text = (f"{_name(one.person, playbook)} covers no more: ", *_by(one, playbook),
                      "The rota stands as before.")  # fmt: skip
        return Card(title=title, text=text)
    button = Button(label="Take it back", does=f"cover end {one.id}")
    return Card(title=title, text=(*line(one, playbook), *_why(one)), buttons=(button,))


def line(one: Override, playbook: Playbook) -> Text:
    """``Bo Lindqvist is on call for Ana Reyes, today 14:00 until today 16:00.``"""
    whose: Text = (" in place of ", *_who(one.instead_of, playbook)) if one.instead_of is not None else ()
    span: Text = (" from ", When(at=one.begins, style=Style.MOMENT), " until ", When(at=one.ends, style=Style.MOMENT))
    return (*_who(one.person, playbook), " is on call", *whose, *span, ".")


def done(made: Sequence[tuple[Override, Playbook]], *, several: bool = False) -> Card:
    """It is done; said to whoever did it. Of ``several`` playbooks it says which."""
    lines = [
        (Bold(text=_title(one, playbook)), f" ({playbook.title}): " if several else ": ", *line(one, playbook))
        for one, playbook in made
    ]
    buttons = [Button(label=_back(one, made), does=f"cover end {one.id}") for one, _ in made[:4]]
    after = coded("Pages and new incidents follow it. Who leads an open incident goes on: `take ROLE` takes it over.")
    return Card(text=(*join(lines, "\n"), "\n", *after), buttons=tuple(buttons))


def _back(one: Override, made: Sequence[tuple[Override, Playbook]]) -> str:
    return "Take it back" if len(made) == 1 else f"Take back {one.rotation}"[:75]


def ended(one: Override, playbook: Playbook, *, now_on: Person | None) -> Card:
    """It was taken back; and who is on call now."""
    on: Text = (Mention(person=now_on, quiet=True), " is on call now.") if now_on is not None else (
        "nobody is on call now.",)  # fmt: skip
    return Card(text=(f"Taken back. {_title(one, playbook)}: ", *on))


def taken_back(one: Override, playbook: Playbook, theirs: Sequence[Shift], *, by: Person) -> Card:
    """Somebody took a cover back; said to whoever stood in, and to whoever is on call by that: at these times."""
    text: Text = (Mention(person=by, quiet=True), " took back the cover by ", *_who(one.person, playbook), ". ")
    if not theirs:
        return Card(title=f"Cover taken back: {_title(one, playbook)}", text=(*text, "You are not on call by it now."))
    first, last = theirs[0].begins, theirs[-1].ends
    return Card(
        title=f"You are on call again: {_title(one, playbook)}",
        text=(*text, "So you are on call from ", When(at=first, style=Style.MOMENT), " until ",
              When(at=last, style=Style.MOMENT), *coded(". `/incident oncall when` shows your turns.")),
    )  # fmt: skip


def _who(key: str, playbook: Playbook) -> Text:
    return (Mention(person=who_did(key, playbook), quiet=True),)


def _why(one: Override) -> Text:
    return (" Because ", Quote(text=cut(one.because, QUOTED))) if one.because else ()


def _by(one: Override, playbook: Playbook) -> Text:
    return (*_who(one.taken_back_by, playbook), " took it back. ") if one.taken_back_by else ()


# Swaps


def asked(parts: Sequence[Override], playbook: Playbook, *, by: Person, id: int, because: str = "") -> Card:
    """Whether somebody agrees to a swap. Nothing has changed yet."""
    lines = [line(one, playbook) for one in parts]
    why: Text = ("\nBecause ", Quote(text=cut(because, QUOTED))) if because else ()
    return Card(
        title=f"Swap on-call turns? {_title(parts[0], playbook)}",
        text=(Mention(person=by, quiet=True), " asks you to swap:\n", *join(lines, "\n"), *why,
              "\nNothing changes until you say yes."),
        buttons=(
            Button(label="Yes, swap", does=f"swap yes {id}", style=ButtonStyle.PRIMARY),
            Button(label="No", does=f"swap no {id}"),
        ),
    )  # fmt: skip


def asking(other: Person, parts: Sequence[Override], playbook: Playbook) -> Card:
    """What was asked, said to whoever asks."""
    lines = [line(one, playbook) for one in parts]
    return Card(text=("I asked ", Mention(person=other, quiet=True), ". If they agree:\n", *join(lines, "\n"),
                      "\nUntil then nothing changes."))  # fmt: skip


def answered(other: Person, parts: Sequence[Override], playbook: Playbook, *, yes: bool) -> Card:
    """What became of it, said to whoever asked."""
    lines = [line(one, playbook) for one in parts]
    if yes:
        return Card(text=(Mention(person=other, quiet=True), " agrees, it is swapped:\n", *join(lines, "\n")))
    return Card(
        text=(Mention(person=other, quiet=True), " would rather not swap. Your turns stay as they are. ",
              *coded("`/incident oncall` shows the rota."))
    )  # fmt: skip
