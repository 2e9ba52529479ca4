"""Saving together: what many requests bring at the same time goes into one transaction."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.errors import TryLater

T = TypeVar("T")

MOST = 1000
"""Things after which a group is large enough; the next request begins another."""
FIRST = 0.05
"""Seconds that a person who waits for an answer goes before alerts."""


@dataclass(frozen=True, slots=True)
class _Group(Generic[T]):
    things: list[T]
    saving: asyncio.Task[str | None]


class Together(Generic[T]):
    """Saves in groups: while one is being saved, those who come form the next, and go together."""

    def __init__(self, save: Callable[[Sequence[T]], Awaitable[object]], *, quiet: asyncio.Event) -> None:
        self._save, self._quiet = save, quiet
        self._turn = asyncio.Lock()
        self._open: _Group[T] | None = None

    async def add(self, things: Sequence[T]) -> None:
        """Return once these are saved. Raises :class:`~bot.errors.TryLater` where the whole group could not be."""
        group = self._open
        if group is None or len(group.things) >= MOST:
            group = self._open = self._begin()
        group.things.extend(things)
        why = await asyncio.shield(group.saving)  # one sender who hangs up does not stop the others
        if why is not None:
            raise TryLater(why)

    def _begin(self) -> _Group[T]:
        things: list[T] = []
        return _Group(things, asyncio.create_task(self._commit(things), name="saving together"))

    async def _commit(self, things: list[T]) -> str | None:
        """Save a group; returns why it could not be, for everybody in it."""
        async with self._turn:
            await people_first(self._quiet)
            if self._open is not None and self._open.things is things:
                self._open = None
            try:
                await self._save(things)
            except TryLater as later:
                return later.why
        return None


async def people_first(quiet: asyncio.Event) -> None:
    """Let whoever waits for the answer to a command go first, for a moment; ``quiet`` is set while nobody does."""
    if quiet.is_set():
        return
    try:
        async with asyncio.timeout(FIRST):
            await quiet.wait()
    except TimeoutError:
        return
