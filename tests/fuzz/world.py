"""A world to feed: the desk, the bell and the intake on a SQLite file that incidents of every kind stand in."""

import asyncio
import atexit
import shutil
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from adapters.database import Database
from adapters.holidays import public
from adapters.keys import Keyring
from adapters.sandbox.clock import SandboxClock
from adapters.sandbox.people import PEOPLE
from bot.alerts.intake import Intake
from bot.alerts.listening import Listening
from bot.alerts.source import Source
from bot.bell import Bell
from bot.building import sources
from bot.commands import VERBS
from bot.connected import Connected
from bot.desk import Desk
from bot.grammar import Grammar
from bot.heard import Answer, Spoken
from bot.intents import OWN_PAGE, OpenChannel, Post
from bot.ledger import Claimed, Done
from bot.library import Library
from bot.people import Person, stranger
from bot.playbook.shape import Playbook
from bot.rehearsal import Silent
from bot.scenes import Scenes
from tests.fuzz import judge
from tests.fuzz.target import folder
from tests.support.pattern import lay
from tests.support.shipped import as_shipped
from tests.support.town import FRIDAY

SHIPPED = ("default", "dragonfly", "muntin", "platform", "sartiq", "werkly")
PLATFORMS = ("slack", "discord")
OPENING = (
    "sev1 checkout is down",
    "private sev2 a key was stolen",
    "drill sev2 the yearly drill",
    "sev3 exports are slow",
    *(f"{name} {{severity}} of the process {name}" for name in SHIPPED[1:]),
)
"""What is declared before anything is fed: incidents #1, #2 and so on."""
CHANNELS: dict[str, tuple[str, ...]] = {
    "slack": tuple(f"C{number:08d}" for number in range(1, len(OPENING) + 1)),
    "discord": tuple(f"{900_000_000_000_000_000 + number}" for number in range(1, len(OPENING) + 1)),
}


@cache
def playbooks() -> tuple[Playbook, ...]:
    """Every shipped one."""
    return tuple(as_shipped(name) for name in SHIPPED)


def person(platform: str, which: int) -> Person:
    """One of the sandbox's people, or for a higher number a stranger."""
    if which < len(PEOPLE):
        one = PEOPLE[which]
        return stranger(platform, one.slack_id if platform == "slack" else one.discord_id, one.name)
    return stranger(platform, f"U0STRANGE{which}" if platform == "slack" else str(10**17 + which), "Sam \u202eStranger")


@dataclass
class World:
    """One database and everything that acts on it."""

    database: Database
    clock: SandboxClock
    desk: Desk
    bell: Bell
    intake: Intake
    listening: Listening
    keys: Keyring
    sources: list[Source]
    file: Path
    said: int = 0
    given: str = ""
    """What was fed and would be taken for ours, such as “None”."""

    def fed(self, text: str) -> None:
        """Somebody else's words, which may stand in cards later."""
        self.given += " ".join(found[0] for found in judge.TAKEN.finditer(text, 0, judge.MOST))

    async def says(self, words: str, *, platform: str = "slack", channel: str | None = None, who: int = 0) -> Answer:
        """Somebody types something."""
        self.said += 1
        return await self.desk.hear(
            Spoken(
                key=f"fuzz/{self.said}", platform=platform, actor=person(platform, who), channel=channel, words=words
            )
        )

    async def delivered(self) -> int:
        """Do everything owed, as a platform that takes all of it would, and judge each card; how much it was."""
        ledger, count = self.database.ledger("fuzz", self.clock), 0
        lanes = [one.platform for one in await ledger.backlog() if one.depth]
        for lane in lanes:
            while claims := await ledger.claim(lane, limit=500):
                await ledger.finish([Done(claim, self._ref(claim)) for claim in claims], claim=False)
                count += len(claims)
        return count

    def _ref(self, claim: Claimed) -> str:
        card = getattr(claim.intent, "card", None)
        if card is not None and claim.platform in PLATFORMS:
            judge.card(card, given=self.given)
        channels = CHANNELS.get(claim.platform)
        if isinstance(claim.intent, OpenChannel) and channels and claim.incident and claim.incident <= len(channels):
            return channels[claim.incident - 1]
        if isinstance(claim.intent, Post):
            return f"{claim.refs.get('channel', 'C')}:{claim.id}"
        return f"{claim.platform}-{claim.id}"

    async def close(self) -> None:
        """Close it and remove its file."""
        await self.database.stop()
        for path in self.file.parent.glob(f"{self.file.name}*"):
            path.unlink()


@cache
def _room() -> Path:
    """Where the pattern of all worlds stands, as long as this process lives."""
    room = tempfile.mkdtemp(prefix="tocsin-fuzz-", dir=folder() or None)
    atexit.register(shutil.rmtree, room, ignore_errors=True)
    return Path(room)


class Worlds:
    """Makes worlds that are all alike at the beginning."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="tocsin-fuzz-", dir=folder() or None))
        self._made = 0

    async def fresh(self) -> World:
        """One more."""
        pattern = _room() / "pattern.db"
        if not pattern.exists():
            await self._lay(pattern)
        self._made += 1
        file = self._folder / f"world-{self._made}.db"
        shutil.copy(pattern, file)
        return await _built(file)

    async def _lay(self, pattern: Path) -> None:
        file = self._folder / "first.db"
        await lay(f"sqlite:///{file}")
        world = await _built(file)
        for line in OPENING:
            name = line.partition(" ")[0]
            known = next((one for one in playbooks() if one.name == name), playbooks()[0])
            await world.says(line.format(severity=known.severities[0].name))
        await world.says("#4 resolve now because it is over")
        while await world.delivered():
            pass
        await world.database.stop()
        file.rename(pattern)

    def remove(self) -> None:
        """Leave nothing behind."""
        shutil.rmtree(self._folder, ignore_errors=True)


async def _built(file: Path) -> World:
    database, clock, keys = Database(f"sqlite:///{file}"), SandboxClock(FRIDAY), Keyring(["the-key-of-these-worlds"])
    await database.start()
    library, known = Library(playbooks(), database.reader), sources()
    scenes = Scenes(
        store=database,
        library=library,
        clock=clock,
        holidays=public,
        platforms=PLATFORMS,
        verbs=VERBS,
        connected=Connected(
            tools=frozenset({"health", "pager"}), pages=frozenset({OWN_PAGE}), trackers=frozenset({"github"}), keys=keys
        ),
    )
    listening = Listening(database, library, clock, sources=known, watched=["alerts"], accepted=lambda: None)
    quiet = asyncio.Event()
    quiet.set()
    titles = {one.name: one.title for one in known}
    return World(
        database=database,
        clock=clock,
        desk=Desk(scenes, Grammar(VERBS), listening=listening),
        bell=Bell(scenes, meter=Silent(), saved=lambda: None),
        intake=Intake(scenes, titles=titles, saved=lambda: None, quiet=quiet),
        listening=listening,
        keys=keys,
        sources=known,
        file=file,
    )
