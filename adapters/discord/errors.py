"""What Discord and the way to it may answer, told in the core's words: try later, or refused."""

from datetime import UTC, datetime, timedelta
from enum import IntEnum
from http import HTTPStatus

import aiohttp
import discord

from adapters.discord.limits import OLD_EDIT
from bot.errors import Outside, Refused, TryLater
from bot.retry_after import SHORTEST, retry_after


class Code(IntEnum):
    """Discord's JSON error codes that mean something to us [discord-api-docs, JSON Error Codes]."""

    UNKNOWN_CHANNEL = 10003
    UNKNOWN_GUILD = 10004
    UNKNOWN_MEMBER = 10007
    UNKNOWN_MESSAGE = 10008
    UNKNOWN_USER = 10013
    UNKNOWN_WEBHOOK = 10015
    UNKNOWN_INTERACTION = 10062
    MAX_GUILD_CHANNELS = 30013
    OLD_EDITS = 30046
    ALREADY_ANSWERED = 40060
    MISSING_ACCESS = 50001
    CANNOT_DM = 50007
    MISSING_PERMISSIONS = 50013
    WRONG_CHANNEL_TYPE = 50024
    INVALID_TOKEN = 50027
    INVALID_FORM = 50035
    THREAD_ARCHIVED = 50083
    OVERLOADED = 130000
    THREAD_EXISTS = 160004


class NoAnswer(Exception):
    """The connection was lost while a call was under way: its effect may have happened."""


class NotReached(Exception):
    """No connection came about: nothing has happened."""


class Trouble(Exception):
    """Discord answered 5xx: the effect may have happened."""

    def __init__(self, status: int) -> None:
        super().__init__(f"http {status}")
        self.status = status


WIRE_FAILURES = (
    discord.DiscordException,
    aiohttp.ClientError,
    OSError,
    TimeoutError,
    NoAnswer,
    NotReached,
    Trouble,
)
"""Everything that a call over the wire may raise for reasons outside of us."""

TOKEN_MENDED_AFTER = timedelta(minutes=1)
"""How long to leave work for a token that Discord does not know: somebody has to mend it."""


def outside(error: BaseException) -> Outside:
    """The core's error for what a call raised (one of :data:`WIRE_FAILURES`)."""
    match error:
        case discord.RateLimited():
            return TryLater("ratelimited", after=timedelta(seconds=error.retry_after))
        case discord.LoginFailure():
            return TryLater("401", after=TOKEN_MENDED_AFTER, unreachable=True)
        case discord.DiscordServerError():
            return TryLater(f"http {error.status}", maybe_done=True)
        case discord.HTTPException():
            return _refusal(error)
        case Trouble():
            return TryLater(str(error), maybe_done=True)
        case NotReached():
            return TryLater("unreachable", unreachable=True)
        case TimeoutError():
            return TryLater("timeout", maybe_done=True)
        case _:
            return TryLater("dropped", maybe_done=True)


def _refusal(error: discord.HTTPException) -> Outside:
    if error.status == HTTPStatus.TOO_MANY_REQUESTS:
        return TryLater("ratelimited", after=_retry_after(error))
    if error.status == HTTPStatus.UNAUTHORIZED:
        return TryLater("401", after=TOKEN_MENDED_AFTER, unreachable=True)
    if error.code == Code.OLD_EDITS:
        return TryLater(str(error.code), after=OLD_EDIT)
    if error.code == Code.OVERLOADED:
        return TryLater(str(error.code))
    return Refused(f"{error.code} {error.text}".strip())


def _retry_after(error: discord.HTTPException) -> timedelta:
    """How long to wait after a 429 that Discord's edge sent; the library does not read its header."""
    return retry_after(error.response.headers.get("Retry-After", ""), now=datetime.now(UTC)) or SHORTEST
