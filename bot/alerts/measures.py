"""Measures: the figures that an alert states in words, in one unit each, for a playbook's thresholds.

Only what is said is read. A limit that is said to be exceeded counts as a figure just above it; a threshold, a target
or a value that something stays below counts for nothing.
"""

import math
import re
from collections.abc import Iterator, Mapping

from bot.alerts.alert import Measure

LONGEST = 4000
"""Characters that are looked through."""
_FIGURE = r"(?<![\w.,-])(?P<figure>\d{1,9}(?:[.,]\d{1,6})*)"
_PERCENT = r"\s?(?:%|percent\b|per cent\b|pct\b)"
_SPAN = (
    r"(?<![\w.,-])(?P<span>\d{1,9}(?:[.,]\d{1,6})?\s?"
    r"(?:ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?)\b"
    r"(?:\s?\d{1,2}\s?(?:s|secs?|seconds?|m|mins?|minutes?)\b)*)"
)
_TO = r"(?P<between>[^\n%;]{0,60}?)"
_SHORT = r"(?<![\w.,-])(?P<span>\d{1,9}(?:[.,]\d{1,6}){0,2}\s?(?:ms|milliseconds?|s|secs?|seconds?)\b)"
"""Nothing answers within minutes: with a response time they say over how long it was measured."""
_NOW = r"[^\n]{0,90}?\b(?:current(?:ly)?|actual|now|value)(?: value)?(?P<between>\W{0,3}(?:is )?)"
"""What it is now, where a limit was said before."""
_RATE = r"\b(?:errors?|failure|5xx)[ _-]?(?:rate|ratio|percentage)"
_ANSWER = r"\b(?:response[ _-]?times?|latency|responds? in)"
_ITEMS = r"(?:items?|jobs?|messages?|tasks?|events?|requests?|documents?|entries)"
_IS = (
    r"(?P<between>(?:\s+(?:of|for|in|on)\s+[\w./-]{1,60})?[\s:=]{0,3}"
    r"(?:(?:is|was|has|reached|now|currently|at)\s+){0,3}(?:[^\d\n]{0,14}\s?)?)"
)
_PATTERNS: dict[Measure, tuple[re.Pattern[str], ...]] = {
    measure: tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)
    for measure, patterns in {
        Measure.ERRORS: (
            _RATE + _TO + _FIGURE + _PERCENT,
            _RATE + _NOW + _FIGURE + _PERCENT,
            _FIGURE + _PERCENT
            + r"\s(?:error|failure|5xx)[ -]?(?:s\b|rate|ratio|responses)",
            _FIGURE + _PERCENT
            + r"\s(?:of )?(?:all |the )*(?:requests|responses|calls|traffic|jobs)\b[^\n.;]{0,40}?\b(?:fail|err)",
        ),
        Measure.RESPONSE: (
            _ANSWER + _TO + _SHORT,
            _ANSWER + _NOW + _SHORT,
            r"\btook " + _SHORT + r" to (?:respond|answer|load)",
        ),
        Measure.DOWNTIME: (
            r"(?<!slow )(?<!scale )(?<!scaled )(?<!shut )(?<!cool )\b"
            r"(?:down|unavailable|unreachable|offline|not responding|downtime)(?=[\s:])"
            r"(?P<between>[\s:]{1,2}(?:(?:of|is|has been|for|already)\s+){0,3}(?:[^\d\n]{0,14}\s?)?)" + _SPAN,
        ),
        Measure.QUEUE: (
            r"\b(?:queue|backlog)[ _-](?:depth|length|size)" + _IS + _FIGURE + r"(?!\s?(?:%|ms\b|s\b))",
            _FIGURE + r"\s(?:" + _ITEMS
            + r"\s)?(?:are |is )?(?:(?:waiting |left |pending )?in (?:the |its )?(?:\w[\w-]{0,30} )?(?:queue|backlog)"
            + r"|queued)",
            r"\b(?:queue|backlog) of(?P<between>[^\d\n]{0,14}\s)" + _FIGURE + r"\s" + _ITEMS,
        ),
    }.items()
}  # fmt: skip
_ABOVE = re.compile(r"(?:above|over|exceed\w*|(?:more|greater|higher|longer) than|beyond|>)\W*$", re.IGNORECASE)
_NOT_IT = re.compile(
    r"(?:below|under|(?:less|fewer|lower|shorter) than|<=?|threshold|limit|target|objective|slo|normally|usually|within"
    r"|at most|up to|last|past)\W*(?:of|is|was|at)?\W*$",
    re.IGNORECASE,
)
_PART = re.compile(r"(\d+(?:[.,]\d+)?)\s?([a-z]+)", re.IGNORECASE)
_SECONDS = {"ms": 0.001, "millisecond": 0.001, "milliseconds": 0.001, "s": 1, "m": 60, "h": 3600}
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")


_WORDS = {
    Measure.ERRORS: ("error", "fail", "5xx"),
    Measure.RESPONSE: ("respon", "latency", "took "),
    Measure.DOWNTIME: ("down", "unavailable", "unreachable", "offline", "not responding"),
    Measure.QUEUE: ("queue", "backlog"),
}
"""One of these stands in every text that the patterns of a measure fit; most texts hold none."""
BEFORE = 16
"""Characters before a figure that say whether it is a limit, where the words for what it is stand behind it."""


def measures(*texts: str) -> dict[Measure, float]:
    """The figures that these texts state: percent, seconds, seconds, items; the highest of each."""
    text = "\n".join(texts)[:LONGEST]
    small = text.lower()
    found: dict[Measure, float] = {}
    for measure, words in _WORDS.items():
        if any(word in small for word in words):
            figures = list(_found(text, measure))
            if figures:
                found[measure] = max(figures)
    return found


def stated(named: Mapping[str, str]) -> str:
    """Names and values as a text, for :func:`measures`: ``queue_depth: 140``."""
    return "\n".join(f"{name}: {value}" for name, value in named.items())


def _found(text: str, measure: Measure) -> Iterator[float]:
    for pattern in _PATTERNS[measure]:
        for hit in pattern.finditer(text):
            named = hit.groupdict()
            between = named["between"] if "between" in named else text[max(0, hit.start() - BEFORE) : hit.start()]
            if _NOT_IT.search(between):
                continue
            value = _seconds(named["span"]) if named.get("span") else _number(named["figure"])
            yield math.nextafter(value, math.inf) if _ABOVE.search(between) else value


def _number(written: str) -> float:
    """``1,240`` is a thousand and more, ``7,2`` is seven and a bit."""
    if _THOUSANDS.fullmatch(written):
        return float(written.replace(",", ""))
    whole, _, rest = written.replace(",", ".").partition(".")
    return float(f"{whole}.{rest.replace('.', '') or 0}")


def _seconds(written: str) -> float:
    return sum(
        _number(amount) * _SECONDS.get(unit.lower(), _SECONDS.get(unit[0].lower(), 1))
        for amount, unit in _PART.findall(written)
    )
