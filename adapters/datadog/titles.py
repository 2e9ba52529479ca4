"""Its titles: by webhook ``[Triggered on {host:a}] CPU is high``, in chat ``Triggered: [P1] CPU is high on host:a``."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from bot.alerts.alert import AlertState

STATES = {
    "triggered": AlertState.FIRING,
    "re-triggered": AlertState.FIRING,
    "warn": AlertState.FIRING,
    "re-warn": AlertState.FIRING,
    "no data": AlertState.FIRING,
    "re-no data": AlertState.FIRING,
    "renotify": AlertState.FIRING,
    "recovered": AlertState.CLEARED,
}
"""Datadog's words for what happened; case does not matter."""
SILENT = ("muted", "unmuted")
"""Words for what changes nothing about the alert itself."""
_WORD = r"(?P<word>(?:re-)?triggered|(?:re-)?warn|(?:re-)?no data|renotify|recovered|muted|unmuted)"
_BRACKETS = re.compile(
    rf"\[{_WORD}(?: on \{{(?P<group>[^{{}}\]]{{0,300}})\}})?(?: - [^\]]{{0,100}})?\]\s*", re.IGNORECASE
)
_COLON = re.compile(rf"{_WORD}\s?:\s*", re.IGNORECASE)
_PRIORITY = re.compile(r"\[(P[1-5])\]\s*", re.IGNORECASE)
_TEST = re.compile(r"\[TEST\]\s*", re.IGNORECASE)
_SUFFIX = re.compile(r"\son\s(?P<group>[\w./-]{1,80}:[^\s,{}]{1,120}(?:,\s?[\w./-]{1,80}:[^\s,{}]{1,120}){0,9})$")
MONITOR = re.compile(
    r"https://(?:[\w-]{1,40}\.){0,3}(?:datadoghq\.(?:com|eu)|ddog-gov\.com)/monitors?[/#]{1,2}(\d{1,20})(?!\d)[^\s)\]]*"
)


@dataclass(frozen=True, slots=True)
class Title:
    """A title, taken apart."""

    word: str
    """What happened, in small letters; empty where it does not say so."""
    group: str
    """The tags of the group it is about, sorted; empty where it names none."""
    priority: str
    test: bool
    rest: str
    """The name of the monitor, with the group behind it where the sender puts it there."""


def title(written: str) -> Title:
    """Take a title apart."""
    line = written.strip()[:500]
    test, line = bool(_TEST.search(line)), _TEST.sub("", line)
    priority = _PRIORITY.search(line[:120])
    line = line.replace(priority[0], "", 1) if priority is not None else line
    begins = _BRACKETS.match(line) or _COLON.match(line)
    if begins is not None:
        line = line[begins.end() :]
    if line.startswith("[") and line.endswith("]") and line.count("[") == 1:
        line = line[1:-1]
    named = begins.groupdict().get("group") if begins is not None else ""
    suffix = _SUFFIX.search(line)
    return Title(
        word=begins["word"].lower() if begins is not None else "",
        group=group(named or (suffix["group"] if suffix is not None else "")),
        priority=priority[1].upper() if priority is not None else "",
        test=test,
        rest=line.strip(),
    )


def group(tags: str) -> str:
    """A group's tags in one order; nothing for a monitor that has no groups."""
    several = sorted({tag.strip() for tag in tags.split(",") if tag.strip() not in ("", "*", "total")})
    return ",".join(several)


def group_of(address: str) -> str:
    """The group that a link to a monitor names."""
    try:
        return group(parse_qs(urlsplit(address).query, max_num_fields=20).get("group", [""])[0])
    except ValueError:
        return ""
