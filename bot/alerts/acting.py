"""Acting: what follows from news of an alert: it declares, is offered, joins, is held back, or is only noted.

Whatever raises :class:`Busy` comes before anything of another alert is changed: the alert stays in the inbox, and the
rest of the batch is saved.
"""

from datetime import datetime

from bot import declaring
from bot.alerts import deciding, following, taking, telling, together
from bot.alerts.batch import Batch
from bot.alerts.deciding import Decision, Does
from bot.alerts.hearing import Heard
from bot.alerts.tracked import Became, News, Tracked
from bot.messages import alerts as says
from bot.playbook.shape import Playbook
from bot.scene import TOCSIN, Scene
from bot.timeline import Kind


async def follow(batch: Batch, heard: Heard) -> None:
    """See to what follows from news of a key. Raises :class:`Busy`."""
    await batch.mine(heard.tracked)
    for one in heard.news:
        if one is News.FIRST or (one is News.AGAIN and heard.tracked.became is not Became.OFFERED):
            telling.anew(heard.tracked)
        await act(batch, heard.tracked, one, heard.playbook)


async def act(batch: Batch, tracked: Tracked, news: News, playbook: Playbook) -> None:
    """See to what follows from news of an alert."""
    scene = await batch.mine(tracked)
    match news:
        case News.FIRST | News.AGAIN if scene is not None:
            taking.fires_again(scene, tracked)
        case News.AGAIN if tracked.muted(batch.now):
            tracked.tally.ignored += 1
        case News.AGAIN if tracked.answered:
            await _reopen(batch, tracked, playbook)
        case News.FIRST | News.AGAIN:
            await decide(batch, tracked, playbook, afresh=True)
        case News.WORSE if scene is not None:
            _worsen(batch, scene, tracked, playbook)
        case News.WORSE | News.REPEAT if scene is None:
            await decide(batch, tracked, playbook)
        case News.CLEARED if scene is not None and not tracked.flapping(batch.now):
            scene.record(Kind.ALERT, f"Cleared: {tracked.alert.title}", by=TOCSIN)


def _worsen(batch: Batch, scene: Scene, tracked: Tracked, playbook: Playbook) -> None:
    """Note that an alert of an open incident got worse; say so once where it would declare a worse incident now."""
    alert, incident = tracked.alert, scene.incident
    scene.record(Kind.ALERT, f"Alert {tracked.name} is now {alert.severity}: {alert.title}", by=TOCSIN)
    decision = deciding.decide(playbook, alert, since=tracked.since, now=batch.now)
    known = [playbook.severity(name) for name in (*decision.severities[:1], incident.severity)]
    if decision.does is not Does.DECLARE or tracked.severities == decision.severities or None in known:
        return
    if playbook.rank(decision.severities[0]) < playbook.rank(incident.severity):
        tracked.severities = decision.severities
        scene.say(says.worse(incident, alert.title, word=alert.severity, severity=decision.severities[0]))


async def decide(batch: Batch, tracked: Tracked, playbook: Playbook, *, afresh: bool = False) -> bool:
    """Ask the rules; whether they decided. Unless ``afresh``, what was decided stands where they say no more than
    that.

    What quiet hours held back declares nothing by itself when they are over: it is offered.
    """
    after_quiet, waits_until = tracked.waited(batch.now), tracked.look_at
    tracked.look_at = None
    if tracked.muted(batch.now):
        tracked.look_at = None if tracked.became.of_incident else tracked.muted_until
        if afresh:
            tracked.became = Became.IGNORED
            tracked.tally.ignored += 1
        return afresh
    decision = deciding.decide(
        playbook,
        tracked.alert,
        since=tracked.since,
        now=batch.now,
        attachable=[one.component or "" for one in await together.attachable(batch, playbook)],
    )
    tracked.look_at = waits_until if tracked.became is Became.HELD else decision.look_at
    if not afresh and not _says_more(tracked, decision, now=batch.now):
        return False
    tracked.look_at = decision.look_at
    tracked.playbook, tracked.rule, tracked.group = playbook.name, decision.rule, decision.group
    tracked.severities, tracked.by, tracked.decided_at = decision.severities, "", batch.now
    left, tracked.incident, tracked.behind = tracked.behind, None, None
    if decision.does in (Does.DECLARE, Does.OFFER):
        await _ask(batch, tracked, playbook, decision, after_quiet=after_quiet)
    else:
        await _follow(batch, tracked, playbook, decision)
    await _moved(batch, tracked, left, afresh=afresh)
    return True


