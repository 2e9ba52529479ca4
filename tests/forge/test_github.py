"""The forge on the wire: proposed once, whatever is lost; asked, and what cannot be known said as such."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from adapters.tracker.forge import ForgeAdapter, examine
from adapters.tracker.pulls import place
from adapters.tracker.settings import TrackerSettings
from bot.doctor import Health
from bot.errors import Refused, TryLater
from bot.intents import Inquire, Propose
from bot.learned import Inquired, Proposed
from bot.ports import Job
from bot.progress import Merge
from tests.support.forge import GitHub
from tests.support.learner import Learner

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
PAGE = "https://127.0.0.1/acme/incidents"


@pytest.fixture
async def github() -> AsyncIterator[GitHub]:
    """GitHub, on this machine."""
    async with GitHub() as made:
        yield made


@pytest.fixture
async def forge(github: GitHub) -> AsyncIterator[ForgeAdapter]:
    """The tool."""
    made = ForgeAdapter(github.settings)
    await made.start(Learner())
    yield made
    await made.stop()


async def proposed(forge: ForgeAdapter, *, branch: str = "tocsin/incident-42", page: str = PAGE) -> str:
    """Propose a branch, and return the pull request's address."""
    intent = Propose(page=page, branch=branch, onto="main", title="Record of incident 42", text="…")
    await forge.platform.perform(Job("42/propose/1", intent, 42, NOON))
    assert isinstance(forge.platform.ear, Learner)
    came = forge.platform.ear.learned[-1]
    assert isinstance(came, Proposed) and came.key == "forge:42/propose/1"
    return came.url


async def inquired(forge: ForgeAdapter, url: str) -> Inquired:
    """Ask about a change."""
    await forge.platform.perform(Job("42/inquire/1/1", Inquire(url=url, run=1), 42, NOON))
    assert isinstance(forge.platform.ear, Learner)
    came = forge.platform.ear.learned[-1]
    assert isinstance(came, Inquired)
    return came


# Proposed


async def test_a_branch_is_proposed_once_and_found_again(github: GitHub, forge: ForgeAdapter) -> None:
    assert await proposed(forge) == await proposed(forge) == github.url(1)
    assert [(one.head, one.base, one.title) for one in github.pulls] == [
        ("tocsin/incident-42", "main", "Record of incident 42")
    ]


@pytest.mark.parametrize("fault", ["lost", "500", "drop", "html", "429"])
async def test_whatever_is_lost_there_is_one_in_the_end(github: GitHub, forge: ForgeAdapter, fault: str) -> None:
    github.faults = ["", fault]
    with pytest.raises(TryLater):
        await proposed(forge)
    assert await proposed(forge) == github.url(1) and len(github.pulls) == 1


async def test_one_that_the_list_did_not_show_yet_is_found_by_the_next_attempt(
    github: GitHub, forge: ForgeAdapter
) -> None:
    await proposed(forge)
    github.blind = True
    with pytest.raises(TryLater, match="already exists") as found:
        await proposed(forge)
    assert found.value.maybe_done and await proposed(forge) == github.url(1) and len(github.pulls) == 1


async def test_a_pull_request_of_another_branch_is_not_taken_for_ours(github: GitHub, forge: ForgeAdapter) -> None:
    github.opens("somebody-elses")
    assert await proposed(forge) == github.url(2)


async def test_a_repository_that_was_renamed_is_followed_there(github: GitHub, forge: ForgeAdapter) -> None:
    assert await proposed(forge, page="https://127.0.0.1/acme/old") == github.url(1)
    github.pulls[0].merged_by = "cleo"
    assert (await inquired(forge, "https://127.0.0.1/acme/old/pull/1")).merge is Merge.MERGED


async def test_after_one_was_merged_another_is_opened(github: GitHub, forge: ForgeAdapter) -> None:
    await proposed(forge)
    github.pulls[0].state, github.pulls[0].merged_by = "closed", "cleo"
    assert await proposed(forge) == github.url(2)


async def test_where_there_is_nothing_to_merge_there_is_none(github: GitHub, forge: ForgeAdapter) -> None:
    assert await proposed(forge, branch="empty") == "" and github.pulls == []


async def test_what_github_refuses_is_told_in_its_words(github: GitHub, forge: ForgeAdapter) -> None:
    github.faults = ["", "403"]
    with pytest.raises(Refused, match="GitHub 403: said 403"):
        await proposed(forge)
    with pytest.raises(Refused, match="is not on 127"):
        await proposed(forge, page="https://gitlab.example/acme/incidents")


async def test_a_rate_limit_says_how_long_to_wait(github: GitHub, forge: ForgeAdapter) -> None:
    github.faults = ["429"]
    with pytest.raises(TryLater) as found:
        await proposed(forge)
    assert found.value.after == timedelta(seconds=1)


def soon() -> str:
    """Forty seconds from now, as GitHub says it: by the clock on the wall."""
    return str(int(datetime.now(UTC).timestamp()) + 40)


