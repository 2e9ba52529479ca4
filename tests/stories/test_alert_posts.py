"""Alerts as monitoring tools post them in chat: seen, answered on the post itself, and never with noise."""

import re
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.sandbox.alarm_posts import Stand
from bot.alerts.tracked import Became
from bot.playbook.process import Stage
from tests.support.alerts import arrive
from tests.support.hostile import ACTS, HOSTILE
from tests.support.seen import Seen
from tests.support.story import ANNOUNCED, ROOM, card, posts, tell, town_with
from tests.support.town import ANA, BO, FRIDAY, Side, Town
from tests.support.watched import ALERTS, answers, cleared, heard, under

SEEN = {"slack": "eyes", "discord": "👀"}
WATCHING: dict[str, object] = {
    "alerts": {"channels": {"slack": [ALERTS], "discord": [ALERTS]}},
    "components": ["checkout", "search"],
}


@pytest.fixture
async def town(tmp_path: Path, platform: str) -> AsyncIterator[Town]:
    """A town that watches its alerts, and has people."""
    async with town_with(tmp_path, (platform,), **WATCHING) as made:
        yield made


async def fence(town: Town, side: Side) -> None:
    """Wait until an alert that is posted now was heard, which comes after all that was posted before."""
    known = len(await town.store.reader.alerts.latest(limit=100))
    await side.posts_as("Alertmanager", "[FIRING:1] Fence (info)", room=ALERTS)
    await heard(town, count=known + 1)


def again(side: Side, message: Seen) -> Seen:
    """A message as it stands now."""
    return next(one for one in side.room(ALERTS) if one.ref == message.ref)


# What becomes of it


async def test_a_firing_post_of_the_highest_severity_declares_and_is_answered_on_the_post(
    town: Town, side: Side
) -> None:
    post = await side.posts_alert("grafana", room=ALERTS)
    await heard(town)
    incident = await town.incident()
    assert (incident.severity, incident.component) == ("sev1", "checkout")
    assert incident.title == "More than 5 % of checkouts fail"
    assert incident.began_at == FRIDAY
    assert "runbook" in [link.label for link in incident.links]
    assert again(side, post).reactions == (SEEN[side.name],)
    [answer] = answers(side)
    assert under(answer) == post.ref
    assert "Declared as #1" in answer.text
    assert set(answer.buttons) == {"Join", "Declared by mistake"}
    assert answer.rings == frozenset()
    await side.taps(BO, "Join", answer, room=ALERTS)
    await town.settle()
    assert side.sees(BO, ROOM)


async def test_a_post_that_is_edited_into_resolved_is_noted_once_and_ends_nothing(town: Town, side: Side) -> None:
    post = await side.posts_alert("grafana", room=ALERTS)
    await heard(town)
    town.clock.forward(timedelta(minutes=7))
    await side.posts_alert("grafana", Stand.CLEARED, room=ALERTS, instead=post)
    await cleared(town)
    assert (await town.incident()).open
    told = [link.entry.text for link in await town.timeline()]
    assert sum(text.startswith("Cleared: ") for text in told) == 1
    [answer] = answers(side)
    assert "It cleared at" in answer.text
    await side.sends_again()
    await fence(town, side)
    told = [link.entry.text for link in await town.timeline()]
    assert sum(text.startswith("Cleared: ") for text in told) == 1
    assert again(side, post).reactions == (SEEN[side.name],)


async def test_somebody_who_takes_it_on_at_the_sender_is_no_news(tmp_path: Path) -> None:
    async with town_with(tmp_path, ("slack",), **WATCHING) as town:
        side = town.sides["slack"]
        post = await side.posts_alert("pagerduty", room=ALERTS)
        await heard(town)
        [offer] = answers(side)
        assert offer.buttons[0] == "Declare SEV2"
        for stand in (Stand.ACKNOWLEDGED, Stand.CLEARED):
            await side.posts_alert("pagerduty", stand, room=ALERTS, instead=post)
        await cleared(town)
        [answer] = answers(side)
        assert answer.ref == offer.ref and "Nobody took it up." in answer.text
        assert await town.store.reader.numbers() == []


async def test_what_is_only_offered_is_declared_with_one_tap(town: Town, side: Side) -> None:
    post = await side.posts_alert("alertmanager", room=ALERTS)
    await heard(town)
    assert await town.store.reader.numbers() == []
    [offer] = answers(side)
    assert under(offer) == post.ref and "Is this an incident?" in offer.text
    assert offer.buttons == ("Declare SEV3", "Attach…", "Ignore 2h")
    town.clock.forward(timedelta(minutes=3))
    await side.taps(ANA, "Declare SEV3", offer, room=ALERTS)
    await town.settle()
    incident = await town.incident()
    assert (incident.severity, incident.began_at, incident.declared_by.name) == ("sev3", FRIDAY, ANA.name)
    if side.name == "discord":  # in Slack the title is all that Alertmanager's own template posts
        assert incident.component == "search"
    [answer] = answers(side)
    assert answer.ref == offer.ref and "Declared as #1 by Ana Reyes" in answer.text
    assert answer.buttons == ("Join",)


async def test_it_is_attached_to_an_open_incident(town: Town, side: Side) -> None:
    await side.says(BO, "sev2 search is slow")
    await town.settle()
    await side.posts_alert("alertmanager", room=ALERTS)
    await heard(town)
    [offer] = answers(side)
    assert "To which incident?" in await side.taps(ANA, "Attach…", offer, room=ALERTS)
    which = side.whispered(ANA)
    await side.taps(ANA, next(label for label in which.buttons if label.startswith("#1")), which, room=ALERTS)
    await town.settle()
    known = await heard(town)
    assert (known.became, known.incident) == (Became.ATTACHED, 1)
    assert "Attached to #1 by Ana Reyes" in answers(side)[0].text
    assert "1 firing" in card(side).text


