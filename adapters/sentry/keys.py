"""By what an alert of Sentry's is known again: the issue or the rule that its address leads to."""

import re

from bot.alerts.alert import dedupe
from bot.alerts.source import NotUnderstood

ISSUE = re.compile(r"/issues/(?P<id>\d{1,20})(?:[/?#]|$)")
RULE = re.compile(r"/alerts/rules/details/(?P<id>\d{1,20})(?:[/?#]|$)")
"""Sentry's pages of a metric alert, and its posts, name the rule."""
UNNAMED = "Something in Sentry"


def of_address(address: str) -> str:
    """The key that an address stands for; empty where it leads to no issue and no rule."""
    if (issue := ISSUE.search(address)) is not None:
        return dedupe("sentry", issue["id"])
    if (rule := RULE.search(address)) is not None:
        return dedupe("sentry", "metric", rule["id"])
    return ""


def key_of(*addresses: str, issue: str = "", metric: str = "", title: str = "") -> str:
    """The key: by the address, since a post in chat knows no more; else by the id, else by the title."""
    found = next(filter(None, map(of_address, addresses)), "")
    if found or issue:
        return found or dedupe("sentry", issue)
    if metric:
        return dedupe("sentry", "metric", metric)
    if title:
        return dedupe("sentry", "title", title)
    raise NotUnderstood("The id of an issue or of a rule, or a title, was expected")


def named(title: str) -> str:
    """A title that is never empty."""
    return title.strip() or UNNAMED
