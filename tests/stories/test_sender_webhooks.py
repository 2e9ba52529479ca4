"""Every sender's alerts from the door to the incident: declared or offered, quiet when they repeat, noted when over."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support import spoilt
from tests.support.courses import TABLES, Course
from tests.support.doors import Doorstep, doorstep
from tests.support.hooks import WEBHOOKS, Hook
from tests.support.story import card, posts, town_with
from tests.support.town import ANA, Town

ALERTS = "alerts"
"""The watched channel."""
WATCHING: dict[str, object] = {
    "alerts": {"channels": {"slack": [ALERTS], "discord": [ALERTS]}},
    "components": sorted({str(course.component) for course in WEBHOOKS}),
}


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    """A town on both platforms that knows what its senders watch."""
    async with town_with(tmp_path, ("slack", "discord"), **WATCHING) as made:
        yield made


@pytest.fixture
async def step(town: Town) -> AsyncIterator[Doorstep]:
    """Where senders knock."""
    async with doorstep(town) as made:
        yield made


def said(town: Town) -> int:
    """How much the bot has posted anywhere."""
    return sum(len(posts(side, room)) for side in town.sides.values() for room in side.rooms())


async def told(town: Town, step: Doorstep, course: Course, file: str) -> None:
    """The sender sends one of its samples, and what comes of it is there."""
    answer = await step.send(course.table, course.table.sample(file))
    assert answer.status_code == 202, answer.text
    await town.settle()


async def test_whatever_is_wrong_with_a_request_it_is_refused_clearly_and_nothing_comes_of_it(
    town: Town, step: Doorstep
) -> None:
    each = {course.sender: course for course in WEBHOOKS}.values()
    for course in each:
        table, sample = course.table, course.table.sample(course.fires)
        for wrong in (*spoilt.bodies(table, sample), *spoilt.strangers(table, sample)):
            answer = await step.knock(table, wrong.body, wrong.headers)
            assert answer.status_code in wrong.due, (course, wrong.what, answer.text)
            assert len(answer.json()["error"]) > 12, (course, wrong.what, answer.text)
    await town.settle()
    assert (await town.store.reader.numbers(), said(town)) == ([], 0)
    assert await town.store.reader.alerts.latest(limit=100) == []
    for course in each:
        await told(town, step, course, course.fires)
    known = await town.store.reader.alerts.latest(limit=100)
    assert {alert.alert.source for alert in known} == {course.table.source.name for course in each}


def test_every_sender_has_a_course() -> None:
    assert {course.sender for course in WEBHOOKS} == set(TABLES)


@pytest.mark.parametrize("course", WEBHOOKS, ids=str)
async def test_a_senders_alert_becomes_an_incident_that_is_told_once_and_outlives_it(
    town: Town, step: Doorstep, course: Hook
) -> None:
    sides = town.sides.values()
    await told(town, step, course, course.fires)
    if not course.declares:
        assert await town.store.reader.numbers() == []
        offers = [offer for side in sides for offer in posts(side, ALERTS)]
        assert [course.title in offer.text for offer in offers] == [True, True]
        await town.sides["slack"].taps(ANA, f"Declare {course.severity.upper()}", offers[0], room=ALERTS)
        await town.settle()
    incident = await town.incident()
    assert (incident.title, incident.severity, incident.component) == (course.title, course.severity, course.component)
    assert course.link in [(link.label, link.url) for link in incident.links]

    before = said(town)
    await told(town, step, course, course.fires)
    await told(town, step, course, course.again)
    assert (await town.store.reader.numbers(), said(town)) == ([1], before)
    await town.forward(seconds=31)
    for side in sides:
        assert f"arrived {course.heard} times" in card(side).text

    await town.forward(minutes=6)
    await told(town, step, course, course.clears)
    await town.forward(seconds=31)
    assert (await town.incident()).open
    assert [True for link in await town.timeline() if link.entry.text.startswith("Cleared: ")] == [True]
    for side in sides:
        assert "1 cleared" in card(side).text
        assert "have cleared" in posts(side)[-1].text
