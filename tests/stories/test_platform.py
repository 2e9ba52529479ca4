"""Platform's process, told on Slack: the freeze, owners and leadership, and what has to be verified."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.playbook.process import Stage
from tests.support.shipped import shipped
from tests.support.story import announcement, card, declared, last, posts, tell, thread
from tests.support.town import ANA, BO, CLEO, DMITRI, ESHA, FINN, Side, Town, sqlite

DOWN = "incident-2026-11-20-control-plane-down"
EDGE = "incident-2026-11-20-edge-partly-out"
LOG = "incident-2026-11-20-one-odd-log-line"
GROUPS = {"owners": (CLEO,), "leadership": (ESHA,)}


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    """Platform's people on Slack."""
    playbook = shipped("platform", {"engineer": DMITRI}, groups=GROUPS)
    async with Town(sqlite(tmp_path), platforms=("slack",), playbook=playbook) as made:
        yield made


@pytest.fixture
def side(town: Town) -> Side:
    """Slack."""
    return town.sides["slack"]


async def test_the_control_plane_is_down(town: Town, side: Side) -> None:
    await declared(town, side, "sev0 control plane down")
    assert "Production is frozen" in card(side, DOWN).text and "Production  frozen since" in announcement(side).text
    assert [one for one in posts(side, DOWN) if "docs/ops/runbooks/control-plane-down.md" in one.text]
    assert last(side, DOWN).rings == {ESHA.name} and "Why: it is SEV0" in last(side, DOWN).text
    assert len(posts(side, DOWN)) <= 6
    await tell(town, side, BO, "ack", room=DOWN)
    assert "You are Comms lead now" in await tell(town, side, FINN, "take comms", room=DOWN)
    await town.forward(minutes=15)
    asked = next(one for one in posts(side, DOWN) if "Status update, please" in one.text)
    assert asked.rings == {FINN.name}, "an acknowledgement is no first update"
    for line in ("What is wrong", "Who feels it", "What is being done", "Next update: in 15 minutes"):
        assert line in asked.text, line
    told = await tell(town, side, FINN, "update all regions down, rolling back", room=DOWN)
    assert "Next update due 2026-11-20 14:30 UTC" in told
    assert "Called in: Owners" in await tell(town, side, BO, "flag data-loss because writes are gone", room=DOWN)
    assert any(one.rings == {CLEO.name} for one in posts(side, DOWN))

    for words in ("link https://docs.example.com/1 doc", "tick triage 1", "tick triage 2", "tick triage 3"):
        await tell(town, side, ANA, words, room=DOWN)
    assert "Triage and stabilise is complete" in await tell(town, side, ANA, "tick triage 4", room=DOWN)
    assert "“Mitigate” stands" in await tell(town, side, ANA, "status identified a bad rollout", room=DOWN)
    await tell(town, side, ANA, "status monitoring rolled back", room=DOWN)
    await tell(town, side, ANA, "impact deploys failed", room=DOWN)
    assert "No backlog is hidden" in await tell(town, side, ANA, "resolve rolled back", room=DOWN)
    for step in (1, 2, 3):
        await tell(town, side, ANA, f"tick verify {step}", room=DOWN)
    assert "#1 is resolved." in await tell(town, side, ANA, "resolve", room=DOWN)
    for line in ("What was impacted: deploys failed", "Began 14:00 UTC, ended 14:15 UTC (15 minutes)",
                 "changed against it: rolled back", "follow the post-mortem",
                 "#1 no longer freezes production"):  # fmt: skip
        assert line in thread(side)[-1].text, line
    assert "frozen" not in card(side, DOWN).text
    review = (await town.incident()).progress.deadlines["postmortem"]
    assert review.due_at == datetime(2026, 11, 27, 14, 15, tzinfo=UTC)
    assert "The post-mortem, published" in await tell(town, side, ANA, "close", room=DOWN)
    await tell(town, side, ANA, "clock postmortem published https://wiki.example.com/1", room=DOWN)
    assert "#1 is closed." in await tell(town, side, ANA, "close", room=DOWN)
    assert "Production is no longer frozen" in await tell(town, side, BO, "catchup", room=DOWN)


async def test_the_first_update_is_asked_for_in_one_post(town: Town, side: Side) -> None:
    await declared(town, side, "sev1 edge partly out")
    await tell(town, side, ANA, "ack", room=EDGE)
    await town.forward(minutes=10)
    assert "First status update due" in card(side, EDGE).text
    assert [one for one in posts(side, EDGE)[1:] if "Post update" in one.buttons] == []
    await town.forward(minutes=5)
    (asked,) = [one for one in posts(side, EDGE)[1:] if "Post update" in one.buttons]
    assert "Status update, please" in asked.text and asked.rings == {ANA.name}
    assert "First status update overdue" in card(side, EDGE).text.replace("*", "")
    said = [link.entry.text for link in await town.timeline()]
    assert not [one for one in said if one.startswith("Asked: First status update")]


async def test_half_an_hour_without_progress_calls_the_owners(town: Town, side: Side) -> None:
    await declared(town, side, "sev1 edge partly out")
    assert not any(ESHA.name in one.rings for one in posts(side, EDGE))
    await town.forward(minutes=15)
    told = await tell(town, side, ANA, "update one region is slow", room=EDGE)
    assert "Next update due 2026-11-20 14:45 UTC" in told, "15 minutes for the first, 30 from then on"
    await town.forward(minutes=15)
    called = next(one for one in posts(side, EDGE) if "for want of progress" in one.text)
    assert CLEO.name in called.rings and "Nothing has improved for 30 minutes" in called.text


async def test_a_minor_one_owes_neither_updates_nor_a_post_mortem(town: Town, side: Side) -> None:
    await declared(town, side, "sev3 one odd log line")
    assert "none owed" in card(side, LOG).text and "frozen" not in card(side, LOG).text
    count = len(posts(side, LOG))
    await town.forward(hours=1)
    assert len(posts(side, LOG)) == count
    await tell(town, side, ANA, "resolve it was expected", room=LOG)
    assert (await town.incident()).stage is Stage.RESOLVED
    assert "#1 is closed." in await tell(town, side, ANA, "close", room=LOG)


@pytest.mark.parametrize(
    ("severity", "said"), [("sev1", "by 2026-11-27"), ("sev2", "something to learn"), ("sev3", "")]
)
async def test_the_resolution_speaks_of_a_post_mortem_only_where_one_may_follow(
    town: Town, side: Side, severity: str, said: str
) -> None:
    await declared(town, side, f"{severity} edge partly out")
    await tell(town, side, ANA, "resolve now because it was a false reading", room=EDGE)
    resolution = next(one.text for one in posts(side, EDGE) if "What was impacted" in one.text)
    assert ("ost-mortem" in resolution) == bool(said) and said in resolution
