"""Words: what the words of an alert say by convention: whether it is over, how bad it is, and what stays the same.

Nobody's grammar, so whatever is read here is a guess, unless a sender's adapter knows that its words are meant so.
"""

import re

from bot.alerts.alert import AlertState

SCANNED = 1000
"""Characters that are looked at; a title is shorter."""

_NOT = re.compile(
    r"\b(?:un|not[ -]|no[ -]longer[ -]|isn['’]t |never )(?:yet )?"
    r"(?:resolved|recovered|healthy|ready|restored|closed|cleared|acknowledged|acked|available|ok|okay|up|operational)\b"
    r"|\bresolved\s*[:=]\s*0\b",
    re.IGNORECASE,
)
"""What only looks like good news."""
_OVER = re.compile(
    r"\b(?i:resolved|recovered|recovery|ok|okay|cleared|restored|healthy|operational|back to normal)\b"
    r"|(?<![Cc]onnection )(?<![Ss]ocket )(?<![Ss]ession )(?<![Pp]ort )\b(?i:closed)\b(?! (?:unexpectedly|by peer))"
    r"|\bUP\b|\b(?i:(?:is|are|was|went|back|now|status:?|state:?) up)\b|^\W*(?i:up)\b"
)
"""Good news. A connection that is closed is none, and “up” only where something is: not in “heads up”."""
_TAKEN = re.compile(r"\b(?:acknowledged|acked|ack)\b", re.IGNORECASE)
_FIRING = re.compile(
    r"\b(?:firing|triggered|re-triggered|alarm|alarms|alert|alerts|alerting|down|critical|problem|no data|warn|warning"
    r"|unhealthy|failed|failing|failure|fails|error|errors|outage|degraded|unavailable|unresolved|started|opened)\b",
    re.IGNORECASE,
)
_MIXED = re.compile(r"\bfiring\s*:\s*[1-9]\d*\s*,\s*resolved\b", re.IGNORECASE)
"""Some of a group are over, others are not."""
_GONE = re.compile(
    r"\b(?:is|are|was|were|has been|have been|ready|succeeded|successful|passed|completed|up|un)\b", re.I
)
"""Words that come and go with the state, and that alone say nothing."""
_OPENING = re.compile(r"^\s*\[[^\]\[]{0,40}\]\s*|^\s*[\w -]{1,20}:\s+")
"""``[FIRING:2]`` or ``Triggered:`` before a title."""
_BAD = re.compile(
    r"(?<![A-Za-z0-9])(?P<word>critical|crit|fatal|emergency|disaster|major|minor|warning|warn|info"
    r"|sev(?:erity)?[ _-]?[0-5]|p[1-5])(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_SAID = re.compile(
    r"\b(?:severity|priority|level|urgency)\b[\"'*]*\s*[:=]\s*[\"'*]*(?P<word>[A-Za-z]+(?:[ _-]?\d)?)", re.IGNORECASE
)
"""Where it is said which word is meant: ``severity = critical``."""
_COUNTED = re.compile(r"[<>=~≈+-]*\d[\d.,:/T+-]*Z?(?:%|ms|us|s|sec|m|min|h|d|k|kb|mb|gb|x|rps|/s)?", re.IGNORECASE)
"""A figure, which may be another one the next time."""
_HOST = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?")


def plain(words: str) -> str:
    """The words without what only looks like good news: “unresolved”, “not healthy”, “resolved: 0”."""
    return _NOT.sub(" ", words)


def state(title: str) -> AlertState | None:
    """How an alert stands after its title; ``None`` where it does not say. What is over comes before what fires."""
    looked = title[:SCANNED]
    if _MIXED.search(looked):
        return AlertState.FIRING
    clean = plain(looked)
    if _OVER.search(clean):
        return AlertState.CLEARED
    if _TAKEN.search(clean):
        return AlertState.ACKNOWLEDGED
    return AlertState.FIRING if clean != looked or _FIRING.search(clean) else None


def severity(title: str, text: str = "") -> str:
    """The word for how bad it is: where the text says so outright, else one in the title that can mean nothing else.

    “High” and “error” are no such words: ``CPU high`` is the name of an alarm.
    """
    said = _SAID.search(text) or _SAID.search(title)
    if said is not None:
        return said["word"]
    found = _BAD.search(title[:SCANNED])
    return found["word"] if found is not None else ""


def opened(title: str) -> str:
    """The title without the state that it begins with, as people would call it."""
    found = _OPENING.match(title)
    if found is None or (state(found.group()) is None and not _MIXED.search(found.group())):
        return title.strip()
    return title[found.end() :].strip() or title.strip()


def lasting(title: str) -> str:
    """What stays the same in a title while it fires and when it is over: no state, no figures, no marks.

    What is left may be nothing, as of “OK”.
    """
    kept = title[:SCANNED]
    for pattern in (_MIXED, _NOT, _OVER, _TAKEN, _FIRING, _GONE):
        kept = pattern.sub(" ", kept)
    named = (word.strip(".,;:!?()[]{}*_`'\"“”|") for word in kept.split())
    return " ".join(word for word in named if any(map(str.isalnum, word)) and not _figure(word))


def _figure(word: str) -> bool:
    return _COUNTED.fullmatch(word) is not None and _HOST.fullmatch(word) is None
