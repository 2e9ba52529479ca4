"""What those answer whom the bot calls: trackers, status pages, and PagerDuty for its schedules, on real sockets."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict, is_dataclass, replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from adapters.calendar import pagerduty
from adapters.calendar.settings import PagerDutySettings
from adapters.sandbox.clock import SandboxClock
from adapters.statuspage import adapter as publishing
from adapters.statuspage.adapter import StatusPageAdapter
from adapters.statuspage.atlassian import Statuspage
from adapters.statuspage.betterstack import BetterStack
from adapters.statuspage.page import Page
from adapters.statuspage.settings import StatusPageSettings
from adapters.tracker import adapter as tracking
from adapters.tracker.adapter import TrackerAdapter
from adapters.tracker.github import GitHub
from adapters.tracker.jira import Jira
from adapters.tracker.linear import Linear
from adapters.tracker.tracker import Tracker
from bot.errors import Mistake, Outside
from bot.intents import ChangeIssue, OpenIssue, TellPublic
from bot.issue import Draft, Line
from bot.model import Model
from bot.ports import Job
from bot.progress import Condition, PublicStage
from bot.progress import Told as ToldPublic
from tests.fuzz import judge, mutate
from tests.fuzz.found import Wrong
from tests.support import github, jira, linear, schedules, statuspages
from tests.support.learner import Learner
from tests.support.wires import Asked, Told, Wired

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
MARKS = ("0b7a1c9e-3f52-4d1a-9a61-5d3c2b1a0f9e", "7f0c2d55-9a41-4c1e-8a77-2f0d9b6e1c33")
BO, ANA = "bo@acme.example", "ana@acme.example"
DRAFT = Draft(
    title="add a pool alert", lines=(Line(label="Incident", text="#1", url="https://chat.example/1"),),
    labels=("follow-up",), assignee=BO, due=date(2026, 11, 27),
)  # fmt: skip
STATUSES = (200, 201, 204, 301, 302, 304, 307, 400, 401, 403, 404, 409, 410, 420, 422, 429, 500, 502, 503)
ELSEWHERE = ("/", "//127.0.0.1:9/", "http://127.0.0.1:9/", "https://xn--a/", "http://[", "", "x:y", "\u00fc")
WAITS = ("retry-after", "x-ratelimit-remaining", "x-ratelimit-reset", "x-ratelimit-requests-reset")
NUMBERS = ("0", "1", "-1", "1e999", "9" * 400, "NaN", "Fri, 20 Nov 2026 14:00:00 GMT", "Fri, 99 Nov 99999", "")

NOTHING = StatusPageSettings(_env_file=None)

Does = Callable[[], Awaitable[object]]


class Called:
    """One of them: answers of the fake that the contracts run against, made wrong on their way."""

    block = 200

    def __init__(self) -> None:
        self.clock = SandboxClock(NOON)
        self.fake: Wired
        self.learner: Learner
        self.given = ""

    def make(self, chance: Random) -> dict[str, Any]:
        """What is asked for, and which of the answers are made wrong, and how."""
        return {
            "does": chance.randrange(100),
            "after": chance.choice((0, 0, 0, 0, 1, 2)),
            "how": chance.getrandbits(48),
        }

    def fakes(self) -> Wired:
        """Whoever answers."""
        raise NotImplementedError

    async def begin(self) -> None:
        """Have whoever calls it ready, and what is there already."""

    def deeds(self) -> list[Does]:
        """All that may be asked of it."""
        raise NotImplementedError

    async def open(self) -> None:
        """A fresh one."""
        self.fake, self.learner = self.fakes(), Learner()
        await self.fake.__aenter__()
        await self.begin()
        self.learner.learned.clear()
        heed = self.fake.answer

        def answer(asked: Asked) -> Told:
            try:
                return heed(asked)
            except (AttributeError, LookupError, TypeError, ValueError):  # asked for what a wrong answer told before
                return Told({"message": "bad request"}, 400)

        self.fake.answer = answer  # type: ignore[method-assign]

    async def feed(self, given: dict[str, Any]) -> str:
        """Have something done, and judge what comes of it."""
        chance, left, self.given = Random(given.get("how", 0)), given.get("after", 0), ""

        def spoil(told: Told) -> Told:
            nonlocal left
            left -= 1
            made = told if left >= 0 else spoiled(chance, told)
            self.given += repr(made)
            return made

        self.fake.spoil = spoil
        deeds = self.deeds()
        try:
            self._judge(await deeds[given.get("does", 0) % len(deeds)]())
        except (Outside, Mistake) as no:
            judge.whole(str(no), given=self.given)
            return type(no).__name__
        return "done"

    def _judge(self, found: object) -> None:
        """What people read of it, and what the database keeps."""
        for one in [*self.learner.learned, *(found if isinstance(found, list) else [found])]:
            held = one.model_dump(mode="json") if isinstance(one, Model) else _plain(one)
            for holder, key in mutate.places([held]):
                value = holder[key]
                if isinstance(value, str):
                    judge.whole(value, given=self.given)
                    if key == "url" and value and not value.startswith(("http://", "https://")):
                        raise Wrong("no address", value)
        self.learner.learned.clear()

    async def settle(self) -> None:
        """Nothing is left to be done."""

    async def close(self) -> None:
        """Hang up."""
        await self.fake.__aexit__(None, None, None)

    def end(self) -> None:
        """Nothing lies anywhere."""


class OfTracker(Called):
    """A tracker: an issue is filed, found, changed, looked at, and the place examined."""

    adapter: TrackerAdapter
    ref: str | None = None

    def client(self) -> Tracker:
        """Whoever calls the fake."""
        raise NotImplementedError

    async def begin(self) -> None:
        """With one issue that is there."""
        self.tracker = self.client()
        self.adapter = TrackerAdapter([self.tracker], self.clock, places=[(self.tracker.name, "")])
        self.adapter.platform.ear = self.learner
        self.ref = await self.adapter.platform.perform(self._filing(MARKS[0]))

    def _filing(self, mark: str) -> Job:
        opens = OpenIssue(tracker=self.tracker.name, place="", name="action/1", mark=mark, draft=DRAFT)
        return Job("1/issue/action/1", opens, 1, self.clock.now(), {})

    def _changing(self) -> Job:
        draft, key = DRAFT.model_copy(update={"title": "a bigger pool"}), "issue/action/1"
        change = ChangeIssue(
            tracker=self.tracker.name, issue=key, name="action/1", turn=1, mark=MARKS[0], before=DRAFT, draft=draft
        )
        return Job(f"1/{key}/1", change, 1, self.clock.now(), {key: self.ref or ""})

    async def _look(self) -> None:
        self.adapter._until.clear()
        self.adapter._rests.clear()
        await self.adapter.look()

    def deeds(self) -> list[Does]:
        """See :class:`Called`."""
        platform = self.adapter.platform
        return [
            lambda: platform.perform(self._filing(MARKS[1])),
            lambda: platform.find(self._filing(MARKS[0])),
            lambda: platform.perform(self._changing()),
            self._look,
            lambda: tracking.examine([self.client()], [(self.tracker.name, "")]),
        ]

    async def close(self) -> None:
        """Hang up."""
        await self.tracker.close()
        await super().close()


class OfGitHub(OfTracker):
    """GitHub's REST API."""

    def fakes(self) -> Wired:
        """See :class:`Called`."""
        return github.FakeGitHub(now=self.clock.now, people=(BO, ANA))

    def client(self) -> Tracker:
        """See :class:`OfTracker`."""
        return GitHub(url=self.fake.url, token=github.TOKEN, home="acme/shop", patience=1.0)


