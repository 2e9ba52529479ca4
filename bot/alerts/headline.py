"""Headlines: how Alertmanager, and Grafana after it, title what they post about a group of alerts.

``[FIRING:2] InstanceDown (node critical)``: the state, the values of the labels it is grouped by, and in parentheses
those of the other labels that all have in common. Below may stand a block for each alert, with ``- name = value``.
"""

import re
from dataclasses import dataclass, field

from bot.alerts.alert import AlertState

_HEAD = re.compile(r"\[(?P<state>FIRING|RESOLVED)(?::\d{1,6})?(?:,\s?RESOLVED:\d{1,6})?\](?P<rest>[^\n]*)")
_PAIR = re.compile(r"\s*-\s(?P<name>[A-Za-z_][\w.:/-]{0,120}) = (?P<value>.*)")
_LINK = re.compile(r"(?P<name>Source|Silence|Dashboard|Panel):\s*(?P<url>https?://\S+)")
_OVER = re.compile(r"\W*(?:Alerts\s+)?Resolved\W*", re.IGNORECASE)
_BURNS = re.compile(r"\W*(?:Alerts\s+)?Firing\W*", re.IGNORECASE)
BLOCKS = 60
"""More alerts than that are not told apart; a post holds no more."""


@dataclass(frozen=True, slots=True)
class Headline:
    """A title, taken apart."""

    state: AlertState
    subject: str
    """The values that the alerts are grouped by."""
    rest: str
    """The values that they have in common beside."""

    @property
    def words(self) -> str:
        """As a person would call it."""
        return f"{self.subject} ({self.rest})".strip() if self.rest else self.subject


@dataclass(slots=True)
class Block:
    """What is written below the title of one alert."""

    over: bool
    labels: dict[str, str] = field(default_factory=dict)
    annotations: dict[str, str] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)


def headline(title: str, *, name: str = "") -> Headline | None:
    """Take a title apart; ``None`` for any other. ``name`` is the alert's, where it is known: it may itself hold
    parentheses."""
    found = _HEAD.match(title.strip())
    if found is None:
        return None
    over = found["state"] == "RESOLVED"
    subject, rest = _split(found["rest"].strip(), name.strip())
    return Headline(
        state=AlertState.CLEARED if over else AlertState.FIRING,
        subject=subject,
        rest=rest,
    )


def plain(title: str) -> str:
    """A title in one line, without the state that Alertmanager and Grafana put before what they send on to others."""
    line = " ".join(title.split())
    said = headline(line)
    return said.words if said is not None and said.words else line


def _split(text: str, name: str) -> tuple[str, str]:
    known = len(name) if name and text.startswith(name) else 0
    opens = _opens(text)
    if opens is None or opens < known or (opens > 0 and text[opens - 1] != " "):
        return text, ""
    return text[:opens].strip(), text[opens + 1 :].strip().removesuffix(")").strip()


def _opens(text: str) -> int | None:
    """Where the last parenthesis begins that reaches to the end; one that was cut off counts as well."""
    depth = 0 if text.endswith(")") else 1
    if depth and not text.endswith("…"):
        return None
    for place in range(len(text) - 1, -1, -1):
        depth += {")": 1, "(": -1}.get(text[place], 0)
        if depth == 0:
            return place
    return None


def blocks(text: str) -> list[Block]:
    """The alerts that are written out below a title."""
    found: list[Block] = []
    over, into, last = False, "", ""
    for line in text.splitlines():
        bare = line.strip()
        if _BURNS.fullmatch(bare) or _OVER.fullmatch(bare):
            over, into = bool(_OVER.fullmatch(bare)), ""
        elif bare == "Labels:":
            if len(found) >= BLOCKS:
                break
            found.append(Block(over=over))
            into = "labels"
        elif bare == "Annotations:" and found:
            into = "annotations"
        elif bare.startswith("Value:"):
            into = ""
        elif found and (link := _LINK.match(bare)):
            found[-1].links[link["name"].lower()] = link["url"]
            into = ""
        elif found and into and (pair := _PAIR.match(line)):
            last = pair["name"]
            getattr(found[-1], into)[last] = pair["value"].strip()
        elif into == "annotations" and last and bare:
            held = found[-1].annotations
            held[last] = f"{held.get(last, '')}\n{bare}".strip()
    return found
