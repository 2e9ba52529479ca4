"""Labels: which of them names what is hit, and which says how bad it is."""

import re
from collections.abc import Iterable, Mapping

from bot.alerts.levels import LOWEST, level

COMPONENTS = ("service", "component", "app", "application", "app_kubernetes_io_name", "service_name", "job")
"""Labels that name what is hit, in this order."""
SEVERITIES = ("severity", "priority", "level")
_SPOKEN = re.compile(
    r"(?<![\w-])(critical|crit|fatal|emergency|disaster|page|error|high|major|warning|warn|minor|medium|low|info|none"
    r"|sev-?[0-9]|p[0-9])(?![\w-])",
    re.IGNORECASE,
)


def component(labels: Mapping[str, str]) -> str:
    """What is hit; empty where no label names it."""
    return next((labels[name] for name in COMPONENTS if labels.get(name)), "")


def severity(labels: Mapping[str, str]) -> str:
    """How bad it is, in the sender's word; empty where no label says it."""
    return next((labels[name] for name in SEVERITIES if labels.get(name)), "")


def worst(words: Iterable[str]) -> str:
    """The worst of several words for how bad something is; a word that says nothing counts least."""
    return min((word for word in words if word), key=lambda word: level(word) or LOWEST + 1, default="")


def spoken(text: str) -> str:
    """A word for how bad something is that stands by itself in a line of words; the last, for labels that are sorted
    by name put the severity behind places and jobs. Empty where there is none."""
    found = _SPOKEN.findall(text)
    return found[-1] if found else ""
