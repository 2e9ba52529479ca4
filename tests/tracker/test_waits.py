"""What an answer that is no success means: to wait and for how long, to look first, or that somebody has to mend it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from adapters.sandbox.clock import SandboxClock
from adapters.tracker.github import GitHub
from adapters.tracker.linear import Linear
from adapters.tracker.wire import read, words
from bot.errors import Refused, TryLater
from bot.issue import Draft
from tests.support import github, linear
from tests.support.wires import Asked, Fault, Wrong

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
MARK = "0b7a1c9e-3f52-4d1a-9a61-5d3c2b1a0f9e"
DRAFT = Draft(title="add a pool alert")
SECONDARY = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."


@pytest.fixture
async def there() -> AsyncIterator[github.FakeGitHub]:
    """GitHub, on this machine."""
    async with github.FakeGitHub(now=SandboxClock(NOON).now) as made:
        yield made


def soon(seconds: int) -> datetime:
    """So many seconds from now, by the machine's clock: a tracker says when by the clock on the wall."""
    return datetime.now(UTC) + timedelta(seconds=seconds)


async def filing(there: github.FakeGitHub, status: int, headers: dict[str, str], said: str = "") -> Exception:
    """What becomes of filing an issue that is answered so."""
    there.faults.append(Fault(Wrong.BEFORE, status, headers=headers, said={"message": said} if said else None))
    client = GitHub(url=there.url, token=github.TOKEN, home="acme/shop", patience=1.0)
    with pytest.raises((TryLater, Refused)) as no:
        await client.create("", MARK, DRAFT)
    await client.close()
    return no.value


@pytest.mark.parametrize(
    ("status", "headers", "said", "seconds"),
    [
        (403, {}, SECONDARY, 60),
        (429, {}, "", 60),
        (429, {"Retry-After": "40"}, "", 40),
        (429, {"Retry-After": "soon"}, "", 60),
        (429, {"Retry-After": "999999"}, "", 3600),
        (429, {"Retry-After": "0"}, "", 1),
        (429, {"Retry-After": "9" * 400}, "", 60),
        (403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "9" * 15}, "", 3600),
        (403, {"x-ratelimit-remaining": "0"}, "", 60),
        (403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "0"}, "", 1),
    ],
)
async def test_a_limit_is_waited_for_as_long_as_it_says_else_a_minute(
    there: github.FakeGitHub, status: int, headers: dict[str, str], said: str, seconds: int
) -> None:
    no = await filing(there, status, headers, said)
    assert isinstance(no, TryLater) and no.after == timedelta(seconds=seconds) and not no.maybe_done


async def test_a_limit_that_says_the_moment_of_its_end_is_waited_for_until_then(there: github.FakeGitHub) -> None:
    ends = ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(soon(40).timestamp()))},
            {"Retry-After": format_datetime(soon(40), usegmt=True)})  # fmt: skip
    for headers in ends:
        no = await filing(there, 403, headers)
        assert isinstance(no, TryLater) and no.after is not None
        assert timedelta(seconds=35) < no.after <= timedelta(seconds=40)


def test_an_answer_that_is_nested_deeper_than_anybody_reads_is_no_json() -> None:
    answer = httpx.Response(200, content=b"[" * 100_000, request=httpx.Request("POST", "https://tracker.example"))
    assert words(answer) == "OK"
    with pytest.raises(TryLater, match="no JSON"):
        read(answer)


async def test_a_plain_no_is_no_limit(there: github.FakeGitHub) -> None:
    no = await filing(there, 403, {"x-ratelimit-remaining": "4999"}, "Resource not accessible by integration")
    assert isinstance(no, Refused) and no.why == "403 Resource not accessible by integration"


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504])
async def test_after_a_server_that_gave_up_it_is_looked_for_first(there: github.FakeGitHub, status: int) -> None:
    no = await filing(there, status, {})
    assert isinstance(no, TryLater) and no.maybe_done and no.unreachable


# Linear, which says it in its own way


async def asking(fault: Fault) -> Exception:
    """What becomes of a question to Linear that is answered so."""
    async with linear.FakeLinear(now=SandboxClock(NOON).now) as there:
        client = Linear(url=f"{there.url}graphql", key=linear.KEY, home="ENG", patience=1.0)
        there.faults.append(fault)
        with pytest.raises((TryLater, Refused)) as no:
            await client.create("", MARK, DRAFT)
        await client.close()
        return no.value


def files(asked: Asked) -> bool:
    """Whether it files an issue."""
    return "issueCreate(" in asked.body["query"]


def failed(code: str) -> dict[str, object]:
    """An error of Linear's."""
    return {"errors": [{"message": "it failed", "extensions": {"code": code}}]}


async def test_linear_is_waited_for_until_there_is_room_of_every_kind_that_ran_out() -> None:
    resets = {"Requests": (0, 40), "Complexity": (0, 90), "Endpoint-Requests": (7, 900)}
    headers = {f"X-RateLimit-{kind}-Remaining": str(left) for kind, (left, _) in resets.items()}
    headers |= {f"X-RateLimit-{kind}-Reset": str(int(soon(at).timestamp() * 1000)) for kind, (_, at) in resets.items()}
    no = await asking(Fault(Wrong.BEFORE, 400, headers=headers, said=failed("RATELIMITED"), only=files))
    assert isinstance(no, TryLater) and no.after is not None and not no.maybe_done
    assert timedelta(seconds=85) < no.after <= timedelta(seconds=90)
    no = await asking(Fault(Wrong.BEFORE, 400, said=failed("RATELIMITED"), only=files))
    assert isinstance(no, TryLater) and no.after == timedelta(minutes=1)


async def test_an_error_within_linear_is_tried_again_and_looked_for_first_where_it_was_filing() -> None:
    for only, maybe_done in ((files, True), (lambda asked: True, False)):
        no = await asking(Fault(Wrong.BEFORE, 200, said=failed("INTERNAL_SERVER_ERROR"), only=only))
        assert isinstance(no, TryLater) and no.maybe_done is maybe_done
