"""What GitHub is told of the freeze, on the wire: limits, the app's signature, the door, and what the doctor says."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError
from starlette.applications import Starlette

from adapters.tracker.forge import ForgeAdapter, examine
from adapters.tracker.settings import TrackerSettings
from bot.errors import Refused, TryLater
from bot.intents import LetDeploy, ShowFreeze
from bot.learned import Wanted
from bot.messages import freeze as says
from bot.playbook.process import Stage
from bot.ports import Job
from bot.reader import Frozen, Summary
from tests.support.forge import INSTALLATION, REPOSITORY, GitHub, deliver
from tests.support.learner import Learner

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


class Production:
    """What freezes it."""

    def __init__(self) -> None:
        self.frozen: list[Frozen] = []
        self.gone = False

    async def __call__(self) -> list[Frozen]:
        """As the database says, where it answers."""
        if self.gone:
            raise TryLater("the database does not answer", unreachable=True)
        return self.frozen

    def freeze(self, many: int = 1) -> None:
        """So many incidents freeze it."""
        self.frozen = [
            Frozen(
                NOON,
                Summary(
                    number=number, title="down", severity="sev1", status="investigating", stage=Stage.INVESTIGATING,
                    private=False, drill=False, component="", declared_at=NOON, commander=None, channel_name="x",
                ),
            )
            for number in range(1, many + 1)
        ]  # fmt: skip


@pytest.fixture
async def github() -> AsyncIterator[GitHub]:
    """GitHub, on this machine."""
    async with GitHub() as made:
        yield made


@pytest.fixture
def production() -> Production:
    """Free, at first."""
    return Production()


@pytest.fixture
async def forge(github: GitHub, production: Production, tmp_path: Path) -> AsyncIterator[ForgeAdapter]:
    """The tool."""
    made = ForgeAdapter(github.gated(tmp_path), production, pace=0)
    await made.start(Learner())
    yield made
    await made.stop()


async def show(forge: ForgeAdapter) -> None:
    """Bring all heads in line."""
    await forge.platform.perform(Job("1/freeze/1", ShowFreeze(), 1, NOON))


async def let(forge: ForgeAdapter, *, installation: int = INSTALLATION) -> None:
    """Let a deployment go."""
    asked = LetDeploy(repository=REPOSITORY, run=7, environment="production", sha="a" * 40, installation=installation)
    await forge.platform.perform(Job("0/github/x", asked, None, NOON))


async def test_a_second_look_posts_nothing(github: GitHub, forge: ForgeAdapter, production: Production) -> None:
    pull = github.opens()
    production.freeze()
    await show(forge)
    await show(forge)
    assert len(github.statuses[pull.sha]) == 1 and github.stands(pull)[0] == "failure"


async def test_a_freeze_that_ends_while_its_word_is_on_the_way_is_taken_back_at_once(
    github: GitHub, forge: ForgeAdapter, production: Production
) -> None:
    pull = github.opens()
    production.freeze()

    async def thaws() -> None:
        production.frozen = []

    github.before["POST"] = thaws
    await show(forge)
    assert github.stands(pull) == ("success", "Production is not frozen.") and len(github.statuses[pull.sha]) == 2


@pytest.mark.parametrize("fault", ["429", "403"])
async def test_a_limit_is_waited_out_as_long_as_github_says_and_what_stood_is_not_said_again(
    github: GitHub, forge: ForgeAdapter, production: Production, fault: str
) -> None:
    pulls = [github.opens(name) for name in ("one", "two", "three")]
    production.freeze()
    github.headers = {"Retry-After": "60", "X-RateLimit-Remaining": "0"}
    github.faults = ["", "", "", fault]
    with pytest.raises(TryLater) as found:
        await show(forge)
    assert found.value.after == timedelta(seconds=60) and not found.value.unreachable
    await show(forge)
    assert {len(github.statuses[pull.sha]) for pull in pulls} == {1}


async def test_while_the_database_is_away_nothing_is_said(
    github: GitHub, forge: ForgeAdapter, production: Production
) -> None:
    github.opens()
    production.gone = True
    with pytest.raises(TryLater):
        await show(forge)
    with pytest.raises(TryLater):
        await let(forge)
    assert not github.statuses and not github.reviews


async def test_a_deployment_that_waits_keeps_nothing_else_waiting(
    github: GitHub, forge: ForgeAdapter, production: Production
) -> None:
    production.freeze()
    for _ in range(3):
        with pytest.raises(TryLater) as found:
            await let(forge)
        assert found.value.after is None and not found.value.unreachable and not found.value.maybe_done
        assert found.value.shows == timedelta(seconds=15)
    assert len(github.reviews) == 1, "told once why it waits"


async def test_the_app_signs_in_once_for_many_answers(github: GitHub, forge: ForgeAdapter) -> None:
    for _ in range(3):
        await let(forge)
    assert sum("access_tokens" in one for one in github.heard) == 1 and len(github.reviews) == 3
    assert {one["state"] for one in github.reviews} == {"approved"}


async def test_an_installation_that_is_not_ours_is_refused(github: GitHub, forge: ForgeAdapter) -> None:
    with pytest.raises(Refused, match="404"):
        await let(forge, installation=5)
    assert not github.reviews


def test_a_status_is_short_whatever_freezes_production(production: Production) -> None:
    production.freeze(many=30)
    for allowed in (True, False):
        assert len(says.status(production.frozen, allowed=allowed, longest=140)) == 140


# The door


async def test_what_could_not_be_saved_is_to_be_delivered_again(github: GitHub, forge: ForgeAdapter) -> None:
    ear = forge.platform.ear
    assert isinstance(ear, Learner)
    app, said = Starlette(routes=forge.routes()), github.pushed(github.opens())
    ear.gone = True
    answer = await deliver(app, "pull_request", said)
    assert answer.status_code == 503 and answer.headers["retry-after"] == "5" and "database" in answer.json()["error"]
    ear.gone = False
    assert (await deliver(app, "pull_request", said)).status_code == 202
    (wanted,) = ear.learned
    assert wanted == Wanted(
        key="github/72d3162e-cc78-11e3-81ab-4c9367dc0958",
        intent=ShowFreeze(repository=REPOSITORY, pull=1, sha=github.pulls[0].sha),
    )


async def test_a_delivery_without_a_name_is_no_delivery(github: GitHub, forge: ForgeAdapter) -> None:
    app = Starlette(routes=forge.routes())
    answer = await deliver(app, "pull_request", github.pushed(github.opens()), delivery="../x")
    assert answer.status_code == 422


def test_without_a_secret_there_is_no_door(github: GitHub, tmp_path: Path) -> None:
    assert ForgeAdapter(github.gated(tmp_path, github_webhook_secret=None)).routes() == []


# Settings and the doctor


@pytest.mark.parametrize("names", ["shop", "acme/shop,x", "acme/../x", "https://github.com/acme/shop"])
def test_a_repository_is_named_as_github_does(names: str) -> None:
    with pytest.raises(ValidationError, match="write each as owner/name"):
        TrackerSettings.model_validate({"freeze_repositories": names})


async def test_the_doctor_looks_at_each_repository_and_at_the_app(github: GitHub, tmp_path: Path) -> None:
    settings = github.gated(tmp_path, freeze_repositories=f"{REPOSITORY}, acme/gone", github_webhook_secret=None)
    found = {one.says: one.name for one in (await examine(settings, wanted=False))[1:]}
    assert found == {
        "acme/incidents can be read": "",
        "acme/gone: GitHub 404: Not Found": "github.freeze-repository",
        "deployments are answered for as the app “Tocsin”": "",
        "GITHUB_WEBHOOK_SECRET is not set, so new pull requests are seen within ten minutes only and no deployment is "
        "heard of.": "github.webhook-secret",
    }


async def test_a_key_that_cannot_be_read_is_told(github: GitHub, tmp_path: Path) -> None:
    settings = github.gated(tmp_path, github_app_key_file=str(tmp_path / "gone.pem"))
    (*_, last) = await examine(settings, wanted=False)
    assert last.name == "github.app" and "GITHUB_APP_KEY_FILE holds no private key" in last.says


async def test_a_freeze_that_nobody_can_be_told_of_is_wrong(tmp_path: Path) -> None:
    settings = TrackerSettings.model_validate({"freeze_repositories": "acme/shop"})
    ((name, said),) = [(one.name, one.says) for one in await examine(settings, wanted=True)]
    assert name == "github.freeze-off" and "GITHUB_TOKEN is not set" in said
