"""The trackers as one tool: what is owed to its lane is filed, and what people change there is brought back.

Trackers are looked at every minute, one question a place, by every replica: what is spotted counts only where it
differs from what is known. Where it was looked up to is remembered by the tracker's own clock and only as long as the
process lives; a new one reads the last weeks again, so that nothing is missed that was changed while nobody looked.
"""

import asyncio
import contextlib
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from time import monotonic

import structlog

from adapters.tracker.checks import Checked
from adapters.tracker.github import GitHub
from adapters.tracker.jira import Jira
from adapters.tracker.linear import Linear
from adapters.tracker.settings import NEEDS, TrackerSettings, secret
from adapters.tracker.tracker import Filed, Gone, Tracker
from bot.doctor import Finding, doubt
from bot.errors import Refused, TryLater
from bot.intents import TRACKER, ChangeIssue, OpenIssue
from bot.issue import TRACKERS, Seen
from bot.learned import Kept, Spotted
from bot.ports import Clock, Ear, Found, Job
from bot.understanding import understood

log = structlog.get_logger()

EVERY = timedelta(minutes=1)
"""How often places are looked at."""
MENDING = timedelta(minutes=5)
"""How long a place is left alone that refused: somebody has to mend something, and GitHub shuts out who insists."""
BACK = timedelta(days=30)
"""How far back a new process looks."""

Place = tuple[str, str]
"""A tracker's name, and the place in it (empty for the one that the settings name)."""


def trackers(settings: TrackerSettings, clock: Clock) -> list[Tracker]:
    """Those that are switched on."""
    make: dict[str, Callable[[], Tracker]] = {
        "github": lambda: GitHub(
            url=settings.github_api_url, token=secret(settings.github_token), home=settings.github_repository
        ),
        "linear": lambda: Linear(
            url=settings.linear_api_url, key=secret(settings.linear_api_key), home=settings.linear_team
        ),
        "jira": lambda: Jira(
            clock,
            url=settings.jira_url,
            email=settings.jira_email,
            token=secret(settings.jira_token),
            home=settings.jira_project,
            kind=settings.jira_issue_type,
        ),
    }
    return [make[name]() for name in settings.on]


async def examine(known: Iterable[Tracker], places: Iterable[Place]) -> list[Finding]:
    """What the doctor finds of every place that the playbooks file in."""
    on, found = {one.name: one for one in known}, []
    for name, place in places:
        if name in on:
            found += await _examine(on[name], place)
        else:
            says = f"A playbook files there, but {NEEDS[name]} is not set, so nothing is filed."
            mend = "adapters/tracker/README.md says step by step how to connect it."
            found.append(doubt("tracker.off", TRACKERS[name], says, mend))
    for tracker in on.values():
        await tracker.close()
    return found


async def _examine(tracker: Tracker, place: str) -> list[Finding]:
    try:
        return await understood(tracker.examine(place))
    except TryLater as no:
        return Checked(TRACKERS[tracker.name], place or tracker.home).failed(no)


class TrackerPlatform:
    """Files and changes issues; see :class:`bot.ports.Platform`."""

    name = TRACKER
    ready = True
    """The bot does without it."""

    def __init__(self, known: Iterable[Tracker]) -> None:
        self.known = {one.name: one for one in known}
        self.ear: Ear | None = None
        self.connected = True
        self.filed_in: set[Place] = set()
        """Places that issues were filed in or changed in: they are looked at, too."""
        self._changing: set[str] = set()
        self._changed: dict[str, float] = {}

    async def perform(self, job: Job) -> str | None:
        """File or change an issue, and bring back how it is now."""
        match job.intent:
            case OpenIssue() as opens:
                return await self._file(job, opens)
            case ChangeIssue() as change:
                await self._change(job, change)
                return None
        raise Refused(f"trackers know no “{job.intent.kind}”")

    async def find(self, job: Job) -> Found | None:
        """The issue that an earlier attempt filed; a change is harmless to repeat."""
        opens = job.intent
        if not isinstance(opens, OpenIssue):
            return None
        try:
            filed = await understood(self._tracker(opens.tracker).find(opens.place, opens.mark, since=job.since))
        except Gone:
            return None  # and filing it says so
        return Found(await self._bring(job, opens, filed)) if filed is not None else None

    async def _file(self, job: Job, opens: OpenIssue) -> str:
        tracker = self._tracker(opens.tracker)
        try:
            filed = await understood(tracker.create(opens.place, opens.mark, opens.draft))
        except TryLater as lost:
            if not lost.maybe_done:
                raise
            raise TryLater(lost.why, shows=tracker.settles, maybe_done=True, unreachable=lost.unreachable) from lost
        except Gone as gone:
            raise Refused("410 there is no such place any more, or it has no issues") from gone
        return await self._bring(job, opens, filed)

    async def _change(self, job: Job, change: ChangeIssue) -> None:
        ref = job.refs[change.issue]
        self._changing.add(ref)
        try:
            tracker = self._tracker(change.tracker)
            filed = await understood(tracker.change(ref, change.mark, change.before, change.draft))
            await self._bring(job, change, filed)
        except Gone:
            await self._learn(Kept(**_of(job, change), seen=None))
        finally:
            self._changing.discard(ref)
            self._changed[ref] = monotonic()

    def touched(self, ref: str, *, since: float) -> bool:
        """Whether we change an issue just now, or did at ``since`` (monotonic) or later: what was read of it meanwhile
        may be neither before nor after.
        """
        self._changed = {one: at for one, at in self._changed.items() if at >= since}
        return ref in self._changing or ref in self._changed

    async def _bring(self, job: Job, intent: OpenIssue | ChangeIssue, filed: Filed) -> str:
        self.filed_in.add((intent.tracker, filed.place))
        kept = Kept(**_of(job, intent), label=filed.label, url=filed.url, seen=filed.seen)
        await self._learn(kept)
        return filed.ref

    async def _learn(self, kept: Kept) -> None:
        if self.ear is None:
            raise TryLater("not started yet", maybe_done=True)
        try:
            await self.ear.learn(kept)
        except TryLater as gone:  # it is done there: the next attempt has to look first
            raise TryLater(gone.why, maybe_done=True, unreachable=gone.unreachable) from gone

    def _tracker(self, name: str) -> Tracker:
        if name not in self.known:
            raise Refused(f"{name} is switched off: its token is not set")
        return self.known[name]


