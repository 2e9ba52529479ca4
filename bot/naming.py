"""Names: an incident's channel by the playbook's template, and a severity however somebody spells it."""

import re
import unicodedata
from datetime import datetime
from zoneinfo import ZoneInfo

from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot.incident import Incident
from bot.playbook.process import Severity
from bot.playbook.shape import Playbook

LONGEST = 76
"""Of a channel's name in characters: Slack's 80 less room for a counter such as ``-12``."""
_templates = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)


_HIDDEN = re.compile("[\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069]")
"""Characters without a width, and those that turn the direction of what follows: no part of a title."""


def tidy(title: str) -> str:
    """A title on one line, without hidden characters; empty where nothing readable is left."""
    shown = "".join(mark for mark in _HIDDEN.sub("", title) if mark.isspace() or unicodedata.category(mark) != "Cc")
    line = " ".join(shown.split())
    return line if any(unicodedata.category(mark)[0] not in "CZM" for mark in line) else ""


def slug(title: str, *, longest: int = 50) -> str:
    """A title as part of a channel's name: lower case, letters of every script and digits, dashes between."""
    dashed = re.sub(r"[\W_]+", "-", title.casefold()).strip("-")
    return dashed[:longest].rstrip("-") or "incident"


def channel_name(playbook: Playbook, incident: Incident, *, now: datetime) -> str:
    """The channel's name before a counter is put behind it; the date is the playbook's own day."""
    day = now.astimezone(ZoneInfo(playbook.timezone))
    facts = {
        "date": f"{day:%Y-%m-%d}",
        "slug": slug(incident.title),
        "number": incident.number,
        "severity": slug(incident.severity),
    }
    name = _templates.from_string(playbook.channel).render(facts)
    return slug(name, longest=LONGEST)


def read_severity(line: str, playbook: Playbook) -> tuple[Severity | None, str]:
    """A severity at the beginning of a line (``sev1``, ``SEV 1``, ``SEV-1:``), and what follows it."""
    parts = line.split(maxsplit=2)
    if len(parts) > 1 and (two := playbook.severity(f"{parts[0]} {parts[1].rstrip(':')}")) is not None:
        return two, parts[2] if len(parts) > 2 else ""
    one = playbook.severity(parts[0].rstrip(":,-")) if parts else None
    return (one, line.strip()[len(parts[0]) :].strip()) if one is not None else (None, line)
