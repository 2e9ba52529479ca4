"""What is fed, and how it is run: inputs that follow from a seed, with whatever fails made small."""

import asyncio
import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any, Protocol

from tests.fuzz.found import LONGEST, STUCK, Found, TooLong, Watch, from_exception, moment, within
from tests.fuzz.shrink import shrunk

MOST = 12
"""Different faults after which a target is not run further."""


class Target(Protocol):
    """Something that reads what comes from outside."""

    block: int
    """Inputs that are fed to one world, which is then left for a fresh one."""

    def make(self, chance: Random) -> Any:
        """An input, which follows from chance alone."""
        ...

    async def open(self) -> None:
        """Build a fresh world."""
        ...

    async def feed(self, given: Any) -> str:
        """Feed one input and judge the answer; returns its kind. Raises :class:`~tests.fuzz.found.Wrong` and whatever
        the product let through."""
        ...

    async def settle(self) -> None:
        """Have done whatever the block's inputs left to be done, and judge that."""
        ...

    async def close(self) -> None:
        """Tear the world down."""
        ...

    def end(self) -> None:
        """Leave nothing behind on the disk."""
        ...


@dataclass
class Case:
    """A failing input."""

    found: Found
    number: int
    given: Any
    """Made small, where it fails by itself too."""
    alone: bool
    """Whether it fails in a fresh world by itself; else what came before in its block is needed."""


@dataclass
class Outcome:
    """What came of a target."""

    name: str
    inputs: int = 0
    seconds: float = 0.0
    longest: float = 0.0
    """Seconds of the slowest input."""
    kinds: Counter[str] = field(default_factory=Counter)
    cases: list[Case] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Inputs a second."""
        return self.inputs / self.seconds if self.seconds else 0.0


def chance_of(seed: int, name: str, number: int) -> Random:
    """The chance from which one input follows."""
    return Random(f"{seed}/{name}/{number}")


class Run:
    """One target's run."""

    def __init__(
        self,
        name: str,
        target: Target,
        watch: Watch,
        *,
        seed: int,
        small: bool = True,
        tell: Callable[[str], None] | None = None,
    ) -> None:
        """``small``: make failing inputs small; ``tell`` is told of each, and of how far it is."""
        self._target, self._watch, self._seed, self._small = target, watch, seed, small
        self._tell = tell or (lambda _: None)
        self.outcome = Outcome(name)

    async def go(self, inputs: int, *, first: int = 0) -> Outcome:
        """Feed so many inputs, beginning with one by its number."""
        asyncio.get_running_loop().set_exception_handler(self._watch.loose)
        began, out = moment(), self.outcome
        at, end = first, first + inputs
        while at < end and len(out.cases) < MOST:
            numbers = range(at, min(end, at + self._target.block))
            failed = await self._block(numbers)
            for number, given, found in failed:
                await self._keep(number, given, found)
            at = numbers.stop
            out.seconds = moment() - began
            if at // 5_000 != (at - len(numbers)) // 5_000:
                self._tell(f"{out.name}: {at - first:,} inputs, {out.rate:.0f} a second, {len(out.cases)} faults")
        return out

    async def _block(self, numbers: range) -> list[tuple[int, Any, Found]]:
        failed: list[tuple[int, Any, Found]] = []
        await self._target.open()
        try:
            made = [(number, self._target.make(chance_of(self._seed, self.outcome.name, number))) for number in numbers]
            for number, given in made:
                since = moment()
                found = await self._fed(given)
                self.outcome.inputs += 1
                self.outcome.longest = max(self.outcome.longest, moment() - since)
                failed += [(number, given, one) for one in found]
            settled = await self._settled()
        finally:
            await self._target.close()
        if settled:
            failed += await self._culprits(made, settled)
        return failed

    async def _fed(self, given: Any) -> list[Found]:
        """What is found wrong with one input."""
        found: list[Found] = []
        try:
            async with asyncio.timeout(STUCK):
                with within(LONGEST):  # inside, since it may ring at any step: the other's own end must not be one
                    self.outcome.kinds[await self._target.feed(given)] += 1
        except (Exception, TooLong) as error:  # noqa: BLE001  # whatever it is, it is found
            found.append(from_exception(error))
        return [*found, *self._watch.taken()]

    async def _settled(self) -> list[Found]:
        try:
            with within(LONGEST * 10):
                await self._target.settle()
        except (Exception, TooLong) as error:  # noqa: BLE001  # whatever it is, it is found
            return [from_exception(error), *self._watch.taken()]
        return self._watch.taken()

    async def _alone(self, given: Any) -> list[Found]:
        """What is found where only this input is fed."""
        await self._target.open()
        try:
            return [*await self._fed(given), *await self._settled()]
        finally:
            await self._target.close()

    async def _culprits(self, made: list[tuple[int, Any]], settled: list[Found]) -> list[tuple[int, Any, Found]]:
        """Which inputs are to blame for what came out only once the block was settled: each is fed by itself."""
        missing = {one.sign: one for one in settled if one.sign not in self._known}
        blamed: list[tuple[int, Any, Found]] = []
        for number, given in made:
            if not missing:
                break
            for one in await self._alone(given):
                if missing.pop(one.sign, None) is not None:
                    blamed.append((number, given, one))
        return [*blamed, *((made[0][0], None, one) for one in missing.values())]

    @property
    def _known(self) -> set[str]:
        return {case.found.sign for case in self.outcome.cases}

    async def _keep(self, number: int, given: Any, found: Found) -> None:
        if found.sign in self._known or len(self.outcome.cases) >= MOST:
            return

        async def fails(one: Any) -> bool:
            return found.sign in {each.sign for each in await self._alone(one)}

        before = self.outcome.kinds.copy()
        alone = given is not None and await fails(given)
        if alone and self._small:
            given = await shrunk(given, fails)
        self.outcome.kinds = before
        case = Case(found, number, given, alone)
        self.outcome.cases.append(case)
        self._tell(described(self.outcome.name, self._seed, case))


def described(name: str, seed: int, case: Case) -> str:
    """A failing case, and how to see it again."""
    again = f"python -m tests.fuzz --only {name} --seed {seed} --first {case.number} --inputs 1"
    if not case.alone:
        again += " (not by itself: feed its whole block)"
    return (
        f"{name}: {case.found.sign}\n  again: {again}\n  input: {clipped(repr(case.given))}\n{case.found.says.rstrip()}"
    )


def clipped(said: str, most: int = 1_500) -> str:
    """A text of bounded length."""
    return said if len(said) <= most else f"{said[:most]}… ({len(said):,} characters)"


def folder() -> str:
    """Where worlds stand: in memory where the machine has a place for that."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else ""  # noqa: S108  # a folder of our own is made in it
