"""How long the bot waits between attempts: never so long that a platform that returns is not complete in a minute."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.limits import CALL
from adapters.slack.limits import TIMEOUT
from bot.card import Card
from bot.delivery import POLL
from bot.delivery.attempts import Attempts
from bot.delivery.courtesy import Courtesy
from bot.delivery.lanes import LEASE, Held, Lane
from bot.delivery.news import News
from bot.errors import TryLater
from bot.intents import Inquire, Intent, Invite, OpenChannel, Post, Propose, Urgency
from bot.ledger import Claimed, Later
from bot.patience import LONGEST_WAIT, REFUSALS, after_refusal, backoff, of_note

MINUTE = 60.0
NOW = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
STEPS = 4
"""Calls one after the other until an incident is all set up: channel, invitation, card, pin."""
OPENING = OpenChannel(names=("incident",), topic="")
EFFECTS = (OPENING, Post(card=Card()), Invite(people=()))


def tried(intent: Intent, attempts: int) -> Claimed:
    """An effect that was tried that often."""
    return Claimed(
        id=1, fence=attempts, key="effect", platform="slack", incident=1, intent=intent, attempts=attempts,
        look_first=True, owed_at=NOW, first_try_at=NOW, refs={}, urgency=Urgency.POST,
    )  # fmt: skip


@given(st.integers(min_value=1))
def test_however_long_a_platform_is_away_no_wait_grows_beyond_the_longest(attempts: int) -> None:
    assert 0 < backoff(attempts) <= backoff(attempts + 1) <= LONGEST_WAIT


@given(st.sampled_from(EFFECTS), st.integers(min_value=1))
def test_what_is_refused_waits_no_longer_either(intent: Intent, attempts: int) -> None:
    wait = after_refusal(tried(intent, attempts))
    assert wait is None or 0 < wait <= LONGEST_WAIT
    assert wait is not None or (intent is not OPENING and attempts >= REFUSALS)


@pytest.mark.parametrize("call", [CALL, TIMEOUT])
def test_what_may_lie_between_a_platforms_return_and_the_last_effect_is_less_than_a_minute(call: float) -> None:
    """A call that was sent just before the return and waits in vain; the longest wait after it; a look at the ledger;
    a lease, where the bot that held the effect has died as well; and then each step at its slowest."""
    assert call + LONGEST_WAIT + POLL + LEASE + STEPS * call < MINUTE


class Unwilling:
    """A platform that says to come again; also whoever counts that."""

    def __init__(self, later: TryLater) -> None:
        self._later = later
        self.waits: list[float] = []

    async def perform(self, job: object) -> str | None:
        raise self._later

    def delivered(self, *about: object, **more: object) -> None:
        """An attempt."""

    def limited(self, platform: str, kind: str, *, seconds: float) -> None:
        """A rate limit."""
        self.waits.append(seconds)


async def attempt(later: TryLater) -> tuple[Later, Lane, Unwilling]:
    """What comes of an attempt that ends so."""
    platform: Any = Unwilling(later)
    lane, claim = Lane(platform), tried(Post(card=Card()), 1)
    attempts = Attempts(news=News(platform), meter=platform, courtesy=Courtesy())
    outcome = await attempts.make(lane, Held(replace(claim, look_first=False, refs={"channel": "C1"}), monotonic()))
    assert isinstance(outcome, Later)
    return outcome, lane, platform


async def test_a_rate_limit_holds_back_all_of_its_kind() -> None:
    outcome, lane, platform = await attempt(TryLater("ratelimited", after=timedelta(seconds=7)))
    assert outcome.wait == timedelta(seconds=7) and platform.waits == [7] and list(lane.limited) == ["post"]


async def test_an_effect_that_takes_a_while_to_be_seen_waits_alone() -> None:
    outcome, lane, platform = await attempt(TryLater("dropped", shows=timedelta(seconds=10), maybe_done=True))
    assert outcome.wait == timedelta(seconds=10) and outcome.maybe_done
    assert lane.limited == {} and platform.waits == [], "nobody asked us to wait"


def test_people_hear_that_a_proposal_is_late_and_not_that_a_question_is() -> None:
    proposal = Propose(page="https://x", branch="b", onto="main", title="t", text="t")
    assert of_note(tried(proposal, 9)) and not of_note(tried(Inquire(url="https://x", run=1), 9))
