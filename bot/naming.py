"""Names: an incident's channel by the playbook's template, and parts of the playbook however somebody spells them."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

import structlog
from rapidfuzz import fuzz, process

from bot.hidden import seen
from bot.incident import Incident
from bot.playbook import wording
from bot.playbook.facts import ALWAYS
from bot.playbook.part import fold
from bot.playbook.process import Severity
from bot.playbook.shape import Playbook

LONGEST = 76
"""Of a channel's name in characters: Slack's 80 less room for a counter such as ``-12``."""
MOST_WORDS = 5
"""Words that the name of a part of the playbook may have."""
NEAR = 65.0
"""From this similarity on (0 to 100) words count as a misspelled name."""
Named = TypeVar("Named")
USUAL = "incident-{{ date }}"
"""The name where the playbook's own template fails."""
log = structlog.get_logger()


def tidy(title: str) -> str:
    """A title on one line, without hidden characters; empty where nothing readable is left."""
    shown = "".join(mark for mark in seen(title) if mark.isspace() or unicodedata.category(mark) != "Cc")
    line = " ".join(shown.split())
    return line if any(unicodedata.category(mark)[0] not in "CZM" for mark in line) else ""


def slug(title: str, *, longest: int = 50) -> str:
    """A title as part of a channel's name: lower case, letters of every script and digits, dashes between."""
    dashed = re.sub(r"[\W_]+", "-", title.casefold()).strip("-")
    return dashed[:longest].rstrip("-") or "incident"


def channel_name(playbook: Playbook, incident: Incident, *, now: datetime) -> str:
    """The channel's name before a counter is put behind it; the date is the playbook's own day."""
    facts = named_by(playbook, incident, now=now)
    try:
        name = wording.render(playbook.channel, facts, known=ALWAYS)
    except wording.TemplateFailed as failed:
        log.warning("template_failed", playbook=playbook.name, template="channel", why=str(failed))
        name = wording.render(USUAL, facts, known=ALWAYS)
    return slug(name, longest=LONGEST)


def named_by(playbook: Playbook, incident: Incident, *, now: datetime) -> dict[str, str | int]:
    """The facts that a channel's name may be made of."""
    return {
        "date": f"{now.astimezone(ZoneInfo(playbook.timezone)):%Y-%m-%d}",
        "slug": slug(incident.title),
        "number": incident.number,
        "severity": slug(incident.severity),
    }


def read_severity(line: str, playbook: Playbook) -> tuple[Severity | None, str]:
    """A severity at the beginning of a line (``sev1``, ``SEV 1``, ``SEV-1:``), and what follows it."""
    parts = line.split(maxsplit=2)
    if len(parts) > 1 and (two := playbook.severity(f"{parts[0]} {parts[1].rstrip(':')}")) is not None:
        return two, parts[2] if len(parts) > 2 else ""
    one = playbook.severity(parts[0].rstrip(":,-")) if parts else None
    return (one, line.strip()[len(parts[0]) :].strip()) if one is not None else (None, line)


def read_name(words: str, names: Mapping[str, Named]) -> tuple[Named | None, str]:
    """What the beginning of the words names, by its folded name, and what follows it; a name may have several words."""
    parts = words.split()
    for count in range(min(MOST_WORDS, len(parts)), 0, -1):
        found = names.get(fold(" ".join(parts[:count]).lstrip("@").rstrip(":,.")))
        if found is not None:
            return found, " ".join(parts[count:])
    return None, words


def near_name(words: str, names: Mapping[str, Named]) -> Named | None:
    """What the beginning of the words probably means, where it names nothing."""
    parts = words.split()[:MOST_WORDS]
    tries = [fold(" ".join(parts[:count])) for count in range(1, len(parts) + 1)]
    near = [process.extractOne(each, names.keys(), scorer=fuzz.ratio, score_cutoff=NEAR) for each in tries]
    best = max((one for one in near if one is not None), key=lambda one: one[1], default=None)
    return names[best[0]] if best is not None else None
