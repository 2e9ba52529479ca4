"""People under fire: they declare, tell customers and resolve, on either platform, and remember what was promised."""

from __future__ import annotations

import asyncio
import json
import string
import time
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from adapters.sandbox.people import PEOPLE
from bot.reader import Sought
from tests.chaos.senders import CLEARS

if TYPE_CHECKING:
    from tests.chaos.fire import Fire

OPEN_AT_ONCE = 3
"""Incidents kept open at a time; each is reminded of every second or so."""
NOT_SAVED = "Nothing was saved"
ANSWERS_WITHIN = 20.0
"""Seconds for which somebody waits for an answer that was said to take a while."""
THINKING = 5
"""Discord's word for that."""


class People:
    """Those of the sandbox."""

    def __init__(self, fire: Fire, *, tried: set[str], acknowledged: set[str]) -> None:
        self._fire, self.tried, self.acknowledged = fire, tried, acknowledged
        self.published: set[tuple[str, str]] = set()
        """Title of the incident, and what customers were to be told, where that was acknowledged."""
        self._resolved: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Act until the disorder is over."""
        count = 0
        while not self._fire.over:
            await asyncio.sleep(self._fire.random.uniform(0.2, 1.0))
            if self._fire.sandbox.slack.connected and self._fire.sandbox.discord.connected and len(self._tasks) < 8:
                count += 1
                self._spawn(self._one_act(count))
        await asyncio.gather(*self._tasks)

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _one_act(self, count: int) -> None:
        still = sorted(self.acknowledged - self._resolved)
        stands = [one for one in self._fire.open if one.title in self.acknowledged or not one.title.startswith(CLEARS)]
        if still and count % 6 == 0 and self._fire.publishing:
            await self._publish(self._fire.random.choice(still), f"news {count}")
        elif len(still) >= OPEN_AT_ONCE:
            await self._resolve(still[0])
        elif stands and not self._fire.calm():
            await self.say(f"#{stands[0].number} resolve")  # perhaps nobody was told that it was declared
        elif self._fire.calm():
            title = f"{count} {''.join(self._fire.random.choices(string.ascii_lowercase, k=16))}"
            self.tried.add(title)
            if await self.say(f"sev1 {title}"):
                self.acknowledged.add(title)

    async def _publish(self, title: str, text: str) -> None:
        number = await self._number(title)
        if number and await self.say(f"#{number} update public {text}", expecting=("Posted.",)):
            self.published.add((title, text))

    async def _resolve(self, title: str) -> None:
        self._resolved.add(title)
        number = await self._number(title)
        if number:
            await self.say(f"#{number} resolve turned off and on")

    async def _number(self, title: str) -> int | None:
        """By its whole title: one may begin as another does."""
        found = await self._fire.patiently(lambda: self._fire.database.reader.find(Sought(title), None, limit=50))
        return next((one.number for one in found if one.title == title), None)

    async def say(self, words: str, *, expecting: tuple[str, ...] = ()) -> bool:
        """Say something on either platform; whether it was answered, and not with its being lost.

        ``expecting``: one of these has to be in the answer, or it counts for nothing.
        """
        person, sandbox = self._fire.random.choice(PEOPLE), self._fire.sandbox
        if self._fire.random.random() < 0.5:
            general = sandbox.slack.channel_named("general").id
            delivery = await sandbox.slack.command(person.slack_id, general, words)
            said = json.dumps(delivery.response or "")
            answered = delivery.acked and not delivery.timed_out
        else:
            what, _, details = words.partition(" ")
            general = str(sandbox.discord.channel_named("general")["id"])
            options = {"what": what, "details": details}
            made = await sandbox.discord.command(person.discord_id, general, "incident", options)
            answered = made.answered and not made.timed_out
            said = await _at_last(made) if answered else ""
            answered = answered and bool(said)
        return answered and NOT_SAVED not in said and (not expecting or any(word in said for word in expecting))


async def _at_last(made: Any) -> str:
    """The answer of the bot on Discord, also one that took a while; empty where none came."""
    deadline = time.monotonic() + ANSWERS_WITHIN
    while True:
        thinking = (made.response or {}).get("type") == THINKING
        if not thinking:
            return json.dumps(made.response)
        later = [*([made.message] if made.message else []), *made.followups]
        if said := [one for one in later if one.get("content") or one.get("embeds") or one.get("components")]:
            return json.dumps(said)
        if time.monotonic() > deadline:
            return ""
        await asyncio.sleep(0.1)
