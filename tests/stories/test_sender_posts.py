"""What each sender's own integration posts in chat, over the wire: an incident, quiet repeats, and a clear, also as an
edit of the post."""

from pathlib import Path

import pytest

from adapters.sandbox.alarm_posts import Stand
from adapters.sandbox.alarms import ALARMS
from tests.support.courses import TABLES
from tests.support.postings import POSTS, Posting
from tests.support.seen import Seen
from tests.support.story import card, town_with
from tests.support.town import ANA, Side, Town
from tests.support.watched import ALERTS, answers, cleared, heard, recorded, under

SEEN = {"slack": "eyes", "discord": "👀"}
WATCHING: dict[str, object] = {
    "alerts": {"channels": {"slack": [ALERTS], "discord": [ALERTS]}},
    "components": sorted({course.component for course in POSTS if course.component is not None}),
}


async def posts(town: Town, course: Posting, file: str, *, instead: str = "") -> str:
    """The sender posts one of its samples, or edits an earlier post into it; returns the post's id."""
    raw = course.table.raw(course.table.sample(file))
    return await recorded(town, course.platform, raw, instead=instead)


def said(side: Side) -> int:
    """How much the bot has posted anywhere."""
    return sum(len(answers(side, room)) for room in side.rooms())


def standing(side: Side, ref: str) -> Seen:
    """A post in the watched channel as it stands now."""
    return next(one for one in side.room(ALERTS) if one.ref == ref)


async def clears(town: Town) -> int:
    """How often the timeline notes that it cleared."""
    return sum(link.entry.text.startswith("Cleared: ") for link in await town.timeline())


def test_every_sender_that_posts_in_chat_is_among_them() -> None:
    places = {(name, post.file.partition("-")[0]) for name, table in TABLES.items() for post in table.posts}
    assert {(course.sender, course.platform) for course in POSTS} == places


@pytest.mark.parametrize("course", POSTS, ids=str)
async def test_what_a_sender_posts_becomes_an_incident_and_its_edit_or_its_next_post_clears_it(
    tmp_path: Path, course: Posting
) -> None:
    async with town_with(tmp_path, (course.platform,), **WATCHING) as town:
        side = town.sides[course.platform]
        post = await posts(town, course, course.fires)
        await heard(town)
        [answer] = answers(side)
        assert under(answer) == post and standing(side, post).reactions == (SEEN[course.platform],)
        if not course.declares:
            assert await town.store.reader.numbers() == [] and course.title in answer.text
            await side.taps(ANA, f"Declare {course.severity.upper()}", answer, room=ALERTS)
            await town.settle()
        incident = await town.incident()
        assert (incident.title, incident.severity) == (course.title, course.severity)
        assert incident.component == course.component
        assert course.link in [(link.label, link.url) for link in incident.links]

        before = said(side)
        second = await posts(town, course, course.fires)
        await heard(town, posted=2)
        if course.taken:
            await posts(town, course, course.taken, instead=second)
            await heard(town, posted=3)
        assert (await town.store.reader.numbers(), said(side)) == ([1], before)

        await posts(town, course, course.clears, instead=second)
        await cleared(town)
        assert (await clears(town), (await town.incident()).open) == (1, True)
        await town.forward(minutes=25)
        assert "1 cleared" in card(side).text and "It cleared at" in answers(side)[0].text

        third = await posts(town, course, course.fires)
        await heard(town, posted=4 if course.taken else 3)
        assert await town.store.reader.numbers() == [1], "it fires again, and is the same"
        await town.forward(minutes=25)
        await posts(town, course, course.clears)
        await cleared(town)
        assert (await clears(town), (await town.incident()).open) == (2, True)
        assert [under(one) for one in answers(side)] == [post, third], "one answer for each time that it began"
        assert all("It cleared at" in one.text for one in answers(side))


async def test_every_alert_that_the_sandbox_has_ready_is_read_as_its_senders(tmp_path: Path, platform: str) -> None:
    async with town_with(tmp_path, (platform,), **WATCHING) as town:
        side, known, post = town.sides[platform], 0, None
        for alarm in ALARMS:
            for count, stand in enumerate(alarm.of(platform)):
                post = await side.posts_alert(alarm.key, stand, room=ALERTS, instead=post if count else None)
                known += not count
                await heard(town, count=known)
                if stand is Stand.CLEARED:
                    await cleared(town)
                newest = (await town.store.reader.alerts.latest(limit=1))[0]
                assert (newest.alert.source, newest.fires) == (alarm.key, stand is not Stand.CLEARED), stand
        assert known == sum(bool(alarm.of(platform)) for alarm in ALARMS) > 3