class OfLinear(OfTracker):
    """Linear's GraphQL."""

    def fakes(self) -> Wired:
        """See :class:`Called`."""
        return linear.FakeLinear(now=self.clock.now, people=(BO, ANA))

    def client(self) -> Tracker:
        """See :class:`OfTracker`."""
        return Linear(url=f"{self.fake.url}graphql", key=linear.KEY, home="ENG", patience=1.0)


class OfJira(OfTracker):
    """Jira's REST API."""

    def fakes(self) -> Wired:
        """See :class:`Called`."""
        return jira.FakeJira(now=self.clock.now, people=(BO, ANA))

    def client(self) -> Tracker:
        """See :class:`OfTracker`."""
        url = self.fake.url.rstrip("/")
        return Jira(self.clock, url=url, email=jira.EMAIL, token=jira.TOKEN, home="OPS", patience=1.0)


class OfPage(Called):
    """A status page: texts are shown and found, and the page examined."""

    page: Page

    def client(self) -> Page:
        """Whoever calls the fake."""
        raise NotImplementedError

    async def begin(self) -> None:
        """With nothing on it."""
        self.page = self.client()
        self.adapter = StatusPageAdapter(self.page)
        self.adapter.platform.ear = self.learner

    def _job(self, number: int) -> Job:
        return Job(f"1/public/{number}", _telling(number), 1, self.clock.now(), {})

    def deeds(self) -> list[Does]:
        """See :class:`Called`."""
        platform = self.adapter.platform
        return [
            lambda: platform.perform(self._job(1)),
            lambda: platform.perform(self._job(2)),
            lambda: platform.perform(self._job(3)),
            lambda: platform.find(self._job(1)),
            lambda: publishing.examine([self.client()], ["Checkout", "Nowhere"], settings=NOTHING),
        ]

    async def close(self) -> None:
        """Hang up."""
        await self.page.close()
        await super().close()


