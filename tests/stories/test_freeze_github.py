"""The freeze at GitHub: shown on the heads of pull requests, and the word that deployments wait for."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette

from adapters.tracker.forge import ForgeAdapter
from bot.intents import FORGE
from tests.support.forge import REPOSITORY, SIGNS, GitHub, Pull, deliver
from tests.support.process import process
from tests.support.story import ROOM, declared, tell
from tests.support.town import ANA, BO, Side, Town, sqlite

FREE = ("success", "Production is not frozen.")
HELD = ("failure", "Frozen since 2026-11-20 14:00 UTC: #1 is SEV1. “/incident allow LINK because …”")
PASSES = ("success", "May pass the freeze since 2026-11-20 14:00 UTC: #1 is SEV1")


class Gated:
    """A town that shows its freeze at GitHub."""

    def __init__(self, town: Town, side: Side, github: GitHub, forge: ForgeAdapter) -> None:
        self.town, self.side, self.github, self.forge = town, side, github, forge
        self.app = Starlette(routes=forge.routes())
        self.delivered = 0

    async def told(self, event: str, said: Any, **more: Any) -> int:
        """GitHub tells, and what follows from it is done; the status of our answer."""
        self.delivered += 1
        answer = await deliver(self.app, event, said, **({"delivery": f"{self.delivered:036x}"} | more))
        return answer.status_code

    async def posts(self) -> int:
        """How many statuses were posted."""
        return sum(one.startswith("POST") and "/statuses/" in one for one in self.github.heard)

    def url(self, pull: Pull) -> str:
        """Where people see it."""
        return self.github.url(pull.number)


@asynccontextmanager
async def a_gate(folder: Path, platform: str, **settings: object) -> AsyncIterator[Gated]:
    """A town where sev1 freezes production, and GitHub."""
    async with GitHub() as github:
        town = Town(sqlite(folder), platforms=(platform,), playbook=process(escalations=[]))

        async def frozen() -> Any:
            return await town.store.reader.frozen(None)

        forge = ForgeAdapter(github.gated(folder, **settings), frozen, pace=0)
        town.tools = [forge]
        async with town:
            yield Gated(town, town.sides[platform], github, forge)


@pytest.fixture
async def gate(tmp_path: Path, platform: str) -> AsyncIterator[Gated]:
    """As most stories want it."""
    async with a_gate(tmp_path, platform) as made:
        yield made


# Pull requests


async def test_the_freeze_is_shown_on_every_open_pull_request_and_taken_back_with_it(gate: Gated) -> None:
    first, second = gate.github.opens("one"), gate.github.opens("two")
    closed = gate.github.opens("three")
    closed.state = "closed"
    await declared(gate.town, gate.side)
    assert gate.github.stands(first) == gate.github.stands(second) == HELD
    assert gate.github.stands(closed) == ("", "")
    said = gate.github.statuses[first.sha][0]
    assert said["target_url"].startswith("https://tocsin.example/api/freeze?change=https%3A%2F%2F127.0.0.1%2Facme")

    await tell(gate.town, gate.side, ANA, "unfreeze because the rollback holds")
    assert gate.github.stands(first) == gate.github.stands(second) == FREE
    assert await gate.posts() == 4, "each once"


async def test_what_may_pass_is_shown_as_such_by_its_address_or_its_commit(gate: Gated) -> None:
    first, second, third = (gate.github.opens(name) for name in ("one", "two", "three"))
    await declared(gate.town, gate.side)
    await tell(gate.town, gate.side, BO, f"allow {gate.url(first)}/ because it brings the pool back")
    commit = f"https://127.0.0.1/{REPOSITORY}/commit/{second.sha}"
    await tell(gate.town, gate.side, BO, f"allow {commit} because it does, too")
    assert gate.github.stands(first) == gate.github.stands(second) == PASSES
    assert gate.github.stands(third) == HELD

    await tell(gate.town, gate.side, BO, f"disallow {gate.url(first)} because it was the wrong one")
    assert gate.github.stands(first) == HELD and gate.github.stands(second) == PASSES
    await tell(gate.town, gate.side, ANA, "resolve the pool was restarted")
    assert gate.github.stands(first) == gate.github.stands(second) == FREE


async def test_what_may_pass_does_so_in_whatever_letters_the_settings_name_its_repository(
    tmp_path: Path, platform: str
) -> None:
    async with a_gate(tmp_path, platform, freeze_repositories="Acme/Incidents") as gate:
        first = gate.github.opens("one")
        await declared(gate.town, gate.side)
        assert gate.github.stands(first) == HELD
        await tell(gate.town, gate.side, BO, f"allow {gate.url(first)} because it brings the pool back")
        assert gate.github.stands(first) == PASSES


async def test_several_freezes_are_one_and_the_last_one_frees(gate: Gated) -> None:
    pull = gate.github.opens("one")
    await declared(gate.town, gate.side)
    await declared(gate.town, gate.side, "sev1 search is down", by=BO)
    state, says = gate.github.stands(pull)
    assert state == "failure" and "#1 is SEV1; #2 is SEV1" in says
    await tell(gate.town, gate.side, ANA, "resolve the pool was restarted")
    state, says = gate.github.stands(pull)
    assert state == "failure" and "#2 is SEV1" in says and "#1" not in says
    await tell(gate.town, gate.side, BO, "resolve the index is back", room=f"{ROOM}-2")
    assert gate.github.stands(pull) == FREE


async def test_a_drill_shows_nothing_and_a_private_incident_no_word_of_itself(gate: Gated) -> None:
    pull = gate.github.opens("one")
    await declared(gate.town, gate.side, "drill sev1 checkout is down")
    assert gate.github.stands(pull) == ("", "") and not gate.github.heard
    await declared(gate.town, gate.side, "private sev1 a key leaked")
    state, says = gate.github.stands(pull)
    assert state == "failure" and "a private incident" in says and "#" not in says and "key" not in says


async def test_no_word_that_people_wrote_stands_there(gate: Gated) -> None:
    pull = gate.github.opens("one")
    await declared(gate.town, gate.side, "sev2 checkout is slow")
    await tell(gate.town, gate.side, ANA, "freeze because @everyone must stop")
    state, says = gate.github.stands(pull)
    assert state == "failure" and "everyone" not in says and "Ana" not in says and "somebody froze it for #1" in says


async def test_a_new_head_is_shown_what_is_so(gate: Gated) -> None:
    await declared(gate.town, gate.side)
    pull = gate.github.opens("one")
    assert await gate.told("pull_request", gate.github.pushed(pull, "opened")) == 202
    await gate.town.settle()
    assert gate.github.stands(pull) == HELD

    pull.pushes += 1
    assert await gate.told("pull_request", gate.github.pushed(pull)) == 202
    await gate.town.settle()
    assert gate.github.stands(pull) == HELD and await gate.posts() == 2
    assert await gate.told("pull_request", gate.github.pushed(pull, "labeled")) == 200
    assert await gate.told("ping", {"zen": "Design for failure."}) == 200
    await gate.town.settle()
    assert await gate.posts() == 2


async def test_a_head_of_a_free_production_is_shown_so(gate: Gated) -> None:
    pull = gate.github.opens("one")
    await gate.told("pull_request", gate.github.pushed(pull, "opened"))
    await gate.town.settle()
    assert gate.github.stands(pull) == FREE


async def test_a_delivery_that_comes_again_is_owed_once(gate: Gated) -> None:
    pull = gate.github.opens("one")
    for _ in range(2):
        assert await gate.told("pull_request", gate.github.pushed(pull), delivery="a" * 36) == 202
        await gate.town.settle()
    assert sum("/status" in one for one in gate.github.heard) == 2, "looked once, posted once"


async def test_a_freeze_that_ends_while_it_is_shown_leaves_no_old_status(gate: Gated) -> None:
    pull = gate.github.opens("one")

    async def thawed() -> None:
        await gate.side.says(ANA, "unfreeze because the rollback holds", room=ROOM)

    await declared(gate.town, gate.side, "sev2 checkout is slow")
    gate.github.before["POST"] = thawed
    await tell(gate.town, gate.side, ANA, "freeze because every deploy restarts the queue")
    assert gate.github.stands(pull) == FREE


@pytest.mark.parametrize("fault", ["500", "drop", "lost", "html", "429"])
async def test_whatever_github_does_it_stands_there_in_the_end(gate: Gated, fault: str) -> None:
    first, second = gate.github.opens("one"), gate.github.opens("two")
    gate.github.faults = ["", "", fault]
    await declared(gate.town, gate.side)
    await gate.town.patiently()
    assert gate.github.stands(first) == gate.github.stands(second) == HELD
    assert all(len(said) == 1 for said in gate.github.statuses.values()), "each once, whatever was lost"


async def test_a_commit_that_takes_no_status_keeps_the_others_from_nothing(gate: Gated) -> None:
    first, second = gate.github.opens("one"), gate.github.opens("two")
    gate.github.stubborn.add(second.sha)
    await declared(gate.town, gate.side)
    assert gate.github.stands(first) == HELD and gate.github.stands(second) == ("", "")


async def test_a_repository_that_refuses_is_told_in_the_channel_and_keeps_the_others_from_nothing(
    tmp_path: Path, platform: str
) -> None:
    async with a_gate(tmp_path, platform, freeze_repositories=f"acme/gone, {REPOSITORY}") as gate:
        pull = gate.github.opens("one")
        await gate.side.says(ANA, "sev1 checkout is down")
        await gate.town.patiently()
        assert gate.github.stands(pull) == HELD
        said = "".join(one.text for one in gate.side.room(ROOM) if one.by_bot)
        assert "showing the freeze on pull requests" in said and "acme/gone: GitHub 404" in said


async def test_what_was_lost_while_nobody_listened_is_found_by_looking(gate: Gated) -> None:
    await declared(gate.town, gate.side)
    pull = gate.github.opens("one")
    await gate.forge.look()
    await gate.forge.look()
    await gate.town.settle()
    assert gate.github.stands(pull) == HELD and await gate.posts() == 1
    before = len(gate.github.heard)
    await gate.forge.look()
    await gate.town.settle()
    assert len(gate.github.heard) == before + 2, "one list, one status: nothing to do"


async def test_more_pull_requests_than_a_page_holds_are_all_shown(gate: Gated) -> None:
    pulls = [gate.github.opens(f"branch-{n}") for n in range(103)]
    await declared(gate.town, gate.side)
    await gate.town.patiently()
    assert {gate.github.stands(pull) for pull in pulls} == {HELD}


# Deployments


async def test_a_deployment_goes_at_once_where_nothing_is_frozen(gate: Gated) -> None:
    assert await gate.told("deployment_protection_rule", gate.github.deploys("a" * 40, run=7)) == 202
    await gate.town.settle()
    assert gate.github.reviews == [
        {"run": 7, "environment_name": "production", "state": "approved", "comment": "Production is not frozen."}
    ]


async def test_a_deployment_waits_while_production_is_frozen_and_goes_when_it_thaws(gate: Gated) -> None:
    await declared(gate.town, gate.side)
    await gate.told("deployment_protection_rule", gate.github.deploys("a" * 40, run=7))
    await waits(gate, 1)
    (told,) = gate.github.reviews
    assert "state" not in told and "#1 is SEV1" in told["comment"] and "It waits" in told["comment"]

    await tell_without_waiting(gate, "unfreeze because the rollback holds")
    await waits(gate, 2)
    assert gate.github.reviews[1]["state"] == "approved" and len(gate.github.reviews) == 2


async def test_a_deployment_of_a_change_that_may_pass_goes(gate: Gated) -> None:
    await declared(gate.town, gate.side)
    pull = gate.github.opens("one")
    await tell(gate.town, gate.side, BO, f"allow {gate.url(pull)} because it brings the pool back")
    await gate.told("deployment_protection_rule", gate.github.deploys("b" * 40, pull.number, run=8))
    await gate.town.settle()
    (told,) = gate.github.reviews
    assert told["state"] == "approved" and "This change may pass." in told["comment"]


async def test_where_the_operator_wants_it_a_deployment_is_rejected(tmp_path: Path, platform: str) -> None:
    async with a_gate(tmp_path, platform, freeze_deployments="reject") as gate:
        await declared(gate.town, gate.side)
        await gate.told("deployment_protection_rule", gate.github.deploys("a" * 40))
        await gate.town.settle()
        (told,) = gate.github.reviews
        assert told["state"] == "rejected" and "This change may not pass" in told["comment"]


@pytest.mark.parametrize("fault", ["500", "drop", "lost", "401"])
async def test_a_word_that_is_lost_is_given_again(gate: Gated, fault: str) -> None:
    gate.github.faults = ["", fault]
    await gate.told("deployment_protection_rule", gate.github.deploys("a" * 40))
    await gate.town.patiently()
    assert {one["state"] for one in gate.github.reviews} == {"approved"}


# The door


async def test_who_did_not_sign_is_turned_away(gate: Gated) -> None:
    said = gate.github.deploys("a" * 40)
    assert await gate.told("deployment_protection_rule", said, key="guessed") == 403
    assert await gate.told("deployment_protection_rule", said, key="") == 403
    await gate.town.settle()
    assert not gate.github.reviews and SIGNS not in str(gate.github.heard)


@pytest.mark.parametrize(
    "callback",
    [
        "https://evil.example/repos/acme/incidents/actions/runs/1/deployment_protection_rule",
        "http://169.254.169.254/latest/meta-data",
        "{twin}/repos/acme/incidents/actions/runs/1/deployment_protection_rule",
        "{base}/repos/acme/other/actions/runs/1/deployment_protection_rule",
        "{base}/repos/acme/incidents/actions/runs/1/deployment_protection_rule/../../../../user",
        "{base}/repos/acme/incidents/actions/runs/1/deployment_protection_rule?x=1",
        "{base}.evil.example/repos/acme/incidents/actions/runs/1/deployment_protection_rule",
        "",
    ],
)
async def test_no_address_but_the_runs_own_is_called_back(gate: Gated, callback: str) -> None:
    said = gate.github.deploys("a" * 40)
    base = gate.github.settings.github_api_url
    said["deployment_callback_url"] = callback.replace("{base}", base).replace("{twin}", base.replace("0.0.1", "0.0.2"))
    assert await gate.told("deployment_protection_rule", said) == 422
    await gate.town.settle()
    assert not gate.github.heard


@pytest.mark.parametrize(
    ("event", "body"),
    [
        ("pull_request", b"no json"),
        ("pull_request", b"[]"),
        ("pull_request", b'{"action": "opened"}'),
        ("pull_request", b"[" * 100_000),
        ("pull_request", b'{"action": "opened", "repository": {"full_name": "../../x"}, "pull_request": {}}'),
        (
            "pull_request",
            b'{"action": "opened", "repository": {"full_name": "acme/incidents"}, "pull_request": {"number": 1e999}}',
        ),
        ("deployment_protection_rule", b'{"action": "requested", "repository": {"full_name": "a/b"}}'),
    ],
)
async def test_nonsense_that_is_signed_is_answered_and_owes_nothing(gate: Gated, event: str, body: bytes) -> None:
    assert await gate.told(event, body) == 422
    await gate.town.settle()
    assert not gate.github.heard


async def test_a_repository_that_is_not_watched_owes_nothing(gate: Gated) -> None:
    pull = gate.github.opens("one")
    said = gate.github.pushed(pull) | {"repository": {"full_name": "acme/other"}}
    assert await gate.told("pull_request", said) == 200
    assert await gate.told("pull_request", b"x" * 5_000_001) == 413


async def waits(gate: Gated, reviews: int) -> None:
    """Until so much was said to deployments; one that waits is not done, so nothing settles."""

    async def said() -> bool:
        return len(gate.github.reviews) >= reviews

    await gate.town.until(said, within=40)


async def tell_without_waiting(gate: Gated, words: str) -> None:
    """Type words while a deployment waits."""
    await gate.side.says(ANA, words, room=ROOM)
    assert any(one.platform == FORGE for one in await gate.town.bot.ledger.backlog())
