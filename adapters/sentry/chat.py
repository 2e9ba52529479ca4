"""What Sentry's own app posts on Slack and Discord: known by a link to an issue or a rule."""

import re

from adapters.sentry.keys import named, of_address
from bot.alerts.alert import Alert, AlertState
from bot.alerts.labels import component, severity
from bot.alerts.measures import measures
from bot.alerts.post import Post

_AUTHOR = re.compile(r"\bsentry\b", re.IGNORECASE)
_HOST = re.compile(r"https://(?:[\w-]{1,63}\.)?sentry\.io/")
_METRIC = re.compile(r"(?P<state>Critical|Warning|Resolved|Open): ")
_ENDED = re.compile(
    r"^\W*Issue (?:resolved|archived|ignored) by\b|\bmarked [A-Z0-9-]{1,80} as (?:resolved|ignored|archived)\b",
    re.IGNORECASE | re.MULTILINE,
)
_AGAIN = re.compile(r"^\W*Issue (?:re-?opened|unresolved|marked as ongoing)\b", re.IGNORECASE | re.MULTILINE)
_TALK = re.compile(r"^\W*Issue (?:un)?assigned\b|\bcommented on [A-Z0-9-]{1,80}\b", re.IGNORECASE | re.MULTILINE)
_LEVELS = (
    ("🔴", "error"),
    ("🔥", "fatal"),
    ("❗", "error"),
    ("🟡", "warning"),
    ("⚠", "warning"),
    ("🔵", "info"),
    ("🐛", "debug"),
)
"""The mark before a title, where the level is not said in words; Sentry uses one mark for errors and fatal ones."""
_MARKED = re.compile(r"^[^\w\[(“\"'<]+")
_LINKED = re.compile(r"\s*\(https?://[^\s()]{1,2000}\)\s*$")
_OF = re.compile(r"^\[(?P<project>[\w.-]{1,100})\]\s+")
_PROJECT = re.compile(
    r"^Project: (?:https?://\S{1,300}?/projects/)?(?!https?:)(?P<project>[\w.-]{1,100})", re.MULTILINE
)
"""Its name, or only the address that it leads to."""
SCANNED = 4000


def recognised(post: Post) -> list[Alert] | None:
    """The alert that a post tells of; ``None`` where it does not lead to Sentry, or Sentry only talks."""
    link = _leads(post)
    if not link:
        return None
    line, text = _titled(post, link), post.text[:SCANNED]
    ended, again = _ENDED.search(text), _AGAIN.search(text)
    if ended is None and again is None and _TALK.search(text):
        return []
    metric = _METRIC.match(line)
    over = metric["state"] == "Resolved" if metric is not None else ended is not None
    title = line[metric.end() :] if metric is not None else line
    return [
        Alert(
            source="sentry",
            key=of_address(link),
            state=AlertState.CLEARED if over else AlertState.FIRING,
            title=named(_OF.sub("", title)),
            text=text,
            severity=_severity(post, "" if metric is None or over else metric["state"].lower()),
            component=_component(post),
            labels=post.fields,
            link=link,
            measures={} if over else measures(text),
            posted=post.place,
            delivery=post.key,
        )
    ]


def _leads(post: Post) -> str:
    """The address of the issue or the rule. Of other authors only where a title leads there, at Sentry's own host: many
    bots mention an issue."""
    sentry = _AUTHOR.search(post.author) is not None
    links = post.addresses if sentry else tuple(part.link for part in post.parts if _HOST.match(part.link))
    return next((address for address in links if of_address(address)), "")


def _titled(post: Post, link: str) -> str:
    """The title: an embed's, else the line that leads to the issue, without its marks."""
    titled = next((part.title for part in post.parts if part.title.strip()), "")
    lines = [line.strip() for line in post.text[:SCANNED].splitlines() if line.strip()]
    linked = next((line for line in lines if link in line), "")
    line = titled or linked or next(iter(lines), "")
    return _LINKED.sub("", " ".join(_MARKED.sub("", line[:SCANNED]).split())).strip(" *")


def _severity(post: Post, said: str) -> str:
    if said:
        return said
    fields = {name.casefold(): value for name, value in post.fields.items()}
    beginnings = [line.strip()[:2] for line in post.text[:SCANNED].splitlines()]
    marked = (word for mark, word in _LEVELS for start in beginnings if start.startswith(mark))
    return severity(fields) or next(marked, "")


def _component(post: Post) -> str:
    fields = {name.casefold(): value for name, value in post.fields.items()}
    text = post.text[:SCANNED]
    project = _PROJECT.search(text) or _OF.search(next(iter(text.splitlines()), ""))
    return component(fields) or (project["project"] if project is not None else "")
