"""What contradicts itself in runbooks and health checks."""

import re
from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit

from bot.durations import say_duration
from bot.playbook.misfit import Misfit, quoted
from bot.playbook.places import places
from bot.playbook.written import Written

PATIENT = timedelta(seconds=30)
"""No health check waits longer."""
_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*", re.I)


def runbooks(playbook: Written) -> Iterator[Misfit]:
    """Runbooks that help with nothing."""
    for place, book in enumerate(playbook.runbooks):
        if not (book.url or book.path or book.text or book.steps or book.symptoms):
            expected = "one of url, path, text, steps or symptoms"
            yield Misfit(("runbooks", place), f"{quoted(book.title)} with nothing to show", expected)


def hosts(playbook: Written) -> Iterator[Misfit]:
    """Hosts that are more than a name, and addresses without one."""
    for at, host in places(playbook, "allowed_hosts"):
        if not (_HOST.fullmatch(host) or _address(host)):
            yield Misfit(at, quoted(host), "a bare host name like status.example.com")
    for at, url in places(playbook, "checks.url"):
        if not _host(url):
            yield Misfit(at, quoted(url), "a whole address like https://example.com/healthz")


def _address(host: str) -> bool:
    try:
        return bool(ip_address(host))
    except ValueError:
        return False


def _host(url: str) -> str:
    """Empty where it is no whole address; a port that is no number of one makes it none."""
    try:
        parts = urlsplit(url)
        return parts.hostname or "" if parts.port is None or parts.port > 0 else ""
    except ValueError:
        return ""


def checks(playbook: Written) -> Iterator[Misfit]:
    """Health checks that carry a secret, wait too long, or expect what no service answers."""
    for place, check in enumerate(playbook.checks):
        at = ("checks", place)
        if "@" in check.url.split("/", 3)[2]:
            yield Misfit((*at, "url"), "an address with a user name or a password", "one without")
        if check.timeout is not None and check.timeout > PATIENT:
            yield Misfit((*at, "timeout"), say_duration(check.timeout), f"at most {say_duration(PATIENT)}")
        for nth, code in enumerate(check.status):
            if not 100 <= code <= 599:
                yield Misfit((*at, "status", nth), f"{code}", "an HTTP status, from 100 to 599")


def bodies(playbook: Written) -> Iterator[Misfit]:
    """Health checks that look for words where there are none."""
    for place, check in enumerate(playbook.checks):
        if check.method == "HEAD" and check.contains:
            yield Misfit(("checks", place, "contains"), "words in the answer to HEAD, which has none", "“method: GET”")
