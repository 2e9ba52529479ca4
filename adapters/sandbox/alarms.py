"""Alerts as monitoring tools post them in either chat, ready to be posted: firing, and over again."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from adapters.sandbox import alarm_posts
from adapters.sandbox.alarm_posts import Stand, Wire


@dataclass(frozen=True, slots=True)
class Alarm:
    """One alert of one sender, in all that becomes of it."""

    key: str
    sender: str
    about: str
    """What it is about, in a few words."""
    slack: Mapping[Stand, Wire] = field(default_factory=dict)
    discord: Mapping[Stand, Wire] = field(default_factory=dict)
    as_app: bool = False
    """Whether its posts are those of an app with a bot of its own, and not of a webhook."""

    def of(self, platform: str) -> Mapping[Stand, Wire]:
        """Its posts on a platform; empty where the sender has no integration there."""
        return self.slack if platform == "slack" else self.discord


def alarm(key: str) -> Alarm:
    """One of them by its key. Raises :class:`LookupError`."""
    found = next((one for one in ALARMS if one.key == key), None)
    if found is None:
        raise LookupError(f"There is no alert {key!r} ready; there are: {', '.join(one.key for one in ALARMS)}.")
    return found


def shape(key: str, platform: str, stand: Stand) -> Wire:
    """What stands in the post. Raises :class:`LookupError` where the sender posts no such thing there."""
    found = alarm(key).of(platform).get(stand)
    if found is None:
        raise LookupError(f"{alarm(key).sender} posts nothing {stand} on {platform}.")
    return found


BOTH = (Stand.FIRING, Stand.CLEARED)


def _on_both(
    key: str, sender: str, about: str, drawn: Callable[[Stand], tuple[Wire, Wire]], *, as_app: bool = False
) -> Alarm:
    """Of a sender that posts on Slack and on Discord; ``drawn`` gives both posts."""
    posts = {stand: drawn(stand) for stand in BOTH}
    slack, discord = ({stand: both[side] for stand, both in posts.items()} for side in (0, 1))
    return Alarm(key, sender, about, slack=slack, discord=discord, as_app=as_app)


def _in_slack(
    key: str,
    sender: str,
    about: str,
    drawn: Callable[[Stand], Wire],
    *,
    stands: Iterable[Stand] = BOTH,
    as_app: bool = False,
) -> Alarm:
    """Of a sender of which no posts on Discord are known."""
    return Alarm(key, sender, about, slack={stand: drawn(stand) for stand in stands}, as_app=as_app)


ALARMS: tuple[Alarm, ...] = (
    _on_both("grafana", "Grafana", "Checkouts fail (critical)", alarm_posts.grafana),
    _on_both("alertmanager", "Alertmanager", "Search is slow (warning)", alarm_posts.alertmanager),
    _in_slack("datadog", "Datadog", "Error rate of checkout (P1)", alarm_posts.datadog),
    _in_slack("pagerduty", "PagerDuty", "Payments are slow (P2)", alarm_posts.pagerduty, stands=Stand, as_app=True),
    _in_slack("betterstack", "Better Stack", "Shop answers 503", alarm_posts.betterstack, as_app=True),
    _on_both("uptimerobot", "UptimeRobot", "Shop is down", alarm_posts.uptimerobot),
    _on_both("sentry", "Sentry", "Too many errors (critical)", alarm_posts.sentry, as_app=True),
    _in_slack("cloudwatch", "Amazon Q", "Checkout answers 5xx (critical)", alarm_posts.cloudwatch),
    _in_slack("opsgenie", "Opsgenie", "Checkout is slow (P2)", alarm_posts.opsgenie),
)
"""What is ready, in the order in which it is offered."""
