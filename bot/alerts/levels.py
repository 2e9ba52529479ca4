"""Levels: how bad an alert is, from the many words that senders have for it to the playbook's severities."""

import re

from bot.playbook.process import Severity
from bot.playbook.shape import Playbook

WORDS = {
    **dict.fromkeys(("critical", "crit", "page", "fatal", "emergency", "emerg", "disaster", "alarm", "blocker"), 1),
    **dict.fromkeys(("high", "error", "err", "major", "urgent"), 2),
    **dict.fromkeys(("warning", "warn", "minor", "medium", "moderate", "average"), 3),
    **dict.fromkeys(("info", "information", "informational", "notice", "low", "none", "debug", "trivial"), 4),
}
"""Senders' words to how bad they are, 1 to 4, as most receivers in the field read them."""
_NUMBERED = re.compile(r"(?:sev|severity|s|p|prio|priority)[\s_-]?(?P<number>[0-9])", re.IGNORECASE)
LOWEST = 4


def level(word: str) -> int | None:
    """How bad a sender's word is, from 1 (worst) to 4; ``None`` where it says nothing."""
    bare = word.strip().casefold()
    numbered = _NUMBERED.fullmatch(bare)
    if numbered is not None:
        return min(LOWEST, max(1, int(numbered["number"])))
    return WORDS.get(bare)


def severity(playbook: Playbook, word: str) -> Severity | None:
    """The playbook's severity for a sender's word: its own names and other words first, else by how bad it is."""
    own = playbook.severity(word) if word.strip() else None
    if own is not None:
        return own
    found = level(word)
    return playbook.severities[min(found, len(playbook.severities)) - 1] if found is not None else None
