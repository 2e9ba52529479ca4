"""What comes back from outside chat: one function for each kind of it, as for signs."""

from collections.abc import Callable, Mapping
from typing import Any

from bot import answering, changes, checks, following, mailing, paging, publishing, quiet, repository, resolving
from bot.intents import Asking, Probe
from bot.learned import (
    Committed,
    Inquired,
    Kept,
    Mailed,
    Outcome,
    PageAnswered,
    PageBegun,
    Paged,
    Probed,
    Proposed,
    Published,
)
from bot.messages import health
from bot.scene import Scene


def learn(scene: Scene, came: Outcome) -> None:
    """What came of something that was owed by the scene's incident."""
    TAKEN[type(came)](scene, came)


def probed(scene: Scene, came: Probed) -> None:
    """Health checks were answered: keep it, heed it, and tell whom it concerns."""
    probe = came.probe
    scene.changed = True
    turned = checks.take(scene, came)
    quiet.heed(scene, turned)
    match probe.why:
        case Asking.CHECK:
            _show(scene, probe)
        case Asking.WATCH:
            _speak(scene, turned)
        case Asking.RESOLVE:
            resolving.answered(scene, probe)


def _show(scene: Scene, probe: Probe) -> None:
    """Where the message with the answers stands further up, whoever asked is told them privately."""
    if checks.stand(scene.incident):
        checks.tell(scene, probe, health.told(probe.checks, scene.incident.progress.checks))


def _speak(scene: Scene, turned: list[checks.Turned]) -> None:
    """A change is told once, if the message with the answers stands; the quiet period tells in its own words."""
    if turned and checks.stand(scene.incident) and quiet.running(scene.incident) is None:
        scene.say(health.turned([(each.check, each.now, each.lasted) for each in turned]))


TAKEN: Mapping[type[Any], Callable[[Scene, Any], None]] = {
    Probed: probed,
    Kept: following.kept,
    Committed: repository.took,
    Proposed: repository.proposed,
    Inquired: changes.took,
    Published: publishing.took,
    PageBegun: paging.begun,
    Paged: paging.took,
    PageAnswered: answering.answered,
    Mailed: mailing.took,
}
"""Who takes which outcome."""
