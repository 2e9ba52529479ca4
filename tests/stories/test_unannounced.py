"""An announcement channel that refuses: people inside hear of it once, and it is announced as soon as it can be."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.process import process
from tests.support.seen import Seen
from tests.support.story import ANNOUNCED, announcement, declared, posts, tell, thread
from tests.support.town import ANA, Side, Town, sqlite

VIEW, SEND = 1 << 10, 1 << 11
ROOM = "incident-2026-11-20"
Wrong = Callable[[Town], Callable[[], None]]
"""Makes something wrong with the announcement channel; returns what mends it."""


def archived(town: Town) -> Callable[[], None]:
    """Slack: somebody archived it."""
    room = town.sandbox.slack.channel_named(ANNOUNCED)
    room.is_archived = True
    return lambda: setattr(room, "is_archived", False)


def missing(town: Town) -> Callable[[], None]:
    """Slack: there is no channel of that name."""
    box = town.sandbox.slack
    room = box.channels.pop(box.channel_named(ANNOUNCED).id)
    return lambda: box.channels.update({room.id: room})


def closed(town: Town) -> Callable[[], None]:
    """Slack: it is private now, and the bot is no member."""
    box = town.sandbox.slack
    room = box.channel_named(ANNOUNCED)
    room.is_private = True
    if box.bot_user_id in room.members:
        room.members.remove(box.bot_user_id)
    return lambda: room.members.append(box.bot_user_id)


def denied(bits: int) -> Wrong:
    """Discord: the bot may not see it, or not write there."""

    def deny(town: Town) -> Callable[[], None]:
        box = town.sandbox.discord
        room = box.channel_named(ANNOUNCED)
        before = list(room["permission_overwrites"])
        rule = {"id": str(box.bot_user_id), "type": 1, "allow": "0", "deny": str(bits)}
        room["permission_overwrites"] = [*before, rule]
        return lambda: room.update(permission_overwrites=before)

    return deny


def gone(town: Town) -> Callable[[], None]:
    """Discord: there is no channel of that name."""
    box = town.sandbox.discord
    room = box.channel_named(ANNOUNCED)

    def name(new: str) -> None:
        room["name"] = new
        box.world.emit("CHANNEL_UPDATE", dict(room))

    name("elsewhere")
    return lambda: name(ANNOUNCED)


CASES = [
    pytest.param("slack", archived, id="slack-archived"),
    pytest.param("slack", missing, id="slack-missing"),
    pytest.param("slack", closed, id="slack-not-a-member"),
    pytest.param("discord", denied(SEND), id="discord-may-not-write"),
    pytest.param("discord", denied(VIEW | SEND), id="discord-may-not-see"),
    pytest.param("discord", gone, id="discord-missing"),
]
UNEDITABLE = [CASES[0], CASES[4]]


def notices(side: Side) -> list[Seen]:
    """What the incident's channel says of it, as it stands now."""
    return [one for one in posts(side, ROOM) if "do not hear of this" in one.text or "Announced after all" in one.text]


def announcements(side: Side) -> list[Seen]:
    """What stands in the announcement channel, outside of threads."""
    return [one for one in posts(side, ANNOUNCED) if one.thread is None]


@pytest.mark.parametrize(("on", "wrong"), CASES)
async def test_it_is_said_once_inside_and_announced_as_it_stands_once_it_can_be(
    tmp_path: Path, on: str, wrong: Wrong
) -> None:
    async with Town(sqlite(tmp_path), platforms=(on,)) as town:
        side = town.sides[on]
        mend = wrong(town)
        await side.says(ANA, "sev1 checkout is down")
        await town.patiently()
        (notice,) = notices(side)
        assert "#incidents" in notice.text and "/invite @Tocsin" in notice.text, "which place, and what to do"
        assert f"{on.capitalize()} answers" in notice.text and notice.rings == frozenset()
        others = [one for one in posts(side, ROOM) if "is late" in one.text or "could not be done" in one.text]
        assert not others, "said once, and calmly"

        for words in ("update the pool is full", "impact nobody can pay", "status identified", "update it is better"):
            await tell(town, side, ANA, words)
        await town.forward(minutes=10)
        await town.patiently()
        assert [one.ref for one in notices(side)] == [notice.ref]

        mend()
        await town.forward(minutes=15)
        await town.patiently()
        (told,) = announcements(side)
        assert "identified" in told.text and "nobody can pay" in told.text and "it is better" in told.text
        assert not thread(side), "nothing of what was said meanwhile comes after it"
        assert "Announced after all" in notices(side)[0].text and len(notices(side)) == 1
        assert "Join" in told.buttons

        await tell(town, side, ANA, "update nearly done")
        await tell(town, side, ANA, "resolve a restart")
        assert len(announcements(side)) == 1 and "resolved" in announcement(side).text
        assert "nearly done" in thread(side)[0].text
        noted = [link.entry.text for link in await town.timeline()]
        assert sum("Not announced" in text for text in noted) == 1
        assert (await town.incident()).late == {}


