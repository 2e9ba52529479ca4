"""What every tracker keeps, on the wire: filed once whatever fails, changed only where it differs, looked at."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from adapters.sandbox.clock import SandboxClock
from adapters.tracker.adapter import TrackerAdapter, examine
from adapters.tracker.github import GitHub
from adapters.tracker.jira import Jira
from adapters.tracker.linear import Linear
from adapters.tracker.tracker import Tracker
from bot.errors import Refused, TryLater
from bot.intents import ChangeIssue, OpenIssue
from bot.issue import Draft, IssueState, Line
from bot.learned import Kept, Spotted
from bot.ports import Job
from tests.support import github, jira, linear
from tests.support.learner import Learner
from tests.support.wires import Asked, Fault, Wired, Wrong

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
MARK = "0b7a1c9e-3f52-4d1a-9a61-5d3c2b1a0f9e"
FRIDAY = date(2026, 11, 27)
BO, ANA = "bo@acme.example", "ana@acme.example"
DRAFT = Draft(
    title="add a pool alert",
    lines=(Line(label="Incident", text="#1 · checkout is slow", url="https://chat.example/1"),
           Line(label="Owner", text="Bo")),
    labels=("follow-up",), assignee=BO, due=FRIDAY,
)  # fmt: skip


@dataclass
class Desk:
    """One tracker, the fake behind it, and an ear."""

    fake: Any
    home: str
    make: Callable[[str], Tracker]
    """The client with this token."""
    token: str
    files: Callable[[Asked], bool]
    """Whether a request files an issue."""
    changes: Callable[[Asked], bool]
    limit: Fault
    """Its own rate limit, of about 40 seconds."""
    clock: SandboxClock
    dated: bool = True
    ear: Learner = field(default_factory=Learner)
    adapter: TrackerAdapter = field(init=False)

    def use(self, token: str) -> None:
        """From now on with this token."""
        tracker = self.make(token)
        tracker.settles = timedelta(seconds=7)
        self.name = tracker.name
        self.adapter = TrackerAdapter([tracker], self.clock, places=[(tracker.name, "")], every=timedelta(hours=1))

    async def start(self) -> None:
        """Begin."""
        await self.adapter.start(self.ear)

    def filing(self, draft: Draft = DRAFT) -> Job:
        """What files an issue."""
        opens = OpenIssue(tracker=self.name, place="", name="action/1", mark=MARK, draft=draft)
        return Job("1/issue/action/1", opens, 1, self.clock.now(), {})

    def changing(self, ref: str, before: Draft, draft: Draft) -> Job:
        """What changes it."""
        key = "issue/action/1"
        change = ChangeIssue(
            tracker=self.name, issue=key, name="action/1", turn=1, mark=MARK, before=before, draft=draft
        )
        return Job(f"1/{key}/1", change, 1, self.clock.now(), {key: ref})

    async def deliver(self, job: Job, *, look: bool = False) -> str:
        """As the delivery does: again after a while, looking first where an attempt may have had its effect."""
        for _ in range(4):
            found = await self.adapter.platform.find(job) if look else None
            if found is not None:
                return found.ref or ""
            try:
                return await self.adapter.platform.perform(job) or ""
            except TryLater as later:
                look = look or later.maybe_done
        raise AssertionError("never done")

    async def filed(self, draft: Draft = DRAFT) -> str:
        """An issue that is there; returns its ref."""
        return await self.deliver(self.filing(draft))

    async def change(self, ref: str, before: Draft = DRAFT, **changes: Any) -> Draft:
        """Change it there; returns how it should look now."""
        after = before.model_copy(update=changes)
        await self.deliver(self.changing(ref, before, after))
        return after

    def spotted(self) -> list[Spotted]:
        """What was spotted so far."""
        return [one for one in self.ear.learned if isinstance(one, Spotted)]


def _github(fake: Any, clock: SandboxClock) -> Desk:
    def make(token: str) -> Tracker:
        return GitHub(url=fake.url, token=token, home="acme/shop", patience=1.0)

    limit = Fault(Wrong.BEFORE, 403, headers={"Retry-After": "40", "x-ratelimit-remaining": "0"})
    return Desk(fake, "acme/shop", make, github.TOKEN, lambda a: a.method == "POST", lambda a: a.method == "PATCH",
                limit, clock, dated=False)  # fmt: skip


def _linear(fake: Any, clock: SandboxClock) -> Desk:
    def make(token: str) -> Tracker:
        return Linear(url=f"{fake.url}graphql", key=token, home="ENG", patience=1.0)

    reset = str(int((datetime.now(UTC) + timedelta(seconds=40)).timestamp() * 1000))
    headers = {"X-RateLimit-Requests-Remaining": "0", "X-RateLimit-Requests-Reset": reset}
    said = {"errors": [{"message": "Rate limit exceeded", "extensions": {"code": "RATELIMITED"}}]}
    limit = Fault(Wrong.BEFORE, 400, headers=headers, said=said)
    return Desk(fake, "ENG", make, linear.KEY, lambda a: "issueCreate(" in a.body["query"],
                lambda a: "issueUpdate(" in a.body["query"], limit, clock)  # fmt: skip


def _jira(fake: Any, clock: SandboxClock) -> Desk:
    def make(token: str) -> Tracker:
        return Jira(clock, url=fake.url.rstrip("/"), email=jira.EMAIL, token=token, home="OPS", patience=1.0)

    limit = Fault(Wrong.BEFORE, 429, headers={"Retry-After": "40"})
    return Desk(fake, "OPS", make, jira.TOKEN, lambda a: a.method == "POST" and a.path.endswith("/issue"),
                lambda a: a.method == "PUT", limit, clock)  # fmt: skip


KINDS = {"github": (github.FakeGitHub, _github), "linear": (linear.FakeLinear, _linear), "jira": (jira.FakeJira, _jira)}


@pytest.fixture(params=list(KINDS))
async def desk(request: pytest.FixtureRequest) -> AsyncIterator[Desk]:
    """Each of the three."""
    kind, make = KINDS[request.param]
    clock = SandboxClock(NOON)
    fake: Any = kind(now=clock.now, people=(BO, ANA))
    wired: Wired = fake
    async with wired:
        made = make(fake, clock)
        made.use(made.token)
        await made.start()
        yield made
        await made.adapter.stop()


def filed_there(desk: Desk) -> int:
    """How many issues there are."""
    issues = desk.fake.issues
    return len(issues["acme/shop"]) if "acme/shop" in issues else len(issues)


async def test_it_is_filed_with_title_owner_date_label_and_the_way_back(desk: Desk) -> None:
    await desk.filed()
    shown = desk.fake.shown()
    assert (shown.title, shown.state, shown.labels) == ("add a pool alert", IssueState.OPEN, ("follow-up",))
    assert shown.assignee == BO and shown.due == (FRIDAY if desk.dated else None)
    assert "Owner" in shown.text and f"tocsin-{MARK}" in shown.text
    assert "2026-11-27" in shown.text or desk.name == "linear"
    (kept,) = desk.ear.learned
    assert isinstance(kept, Kept) and kept.key == "tracker:1/issue/action/1" and kept.incident == 1
    assert kept.seen is not None and kept.seen.assignee == BO and kept.label in kept.url.replace("/issues/", "#")


@pytest.mark.parametrize("wrong", list(Wrong))
async def test_whatever_becomes_of_the_answer_it_is_filed_once_and_learned_once(desk: Desk, wrong: Wrong) -> None:
    desk.fake.faults.append(Fault(wrong, only=desk.files))
    with pytest.raises(TryLater) as later:
        await desk.adapter.platform.perform(desk.filing())
    assert later.value.maybe_done and later.value.shows == timedelta(seconds=7), "sooner it might not be found"
    assert later.value.after is None, "nobody asked us to wait, so other issues do not"
    desk.fake.faults.append(Fault(wrong, only=desk.files))
    await desk.deliver(desk.filing(), look=True)
    assert filed_there(desk) == 1 and len(desk.ear.learned) == 1


async def test_a_database_that_is_gone_at_that_moment_files_nothing_twice(desk: Desk) -> None:
    desk.ear.gone = True
    with pytest.raises(TryLater) as later:
        await desk.adapter.platform.perform(desk.filing())
    assert later.value.maybe_done
    desk.ear.gone = False
    assert await desk.adapter.platform.find(desk.filing()) is not None
    assert filed_there(desk) == 1 and len(desk.ear.learned) == 1


@pytest.mark.parametrize("said", [{}, "well", [1], {"data": [1]}, {"data": {"issues": 7}}, {"number": [None]}])
async def test_an_answer_of_another_shape_is_a_failure_as_any(desk: Desk, said: Any) -> None:
    desk.fake.faults.append(Fault(Wrong.BEFORE, 200, times=99, only=lambda _: True, said=said))
    with pytest.raises(TryLater, match="understand") as strange:
        await desk.adapter.platform.perform(desk.filing())
    assert strange.value.maybe_done
    await desk.adapter.look()
    assert not desk.adapter.platform.connected and desk.ear.learned == []
    (found,) = await examine([desk.make(desk.token)], [(desk.name, "")])
    assert isinstance(said, dict) or (found.name, "understand" in found.says) == ("tracker.silent", True)
    desk.fake.faults.clear()
    await desk.deliver(desk.filing(), look=True)
    assert filed_there(desk) == 1


@pytest.mark.parametrize("where", ["https://xn--a/", "x:y", "http://["])
async def test_who_is_sent_on_to_nowhere_comes_again(desk: Desk, where: str) -> None:
    desk.fake.faults.append(Fault(Wrong.BEFORE, 302, headers={"Location": where}))
    with pytest.raises(TryLater):
        await desk.adapter.platform.perform(desk.filing())
    await desk.deliver(desk.filing(), look=True)
    assert filed_there(desk) == 1


async def test_in_a_place_that_is_gone_nothing_is_found_and_filing_is_refused(desk: Desk) -> None:
    desk.fake.faults.append(Fault(Wrong.BEFORE, 410, times=2, only=lambda _: True))
    assert await desk.adapter.platform.find(desk.filing()) is None
    with pytest.raises(Refused, match=r"^410 there is no such place"):
        await desk.adapter.platform.perform(desk.filing())


async def test_what_was_never_filed_is_not_found(desk: Desk) -> None:
    assert await desk.adapter.platform.find(desk.filing()) is None


@pytest.mark.parametrize("wrong", list(Wrong))
async def test_whatever_becomes_of_the_answer_a_change_is_made(desk: Desk, wrong: Wrong) -> None:
    ref = await desk.filed()
    desk.fake.faults.append(Fault(wrong, 503, only=desk.changes))
    await desk.change(ref, title="add two alerts")
    assert desk.fake.shown().title == "add two alerts" and filed_there(desk) == 1


async def test_a_refused_token_is_a_plain_no_without_the_token_and_a_new_one_mends_it(desk: Desk) -> None:
    await desk.adapter.stop()
    desk.use("an old one")
    await desk.start()
    with pytest.raises(Refused, match=r"^401") as no:
        await desk.adapter.platform.perform(desk.filing())
    assert "an old one" not in no.value.why
    with pytest.raises(Refused, match=r"^401"):
        await desk.adapter.platform.find(desk.filing())
    await desk.adapter.look()
    assert not desk.adapter.platform.connected
    await desk.adapter.stop()
    desk.use(desk.token)
    await desk.start()
    await desk.filed()
    await desk.adapter.look()
    assert filed_there(desk) == 1 and desk.adapter.platform.connected


async def test_its_rate_limit_says_how_long_to_wait(desk: Desk) -> None:
    desk.fake.faults.append(desk.limit)
    with pytest.raises(TryLater) as later:
        await desk.adapter.platform.perform(desk.filing())
    assert later.value.after is not None and not later.value.maybe_done
    assert timedelta(seconds=37) < later.value.after <= timedelta(seconds=40)


async def test_a_place_that_limits_or_refuses_us_is_left_alone_for_a_while(desk: Desk) -> None:
    desk.limit.only = lambda asked: True
    desk.fake.faults.append(desk.limit)
    await desk.adapter.look()
    asked = len(desk.fake.asked)
    await desk.adapter.look()
    assert len(desk.fake.asked) == asked and not desk.adapter.platform.connected
    await desk.adapter.stop()
    desk.use("an old one")
    await desk.start()
    await desk.adapter.look()
    asked = len(desk.fake.asked)
    await desk.adapter.look()
    assert len(desk.fake.asked) == asked and not desk.adapter.platform.connected


async def test_a_server_that_is_not_there_is_tried_later(desk: Desk) -> None:
    await desk.fake.__aexit__()
    with pytest.raises(TryLater) as later:
        await desk.adapter.platform.perform(desk.filing())
    assert later.value.unreachable and not later.value.maybe_done


async def test_a_change_touches_nothing_that_people_changed_there(desk: Desk) -> None:
    ref = await desk.filed()
    desk.fake.write("See the runbook first.")
    desk.fake.close(ANA)
    lines = (*DRAFT.lines[:1], Line(label="Owner", text="Ana"))
    await desk.change(ref, lines=lines, assignee=ANA, labels=("urgent",))
    shown = desk.fake.shown()
    assert shown.assignee == ANA and set(shown.labels) == {"urgent", "theirs"}
    assert shown.text.rstrip().endswith("See the runbook first.") and shown.text.count("tocsin-") == 1
    assert "Ana" in shown.text and "Owner:** Bo" not in shown.text and "Owner: Bo" not in shown.text
    assert shown.state is IssueState.DONE and shown.title == DRAFT.title


async def test_it_is_closed_opened_again_and_dropped(desk: Desk) -> None:
    ref = await desk.filed()
    done = await desk.change(ref, state=IssueState.DONE)
    assert desk.fake.shown().state is IssueState.DONE
    again = await desk.change(ref, done, state=IssueState.OPEN)
    assert desk.fake.shown().state is IssueState.OPEN
    await desk.change(ref, again, state=IssueState.DROPPED)
    assert desk.fake.shown().state is IssueState.DROPPED


async def test_a_date_is_moved_and_taken_away(desk: Desk) -> None:
    ref = await desk.filed()
    moved = await desk.change(ref, due=date(2026, 11, 30))
    if desk.dated:
        assert desk.fake.shown().due == date(2026, 11, 30)
    else:
        assert "2026-11-30" in desk.fake.shown().text
    await desk.change(ref, moved, due=None)
    assert desk.fake.shown().due is None and "2026" not in desk.fake.shown().text.split("tocsin-")[0]


async def test_somebody_whom_the_tracker_does_not_know_is_left_out(desk: Desk) -> None:
    ref = await desk.filed(DRAFT.model_copy(update={"assignee": "stranger"}))
    assert desk.fake.shown().assignee == "" and desk.fake.shown().title == DRAFT.title
    await desk.change(ref, DRAFT.model_copy(update={"assignee": ""}), assignee="stranger", title="anew")
    assert desk.fake.shown().title == "anew"


async def test_an_issue_that_was_deleted_is_gone_for_good(desk: Desk) -> None:
    ref = await desk.filed()
    desk.fake.delete()
    await desk.change(ref, title="anew")
    kept = desk.ear.learned[-1]
    assert isinstance(kept, Kept) and kept.seen is None


async def test_what_people_change_is_spotted_with_who_did_it_and_only_once(desk: Desk) -> None:
    ref = await desk.filed()
    desk.clock.forward(timedelta(minutes=1))
    await desk.adapter.look()
    before = len(desk.spotted())
    desk.clock.forward(timedelta(minutes=1))
    desk.fake.close(BO)
    await desk.adapter.look()
    (one,) = desk.spotted()[before:]
    assert one.ref == ref and one.seen.state is IssueState.DONE and one.seen.by == BO and one.seen.named
    await desk.adapter.look()
    await desk.adapter.look()
    assert len(desk.spotted()) == before + 1
    desk.clock.forward(timedelta(minutes=1))
    desk.fake.reopen(ANA)
    desk.fake.assign(ANA, ANA)
    desk.fake.retitle(ANA, "add two alerts")
    await desk.adapter.look()
    seen = desk.spotted()[-1].seen
    assert (seen.state, seen.assignee, seen.title, seen.by) == (IssueState.OPEN, ANA, "add two alerts", ANA)
    assert seen.dated is desk.dated and seen.due == (FRIDAY if desk.dated else None)


async def test_what_changed_while_it_did_not_answer_is_spotted_afterwards(desk: Desk) -> None:
    await desk.filed()
    await desk.adapter.look()
    desk.clock.forward(timedelta(hours=20))
    desk.fake.close(BO)
    desk.fake.faults.append(Fault(Wrong.BEFORE, 500, times=2, only=lambda asked: True))
    for _ in range(2):
        desk.clock.forward(timedelta(hours=2))
        await desk.adapter.look()
        assert not desk.adapter.platform.connected
    await desk.adapter.look()
    assert desk.adapter.platform.connected and desk.spotted()[-1].seen.state is IssueState.DONE


async def test_more_than_one_answer_holds_is_read_on(desk: Desk) -> None:
    for number in range(130):
        opens = OpenIssue(tracker=desk.name, place="", name="x", mark=f"{MARK[:-3]}{number:03}", draft=DRAFT)
        await desk.adapter.platform.perform(Job(f"1/{number}", opens, 1, NOON, {}))
        desk.clock.forward(timedelta(seconds=number % 2))
    await desk.adapter.look()
    assert len({one.ref for one in desk.spotted()}) == 130


async def test_words_of_people_do_not_act(desk: Desk) -> None:
    hostile = "@everyone closes #7 ![x](https://evil.example/x.png) [~accountid:1] <script>"
    await desk.filed(DRAFT.model_copy(update={"lines": (Line(label="Incident", text=hostile),)}))
    text = desk.fake.shown().text
    if desk.name == "jira":
        (issue,) = desk.fake.issues.values()
        nodes = [one for part in issue["fields"]["description"]["content"] for one in part["content"]]
        assert {one["type"] for one in nodes} == {"text"} and hostile in text
    else:
        assert "@everyone" not in text and "#7" not in text and "![x]" not in text and "\\<script" in text


async def test_the_doctor_says_what_is_wrong_and_how_to_mend_it(desk: Desk) -> None:
    async def found(token: str, place: str) -> tuple[str, str, str]:
        (one,) = await examine([desk.make(token)], [(desk.name, place)])
        return one.name, one.says, one.mend

    assert (await found(desk.token, ""))[0] == ""
    name, says, mend = await found("an old one", "")
    assert name == "tracker.token" and "401" in says and "anew" in mend and "an old one" not in says + mend
    name, says, mend = await found(desk.token, "acme/nowhere" if desk.name == "github" else "NOWHERE")
    assert name == "tracker.place" and "404" in says and mend.startswith("Correct")
    desk.fake.faults.append(Fault(Wrong.BEFORE, 503, only=lambda _: True))
    assert (await found(desk.token, ""))[0] == "tracker.silent"
    (off,) = await examine([], [(desk.name, "")])
    assert off.name == "tracker.off" and "is not set" in off.says
