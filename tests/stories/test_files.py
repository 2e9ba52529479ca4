"""A text goes into the incident's channel as a file, once, whatever goes wrong on the way."""

import pytest

from adapters.sandbox.faults import Fault, FaultKind
from bot.intents import Attach, Pin
from tests.support.seen import SeenFile
from tests.support.story import ROOM, act, declared
from tests.support.town import Side, Town

DRAFT = Attach(name="postmortem-42.md", title="Post-mortem, a draft", content="# Checkout is down 🔥\n\nתקלה\n")
CALLS = {"slack": ("files.getUploadURLExternal", "upload_url"), "discord": ("POST /channels/*/messages",)}
"""Calls after which, when they fail, another attempt is made at once."""


async def attached(town: Town) -> None:
    """Owe the draft, and a pin of it."""
    async with act(town) as scene:
        scene.owe("draft", DRAFT)
        scene.owe("draft/pin", Pin(message="draft"), after=frozenset({"draft"}))
    await town.settle()


def is_whole(side: Side) -> None:
    """The file is there once, with its words beside it, and pinned."""
    (file,) = side.files(ROOM)
    assert (file.name, file.content) == (DRAFT.name, DRAFT.content)
    assert file.beside.startswith(DRAFT.title)
    assert any(DRAFT.title in one.text for one in side.pinned(ROOM))


async def test_a_file_is_posted_and_what_needs_it_follows(town: Town, side: Side) -> None:
    await declared(town, side)
    assert side.files(ROOM) == []
    await attached(town)
    is_whole(side)


@pytest.mark.parametrize(
    "kind", [FaultKind.RATE_LIMIT, FaultKind.SERVER_ERROR, FaultKind.DROP_BEFORE, FaultKind.DROP_AFTER]
)
async def test_a_file_is_posted_once_though_calls_fail(town: Town, side: Side, kind: FaultKind) -> None:
    await declared(town, side)
    for method in CALLS[side.name]:
        town.sandbox.faults.add(Fault(kind=kind, platform=side.name, method=method, times=2, seconds=0.1))
    await attached(town)
    is_whole(side)


async def test_the_same_file_goes_to_both_platforms(both: Town) -> None:
    await declared(both, both.sides["slack"])
    async with act(both) as scene:
        scene.owe("draft", DRAFT)
    await both.settle()
    rooms = len((await both.incident()).rooms)
    seen: list[SeenFile] = [one for side in both.sides.values() if ROOM in side.rooms() for one in side.files(ROOM)]
    assert [one.content for one in seen] == [DRAFT.content] * rooms
