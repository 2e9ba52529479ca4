"""The record can be proved by what people saw: the resolution, and the timeline, tell how it stood."""

import re
from pathlib import Path

from bot.audit import audit
from bot.timeline import Anchor
from tests.support.story import declared, last, tell, thread, town_with
from tests.support.town import ANA, BO, Side, Town


def anchor(words: str) -> Anchor:
    """What a message tells of the record, as somebody copies it."""
    found = re.search(r"Record: (\d+ entries · [0-9a-f]{16})(?![0-9a-f])", words)
    assert found is not None, words
    return Anchor.read(found[1])


async def test_the_resolution_tells_where_the_record_stands_and_that_proves_it_for_ever(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, ANA, "note the pool is full")
    await tell(town, side, BO, "resolve the pool was restarted")
    told = anchor(last(side).text)
    assert anchor(thread(side)[-1].text) == told
    await tell(town, side, ANA, "note one more thing")
    links = await town.timeline()
    assert links[told.length - 1].entry.text.startswith("Resolved") and len(links) > told.length
    found = await audit(town.store.reader, 1, [told])
    assert found is not None and found.whole
    found = await audit(town.store.reader, 1, [Anchor(told.head, told.length - 1)])
    assert found is not None and found.broken is not None and found.broken.seq == told.length - 1


async def test_a_resolution_in_the_playbooks_words_tells_it_too(tmp_path: Path, platform: str) -> None:
    async with town_with(tmp_path, (platform,), templates={"resolution": "All is well: {{ title }}"}) as town:
        side = town.sides[platform]
        await declared(town, side)
        await tell(town, side, ANA, "resolve a restart")
        assert "All is well" in last(side).text
        found = await audit(town.store.reader, 1, [anchor(last(side).text)])
        assert found is not None and found.whole


async def test_the_timeline_shows_the_whole_anchor(town: Town, side: Side) -> None:
    await declared(town, side)
    told = await tell(town, side, ANA, "timeline")
    incident = await town.incident()
    assert f"Anchor: {incident.head}:{incident.entries}" in told
