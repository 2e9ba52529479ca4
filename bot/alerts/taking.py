"""Taking up: an alert makes an incident, joins one, or fires again in one."""

from bot import naming, publishing, quiet
from bot.alerts import deciding, showing
from bot.alerts.alert import Alert
from bot.alerts.tracked import Became, Tracked
from bot.declaring import Facts
from bot.incident import Hyperlink
from bot.people import Person
from bot.playbook.shape import Playbook
from bot.progress import Alerted
from bot.scene import TOCSIN, Scene
from bot.timeline import Kind

MOST_JOINED = 25
"""Alerts whose joining is told one by one on an incident's timeline; the card counts all."""


def facts(tracked: Tracked, playbook: Playbook, *, by: Person | None = None) -> Facts:
    """What an alert says of the incident that it declares, or that somebody (``by``) declares of it."""
    alert = tracked.alert
    sender = tracked.sender or alert.source
    about = deciding.component(playbook, alert) or (alert.component if not playbook.components else None)
    said = f": {alert.text}" if alert.text else ""
    publish = playbook.alerts.publishes(tracked.rule)
    by_rule = f" by the rule “{tracked.rule}”" if tracked.rule else ""
    return Facts(
        title=naming.tidy(alert.title) or f"Alert of {sender}",
        by=by or Person(key=f"alert:{alert.source}", name=sender),
        began_at=tracked.since,
        component=about or None,
        links=_links(alert, sender),
        alerted=Alerted(
            declared=by is None,
            rule=tracked.rule,
            group=tracked.group,
            labels=alert.labels,
            text=alert.text[: showing.READ],
            runbook=alert.runbook,
            summary=alert.title if publish else "",
            publish=publish,
        ),
        notes=(f"Declared{by_rule} from an alert of {sender}{said}",),
    )


def _links(alert: Alert, sender: str) -> tuple[Hyperlink, ...]:
    named = ((sender, alert.link), ("runbook", alert.runbook), *alert.links.items())
    unique = {url: label for label, url in reversed(named) if url}
    return tuple(Hyperlink(url=url, label=label) for url, label in reversed(unique.items()))


def hand_over(scene: Scene, tracked: Tracked) -> None:
    """What customers were told of an alert is the scene's incident's from now on, unless they know that one already."""
    if publishing.adopt(scene, tracked.publication):
        tracked.publication = None


def join(scene: Scene, tracked: Tracked, became: Became, *, by: Person = TOCSIN) -> None:
    """Put an alert to the scene's incident."""
    tracked.incident, tracked.became = scene.incident.number, became
    tracked.behind, tracked.stale = None, True
    hand_over(scene, tracked)
    tracked.tally.attached += became is Became.ATTACHED
    alerted = scene.incident.progress.alerts
    if alerted is None or alerted.alerts < MOST_JOINED:
        told = f"Alert: {tracked.alert.title} ({tracked.sender or tracked.alert.source})"
        scene.record(Kind.ALERT, told, by=by, url=tracked.alert.link)
    if tracked.fires:
        quiet.disturb(scene, f"a new alert: {tracked.alert.title}")
    scene.changed = True


def fires_again(scene: Scene, tracked: Tracked) -> None:
    """An alert of the scene's incident fires again."""
    if not tracked.flapping(scene.now):
        scene.record(Kind.ALERT, f"Fires again: {tracked.alert.title}", by=TOCSIN)
    quiet.disturb(scene, f"an alert fires again: {tracked.alert.title}")
    scene.changed = True
