"""Patterns: a playbook's own regular expressions, which read the posts of senders that Tocsin does not know.

What an alert is kept under has to be the same while it fires and when it is over, though the two posts may have no word
in common (“Deployment failed: api”, “Deployment ready”). So it is settled by the pattern, and by nothing that only one
of the two posts could say:

- A pattern with a group ``key`` keeps one alert for each key, one with a group ``component`` one for each component.
  The clearing post says which by the same group, be it of ``clears`` or, where it matches as well, of ``pattern``.
- Any other pattern that has ``clears`` keeps one alert in all, which whatever clears it clears.
- One without ``clears`` never hears of the end, and keeps one alert for each title.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import regex
import structlog

from bot.alerts import words
from bot.alerts.alert import Alert, AlertState, dedupe
from bot.alerts.measures import measures
from bot.alerts.post import Post
from bot.playbook.outside import Pattern

PATIENCE = 0.05
"""Seconds within which an expression has to match: what takes longer counts as no match."""
LOOKED_AT = 4000
"""Characters of a post that are looked at."""
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Found:
    """What an expression found: its groups, as far as they say anything."""

    line: str
    groups: dict[str, str]

    def get(self, name: str) -> str:
        return self.groups.get(name, "")


def read(post: Post, patterns: Iterable[Pattern]) -> list[Alert] | None:
    """The alert that the first pattern which matches reads out of a post; ``None`` where none does."""
    text = post.text[:LOOKED_AT]
    for pattern in patterns:
        found = _search(pattern.name, pattern.pattern, text)
        # “Unhealthy” is no good news, though the word for it is in there.
        over = _search(pattern.name, pattern.clears, words.plain(text)) if pattern.clears else None
        if found is not None or over is not None:
            return [_alert(post, pattern, found=found, over=over)]
    return None


def _alert(post: Post, pattern: Pattern, *, found: _Found | None, over: _Found | None) -> Alert:
    said = {**(over.groups if over else {}), **(found.groups if found else {})}
    line = found.line if found else over.line if over else ""
    title = said.get("title", "") or line or post.title
    return Alert(
        source=pattern.name,
        key=_key(pattern, said, title=title),
        state=AlertState.CLEARED if over else AlertState.FIRING,
        title=title,
        text=post.text,
        severity=said.get("severity", ""),
        component=said.get("component", ""),
        labels=post.fields,
        link=said.get("url", "") or _link(post),
        started_at=None if over or post.edited else post.at,
        measures={} if over else measures(title, post.text),
        posted=post.place,
        delivery=post.key,
    )


def _key(pattern: Pattern, said: dict[str, str], *, title: str) -> str:
    if said.get("key"):
        return dedupe(pattern.name, "key", said["key"])
    if said.get("component"):
        return dedupe(pattern.name, "component", said["component"])
    if pattern.clears:
        return dedupe(pattern.name, "any")
    return dedupe(pattern.name, "title", words.lasting(title) or title)


def _link(post: Post) -> str:
    titled = next((part.link for part in post.parts if part.link), "")
    return titled or next(iter(post.addresses), "") or post.url


def _search(name: str, expression: str, text: str) -> _Found | None:
    compiled = _compiled(name, expression)
    if compiled is None:
        return None
    try:
        found = compiled.search(text, timeout=PATIENCE)
    except TimeoutError:
        _tell_of_slowness(name, expression)
        return None
    if found is None:
        return None
    groups = {group: said.strip() for group, said in found.groupdict().items() if said and said.strip()}
    return _Found(line=found.group().strip(), groups=groups)


@lru_cache(maxsize=512)
def _compiled(name: str, expression: str) -> "regex.Pattern[str] | None":
    """An expression, compiled once; ``None`` where it is none, which the playbook's own check has told before."""
    try:
        return regex.compile(expression)
    except (regex.error, OverflowError, RecursionError) as error:
        _log.warning("alert pattern cannot be read", pattern=name, error=str(error))
        return None


@lru_cache(maxsize=512)
def _tell_of_slowness(name: str, expression: str) -> None:
    """Once for each expression, however many posts it takes too long for."""
    _log.warning("alert pattern takes too long, so its sender's posts are not read", pattern=name, seconds=PATIENCE)