async def test_of_many_posts_that_are_ignored_at_once_only_those_that_were_asked_about_are_answered(
    town: Town, side: Side
) -> None:
    for count in range(8):
        await side.posts_as("Alertmanager", f"[FIRING:1] Disk {count} is filling (warning)", room=ALERTS)
    await heard(town, count=8)
    first = min(await town.store.reader.alerts.latest(limit=20), key=lambda one: one.id)
    assert len(answers(side)) == 5 and first.followers == 3
    await tell(town, side, BO, f"ignore {first.name} for 2h", room=ALERTS)
    muted = [one for one in await town.store.reader.alerts.latest(limit=20) if one.muted_until is not None]
    assert len(muted) == 4 and len(answers(side)) == 5
    assert "Ignored by Bo Lindqvist until" in answers(side)[0].text


async def test_it_is_ignored_and_taken_back(town: Town, side: Side) -> None:
    await side.posts_alert("alertmanager", room=ALERTS)
    await heard(town)
    [offer] = answers(side)
    await side.taps(ANA, "Ignore 2h", offer, room=ALERTS)
    await town.settle()
    [answer] = answers(side)
    assert "Ignored by Ana Reyes until" in answer.text and answer.buttons == ("Declare after all",)
    await side.taps(ANA, "Declare after all", answer, room=ALERTS)
    await town.settle()
    assert "Declare SEV3" in answers(side)[0].buttons


async def test_declared_by_mistake_stands_on_the_answer(town: Town, side: Side) -> None:
    await side.posts_alert("grafana", room=ALERTS)
    await heard(town)
    await side.taps(ANA, "Declared by mistake", answers(side)[0], room=ALERTS)
    await town.settle()
    assert (await town.incident()).stage is Stage.CANCELLED
    [answer] = answers(side)
    assert "It is cancelled" in answer.text and answer.buttons == ()


async def test_the_same_alert_on_both_platforms_and_by_webhook_is_one_incident(tmp_path: Path) -> None:
    async with town_with(tmp_path, ("slack", "discord"), **WATCHING) as town:
        await town.sides["slack"].posts_alert("grafana", room=ALERTS)
        known = await heard(town)
        await town.sides["discord"].posts_alert("grafana", room=ALERTS)
        assert (await heard(town, posted=2)).key == known.key
        await arrive(town, known.alert.model_copy(update={"posted": None, "delivery": ""}))
        assert (await heard(town, posted=3)).incident == 1
        assert await town.store.reader.numbers() == [1]
        assert [["Declared as #1" in one.text for one in answers(side)] for side in town.sides.values()] == [[True]] * 2


# What is no news


async def test_a_repeated_post_is_quiet(town: Town, side: Side) -> None:
    await side.posts_alert("grafana", room=ALERTS)
    await heard(town)
    said = len(answers(side)) + len(posts(side))
    for count in (2, 3, 4):
        await side.posts_alert("grafana", room=ALERTS)
        await heard(town, posted=count)
    assert len(answers(side)) + len(posts(side)) == said
    assert await town.store.reader.numbers() == [1]


async def test_an_event_that_is_sent_twice_counts_once(town: Town, side: Side) -> None:
    await side.posts_alert("grafana", room=ALERTS)
    await heard(town)
    await side.sends_again()
    await fence(town, side)
    known = await town.store.reader.alerts.latest(limit=10)
    assert sorted(one.tally.posted for one in known) == [1, 1]
    assert await town.store.reader.numbers() == [1]


async def test_people_and_the_bots_own_posts_are_left_alone(town: Town, side: Side) -> None:
    await side.writes(ANA, "[FIRING:1] Everything (critical) is down", room=ALERTS)
    await side.posts_alert("grafana", room=ALERTS)
    await heard(town)
    await fence(town, side)
    assert len(await town.store.reader.alerts.latest(limit=10)) == 2
    assert await town.store.reader.numbers() == [1]


async def test_a_reply_in_a_thread_is_read_and_answered_by_nothing(town: Town, side: Side) -> None:
    post = await side.posts_alert("alertmanager", room=ALERTS)
    await heard(town)
    before = len(answers(side))
    await side.posts_as("Alertmanager", "[FIRING:1] DiskFull (critical)", room=ALERTS, under=post)
    await heard(town, count=2)
    assert await town.store.reader.numbers() == [1]
    assert (await town.incident()).title == "DiskFull (critical)"
    assert len(answers(side)) == before


async def test_whatever_an_alert_says_it_rings_nobody_and_does_nothing(town: Town, side: Side) -> None:
    words = f"[FIRING:1] <!channel> @everyone {side.at(BO)} Disk (critical)\n" + "\n".join(HOSTILE)
    await side.posts_as("Alertmanager", words + " 🔥é" * ((4_000 - len(words)) // 4), room=ALERTS)
    await heard(town)
    assert await town.store.reader.numbers() == [1]
    for room in (ALERTS, ANNOUNCED, ROOM):
        assert answers(side, room)
        for one in answers(side, room):
            assert one.rings == frozenset()
            assert not ACTS.search(str(one.raw.get("content", "")) + str(one.raw.get("embeds", "")))
            assert "evil.example" not in str([part for part in _parts(one.raw) if part.get("type") == "link"])
            assert not re.search("<!(channel|here|everyone)", str(one.raw.get("text", "")))


def _parts(node: object) -> Iterator[dict[str, object]]:
    """Everything in a message that could act."""
    if isinstance(node, dict):
        yield node
        node = list(node.values())
    if isinstance(node, list):
        for one in node:
            yield from _parts(one)