class OfStatuspage(OfPage):
    """Atlassian's."""

    def fakes(self) -> Wired:
        """See :class:`Called`."""
        return statuspages.FakeStatuspage(now=self.clock.now)

    def client(self) -> Page:
        """See :class:`OfPage`."""
        url = self.fake.url.rstrip("/")
        return Statuspage(url=url, key=statuspages.KEY, page=statuspages.PAGE, patience=1.0)


class OfBetterStack(OfPage):
    """Better Stack's."""

    def fakes(self) -> Wired:
        """See :class:`Called`."""
        return statuspages.FakeBetterStack(now=self.clock.now)

    def client(self) -> Page:
        """See :class:`OfPage`."""
        url = self.fake.url.rstrip("/")
        return BetterStack(url=url, token=statuspages.TOKEN, page=statuspages.REPORTS, patience=1.0)


class OfPagerDuty(Called):
    """A schedule that is imported."""

    def fakes(self) -> Wired:
        """The documented one."""
        return schedules.FakePagerDuty()

    def deeds(self) -> list[Does]:
        """See :class:`Called`."""
        settings = PagerDutySettings.model_validate(
            {"pagerduty_api_token": schedules.TOKEN, "pagerduty_api_url": self.fake.url}
        )
        return [lambda: pagerduty.schedule("PI7DH85", settings, now=NOON)]


def _plain(found: object) -> Any:
    return asdict(found) if is_dataclass(found) and not isinstance(found, type) else found


def _telling(number: int) -> TellPublic:
    stage = (PublicStage.INVESTIGATING, PublicStage.IDENTIFIED, PublicStage.RESOLVED)[number - 1]
    told = ToldPublic(
        id=number, at=NOON + timedelta(minutes=10 * number), stage=stage, word=stage.value, text="We know the cause.",
        components={"Checkout": Condition.OPERATIONAL if number == 3 else Condition.MAJOR},
    )  # fmt: skip
    return TellPublic(mark=MARKS[0], title="Checkout is down", opened_at=NOON, told=told)


def spoiled(chance: Random, told: Told) -> Told:
    """An answer that is not as it should be."""
    how = chance.random()
    if how < 0.6:
        return replace(told, body=mutate.body(chance, mutate.structure(chance, told.body)))
    if how < 0.7:
        return replace(told, body=mutate.scrambled(chance, json.dumps(told.body).encode()))
    headers = {"Location": _wired(chance.choice(ELSEWHERE))} if chance.random() < 0.3 else {}
    headers |= {name: _wired(chance.choice(NUMBERS)) for name in WAITS if chance.random() < 0.5}
    if chance.random() < 0.3:
        headers["Content-Type"] = _wired(mutate.text(chance)[:100])
    body = told.body if how < 0.8 else {chance.choice(("message", "error", "errors", "errorMessages")): _said(chance)}
    return Told(body, chance.choice(STATUSES), {**told.headers, **headers})


def _said(chance: Random) -> Any:
    words = mutate.text(chance)
    return chance.choice((words, [words], {"x": words}, [{"message": words}], None, 7, [[]], {}))


def _wired(value: str) -> str:
    """As a header may stand on the wire."""
    return "".join(one if " " <= one <= "~" else "?" for one in value)
