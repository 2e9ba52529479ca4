"""What Amazon Q in chat applications (once AWS Chatbot) posts about an alarm."""

import re
from urllib.parse import unquote

from bot.alerts import words
from bot.alerts.alert import Alert, AlertState, dedupe
from bot.alerts.measures import measures
from bot.alerts.post import Colour, Post

SCANNED = 4000
_TITLE = re.compile(
    r"CloudWatch Alarm \| (?P<name>[^\n]{1,300}?) \| (?P<region>[a-z]{2}(?:-[a-z]{1,12}){1,3}-\d{1,2})"
    r"(?: \| Account:? ?(?P<account>\d{12}))?"
)
_PAGE = re.compile(
    r"https://(?:[a-z0-9-]{1,30}\.)?console\.(?:aws\.amazon\.com|amazonaws\.cn|amazonaws-us-gov\.com)/cloudwatch/"
    r"[^\s#]{0,200}?region=(?P<region>[a-z0-9-]{1,30})[^\s#]{0,200}#alarmsV2:alarm/(?P<name>[^\s?]{1,1500})"
)
_ACCOUNT = re.compile(r"\bAccount(?: ID)?\W{1,6}(?P<account>\d{12})\b")
_STATE = re.compile(
    r"\b(?:changed state to|state is|new state|state)\W{1,6}(?P<state>ALARM|OK|INSUFFICIENT[_ ]DATA)\b", re.IGNORECASE
)
_MARKS = {"🚨": "ALARM", "🔴": "ALARM", "✅": "OK", "🟢": "OK", "❔": "INSUFFICIENT_DATA", "⚪": "INSUFFICIENT_DATA"}
_COLOURS = {Colour.RED: "ALARM", Colour.GREEN: "OK"}


def recognised(post: Post) -> list[Alert] | None:
    """The alert that a post tells of; ``None`` where it names no alarm, or not how it stands."""
    text = post.text[:SCANNED]
    titled = _TITLE.search(text)
    page = next((found for address in post.addresses if (found := _PAGE.match(address)) is not None), None)
    state = _state(text, post.colour)
    if (titled is None and page is None) or not state:
        return None
    if state.startswith("INSUFFICIENT"):
        return []
    name = titled["name"] if titled is not None else unquote(page["name"]) if page is not None else ""
    region = titled["region"] if titled is not None else page["region"] if page is not None else ""
    account = titled["account"] if titled is not None and titled["account"] else ""
    said = _ACCOUNT.search(text)
    over = state == "OK"
    return [
        Alert(
            source="cloudwatch",
            key=dedupe("cloudwatch", account or (said["account"] if said is not None else ""), region, name),
            state=AlertState.CLEARED if over else AlertState.FIRING,
            title=name.strip() or "Alarm without a name",
            text=text,
            severity=words.severity(name, text),
            labels={"region": region, **post.fields},
            link=page.string if page is not None else "",
            measures={} if over else measures(text),
            posted=post.place,
            delivery=post.key,
        )
    ]


def _state(text: str, colour: Colour) -> str:
    """How the alarm stands: in words, else by the mark before its title, else by the colour."""
    said = _STATE.search(text)
    if said is not None:
        return said["state"].upper()
    marked = next((state for mark, state in _MARKS.items() if mark in text[:200]), "")
    return marked or _COLOURS.get(colour, "")
