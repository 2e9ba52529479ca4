"""Answers from outside: one of another shape than is documented is a failure as any, and no fault of ours."""

from collections.abc import Awaitable
from typing import TypeVar

import structlog

from bot.errors import TryLater

log = structlog.get_logger()
Answer = TypeVar("Answer")

STRANGE = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What reading an answer of another shape raises."""


async def understood(asked: Awaitable[Answer]) -> Answer:
    """What somebody outside says; raises TryLater where it cannot be understood. Whatever was asked for may be done."""
    try:
        return await asked
    except STRANGE as strange:
        log.warning("strange_answer", why=repr(strange)[:200])
        raise TryLater("an answer that I do not understand", maybe_done=True) from strange
