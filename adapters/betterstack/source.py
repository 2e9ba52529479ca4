"""Better Stack as a source of alerts."""

import re
from itertools import takewhile

from adapters.betterstack.payload import Attributes, Data, Hook
from bot.alerts.alert import Alert, AlertState, dedupe
from bot.alerts.foreign import read
from bot.alerts.labels import component, severity
from bot.alerts.measures import measures
from bot.alerts.post import Colour, Post
from bot.alerts.source import Delivery, NotUnderstood
from bot.alerts.written import lines, named, state, wrote

EXPECTED = (
    "What Better Stack sends was expected: a JSON object with “event” and “data”, in it “id”, “type” and “attributes”"
)
STATES = {
    "started": AlertState.FIRING,
    "created": AlertState.FIRING,
    "reopened": AlertState.FIRING,
    "acknowledged": AlertState.ACKNOWLEDGED,
    "resolved": AlertState.CLEARED,
}
"""Events about incidents that change how they stand; others, such as comments, do not."""
OTHER = re.compile(r"monitor|heartbeat|on[-_ ]?call\w*|user|policy|schedule\w*", re.IGNORECASE)
"""Kinds of data that hooks of other kinds are about."""
PAGE = "https://uptime.betterstack.com/team/0/incidents/"
"""Better Stack's own documentation links to pages of whoever reads it as of team 0."""
ADDRESS = re.compile(r"https://uptime\.better(?:stack|uptime)\.com/team/\w{1,20}/incidents/(\d{1,20})(?!\d)")
WORDS = {
    AlertState.CLEARED: re.compile(r"(?<!not )\b(?:resolved|recovered|back up)\b(?! at)", re.IGNORECASE),
    AlertState.ACKNOWLEDGED: re.compile(r"\backnowledged\b(?! at)", re.IGNORECASE),
    AlertState.FIRING: re.compile(r"\b(?:new incident|started|reopened|is down|went down)\b(?! at)", re.IGNORECASE),
}
FIELD = re.compile(r"(?:monitor|heartbeat|cause|started at|length|checked url)\s*(?::|$)", re.IGNORECASE)
"""Where the head of a post ends: a cause may hold such words as well (“could not be resolved”)."""
COLOURS = {Colour.RED: AlertState.FIRING, Colour.GREEN: AlertState.CLEARED}


class BetterStack:
    """Reads Better Stack's webhooks and its posts."""

    name = "betterstack"
    title = "Better Stack"

    def read(self, delivery: Delivery) -> list[Alert]:
        """The alert that an incident is; none for hooks about monitors and who is on call, and for comments."""
        hook = read(Hook, delivery.body, expected=EXPECTED)
        if hook.data.type != "incident":
            if OTHER.fullmatch(hook.data.type):
                return []
            raise NotUnderstood(f"{EXPECTED} (“data.type”: “incident” expected)")
        if not hook.data.id or not hook.event:
            raise NotUnderstood(f"{EXPECTED} (an “id” or an “event” is missing)")
        stands = STATES.get(hook.event)
        return [_alert(hook.data, stands)] if stands is not None else []

    def recognise(self, post: Post) -> list[Alert] | None:
        """The alert that a post tells of: it leads to an incident, and says how it stands."""
        found = next((hit for hit in map(ADDRESS.match, post.addresses) if hit), None)
        if found is None or not wrote(post, "better stack", "betterstack", "better uptime", address=ADDRESS):
            return None
        above = takewhile(lambda line: not FIELD.match(line), lines(post)[:6])
        told = (state(line, WORDS) for line in above)
        stands = next((one for one in told if one is not None), None) or COLOURS.get(post.colour)
        if stands is None:
            return None
        seen = Attributes(name=named(post, "Monitor", "Heartbeat", "Incident"), cause=named(post, "Cause"))
        called = "" if seen.name else next(iter(lines(post)), "")
        alert = _alert(Data(id=found[1], type="incident", attributes=seen), stands, called=called)
        return [alert.model_copy(update={"link": found[0], "posted": post.place, "delivery": post.key})]

    def signed(self, delivery: Delivery, secret: str) -> bool | None:
        """Better Stack signs nothing."""
        return None


def _alert(data: Data, stands: AlertState, *, called: str = "") -> Alert:
    about = data.attributes
    labels = {**about.metadata, **({"team": about.team} if about.team else {})}
    links = {"monitored": about.url, "screenshot": about.screenshot, "response": about.response}
    return Alert(
        source=BetterStack.name,
        key=dedupe(BetterStack.name, data.id),
        state=stands,
        title=called or ": ".join(part for part in (about.name, about.cause) if part) or f"Incident {data.id}",
        text=about.cause,
        severity=severity(labels),
        component=component(labels) or about.name,
        labels=labels,
        link=f"{PAGE}{data.id}",
        links={name: url for name, url in links.items() if url.startswith("http")},
        started_at=about.started_at,
        ended_at=about.resolved_at if stands.over else None,
        measures={} if stands.over else measures(about.cause),
    )
