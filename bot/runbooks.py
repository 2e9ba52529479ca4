"""Runbooks: which of them help with an incident, and which are meant by somebody's words."""

import re
from collections.abc import Mapping

from rapidfuzz import fuzz

from bot.incident import Incident
from bot.playbook.help import Runbook
from bot.playbook.part import fold
from bot.playbook.process import Severity
from bot.playbook.shape import Playbook

MOST = 5
"""Runbooks that are pinned or found at once; more help nobody."""
OF_ALERT = "Runbook that the alert names"
LIKE = 72.0
"""From this similarity on (0 to 100) a runbook counts as one that somebody meant."""


def fitting(incident: Incident, playbook: Playbook) -> list[Runbook]:
    """The runbooks that match an incident, those with a match rule first."""
    found = [
        book
        for book in playbook.runbooks
        if playbook.applies(book.severities, incident.severity) and helps(book, incident)
    ]
    return sorted(found, key=lambda book: not book.ruled)


def helps(book: Runbook, incident: Incident) -> bool:
    """Whether a runbook helps with an incident: by its title, its component, or by what its alert says."""
    alerted = incident.progress.alerts
    return book.matches(spoken(incident), incident.component, alerted.labels if alerted is not None else None)


def spoken(incident: Incident) -> str:
    """The words by which runbooks are found: the title, and what the alert says beside it."""
    alerted = incident.progress.alerts
    return f"{incident.title}\n{alerted.text}" if alerted is not None and alerted.text else incident.title


def matching(incident: Incident, playbook: Playbook) -> list[Runbook]:
    """As many of them as are pinned, and before all the one that the incident's own alert names."""
    alerted, found = incident.progress.alerts, fitting(incident, playbook)
    if alerted is not None and alerted.runbook:
        known = next((book for book in playbook.runbooks if book.url == alerted.runbook), None)
        own = known or Runbook(title=OF_ALERT, url=alerted.runbook)
        found = [own, *(book for book in found if book is not own)]
    return found[:MOST]


def at_least(
    playbook: Playbook, title: str, component: str | None = None, labels: Mapping[str, str] | None = None
) -> tuple[Severity, Runbook] | None:
    """The severity that trouble of this title always has at least, and the runbook that says so.

    Which severities a runbook is for does not count here: it says that none below is right.
    """
    found = [
        (severity, book)
        for book in playbook.runbooks
        if (severity := playbook.severity(book.at_least)) is not None and book.matches(title, component, labels)
    ]
    return min(found, key=lambda one: playbook.rank(one[0].name), default=None)


def named(playbook: Playbook, words: str) -> Runbook | None:
    """The runbook of this name or title."""
    wanted = fold(words)
    return next((book for book in playbook.runbooks if wanted in (fold(book.key), fold(book.title))), None)


def find(playbook: Playbook, words: str) -> list[Runbook]:
    """The runbooks that somebody may mean by these words, the likeliest first."""
    exact = named(playbook, words)
    if exact is not None:
        return [exact]
    scored = [(_likeness(book, words), book) for book in playbook.runbooks]
    likely = sorted((one for one in scored if one[0] >= LIKE), key=lambda one: -one[0])
    return [book for _, book in likely[:MOST]]


def _likeness(book: Runbook, words: str) -> float:
    """How like a runbook's own words each of the typed words is, on the average, or all of them as one: 0 to 100."""
    own = [word for symptom in book.symptoms for word in symptom.words]
    theirs = _words(" ".join((book.key, book.title, *book.words, *own)))
    typed = _words(words)
    if not typed:
        return 0
    each = [max(fuzz.ratio(word, other) for other in theirs) for word in typed]
    return max(sum(each) / len(each), max(fuzz.ratio("".join(typed), other) for other in theirs))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())
