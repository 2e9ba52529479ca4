"""A rehearsal: the real rules on a virtual clock, with no chat, telling everything that would happen and when.

The desk hears the declaration, the bell rings at each due time, and what would have been sent is told instead. What
has no part in a rehearsal (pages, the public page) is told from the playbook.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot import outlook
from bot.bell import Bell
from bot.calendar import Holidays
from bot.card import Card, plain
from bot.commands import VERBS
from bot.connected import Connected
from bot.desk import Desk
from bot.errors import Mistake
from bot.grammar import Grammar
from bot.happenings import Happening, Kind, Teller, answered
from bot.heard import Spoken
from bot.incident import Incident
from bot.library import Library
from bot.people import Person
from bot.playbook.process import Severity
from bot.playbook.shape import Playbook
from bot.rehearsing import Answers, Plan
from bot.scenes import Scenes
from bot.store import Change, Store

LONGEST = timedelta(days=35)
"""No rehearsal looks further ahead."""
DECLARER = Person(key="rehearsal", name="Declarer")


class VirtualClock:
    """A clock that stands still until it is moved."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        """Aware, in UTC."""
        return self.at


class Silent:
    """A meter that counts nothing."""

    def delivered(self, platform: str, kind: str, result: str, *, seconds: float) -> None:
        """Nothing is delivered."""

    def limited(self, platform: str, kind: str, *, seconds: float) -> None:
        """Nobody limits."""

    def rang(self, rule: str, *, late: float) -> None:
        """Always in time."""

    def commanded(self, platform: str, result: str, *, seconds: float) -> None:
        """Nobody waits."""

    def watched(self, *, silent: float, clock: bool, outboxes: Mapping[str, bool]) -> None:
        """Nobody watches."""


class Rehearsal:
    """Rehearses one incident."""

    def __init__(
        self, store: Store, playbook: Playbook, *, changes: list[Change], now: datetime, holidays: Holidays
    ) -> None:
        self._playbook, self._reader = playbook, store.reader
        self._changes = changes
        """Everything that the store was given to save, in order."""
        self.clock = VirtualClock(now)
        scenes = Scenes(
            store=store,
            library=Library([playbook], store.reader),
            clock=self.clock,
            platforms=playbook.chats[:1] or ("slack",),
            holidays=holidays,
            verbs=VERBS,
            connected=Connected(),
        )
        self._desk = Desk(scenes, Grammar(VERBS))
        self._bell = Bell(scenes, meter=Silent(), saved=lambda: None, routines=())
        self._teller = Teller(playbook)
        self._told: list[Happening] = []
        self._told_of = 0
        """How many of the changes were told."""
        self._said = 0

    async def run(self, plan: Plan) -> list[Happening]:
        """Everything that would happen, in order of time; raises ``Mistake`` for a severity that is none."""
        severity = self._severity(plan)
        began = self.clock.at
        answer = await self._say(f"{severity.name} {plan.title}")
        if answer is not None:
            self._told.append(answered(answer, to=DECLARER, at=began))
        self._told += outlook.ahead(await self._incident(), self._playbook, at=began)
        await self._assume(severity)
        await self._live(plan, began)
        await self._end(began + plan.length)
        return sorted(self._told, key=lambda one: one.place)

    def _severity(self, plan: Plan) -> Severity:
        severity = self._playbook.severity(plan.severity)
        if severity is None:
            known = ", ".join(one.name for one in self._playbook.severities)
            raise Mistake(f"“{plan.severity}” is no severity of {self._playbook.name}. It can be {known}.")
        if not timedelta(0) < plan.length <= LONGEST:
            raise Mistake(f"A rehearsal lasts longer than nothing and at most {LONGEST.days} days.")
        return severity

    async def _assume(self, severity: Severity) -> None:
        """What an audience hears only while a flag is set is shown: so it is set."""
        for flag in dict.fromkeys(cadence.flag for cadence in severity.cadences if cadence.flag):
            if flag not in (await self._incident()).progress.flags:
                await self._say(f"#1 flag {flag} because assumed in this rehearsal")

    async def _live(self, plan: Plan, began: datetime) -> None:
        end = began + plan.length
        resolve_at = began + plan.resolve_after if plan.resolve_after is not None else None
        while True:
            due = await self._reader.next_due_at()
            ahead = [at for at in (due, resolve_at) if at is not None and at <= end]
            if not ahead:
                return
            self.clock.at = max(self.clock.at, min(ahead))
            if resolve_at is not None and self.clock.at >= resolve_at:
                resolve_at = None
                await self._say("#1 resolve now because the rehearsal ends it here")
                continue
            await self._bell.ring()
            self._tell()
            if plan.answers is Answers.UPDATES:
                await self._answer()

    async def _answer(self) -> None:
        """Whoever is asked does as asked: an update, news for an audience."""
        incident = await self._incident()
        if incident.reminding.waiting:
            await self._say("#1 update An update, as rehearsed")
        for name, kept in incident.progress.rounds.items():
            if kept.asked is not None:
                await self._say(f"#1 told {name}")

    async def _end(self, end: datetime) -> None:
        """The deadlines that follow from the resolution are told as if it came now."""
        if (await self._incident()).resolved_at is None:
            self.clock.at = end
            self._told += outlook.end(await self._incident(), self._playbook, at=end)
            told = len(self._told)
            await self._say("#1 resolve now because the rehearsal ends here")
            self._told[told:] = [one for one in self._told[told:] if one.kind is Kind.DEADLINE]

    async def _say(self, words: str) -> Card | None:
        """Say something as the declarer; what the bot answers."""
        self._said += 1
        spoken = Spoken(key=f"rehearsal/{self._said}", platform="cli", actor=DECLARER, words=words)
        answer = await self._desk.hear(spoken)
        if len(self._changes) == self._told_of and answer.card is not None:
            raise Mistake(f"“{words}” was answered: {plain(answer.card.text) or answer.card.title}")
        self._tell()
        return answer.card

    def _tell(self) -> None:
        for change in self._changes[self._told_of :]:
            self._told += self._teller.tell(change, at=self.clock.at)
        self._told_of = len(self._changes)

    async def _incident(self) -> Incident:
        found = await self._reader.incident(1)
        if found is None:
            raise Mistake("Nothing was declared.")
        return found
