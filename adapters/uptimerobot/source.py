"""UptimeRobot as a source of alerts."""

import re
from datetime import datetime

from adapters.uptimerobot.payload import Sent, sent
from bot.alerts.alert import Alert, AlertState, Measure, dedupe
from bot.alerts.post import Post
from bot.alerts.source import Delivery

DOWN, UP, EXPIRES = "down", "up", "expires"
TYPES = {"1": DOWN, "2": UP, "3": EXPIRES}
_SAID = re.compile(
    r"^\W{0,10}Monitor is (?P<state>DOWN|UP)\s?[:!]?\s{0,3}(?P<name>[^\n]{1,300}?)[ \t]{0,3}"
    r"(?:\(\s?(?P<url>https?://[^\s)]{1,2000})|\([ \t]|$)",
    re.IGNORECASE | re.MULTILINE,
)
"""The name ends where the address begins; a parenthesis with anything else in it is a part of the name."""
_NAMED = re.compile(r"^[^\w\n]{0,10}(?P<name>[^\n]{1,300}?) (?:is|went|was) (?P<state>DOWN|UP)\b", re.I | re.M)
_AUTHOR = re.compile(r"uptime\s?robot", re.IGNORECASE)
SCANNED = 4000


class UptimeRobot:
    """Reads UptimeRobot's webhooks and its posts."""

    name = "uptimerobot"
    title = "UptimeRobot"

    def read(self, delivery: Delivery) -> list[Alert]:
        """The alert of one monitor; none where it was paused or started."""
        said = sent(delivery)
        kind = TYPES.get(said.type) or _kind(said.kind)
        if kind == EXPIRES:
            return [_expiring(said)]
        return [_monitor(said, over=kind == UP)] if kind in (DOWN, UP) else []

    def recognise(self, post: Post) -> list[Alert] | None:
        """The alert that ``Monitor is DOWN: name (url)`` tells of."""
        text = post.text[:SCANNED]
        said = _SAID.search(text) or (_NAMED.search(text) if _AUTHOR.search(post.author) else None)
        if said is None or not said["name"].strip(" .:*"):
            return None
        name, over = said["name"].strip(" .:*"), said["state"].casefold() == UP
        link = said.groupdict().get("url") or next((part.link for part in post.parts if part.link), "")
        return [
            Alert(
                source=self.name,
                key=dedupe(self.name, name),
                state=AlertState.CLEARED if over else AlertState.FIRING,
                title=_titled(name, over=over),
                text=text,
                component=name,
                labels=post.fields,
                link=link or next(iter(post.addresses), ""),
                posted=post.place,
                delivery=post.key,
            )
        ]

    def signed(self, delivery: Delivery, secret: str) -> bool | None:
        """UptimeRobot signs nothing."""
        return None


def _kind(name: str) -> str:
    folded = name.casefold()
    return EXPIRES if "ssl" in folded or "expir" in folded else folded


def _titled(name: str, *, over: bool) -> str:
    return f"{name} is {UP if over else DOWN}"


def _labels(said: Sent) -> dict[str, str]:
    return {name: value for name, value in (("monitor", said.name), ("monitor_id", said.id)) if value}


def _monitor(said: Sent, *, over: bool) -> Alert:
    lasted, at = said.duration, said.at
    return Alert(
        source="uptimerobot",
        key=dedupe("uptimerobot", said.name),
        state=AlertState.CLEARED if over else AlertState.FIRING,
        title=_titled(said.name, over=over),
        text=said.details,
        component=said.name,
        labels=_labels(said),
        link=said.url,
        started_at=_began(said) if over else at,
        ended_at=at if over else None,
        measures={Measure.DOWNTIME: lasted.total_seconds()} if lasted else {},
    )


def _began(said: Sent) -> datetime | None:
    """When what is over began, where it says both when it ended and how long it took."""
    return said.at - said.duration if said.at is not None and said.duration is not None else None


def _expiring(said: Sent) -> Alert:
    """A certificate is another matter than its monitor: it does not clear when the monitor is up."""
    days = f" in {said.expires_in} days" if said.expires_in else " soon"
    return Alert(
        source="uptimerobot",
        key=dedupe("uptimerobot", said.name, "certificate"),
        state=AlertState.FIRING,
        title=f"The certificate of {said.name} expires{days}",
        text=said.details,
        component=said.name,
        labels=_labels(said),
        link=said.url,
        started_at=said.at,
    )