@pytest.mark.parametrize(
    ("fault", "headers", "least", "most"),
    [
        ("429", {}, 60, 60),
        ("429", {"Retry-After": "90"}, 90, 90),
        ("403", {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": ""}, 35, 40),
        ("403", {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1"}, 1, 1),
        ("403", {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "99999999999"}, 3600, 3600),
    ],
)
async def test_however_github_says_its_limit_it_is_waited_for(
    github: GitHub, forge: ForgeAdapter, fault: str, headers: dict[str, str], least: int, most: int
) -> None:
    github.headers = {name: value or soon() for name, value in headers.items()}
    github.faults = [fault]
    with pytest.raises(TryLater) as found:
        await proposed(forge)
    assert found.value.after is not None
    assert timedelta(seconds=least) <= found.value.after <= timedelta(seconds=most)


async def test_a_server_that_gave_up_waiting_is_asked_again(github: GitHub, forge: ForgeAdapter) -> None:
    github.faults = ["408"]
    with pytest.raises(TryLater):
        await inquired(forge, github.url(1))


# Asked


async def test_a_merged_change_comes_with_who_when_and_its_files(github: GitHub, forge: ForgeAdapter) -> None:
    pull = github.opens("fix", "tests/test_pool.py", "pool.py")
    assert (await inquired(forge, github.url(1))).merge is Merge.OPEN
    pull.state = "closed"
    assert (await inquired(forge, github.url(1))).merge is Merge.CLOSED
    pull.merged_by = "cleo"
    came = await inquired(forge, f"{github.url(1)}/files#diff")
    assert came.merge is Merge.MERGED and came.by == "cleo" and came.files == ("tests/test_pool.py", "pool.py")
    assert came.at == datetime(2026, 11, 20, 13, 0, tzinfo=UTC)


async def test_a_commit_is_merged_once_the_common_branch_holds_it(github: GitHub, forge: ForgeAdapter) -> None:
    url = f"{PAGE}/commit/{'a' * 40}"
    assert (await inquired(forge, url)).merge is Merge.OPEN
    github.behind.add("a" * 40)
    came = await inquired(forge, url)
    assert came.merge is Merge.MERGED and came.by == "cleo" and came.files == ("tests/a.py",)
    github.common, github.tip = "release/2", "b" * 40
    assert (await inquired(forge, f"{PAGE}/commit/{'b' * 40}")).merge is Merge.MERGED, "it is its newest"


@pytest.mark.parametrize(("fault", "says"), [("401", "401"), ("403", "403"), ("422", "422"), ("", "404: Not Found")])
async def test_what_the_token_may_not_see_is_not_known(
    github: GitHub, forge: ForgeAdapter, fault: str, says: str
) -> None:
    github.faults = [fault]
    came = await inquired(forge, github.url(9))
    assert came.merge is Merge.UNKNOWN and says in came.why


@pytest.mark.parametrize(
    "url",
    ["https://git.example.com/acme/x/pull/1", f"{PAGE}/issues/1", f"{PAGE}", "https://127.0.0.1/../user/pull/1",
     "https://127.0.0.1/acme/../pull/1", "https://[x", "https://evil.example/127.0.0.1/acme/x/pull/1"],
)  # fmt: skip
async def test_what_is_no_change_on_this_forge_is_not_asked(github: GitHub, forge: ForgeAdapter, url: str) -> None:
    assert (await inquired(forge, url)).merge is Merge.UNKNOWN and github.heard == []


@pytest.mark.parametrize("fault", ["500", "drop", "html", "429"])
async def test_while_the_forge_does_not_answer_it_is_asked_again(
    github: GitHub, forge: ForgeAdapter, fault: str
) -> None:
    github.opens()
    github.faults = [fault]
    with pytest.raises(TryLater):
        await inquired(forge, github.url(1))
    assert (await inquired(forge, github.url(1))).merge is Merge.OPEN


def test_the_host_for_people_follows_from_the_apis() -> None:
    known = {"https://api.github.com": "github.com", "https://git.acme.example/api/v3": "git.acme.example",
             "https://api.acme.ghe.com": "acme.ghe.com"}  # fmt: skip
    for api, host in known.items():
        assert TrackerSettings.model_validate({"github_api_url": api}).host == host
    assert place("https://xn--a/acme/x/pull/7", "github.com") is None
    found = place("https://www.github.com/acme/x.y/pull/7?w=1", "github.com")
    assert found is not None and (found.repo, found.pull) == ("acme/x.y", "7")


async def test_the_doctor_asks_whether_github_knows_the_token(github: GitHub) -> None:
    (finding,) = await examine(github.settings, wanted=True)
    assert finding.health is Health.FINE and "4999" in finding.says
    github.faults = ["401"]
    (finding,) = await examine(github.settings, wanted=True)
    assert finding.name == "github.token" and "401" in finding.says and "renewed" in finding.mend
    (finding,) = await examine(TrackerSettings.model_validate({}), wanted=True)
    assert finding.name == "github.off" and "said by people" in finding.says
    assert await examine(TrackerSettings.model_validate({}), wanted=False) == []
