"""One attempt at what is owed: it looks first where an earlier one may have had its effect, then acts."""

from datetime import timedelta
from time import monotonic

import structlog

from bot.delivery.courtesy import Courtesy
from bot.delivery.lanes import LEASE, Held, Lane
from bot.delivery.news import News
from bot.errors import Refused, TryLater
from bot.ledger import Claimed, Done, GivenUp, Later, Outcome
from bot.patience import LONGEST_WAIT, after_refusal, backoff, is_late
from bot.ports import Job, Meter, Platform

log = structlog.get_logger()

STEP_ASIDE = 0.1
"""Seconds for which a single effect lets people go first, just before it is sent."""


class Attempts:
    """Makes attempts, and says how long to wait after one that failed."""

    def __init__(self, *, news: News, meter: Meter, courtesy: Courtesy) -> None:
        self._news = news
        self._meter = meter
        self._courtesy = courtesy

    async def make(self, lane: Lane, held: Held) -> Outcome | None:
        """Attempt it and say what came of it; ``None`` where the lease was lost, and nothing was sent."""
        claim = held.claim
        missing = claim.intent.needs() - claim.refs.keys()
        if missing:
            return GivenUp(claim, f"nothing stands at {', '.join(sorted(missing))}")
        began = monotonic()
        try:
            outcome: Outcome = Done(claim, await self._do(lane.platform, held))
            lane.failures, lane.done_at = 0, monotonic()
        except TryLater as later:
            outcome = self._later(lane, claim, later)
        except Refused as refused:
            outcome = self._refused(claim, refused)
        except _LeaseLost:
            self._meter.delivered(claim.platform, claim.intent.kind, "lease lost", seconds=monotonic() - began)
            return None
        except Exception:  # the delivery's edge: a fault goes to the log whole, and others go on
            log.exception("delivery_failed", platform=claim.platform, what=claim.key, incident=claim.incident)
            outcome = Later(claim, timedelta(seconds=LONGEST_WAIT), "fault", maybe_done=True)
        result = {Done: "done", Later: "later", GivenUp: "given up"}[type(outcome)]
        self._meter.delivered(claim.platform, claim.intent.kind, result, seconds=monotonic() - began)
        return outcome

    async def _do(self, platform: Platform, held: Held) -> str | None:
        claim = held.claim
        job = Job(
            f"{claim.incident or 0}/{claim.key}",
            claim.intent,
            claim.incident,
            first_try_at=claim.first_try_at,
            refs=claim.refs,
            owed_at=claim.owed_at,
        )
        if claim.look_first:
            found = await platform.find(job)
            if found is not None:
                return found.ref
        await self._courtesy.give_way(STEP_ASIDE)
        if held.lost or monotonic() - held.renewed > LEASE / 2:
            raise _LeaseLost
        held.begun = True
        return await platform.perform(job)

    def _later(self, lane: Lane, claim: Claimed, later: TryLater) -> Outcome:
        wait = backoff(claim.attempts)
        if later.after is not None:
            wait = max(later.after.total_seconds(), 0.05)
            lane.limited[claim.intent.kind] = monotonic() + wait
            self._meter.limited(claim.platform, claim.intent.kind, seconds=wait)
        elif later.unreachable:
            lane.failures += 1
            lane.closed_until = monotonic() + backoff(lane.failures)
        if later.shows is not None:
            wait = max(wait, later.shows.total_seconds())
        log.info(
            "try_later", platform=claim.platform, what=claim.key, incident=claim.incident, why=later.why, wait=wait
        )
        if is_late(claim):
            self._news.late(claim, later.why)
        return Later(claim, timedelta(seconds=wait), later.why, maybe_done=later.maybe_done)

    def _refused(self, claim: Claimed, refused: Refused) -> Outcome:
        log.warning("refused", platform=claim.platform, what=claim.key, incident=claim.incident, why=refused.why)
        wait = after_refusal(claim)
        if wait is None:
            log.warning("given_up", platform=claim.platform, what=claim.key, incident=claim.incident, why=refused.why)
            return GivenUp(claim, refused.why)
        self._news.late(claim, refused.why)
        return Later(claim, timedelta(seconds=wait), refused.why)


class _LeaseLost(Exception):
    """The claim may be another's by now; nothing was sent."""
