"""What Slack and the way to it answer when they do not do what was asked, in the core's two kinds."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.errors import Outside, Refused, TryLater
from bot.retry_after import retry_after

UNSURE = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})
"""Slack failed on its side; its docs say that part of the effect may have happened."""
LATER = frozenset({"team_added_to_org", "external_channel_migrating", "ekm_access_denied"})
"""Slack says of these that they pass by themselves."""
RATE_LIMITED = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
LOCKED_OUT = frozenset(
    {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "accesslimited"}
)
"""Nothing works until somebody mends the token; what is owed has to wait for that, not to be dropped."""
SERVER_ERROR = 500
TOO_MANY = 429


def from_slack(error: SlackApiError) -> Outside:
    """What a refused or failed call means for the core."""
    response = error.response
    data = getattr(response, "data", None)
    word = str(data.get("error") or "") if isinstance(data, dict) else ""
    status = int(getattr(response, "status_code", None) or getattr(response, "status", 0) or 0)
    headers = getattr(response, "headers", None) or {}
    return from_answer(status, word, headers)


def from_answer(status: int, word: str, headers: Mapping[str, str]) -> Outside:
    """What an HTTP status with Slack's error word means for the core."""
    if status == TOO_MANY or word in RATE_LIMITED:
        return TryLater(word or "ratelimited", after=_retry_after(headers))
    if status >= SERVER_ERROR or word in UNSURE:
        return TryLater(word or f"http_{status}", maybe_done=True)
    if word in LATER:
        return TryLater(word)
    if word in LOCKED_OUT:
        return TryLater(word, unreachable=True)
    if not word and status < 400:  # (an answer that is no answer of Slack's: a proxy, a cut body)
        return TryLater("unreadable_answer", maybe_done=True)
    return Refused(word or f"http_{status}")


def _retry_after(headers: Mapping[str, str]) -> timedelta | None:
    said = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    return retry_after(said, now=datetime.now(UTC))


@contextmanager
def translated() -> Generator[None]:
    """Turn what the client libraries raise into ``TryLater`` and ``Refused``."""
    try:
        yield
    except SlackApiError as error:
        raise from_slack(error) from error
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
        raise TryLater("connection_failed", unreachable=True) from error
    except TimeoutError as error:
        raise TryLater("timeout", maybe_done=True) from error
    except (aiohttp.ClientError, ConnectionError) as error:
        raise TryLater("connection_dropped", maybe_done=True) from error
