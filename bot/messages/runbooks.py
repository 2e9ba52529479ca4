"""Runbooks, as they are pinned, and as one person looks them up."""

from collections.abc import Iterable, Sequence

from bot.card import Bold, Button, Card, Code, Link, Span, Text, join
from bot.checklists import BOOK
from bot.incident import Incident
from bot.messages.lengths import shorten
from bot.messages.words import coded, linked
from bot.playbook.help import Runbook, Symptom
from bot.playbook.process import Severity
from bot.runbooks import spoken

SHORT = 60
"""Characters of a title on a button."""
OFFERED = 5
"""Buttons of one message."""


def pinned(incident: Incident, books: Sequence[Runbook]) -> Card:
    """The runbooks that match, as one message; of their tables only the rows that the title speaks of."""
    told = [_lines(_heading(book), *_rows(book.rows(spoken(incident))), linked(book.text.strip())) for book in books]
    buttons = tuple(_button(incident, book) for book in books if _openable(incident, book))
    return Card(title="📖 Runbooks", text=join(told, "\n\n"), buttons=buttons[:OFFERED])


def shown(incident: Incident | None, book: Runbook, also: Sequence[Runbook] = (), *, opened: bool = False) -> Card:
    """One runbook in full, for one person; ``also`` are others that may have been meant.

    Its steps are left out where they stand in the channel, ``opened`` just now or before.
    """
    standing = incident is not None and _key(book) in incident.progress.opened
    stands = f"Its steps ({_count(book)}) stand in the channel{' now' if opened else ''}, to be ticked."
    steps = [(f"{number}. ", *linked(step.text.strip())) for number, step in enumerate(book.steps, start=1)]
    below = [(stands,)] if standing else steps
    text = _lines(_where(book), linked(book.text.strip()), *_rows(book.symptoms), *below)
    mine = [_button(incident, book)] if incident is not None and _openable(incident, book) else []
    buttons = (*mine, *(_button(incident, other) for other in also))
    return Card(title=f"📖 {book.title}", text=text or ("It has no more than its title.",), buttons=buttons[:OFFERED])


def several(incident: Incident | None, books: Sequence[Runbook]) -> Card:
    """Several runbooks, one a line."""
    if not books:
        none = "No runbook matches this incident. `/incident runbook WORDS` looks among all of them."
        return Card(text=coded(none if incident is not None else "This process has no runbooks."))
    lines = [
        (*_heading(book), " · ", Code(text=f"/incident runbook {book.key}"), f" · {_count(book)}" if book.steps else "")
        for book in books
    ]
    buttons = tuple(_button(incident, book) for book in books[:OFFERED])
    title = f"Runbooks for {incident.name}" if incident is not None else "Runbooks"
    return Card(title=title, text=_lines(*lines), buttons=buttons)


def always(severity: Severity, book: Runbook, *, named: str) -> str:
    """Why it was declared at another severity than the one that was named."""
    return f"“{book.title}” is always {severity.name.upper()} at least: declared so, not as {named.upper()}."


def say_why(severity: Severity, book: Runbook, *, wanted: str) -> str:
    """A severity below what this kind of trouble always has needs a reason."""
    return (
        f"“{book.title}” is always {severity.name.upper()} at least. Say why this one is not, "
        f"like `/incident severity {wanted} because …`."
    )


def _heading(book: Runbook) -> Text:
    """Its title, as a link where it has an address; and where it lies."""
    title: Span = Link(url=book.url, label=book.title) if book.url else Bold(text=book.title)
    return (title, " ", Code(text=book.path)) if book.path else (title,)


def _where(book: Runbook) -> Text:
    link: Text = (Link(url=book.url, label=shorten(book.url.partition("://")[2], 200)),) if book.url else ()
    path: Text = (Code(text=book.path),) if book.path else ()
    return join([part for part in (link, path) if part], " ")


def _rows(rows: Iterable[Symptom]) -> list[Text]:
    """What one sees → what it probably is → how to be sure, one a line."""
    return [("• ", Bold(text=row.symptom), " → ", *linked(row.cause), " → ", *linked(row.check)) for row in rows]


def _lines(*lines: Text) -> Text:
    return join([line for line in lines if line], "\n")


def _count(book: Runbook) -> str:
    return "1 step" if len(book.steps) == 1 else f"{len(book.steps)} steps"


def _key(book: Runbook) -> str:
    return f"{BOOK}{book.key}"


def _openable(incident: Incident, book: Runbook) -> bool:
    return bool(book.steps) and _key(book) not in incident.progress.opened


def _button(incident: Incident | None, book: Runbook) -> Button:
    """Shows it; in an incident, where it has steps, opens them in the channel."""
    opens = "Steps: " if incident is not None and _openable(incident, book) else ""
    where = f"{incident.name} " if incident is not None else ""
    return Button(label=f"{opens}{shorten(book.title, SHORT)}", does=f"{where}runbook {book.key}")