@pytest.mark.parametrize(("on", "wrong"), UNEDITABLE)
async def test_an_announcement_that_cannot_be_edited_any_more_goes_on_in_a_new_one(
    tmp_path: Path, on: str, wrong: Wrong
) -> None:
    async with Town(sqlite(tmp_path), platforms=(on,)) as town:
        side = town.sides[on]
        await declared(town, side)
        (first,) = announcements(side)
        mend = wrong(town)
        for words in ("impact nobody can pay", "status identified", "update it is better"):
            await tell(town, side, ANA, words)
        await town.patiently()
        (notice,) = notices(side)
        assert "bring the announcement up to date" in notice.text
        await town.forward(minutes=5)
        await town.patiently()
        mend()
        await town.forward(minutes=15)
        await town.patiently()
        old, new = announcements(side)
        assert old.ref == first.ref and "goes on in a newer one" in old.text and not old.buttons
        assert "identified" in new.text and "it is better" in new.text
        await tell(town, side, ANA, "resolve a restart")
        assert len(announcements(side)) == 2 and "resolved" in announcements(side)[1].text
        assert "Announced after all" in notices(side)[0].text and len(notices(side)) == 1


async def test_it_is_tried_again_after_a_restart_and_less_and_less_often(tmp_path: Path, platform: str) -> None:
    async with Town(sqlite(tmp_path), platforms=(platform,)) as town:
        side = town.sides[platform]
        mend = {"slack": archived, "discord": denied(SEND)}[platform](town)
        await side.says(ANA, "sev4 a typo")
        await town.patiently()
        for _ in range(12):
            await town.forward(minutes=20)
            await town.patiently()
        turns = (await town.incident()).progress.announcing[platform].turn
        assert turns == 13, "at most every quarter of an hour"
        await town.bot.stop()
        mend()
        await town.start_bot("two")
        await town.forward(minutes=20)
        await town.patiently()
        assert len(announcements(side)) == 1


async def test_once_it_is_over_it_is_tried_seldom_and_no_more_when_its_own_channel_is_archived(
    tmp_path: Path, platform: str
) -> None:
    async with Town(sqlite(tmp_path), platforms=(platform,), playbook=process(archive_after="3d")) as town:
        side = town.sides[platform]
        mend = {"slack": archived, "discord": denied(SEND)}[platform](town)
        await side.says(ANA, "sev4 a typo")
        await town.patiently()
        await tell(town, side, ANA, "cancel")

        async def tried(hours: int) -> int:
            """How often it was tried until now, after so many hours more."""
            for _ in range(hours):
                town.clock.forward(timedelta(hours=1))
                await town.patiently()
            return (await town.incident()).progress.announcing[platform].turn

        first = await tried(36)
        assert 5 < first < 15
        assert 4 <= await tried(24) - first <= 5, "each six hours"
        last = await tried(24)
        mend()
        assert (await town.incident()).archived_at is not None and await tried(24) == last
        assert not announcements(side)


@pytest.mark.parametrize(("on", "wrong"), UNEDITABLE)
async def test_what_is_refused_a_second_time_is_told_a_second_time_and_goes_on_in_a_newer_one(
    tmp_path: Path, on: str, wrong: Wrong
) -> None:
    async with Town(sqlite(tmp_path), platforms=(on,)) as town:
        side = town.sides[on]
        for count, words in enumerate(("sev1 checkout is down", "impact nobody can pay"), start=1):
            mend = wrong(town)
            await (side.says(ANA, words) if count == 1 else tell(town, side, ANA, words))
            await town.patiently()
            assert "do not hear of this" in notices(side)[-1].text
            mend()
            await town.forward(minutes=15)
            await town.patiently()
            assert len(announcements(side)) == count and "Announced after all" in notices(side)[-1].text
        noted = [link.entry.text for link in await town.timeline()]
        assert sum("Not announced" in text for text in noted) == 2
        old, new = announcements(side)
        assert "goes on in a newer one" in old.text and "nobody can pay" in new.text


async def test_where_one_platform_refuses_the_other_announces_as_ever(both: Town) -> None:
    mend = archived(both)
    slack, discord = both.sides["slack"], both.sides["discord"]
    await slack.says(ANA, "sev1 checkout is down")
    await both.patiently()
    assert len(announcements(discord)) == 1 and not announcements(slack)
    assert notices(slack) and not notices(discord)
    await tell(both, discord, ANA, "update the pool is full")
    assert any("the pool is full" in one.text for one in thread(discord))
    mend()
    await both.forward(minutes=1)
    await both.patiently()
    assert len(announcements(slack)) == 1 and "the pool is full" in announcement(slack).text
