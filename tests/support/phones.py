"""People's phones: the lane of what is sent to their own routes, what arrived there, and one that takes nothing."""

from dataclasses import dataclass, field

from bot.intents import PAGER, SendToRoute
from bot.learned import RouteTried
from bot.ports import Ear, Found, Job
from bot.reaching import Reaching
from bot.routes import Letter, RouteBook
from tests.support.town import Town


@dataclass
class Phones:
    """A tool that asks the book at the moment of sending, as a pager does."""

    book: RouteBook
    got: list[Letter] = field(default_factory=list)
    broken: bool = False
    name: str = PAGER
    ready: bool = True
    connected: bool = True

    @property
    def platform(self) -> "Phones":
        """It is its own platform."""
        return self

    async def start(self, ear: Ear) -> None:
        """Know whom to tell."""
        self._ear = ear

    async def stop(self) -> None:
        """Nothing to end."""

    async def perform(self, job: Job) -> str | None:
        """Deliver, or bring back that it cannot be."""
        assert isinstance(job.intent, SendToRoute)
        letter = await self.book.letter(job.intent.route, test=job.intent.test)
        if self.broken:
            await self._ear.learn(RouteTried(key=f"{PAGER}:{job.key}", sent=job.intent, why="it takes nothing"))
        elif letter is not None:
            self.got.append(letter)
        return None

    async def find(self, job: Job) -> Found | None:
        """Nothing is looked for."""
        return None


def phones(town: Town) -> Phones:
    """The phones of a town."""
    return Phones(Reaching(town.store.reader, town.keys, town.clock))