class TrackerAdapter:
    """A tool of the bot; see :class:`bot.running.Outside`."""

    def __init__(
        self,
        known: Iterable[Tracker],
        clock: Clock,
        *,
        places: Iterable[Place] = (),
        every: timedelta = EVERY,
    ) -> None:
        self.platform = TrackerPlatform(known)
        self._clock = clock
        self._places = set(places)
        self._every = every
        self._until: dict[Place, datetime] = {}
        """Up to where a place was looked at, by its own clock."""
        self._seen: dict[str, Seen] = {}
        """What was spotted there at that moment or later: it comes with the next look again."""
        self._rests: dict[Place, float] = {}
        """Until when (monotonic) a place is left alone."""
        self._silent: set[Place] = set()
        """Places that could not be looked at; said once."""
        self._looking: asyncio.Task[None] | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The trackers that are on."""
        return tuple(self.platform.known)

    async def start(self, ear: Ear) -> None:
        """From now on issues can be filed, and are looked at."""
        self.platform.ear = ear
        self._looking = asyncio.create_task(self._look_ever(), name="trackers")

    async def stop(self) -> None:
        """Look no more."""
        if self._looking is not None:
            self._looking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._looking
        for tracker in self.platform.known.values():
            await tracker.close()

    async def _look_ever(self) -> None:
        while True:
            await asyncio.sleep(self._every.total_seconds())
            await self.look()

    async def look(self) -> None:
        """Look at every place once; one that does not answer is looked at the next time, from where it was left.

        One that limits us is left alone as long as it says, and one that refuses for a while.
        """
        for place in sorted(self._looked_at()):
            if monotonic() < self._rests.get(place, 0.0):
                continue
            try:
                await self._look_at(place)
                self._heard_from(place)
            except TryLater as no:
                self._rests[place] = monotonic() + (no.after or timedelta()).total_seconds()
                self._silent_from(place, no.why)
            except Refused as no:
                self._rests[place] = monotonic() + MENDING.total_seconds()
                self._silent_from(place, no.why)
            except Gone:
                self._silent_from(place, "gone")
            except Exception:  # an edge: a fault goes to the log whole, and the other places are looked at
                log.exception("tracker_not_looked_at", tracker=place[0], place=place[1])
                self._silent.add(place)
        self.platform.connected = not self._silent

    def _heard_from(self, place: Place) -> None:
        if place in self._silent:
            log.info("tracker_answers_again", tracker=place[0], place=place[1])
            self._silent.discard(place)

    def _silent_from(self, place: Place, why: str) -> None:
        if place not in self._silent:
            log.warning("tracker_not_looked_at", tracker=place[0], place=place[1], why=why)
            self._silent.add(place)

    def _looked_at(self) -> set[Place]:
        """By the place's own name, so that none is looked at twice."""
        known = self.platform.known
        asked = {(name, place or known[name].home) for name, place in self._places if name in known}
        return {(name, place) for name, place in asked | self.platform.filed_in if place}

    async def _look_at(self, place: Place) -> None:
        name, where = place
        began = monotonic()
        since = self._until.get(place, self._clock.now() - BACK)
        found = await understood(self.platform.known[name].look(where, since=since))
        left = [one for one in found if self.platform.touched(one.ref, since=began)]
        for filed in found:
            if filed not in left and self._seen.get(filed.ref) != filed.seen:
                await self._spot(filed)
        if found:
            self._until[place] = min([one.seen.at for one in left] or [max(one.seen.at for one in found)])
            self._forget(found, self._until[place])

    async def _spot(self, filed: Filed) -> None:
        if self.platform.ear is not None:
            await self.platform.ear.learn(Spotted(ref=filed.ref, seen=filed.seen))
            self._seen[filed.ref] = filed.seen

    def _forget(self, found: Iterable[Filed], until: datetime) -> None:
        """What the next look does not bring again."""
        for filed in found:
            if filed.seen.at < until:
                self._seen.pop(filed.ref, None)


def _of(job: Job, intent: OpenIssue | ChangeIssue) -> dict[str, object]:
    """What every answer says of the job it belongs to."""
    if job.incident is None:
        raise Refused("an issue of no incident")
    named = {"name": intent.name, "turn": intent.turn, "sent": intent.draft}
    return {"key": f"{TRACKER}:{job.key}", "incident": job.incident, **named}
