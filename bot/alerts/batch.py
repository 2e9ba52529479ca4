"""A batch: alerts of the inbox that are acted on in one transaction, with the incidents that they touch.

Nothing here waits for an incident that somebody else holds: alerts of such a one stay in the inbox for the next batch.
So people who hold an incident may wait for an alert, and never the other way round.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot import declaring
from bot.alerts import deciding, following, showing, taking, telling
from bot.alerts.deciding import Decision, Does
from bot.alerts.hearing import Heard
from bot.alerts.tracked import Became, News, Tracked
from bot.messages import alerts as says
from bot.playbook.shape import Playbook
from bot.scene import TOCSIN, Scene
from bot.scenes import Scenes
from bot.store import Summary, Work
from bot.timeline import Kind

HEAVY = 3
"""Alerts with news in one transaction: each may make an incident, and SQLite's only writer is held meanwhile."""
LOOK_BACK = 200
"""Open incidents among which one of the same component is looked for."""
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class Busy(Exception):
    """Somebody else holds the incident at the moment."""


@dataclass(slots=True)
class Batch:
    """One transaction's alerts, and what they touch."""

    scenes: Scenes
    work: Work
    now: datetime
    touched: dict[int, Scene] = field(default_factory=dict)
    """Incidents that are changed, by number."""
    tracked: dict[str, Tracked] = field(default_factory=dict)
    """Alerts that are changed, by key."""
    silent: set[str] = field(default_factory=set)
    """Keys of those among them that there is nothing new to tell of."""
    attachable: list[Summary] | None = None

    async def scene(self, number: int) -> Scene:
        """The scene of an incident, locked; raises :class:`Busy` where another holds it."""
        if number not in self.touched:
            incident = await self.work.free_incident(number)
            if incident is None:
                raise Busy
            scene = self.scenes.begin(self.work)
            scene.now = self.now
            await self.scenes.about(scene, incident)
            self.touched[number] = scene
        return self.touched[number]

    async def get(self, id: int) -> Tracked | None:
        """An alert by its id, to be changed with this batch."""
        found = next((one for one in self.tracked.values() if one.id == id), None) or await self.work.alerts.get(id)
        if found is not None:
            self.tracked[found.key] = found
            self.silent.discard(found.key)
        return found

    async def behind(self, id: int) -> list[Tracked]:
        """Those that wait behind an alert's offer, to be changed with this batch."""
        stored = {one.key: one for one in await self.work.alerts.behind(id)}
        found = [one for one in (stored | self.tracked).values() if one.behind == id]
        self.tracked |= {one.key: one for one in found}
        self.silent -= {one.key for one in found}
        return found

    def keep(self, heard: Heard) -> None:
        """Take up what is known of a key now, to be saved with this batch."""
        tracked = heard.tracked
        tracked.stale = tracked.became.of_incident
        if heard.silent and tracked.key not in self.tracked:
            self.silent.add(tracked.key)
        self.tracked[tracked.key] = tracked

    async def follow(self, heard: Heard) -> None:
        """See to what follows from news of a key. Raises :class:`Busy`."""
        await self.mine(heard.tracked)
        for one in heard.news:
            if one is News.FIRST or (one is News.AGAIN and heard.tracked.became is not Became.OFFERED):
                telling.anew(heard.tracked)
            await self.act(heard.tracked, one, heard.playbook)

    async def mine(self, tracked: Tracked) -> Scene | None:
        """The scene of the incident that an alert belongs to, while that is open."""
        if tracked.incident is None or not tracked.became.of_incident:
            return None
        scene = await self.scene(tracked.incident)
        return scene if scene.incident.open else None

    async def act(self, tracked: Tracked, news: News, playbook: Playbook) -> None:
        """See to what follows from news of an alert."""
        scene = await self.mine(tracked)
        match news:
            case News.FIRST | News.AGAIN if scene is not None:
                taking.fires_again(scene, tracked)
            case News.AGAIN if tracked.muted(self.now):
                tracked.tally.ignored += 1
            case News.AGAIN if tracked.answered:
                await self._reopen(tracked, playbook)
            case News.FIRST | News.AGAIN:
                await self.decide(tracked, playbook, afresh=True)
            case News.WORSE if scene is not None:
                self._worsen(scene, tracked, playbook)
            case News.WORSE | News.REPEAT if scene is None:
                await self.decide(tracked, playbook)
            case News.CLEARED if scene is not None and not tracked.flapping(self.now):
                scene.record(Kind.ALERT, f"Cleared: {tracked.alert.title}", by=TOCSIN)

    def _worsen(self, scene: Scene, tracked: Tracked, playbook: Playbook) -> None:
        """Note that an alert of an open incident got worse; say so once where it would declare a worse incident now."""
        alert, incident = tracked.alert, scene.incident
        scene.record(Kind.ALERT, f"Alert {tracked.name} is now {alert.severity}: {alert.title}", by=TOCSIN)
        decision = deciding.decide(playbook, alert, since=tracked.since, now=self.now)
        known = [playbook.severity(name) for name in (*decision.severities[:1], incident.severity)]
        if decision.does is not Does.DECLARE or tracked.severities == decision.severities or None in known:
            return
        if playbook.rank(decision.severities[0]) < playbook.rank(incident.severity):
            tracked.severities = decision.severities
            scene.say(says.worse(incident, alert.title, word=alert.severity, severity=decision.severities[0]))

    async def decide(self, tracked: Tracked, playbook: Playbook, *, afresh: bool = False) -> bool:
        """Ask the rules; whether they decided. Unless ``afresh``, what was decided stands where they say no more than
        that.

        What quiet hours held back declares nothing by itself when they are over: it is offered.
        """
        after_quiet, waits_until = tracked.waited(self.now), tracked.look_at
        tracked.look_at = None
        if tracked.muted(self.now):
            tracked.look_at = None if tracked.became.of_incident else tracked.muted_until
            if afresh:
                tracked.became = Became.IGNORED
                tracked.tally.ignored += 1
            return afresh
        decision = deciding.decide(
            playbook,
            tracked.alert,
            since=tracked.since,
            now=self.now,
            attachable=[one.component or "" for one in await self._attachable(playbook)],
        )
        tracked.look_at = waits_until if tracked.became is Became.HELD else decision.look_at
        if not afresh and not _says_more(tracked, decision, now=self.now):
            return False
        tracked.look_at = decision.look_at
        tracked.playbook, tracked.rule, tracked.group = playbook.name, decision.rule, decision.group
        tracked.severities, tracked.by, tracked.decided_at = decision.severities, "", self.now
        left, tracked.incident, tracked.behind = tracked.behind, None, None
        if decision.does in (Does.DECLARE, Does.OFFER):
            await self._ask(tracked, playbook, decision, after_quiet=after_quiet)
        else:
            await self._follow(tracked, playbook, decision)
        await self._moved(tracked, left, afresh=afresh)
        return True

    async def _moved(self, tracked: Tracked, left: int | None, *, afresh: bool = False) -> None:
        """An alert that waited behind the offer ``left`` goes its own way; those behind its own go with it."""
        if left is not None:
            following.leave(await self.get(left))
        if tracked.followers:
            scene = await self.mine(tracked)
            ahead = await self.get(tracked.behind) if tracked.behind is not None else None
            following.go(tracked, await self.behind(tracked.id), scene=scene, ahead=ahead, afresh=afresh)

    async def _ask(self, tracked: Tracked, playbook: Playbook, decision: Decision, *, after_quiet: bool) -> None:
        """Let it join what is open already, which asks nobody anything; else wait, declare, or offer."""
        together = await self._together(tracked, playbook)
        until = deciding.quiet_until(playbook, decision, now=self.now) if not after_quiet else None
        if together is not None:
            await self.join(tracked, together, Became.JOINED)
        elif until is not None:
            tracked.became, tracked.look_at = Became.HELD, until
        elif decision.does is Does.DECLARE and not after_quiet:
            await self.declare(tracked, playbook, decision)
        else:
            await self._offer_once(tracked, playbook)

    async def _follow(self, tracked: Tracked, playbook: Playbook, decision: Decision) -> None:
        match decision.does:
            case Does.ATTACH:
                about = deciding.component(playbook, tracked.alert)
                numbers = [one.number for one in await self._attachable(playbook) if one.component == about]
                await self.join(tracked, max(numbers), Became.ATTACHED)
            case Does.IGNORE:
                tracked.became = Became.IGNORED
                tracked.tally.ignored += 1
            case _:
                tracked.became = Became.NOTHING

    async def _together(self, tracked: Tracked, playbook: Playbook) -> int | None:
        """The incident of its group, or the newest one of a storm."""
        grouped = await self._grouped(tracked, playbook)
        if grouped is not None:
            return grouped
        storm = playbook.alerts.storm
        lately = set(await self.work.alerts.declared_since(self.now - storm.within, playbook.name))
        lately |= {number for number, scene in self.touched.items() if _declared_now(scene, playbook)}
        return max(lately) if len(lately) >= storm.alerts else None

    async def _grouped(self, tracked: Tracked, playbook: Playbook) -> int | None:
        """The newest open incident of its group."""
        if not tracked.group:
            return None
        known = await self.work.alerts.firing_in(tracked.group, playbook.name)
        here = [number for number, scene in self.touched.items() if self._of_group(scene, tracked, playbook)]
        return max([*here, *([known] if known is not None else [])], default=None)

    def _of_group(self, scene: Scene, tracked: Tracked, playbook: Playbook) -> bool:
        """Whether an incident that this very batch declared is of the same group."""
        alerts = scene.incident.progress.alerts
        return _declared_now(scene, playbook) and alerts is not None and alerts.group == tracked.group

    async def _attachable(self, playbook: Playbook) -> list[Summary]:
        """Open incidents of a component to which a rule may attach; asked once."""
        if not any(rule.does == "attach" for rule in playbook.alerts.rules):
            return []
        if self.attachable is None:
            found = await self.work.recent_open(LONG_AGO, limit=LOOK_BACK)
            self.attachable = [one for one in found if one.component and not one.private and not one.drill]
        return self.attachable

    async def declare(self, tracked: Tracked, playbook: Playbook, decision: Decision) -> Scene:
        """Make an incident of an alert."""
        severity = playbook.severity(decision.severities[0]) or playbook.severities[0]
        scene = self.scenes.begin(self.work)
        scene.now, scene.playbook = self.now, playbook
        await declaring.declare(scene, severity, taking.facts(tracked, playbook))
        self.touched[scene.incident.number] = scene
        tracked.incident, tracked.became = scene.incident.number, Became.DECLARED
        tracked.tally.declared += 1
        return scene

    async def join(self, tracked: Tracked, number: int, became: Became) -> None:
        """Put an alert to an incident."""
        taking.join(await self.scene(number), tracked, became)

    async def _offer_once(self, tracked: Tracked, playbook: Playbook) -> None:
        """Offer it; where many are offered at once, one offer stands for them. One that is asked by a message of its
        own already goes on being so."""
        storm, others = playbook.alerts.storm, {one.id: one for one in self.tracked.values()}
        stored = await self.work.alerts.offered_since(self.now - storm.within, playbook.name)
        offers = [id for id in stored if id not in others or others[id].asks]
        new = [one for one in self.tracked.values() if one.asks and one.decided_at == self.now and one.id not in offers]
        if tracked.id in offers or len(offers) + len(new) < storm.alerts or not offers:
            return self._offer(tracked)
        leader = await self.get(offers[0])
        if leader is None:
            return self._offer(tracked)
        leader.followers += 1
        tracked.became, tracked.behind = Became.OFFERED, leader.id
        tracked.tally.offered += 1
        return None

    def _offer(self, tracked: Tracked) -> None:
        tracked.became = Became.OFFERED
        tracked.tally.offered += 1

    async def _reopen(self, tracked: Tracked, playbook: Playbook) -> None:
        """It fires again soon after: it joins the open incident of its group, else what was asked is asked again.
        Nothing new is declared for it, unless the rules ask for more than what was asked or declared before."""
        tracked.severities = tracked.severities or tuple(one.name for one in playbook.severities[: deciding.OFFERED])
        tracked.became, tracked.by = Became.OFFERED, ""
        if await self.decide(tracked, playbook):
            return
        left, tracked.behind, tracked.decided_at = tracked.behind, None, self.now
        grouped = await self._grouped(tracked, playbook)
        until = deciding.quiet_until(playbook, Decision(Does.OFFER, tracked.severities), now=self.now)
        if grouped is not None:
            await self.join(tracked, grouped, Became.JOINED)
        elif until is not None:
            tracked.became, tracked.look_at = Became.HELD, until
        else:
            await self._offer_once(tracked, playbook)
        await self._moved(tracked, left)

    def shown(self) -> list[int]:
        """Numbers of those touched whose card is to show it now; the others' do a little later."""
        return [number for number, scene in self.touched.items() if showing.rested(scene)]

    async def show(self, numbers: Collection[int]) -> None:
        """Bring the cards of these up to date."""
        for number in numbers:
            scene = self.touched[number]
            showing.refresh(scene, await self.work.alerts.of_incident(number))


def _says_more(tracked: Tracked, decision: Decision, *, now: datetime) -> bool:
    """Whether the rules ask for more now than what became of an alert."""
    order = (Does.NOTHING, Does.IGNORE, Does.OFFER, Does.DECLARE)
    was = {Became.NOTHING: 0, Became.IGNORED: 1, Became.HELD: 1, Became.OFFERED: 2}.get(tracked.became, 3)
    if tracked.became is Became.IGNORED and tracked.muted_until is not None and tracked.muted_until <= now:
        was = 0  # it was let be for a while, and that is over
    elif tracked.by:  # somebody decided by hand: no rule overrules that for as long as it fires
        return False
    if tracked.became is Became.OFFERED and (decision.rule, decision.severities) == (tracked.rule, tracked.severities):
        return False  # asked instead of declared: it fires again, or quiet hours held it back
    return decision.does is Does.ATTACH or order.index(decision.does) > was


def _declared_now(scene: Scene, playbook: Playbook) -> bool:
    """Whether an alert declared an incident in this very batch, under this playbook."""
    incident = scene.incident
    return incident.revision == 0 and incident.by_alert and incident.playbook == playbook.name