async def _moved(batch: Batch, tracked: Tracked, left: int | None, *, afresh: bool = False) -> None:
    """An alert that waited behind the offer ``left`` goes its own way; those behind its own go with it."""
    if left is not None:
        following.leave(await batch.get(left))
    if tracked.followers:
        scene = await batch.mine(tracked)
        ahead = await batch.get(tracked.behind) if tracked.behind is not None else None
        following.go(tracked, await batch.behind(tracked.id), scene=scene, ahead=ahead, afresh=afresh)


async def _ask(batch: Batch, tracked: Tracked, playbook: Playbook, decision: Decision, *, after_quiet: bool) -> None:
    """Let it join what is open already, which asks nobody anything; else wait, declare, or offer."""
    number = await together.incident_of(batch, tracked, playbook)
    until = deciding.quiet_until(playbook, decision, now=batch.now) if not after_quiet else None
    if number is not None:
        await batch.join(tracked, number, Became.JOINED)
    elif until is not None:
        tracked.became, tracked.look_at = Became.HELD, until
    elif decision.does is Does.DECLARE and not after_quiet:
        await declare(batch, tracked, playbook, decision)
    else:
        await together.offer(batch, tracked, playbook)


async def _follow(batch: Batch, tracked: Tracked, playbook: Playbook, decision: Decision) -> None:
    match decision.does:
        case Does.ATTACH:
            about = deciding.component(playbook, tracked.alert)
            numbers = [one.number for one in await together.attachable(batch, playbook) if one.component == about]
            await batch.join(tracked, max(numbers), Became.ATTACHED)
        case Does.IGNORE:
            tracked.became = Became.IGNORED
            tracked.tally.ignored += 1
        case _:
            tracked.became = Became.NOTHING


async def declare(batch: Batch, tracked: Tracked, playbook: Playbook, decision: Decision) -> Scene:
    """Make an incident of an alert."""
    severity = playbook.severity(decision.severities[0]) or playbook.severities[0]
    scene = batch.scenes.begin(batch.work)
    scene.now, scene.playbook = batch.now, playbook
    await declaring.declare(scene, severity, taking.facts(tracked, playbook))
    batch.touched[scene.incident.number] = scene
    tracked.incident, tracked.became = scene.incident.number, Became.DECLARED
    taking.hand_over(scene, tracked)
    tracked.tally.declared += 1
    return scene


async def _reopen(batch: Batch, tracked: Tracked, playbook: Playbook) -> None:
    """It fires again soon after: it joins the open incident of its group, else what was asked is asked again.
    Nothing new is declared for it, unless the rules ask for more than what was asked or declared before."""
    tracked.severities = tracked.severities or tuple(one.name for one in playbook.severities[: deciding.OFFERED])
    tracked.became, tracked.by = Became.OFFERED, ""
    if await decide(batch, tracked, playbook):
        return
    left, tracked.behind, tracked.decided_at = tracked.behind, None, batch.now
    number = await together.group_of(batch, tracked, playbook)
    until = deciding.quiet_until(playbook, Decision(Does.OFFER, tracked.severities), now=batch.now)
    if number is not None:
        await batch.join(tracked, number, Became.JOINED)
    elif until is not None:
        tracked.became, tracked.look_at = Became.HELD, until
    else:
        await together.offer(batch, tracked, playbook)
    await _moved(batch, tracked, left)


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
