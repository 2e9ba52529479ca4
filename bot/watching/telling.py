"""Telling people on the chats that work, once for all replicas, and once more when it is over.

What is told is an effect in the ledger. Its key names what stands still, so that replicas which see the same owe it
together, and a process that was started meanwhile knows what an earlier one said.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from bot.card import Card
from bot.intents import Edit, Post, Urgency
from bot.ledger import Ledger
from bot.library import Library
from bot.messages import watching as words
from bot.store import Owed, Store
from bot.watching.clock import ClockWatch
from bot.watching.outbox import OutboxWatch

PREFIX, OVER, CLOCK = "watch/", "/over", "clock"

Told = dict[tuple[str, str], str]
"""Where (a chat) and of what (``clock`` or a platform) people were told, to the key of that message."""


class Telling:
    """Keeps the messages about what stands still as they should be."""

    def __init__(
        self, *, store: Store, ledger: Ledger, library: Library, chats: tuple[str, ...], saved: Callable[[], None]
    ) -> None:
        self._store, self._ledger, self._chats, self._saved = store, ledger, chats, saved
        self._places = {chat: place for chat in chats if (place := _place(library, chat)) is not None}
        self._told: Told | None = None
        """As it was when it was read last; ``None`` before that."""

    async def tell(self, clock: ClockWatch, outboxes: Mapping[str, OutboxWatch]) -> None:
        """Owe what is not told yet, and the end of what is over; asks the database only where there is something."""
        wanted = {(chat, about): (since, card) for chat, about, since, card in self._wanted(clock, outboxes)}
        well = {about for about in self._chats if outboxes[about].well} | ({CLOCK} if clock.well else set())
        if self._told is not None and not (wanted.keys() - self._told.keys() or _over(self._told, well)):
            return
        told = _standing(await self._ledger.keys(PREFIX))
        owed = []
        for (chat, about), (since, card) in wanted.items():
            if (chat, about) not in told:
                key = told[chat, about] = f"{PREFIX}{about}/{since.isoformat()}"
                post = Post(card=card, to=self._places[chat], rings=False)
                owed.append(Owed(key, chat, post, Urgency.ASK, stream=key))
        for chat, about in _over(told, well):
            key = told.pop((chat, about))
            since = datetime.fromisoformat(key.rpartition("/")[2])
            card = words.clock_runs(due=since) if about == CLOCK else words.moves(about, oldest=since)
            owed.append(Owed(f"{key}{OVER}", chat, Edit(message=key, card=card), Urgency.EDIT, stream=key))
        if owed:
            async with self._store.work() as work:
                await work.owe(owed)
            self._saved()
        self._told = told

    def _wanted(
        self, clock: ClockWatch, outboxes: Mapping[str, OutboxWatch]
    ) -> Iterator[tuple[str, str, datetime, Card]]:
        """Where what is to be told of, and since when it waits."""
        for chat in self._chats:
            if outboxes[chat].trouble is not None or chat not in self._places:
                continue
            if clock.overdue is not None:
                yield chat, CLOCK, clock.overdue, words.clock_stuck(due=clock.overdue)
            for about in self._chats:
                trouble = outboxes[about].trouble
                if trouble is not None:
                    yield chat, about, trouble.oldest, words.stuck(trouble, here=chat)


def _place(library: Library, chat: str) -> str | None:
    """Where things are announced on a platform; ``None`` where no playbook lives there."""
    fits = (one for one in library.loaded if not one.chats or chat in one.chats)
    found = next(fits, None)
    return found.announce.place(chat) if found is not None else None


def _over(told: Told, well: set[str]) -> list[tuple[str, str]]:
    return [(chat, about) for chat, about in told if about in well]


def _standing(keys: set[tuple[str, str]]) -> Told:
    """What was told and is not over yet, of everything that was ever told."""
    ended = {(chat, key.removesuffix(OVER)) for chat, key in keys if key.endswith(OVER)}
    begun = {(chat, key) for chat, key in keys if not key.endswith(OVER)}
    return {(chat, key.split("/")[1]): key for chat, key in sorted(begun - ended)}
