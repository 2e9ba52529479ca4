"""Asking a running bot over HTTP whether production is frozen."""

from http import HTTPStatus

import httpx
from pydantic import ValidationError

from bot.errors import Refused, TryLater
from bot.freezing import FreezeState

PATIENCE = 10.0
"""Seconds for each step of the way."""


async def frozen(url: str, *, token: str = "", change: str = "") -> FreezeState:
    """What the bot at this address says. Raises :class:`~bot.errors.TryLater` where it may say it later, and
    :class:`~bot.errors.Refused` where what answers is no Tocsin, or wants another token."""
    asked = f"{url.rstrip('/')}/api/freeze"
    headers = {b"authorization": b"Bearer " + token.encode()} if token else {}
    try:
        async with httpx.AsyncClient(timeout=PATIENCE) as client:
            answer = await client.get(asked, params={"change": change} if change else {}, headers=headers)
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError, OSError) as error:
        raise TryLater(f"nothing answers at {asked} ({type(error).__name__})", unreachable=True) from error
    if answer.status_code in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        raise Refused(f"{asked} wants another token: set FREEZE_TOKEN to the value that the bot has")
    if answer.is_server_error:
        raise TryLater(f"{asked} answered {answer.status_code}")
    if answer.status_code != HTTPStatus.OK:
        raise Refused(f"{asked} answered {answer.status_code}")
    try:
        return FreezeState.model_validate_json(answer.content)
    except ValidationError as other:
        raise Refused(f"what answers at {asked} is no Tocsin") from other
