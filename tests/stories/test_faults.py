"""Faults of the platforms: whatever goes wrong on the way, the incident is whole in the end, and nothing is doubled."""

from collections import Counter
from collections.abc import MutableMapping, Sequence
from typing import Any

import pytest
from structlog.testing import capture_logs

from adapters.sandbox.faults import Fault, FaultKind
from bot.patience import LONGEST_WAIT
from tests.support.town import ANA, PATIENCE, Side, Town

METHODS = {
    "slack": (
        "conversations.create", "conversations.invite", "conversations.setTopic", "chat.postMessage", "pins.add",
        "bookmarks.add", "response_url",
    ),
    "discord": (
        "POST /guilds/*/channels", "POST /channels/*/messages", "PUT /channels/*/messages/pins/*",
        "PATCH /webhooks/*/*/messages/@original",
    ),
}  # fmt: skip
"""Every call that declaring makes."""
SPOILT = (FaultKind.RATE_LIMIT, FaultKind.SERVER_ERROR, FaultKind.DROP_BEFORE, FaultKind.DROP_AFTER)


def complete(side: Side, name: str, title: str) -> None:
    """The channel has its card and its runbooks once, both pinned once, and stands announced once."""
    assert side.rooms().count(name) == 1
    posts = [one for one in side.room(name) if one.by_bot]
    assert [title in one.text for one in posts].count(True) == 1
    assert ["Runbooks" in one.text for one in posts].count(True) == 1
    assert len(side.pinned(name)) == 2
    assert [title in one.text for one in side.room("incidents")].count(True) == 1
    assert side.sees(ANA, name)


@pytest.mark.parametrize("kind", SPOILT)
async def test_each_call_in_turn_goes_wrong_and_the_incident_is_complete(
    town: Town, side: Side, kind: FaultKind
) -> None:
    for count, method in enumerate(METHODS[side.name], start=1):
        town.sandbox.faults.clear()
        town.sandbox.faults.add(Fault(kind=kind, platform=side.name, method=method, times=2, seconds=0.1))
        title = f"trouble {'abcdefghij'[count] * 12}"
        await side.says(ANA, f"sev1 {title}")
        await town.settle()

        name = (await town.incident(count)).channel_name
        complete(side, name, title)
    assert len(side.rooms()) == len(set(side.rooms()))


REFUSED = {
    "slack": (("pins.add", "too_many_pins"), ("conversations.setTopic", "restricted_action"),
              ("bookmarks.add", "restricted_action"), ("conversations.invite", "user_is_restricted")),
    "discord": (("PUT /channels/*/messages/pins/*", "30003"),),
}  # fmt: skip


async def test_what_is_refused_for_good_is_told_and_the_incident_goes_on(town: Town, side: Side) -> None:
    for method, error in REFUSED[side.name]:
        fault = Fault(kind=FaultKind.REFUSE, platform=side.name, method=method, times=None, error=error)
        town.sandbox.faults.add(fault)
    await side.says(ANA, "sev1 checkout is down")
    await town.patiently()

    posts = [one.text for one in side.room("incident-2026-11-20") if one.by_bot]
    assert any("SEV1 · checkout is down" in text for text in posts)
    assert any("Runbooks" in text for text in posts)
    assert sum("is late" in text for text in posts) == 1, "told once that something is late"
    for method, _ in REFUSED[side.name]:
        assert town.sandbox.calls.of(side.name, method), method
    given_up = [link.entry.text for link in await town.timeline() if link.entry.text.startswith("Could not be done")]
    assert given_up and all(f"({side.name})" in text for text in given_up)
    assert (await town.incident()).late == {}


async def test_what_is_refused_once_is_made_good(town: Town, side: Side) -> None:
    method, error = REFUSED[side.name][0]
    town.sandbox.faults.add(Fault(kind=FaultKind.REFUSE, platform=side.name, method=method, times=1, error=error))
    await side.says(ANA, "sev1 checkout is down")
    await town.patiently()

    assert len(side.pinned("incident-2026-11-20")) == 2
    assert (await town.incident()).late == {}
    texts = [link.entry.text for link in await town.timeline()]
    assert any(text.startswith("Late:") for text in texts) and any(text.startswith("Made good:") for text in texts)


async def test_dropped_sockets_lose_nothing_that_was_said(town: Town, side: Side) -> None:
    box = getattr(town.sandbox, side.name)
    await side.says(ANA, "sev1 checkout is down")
    await box.drop_sockets()
    await town.settle()
    await box.wait_connected()
    complete(side, "incident-2026-11-20", "checkout is down")

    await side.says(ANA, "update back in ten minutes", room="incident-2026-11-20")
    await town.settle()
    assert any("back in ten minutes" in one.text for one in side.room("incident-2026-11-20"))


async def test_a_platform_that_is_down_when_declared_is_completed_when_it_returns(both: Town) -> None:
    away = Fault(kind=FaultKind.DROP_BEFORE, platform="discord", method="*", times=None)
    added = both.sandbox.faults.add(away)
    slack, discord = both.sides["slack"], both.sides["discord"]
    await slack.says(ANA, "sev1 checkout is down")

    async def slack_is_done() -> bool:
        return not any(one.depth for one in await both.bot.ledger.backlog() if one.platform == "slack")

    await both.until(slack_is_done)
    complete(slack, "incident-2026-11-20", "checkout is down")
    assert "incident-2026-11-20" not in discord.rooms()

    both.sandbox.faults.remove(added.id)
    await both.patiently()
    posts = [one.text for one in discord.room("incident-2026-11-20") if one.by_bot]
    assert sum("checkout is down" in text for text in posts) == 1
    assert len(discord.pinned("incident-2026-11-20")) == 2


async def test_however_long_both_were_away_the_next_attempt_is_soon_and_completes_everything(both: Town) -> None:
    away = both.sandbox.faults.add(Fault(kind=FaultKind.DROP_BEFORE, method="*", times=None))
    with capture_logs() as logs:
        await both.sides["slack"].says(ANA, "sev1 checkout is down")
        for name in both.sides:
            await both.aged(name, by=30)
        tries = {name: Counter(logged(logs))[name] for name in both.sides}

        async def tried_again() -> bool:
            return all(Counter(logged(logs))[name] > tries[name] for name in both.sides)

        await both.until(tried_again, within=LONGEST_WAIT + PATIENCE)
        both.sandbox.faults.remove(away.id)
        failed = len(logged(logs))
        await both.patiently()

    waits = [entry["wait"] for entry in logs if entry["event"] == "try_later"]
    assert max(waits) == LONGEST_WAIT, "it was away for long, and no wait grew further"
    assert len(logged(logs)) <= failed + len(both.sides), "at most what was on its way at the return was tried in vain"
    for side in both.sides.values():
        complete(side, "incident-2026-11-20", "checkout is down")


def logged(logs: Sequence[MutableMapping[str, Any]]) -> list[str]:
    """The platforms of all attempts that were in vain."""
    return [entry["platform"] for entry in logs if entry["event"] == "try_later"]
