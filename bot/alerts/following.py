"""Following: those that wait behind an alert's offer, which asks for them as well, go where it goes."""

from collections.abc import Sequence

from bot.alerts import taking
from bot.alerts.tracked import Became, Tracked
from bot.scene import Scene


async def released(scene: Scene, tracked: Tracked) -> list[Tracked]:
    """A person decides about an alert that may wait behind another's offer: it waits no more. Returns the one whose
    offer it was, to be saved with it."""
    leader = await scene.work.alerts.get(tracked.behind) if tracked.behind is not None else None
    tracked.behind = None
    leave(leader)
    return [leader] if leader is not None else []


def leave(leader: Tracked | None) -> None:
    """One fewer waits behind this one's offer."""
    if leader is not None:
        leader.followers = max(0, leader.followers - 1)


def go(
    leader: Tracked, followers: Sequence[Tracked], *, scene: Scene | None, ahead: Tracked | None, afresh: bool
) -> None:
    """Take those along that waited behind an alert's offer: into the incident that it belongs to now (``scene``), or
    behind the offer that it waits behind itself (``ahead``).

    Where it asks, or will when quiet hours are over, they go on waiting; where nobody is asked about it any more, the
    first of them that fires asks for the others. What has cleared goes no further where the alert fires ``afresh``.
    """
    still = [one for one in followers if one.fires or not afresh]
    for one in followers:
        if not one.fires and afresh:
            one.behind, one.became = None, Became.NOTHING
    if scene is not None:
        for one in still:
            taking.join(scene, one, Became.JOINED)
        leader.followers = 0
    elif ahead is not None:
        _behind(ahead, still)
        leader.followers = 0
    elif leader.became in (Became.OFFERED, Became.HELD):
        leader.followers = len(still)
    else:
        hand_over(leader, still)


def hand_over(leader: Tracked, followers: Sequence[Tracked]) -> None:
    """Nobody is asked about an alert any more: the first of those behind it that fires asks for the others."""
    firing = sorted((one for one in followers if one.fires), key=lambda one: one.id)
    for one in followers:
        one.behind = None
        if not one.fires:
            one.became = Became.NOTHING
    leader.followers = 0
    if firing:
        _behind(firing[0], firing[1:])


def _behind(leader: Tracked, followers: Sequence[Tracked]) -> None:
    for one in followers:
        one.behind = leader.id
    leader.followers += len(followers)
