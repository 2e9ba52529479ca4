"""A running bot: the desk, the delivery, the clock, the chats and the tools, started and stopped in the right order."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

import structlog

from bot.alerts.intake import Intake
from bot.alerts.listening import Listening
from bot.alerts.source import Source
from bot.bell import Bell
from bot.broom import Broom
from bot.calendar import Holidays
from bot.commands import VERBS
from bot.connected import Connected
from bot.delivery import Delivery
from bot.desk import Desk
from bot.errors import TryLater
from bot.grammar import Grammar
from bot.library import Library
from bot.outcomes import Outcomes
from bot.playbook.shape import Playbook
from bot.ports import Clock, Ear, Meter, Platform
from bot.scenes import Scenes
from bot.stopping import HANGING_UP, Stop
from bot.store import Store
from bot.watching import Watch

log = structlog.get_logger()

IN_HAND = 2.7
"""Seconds for all that is in hand then: what is being sent, a ring of the clock, a batch of alerts."""


class Outside(Protocol):
    """A chat platform or a tool that can be started and stopped."""

    @property
    def platform(self) -> Platform:
        """Where the effects that are owed to it happen."""
        ...

    async def start(self, ear: Ear) -> None:
        """Connect in the background; returns at once."""
        ...

    async def stop(self) -> None:
        """Disconnect."""
        ...


class Ringer(Protocol):
    """The alarm as the bot holds it."""

    rang: float | None
    """When it last rang through, in monotonic seconds."""

    def start(self) -> None:
        """Begin to ring."""
        ...

    async def stop(self) -> None:
        """Ring no more; returns once a ring that has begun is over."""
        ...


class Bot:
    """One process of Tocsin."""

    def __init__(
        self,
        *,
        store: Store,
        playbooks: Sequence[Playbook],
        clock: Clock,
        holidays: Holidays,
        chats: Sequence[Outside],
        tools: Sequence[Outside] = (),
        alarm: Callable[..., Ringer],
        meter: Meter,
        worker: str,
        sources: Sequence[Source] = (),
        watched: Sequence[str] = (),
        connected: Connected | None = None,
        saved: Callable[[], None] = lambda: None,
    ) -> None:
        self._told = saved
        self._store, self._clock, self._chats, self._tools = store, clock, tuple(chats), tuple(tools)
        self.ledger = store.ledger(worker, clock)
        platforms = {each.platform.name: each.platform for each in (*self._chats, *self._tools)}
        spoken = tuple(chat.platform.name for chat in self._chats)
        scenes = Scenes(
            store=store,
            library=Library(playbooks, store.reader),
            clock=clock,
            holidays=holidays,
            platforms=spoken,
            verbs=VERBS,
            connected=replace(connected or Connected(), tools=frozenset(tool.platform.name for tool in self._tools)),
        )
        listening = Listening(
            store, scenes.library, clock, sources=sources, watched=watched, accepted=lambda: self.intake.wake()
        )
        self.desk = Desk(scenes, Grammar(VERBS), listening=listening, saved=self._saved, meter=meter)
        titles = {source.name: source.title for source in sources}
        self.intake = Intake(scenes, titles=titles, watched=watched, saved=self._saved, quiet=self.desk.quiet)
        self.bell = Bell(scenes, meter=meter, saved=self._saved)
        self.broom = Broom(store, clock)
        outcomes = Outcomes(scenes, saved=self._saved)
        self.delivery = Delivery(
            ledger=self.ledger, platforms=platforms, feedback=outcomes, meter=meter, quiet=self.desk.quiet
        )
        self.alarm = alarm(clock, self._ring)
        self.watch = Watch(
            store=store,
            ledger=self.ledger,
            library=scenes.library,
            clock=clock,
            alarm=self.alarm,
            bell=self.bell,
            delivery=self.delivery,
            platforms=platforms,
            chats=spoken,
            meter=meter,
            saved=self._saved,
        )
        self._running: asyncio.Task[None] | None = None
        self._watching: asyncio.Task[None] | None = None
        self._taking: asyncio.Task[None] | None = None
        self.ended = asyncio.Event()
        """Set when the delivery has ended, as told or by a fault: a process that cannot deliver should not live on."""

    def _saved(self) -> None:
        self.delivery.wake()
        self._told()

    async def _ring(self) -> datetime | None:
        await self.bell.ring()
        await self.broom.sweep()
        return await self._store.reader.next_due_at()

    async def start(self) -> None:
        """Deliver what an earlier process left, connect the chats, and let the clock run.

        Tools come first: what is owed to them may be tried the moment the delivery runs.
        """
        for tool in self._tools:
            await tool.start(self.desk)
        self._running = asyncio.create_task(self.delivery.run(), name="delivery")
        self._running.add_done_callback(lambda _: self.ended.set())
        self._taking = asyncio.create_task(self.intake.run(), name="intake")
        for chat in self._chats:
            await chat.start(self.desk)
        self.alarm.start()
        self._watching = asyncio.create_task(self.watch.run(), name="watch")
        log.info("started", platforms=[chat.platform.name for chat in self._chats])

    async def stop(self, stop: Stop | None = None) -> None:
        """Hear nothing more, finish what is in hand, and stop, within the time that ``stop`` still has."""
        stop = stop or Stop()
        stop.ask()
        log.info("stopping", in_hand=self.delivery.in_hand, seconds=stop.took)
        self.intake.stop()
        if self._watching is not None:
            self._watching.cancel()
        taking, running = self._taking, self._running
        in_hand: dict[str, Awaitable[object]] = {"clock": self.alarm.stop(), "delivery": self._deliver_no_more()}
        if taking is not None:
            in_hand["alerts"] = asyncio.wait([taking])
        await stop.part(IN_HAND, **in_hand)
        for task in (taking, running):
            if task is not None:
                task.cancel()
        await stop.part(HANGING_UP, **{each.platform.name: each.stop() for each in (*self._chats, *self._tools)})
        log.info("stopped", seconds=stop.took)

    async def _deliver_no_more(self) -> None:
        await self.delivery.stop()
        if self._running is not None:
            await asyncio.wait([self._running])

    @property
    def fault(self) -> BaseException | None:
        """What ended the delivery, where nobody had told it to end."""
        done = self._running is not None and self._running.done() and not self._running.cancelled()
        return self._running.exception() if done and self._running is not None else None

    async def settled(self) -> None:
        """Return once nothing is due and nothing is owed that could be done now; for tests and the demo."""
        while True:
            if not self.delivery.in_hand:  # else something is left for certain, and the database need not be asked
                before = await self._pending()
                handled = await self.bell.ring() + await self.intake.looking.look()
                if not (before or handled or await self._pending()):
                    return
                self.intake.wake()
                self.delivery.wake()
            await asyncio.sleep(0.01)

    async def _pending(self) -> bool:
        """Whether anything accepted or owed is not done."""
        waiting = await self._store.inbox.depth(most=1)
        owed = sum(one.depth for one in await self.ledger.backlog())
        return bool(waiting or owed or self.delivery.in_hand)

    async def state(self) -> dict[str, str]:
        """What keeps the bot from being ready. A tool does not: incidents are handled without it."""
        wrong: dict[str, str] = {}
        try:
            await self._store.reader.ping()
        except TryLater as gone:
            wrong["database"] = f"does not answer ({gone.why})"
        wrong |= self.watch.wrong()
        for chat in self._chats:
            if not chat.platform.ready:
                wrong[chat.platform.name] = "was never connected"
        return wrong

    async def remarks(self) -> dict[str, str]:
        """What is not as it should be though the bot works."""
        said = self.watch.remarks()
        for each in (*self._chats, *self._tools):
            if not each.platform.connected:
                said[each.platform.name] = "the connection is lost; what is owed waits"
        for one in await self.ledger.backlog():
            if one.oldest is not None and one.depth and f"outbox {one.platform}" not in said:
                said[f"backlog {one.platform}"] = f"{one.depth} owed, the oldest since {one.oldest:%H:%M:%S} UTC"
        return said


def desk_alone(
    store: Store,
    library: Library,
    *,
    clock: Clock,
    holidays: Holidays,
    platforms: Sequence[str],
    connected: Connected | None = None,
) -> Desk:
    """A desk that only saves, for a command line: the running bot delivers."""
    scenes = Scenes(
        store=store,
        library=library,
        clock=clock,
        holidays=holidays,
        platforms=platforms,
        verbs=VERBS,
        connected=connected or Connected(),
    )
    return Desk(scenes, Grammar(VERBS))
