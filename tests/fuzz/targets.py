"""Every target, by its name."""

from collections.abc import Callable
from functools import partial

from tests.fuzz import called, doors
from tests.fuzz.discord import Discord
from tests.fuzz.grammar import Grammar
from tests.fuzz.playbooks import Playbooks
from tests.fuzz.readers import Feeds, Phrases
from tests.fuzz.senders import Sender
from tests.fuzz.slack import Slack
from tests.fuzz.slack_http import SlackHttp
from tests.fuzz.target import Target
from tests.support.sources import tables

TARGETS: dict[str, Callable[[], Target]] = {
    "grammar": Grammar,
    "slack": Slack,
    "discord": Discord,
    "playbooks": Playbooks,
    "phrases": Phrases,
    "calendar-feeds": Feeds,
    "github": doors.GitHub,
    "page-answers": doors.Answers,
    "subscriptions": doors.Subscriptions,
    "slack-http": SlackHttp,
    "calendars-and-freeze": doors.Reading,
    "called-github": called.OfGitHub,
    "called-linear": called.OfLinear,
    "called-jira": called.OfJira,
    "called-statuspage": called.OfStatuspage,
    "called-betterstack": called.OfBetterStack,
    "called-pagerduty": called.OfPagerDuty,
    **{f"alerts-{name}": partial(Sender, table) for name, table in tables().items()},
}
