"""What several stories share: the first incident of the day, its channel, and people who are known on both sides."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from adapters.sandbox.people import PEOPLE, SandboxPerson
from bot.people import Person
from bot.playbook.shape import Playbook
from bot.scene import Scene
from bot.scenes import save
from tests.support.seen import Seen
from tests.support.shipped import as_shipped
from tests.support.town import ANA, Side, Town

ROOM = "incident-2026-11-20"
"""The channel of the first incident of the day on which stories begin."""
ANNOUNCED = "incidents"
"""The announcement channel."""


async def declared(town: Town, side: Side, words: str = "sev1 checkout is down", *, by: SandboxPerson = ANA) -> str:
    """Declare, wait until all is in place, and return what the declarer was told."""
    told = await side.says(by, words)
    await town.settle()
    return told


async def tell(town: Town, side: Side, who: SandboxPerson, words: str, *, room: str = ROOM) -> str:
    """Type words in the incident's channel, wait for what comes of them, and return what the person is told."""
    told = await side.says(who, words, room=room)
    await town.settle()
    return told


async def react(town: Town, side: Side, who: SandboxPerson, emoji: str, message: Seen) -> None:
    """Put a reaction on a message of the incident's channel, and wait until the incident has changed by it."""
    before = (await town.incident()).revision
    await side.reacts(who, emoji, message, room=ROOM)
    await changed(town, since=before)


async def changed(town: Town, *, since: int, number: int = 1) -> None:
    """Wait until the incident has a later revision than ``since``."""

    async def moved() -> bool:
        await town.settle()
        return (await town.incident(number)).revision > since

    await town.until(moved)
    await town.settle()


@asynccontextmanager
async def act(town: Town, number: int = 1) -> AsyncIterator[Scene]:
    """Change the incident as a part of the bot would for which there are no words yet, then save it."""
    scenes = town.bot.desk._scenes
    async with town.store.work() as work:
        scene = scenes.begin(work)
        await scenes.about(scene, await work.incident(number))
        scene.changed = True
        yield scene
        await save(work, scene)


def card(side: Side, room: str = ROOM) -> Seen:
    """The live card."""
    return next(one for one in side.pinned(room) if "playbook" in one.text)


def announcement(side: Side) -> Seen:
    """The newest announcement."""
    return [one for one in side.room(ANNOUNCED) if one.by_bot and one.thread is None][-1]


def posts(side: Side, room: str = ROOM) -> list[Seen]:
    """What the bot posted in a channel."""
    return [one for one in side.room(room) if one.by_bot]


def last(side: Side, room: str = ROOM) -> Seen:
    """What the bot posted last."""
    return posts(side, room)[-1]


def thread(side: Side) -> list[Seen]:
    """What stands in the threads of the announcement channel."""
    return [one for one in side.room(ANNOUNCED) if one.by_bot and one.thread is not None]


def default() -> Playbook:
    """The playbook that comes with Tocsin."""
    return as_shipped("default")


def acquainted(**changes: object) -> Playbook:
    """The default playbook, knowing the sandbox's people on either platform; ``changes`` replace parts of it."""
    people = tuple(
        Person(
            key=one.key,
            name=one.name,
            handles={"slack": one.slack_id, "discord": one.discord_id},
            timezone=one.timezone,
        )
        for one in PEOPLE
    )
    return Playbook.model_validate(default().model_dump() | {"people": people} | changes)


def town_with(database: Path, platforms: tuple[str, ...], **changes: object) -> Town:
    """A town whose playbook knows its people."""
    return Town(f"sqlite:///{database / 'tocsin.db'}", platforms=platforms, playbook=acquainted(**changes))
