"""What calendars say of on-call, and what people are told of where theirs is."""

from bot.card import Card, Link, Text
from bot.importing.writing import plain
from bot.messages.lengths import shorten
from bot.people import Person
from bot.playbook.escalation import Rotation
from bot.playbook.shape import Playbook
from bot.rotations import Shift

TITLE = 100
"""Characters of a rotation's title, or of a name."""


def title(rotation: Rotation, person: Person | None, shift: Shift) -> str:
    """An entry of a rotation's calendar."""
    titled = shorten(plain(rotation.title), TITLE)
    if shift.person is None:
        return f"Nobody is on call: {titled}"
    name = person.name if person is not None else shift.person
    return f"{shorten(plain(name), TITLE)} is on call: {titled}"


def own(rotation: Rotation) -> str:
    """An entry of somebody's own calendar."""
    return f"On call: {shorten(plain(rotation.title), TITLE)}"


def about(playbook: Playbook, shift: Shift) -> str:
    """What stands below an entry."""
    if shift.person is None:
        why = shift.gap.value if shift.gap is not None else "not covered"
        return f"A gap in {playbook.name}: {why}."
    if shift.override is not None:
        because = plain(shift.override.because)
        return f"Stands in{': ' + shorten(because, 200) if because else ''}."
    return f"A turn of {playbook.name}."


def calendar(personal: str, rotations: list[tuple[str, str]]) -> Card:
    """Where somebody's calendars are: told to them alone."""
    lines: list[Text] = [
        (
            "Yours, with all your turns: ",
            Link(url=personal, label=personal),
            ". Whoever has this address reads it: keep it to yourself.",
        )
    ]
    lines += [(f"{shorten(plain(name), TITLE)}: ", Link(url=url, label=url)) for name, url in rotations]
    text = tuple(part for place, line in enumerate(lines) for part in (("\n",) if place else ()) + line)
    return Card(title="Calendars to subscribe to", text=text)


def off() -> str:
    """There are none."""
    return "Calendars are served by the running bot: ask for yours in chat."
