"""Several incidents, one a line."""

from collections.abc import Sequence

from bot.card import Bold, Card, Code, Room, Span, Style, When
from bot.messages.answers import worst
from bot.playbook.shape import Playbook
from bot.store import Summary


def incidents(title: str, found: Sequence[Summary], *, empty: str) -> Card:
    """Incidents, one a line."""
    text: list[str | Span] = []
    for one in found:
        mark = "DRILL · " if one.drill else "🔒 " if one.private else ""
        text += [
            "\n" if text else "",
            Bold(text=f"#{one.number}"),
            f" {mark}{one.severity.upper()} · {_short(one.title)} · {one.status} · ",
            When(at=one.declared_at, style=Style.RELATIVE),
            " · ",
            Room(name=one.channel_name, refs=one.refs),
            f" · {one.commander}" if one.commander else "",
        ]
    return Card(title=title, text=tuple(part for part in text if part) or (empty,))


def found(words: str, those: Sequence[Summary], playbook: Playbook) -> Card:
    """Incidents with these words; where there is none, also how one is declared: that may have been meant."""
    title = f"Incidents with “{words}”"
    if those:
        return incidents(title, those, empty="")
    declare = Code(text=f"/incident {worst(playbook)} …")
    return Card(title=title, text=("None found. Fewer words find more; ", declare, " declares one."))


def _short(title: str) -> str:
    """A title that leaves a list readable."""
    return title if len(title) <= 80 else f"{title[:79]}…"
