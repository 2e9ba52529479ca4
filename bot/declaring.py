"""Declaring: how an incident comes to be, whether a person typed it or an alert fired."""

from dataclasses import dataclass, field
from datetime import datetime

from bot import calling, drills, duties, naming, permission, reminders, runbooks
from bot.errors import NotAllowed
from bot.incident import Hyperlink, Incident, Room
from bot.messages import permissions as rules_say
from bot.messages import runbooks as help_says
from bot.people import Person
from bot.playbook.permissions import Right
from bot.playbook.process import Severity, Stage
from bot.playbook.shape import Playbook
from bot.progress import Alerted
from bot.scene import TOCSIN, Scene
from bot.timeline import Kind

LONGEST_TITLE = 200
"""In characters; a longer one is cut, and kept whole on the timeline."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an incident when it is declared."""

    title: str
    impact: str = ""
    private: bool = False
    drill: bool = False
    despite: bool = False
    """Whatever the playbook's rules say of who may declare, where its author may set them aside."""
    by: Person | None = None
    """Whoever declares it; the scene's actor where left out."""
    began_at: datetime | None = None
    component: str | None = None
    links: tuple[Hyperlink, ...] = ()
    alerted: Alerted | None = None
    """What the alert says that it came of."""
    notes: tuple[str, ...] = field(default=())
    """Kept on the timeline beside the declaration."""


def at_least(playbook: Playbook, severity: Severity, facts: Facts) -> tuple[Severity, list[str]]:
    """The severity that it is declared at, and why it is another one than was named."""
    labels, said = (facts.alerted.labels, facts.alerted.text) if facts.alerted is not None else (None, "")
    words = f"{naming.tidy(facts.title)}\n{said}" if said else naming.tidy(facts.title)
    least = runbooks.at_least(playbook, words, facts.component, labels)
    if least is None or playbook.rank(severity.name) <= playbook.rank(least[0].name):
        return severity, []
    return least[0], [help_says.always(*least, named=severity.name)]


async def declare(scene: Scene, severity: Severity, facts: Facts, *, preview: bool = False) -> list[str]:
    """Make the incident under the scene's playbook, and bring it into the scene.

    Returns why its severity is another one than was named. In a preview the scene is left without it, and nothing is
    saved; the incident is then to be read with :func:`drawn`.
    """
    severity, why = at_least(scene.playbook, severity, facts)
    await scene.look_at_overrides()
    noted = "" if preview else await _may(scene, facts)
    incident = _incident(scene, severity, facts)
    if not preview:
        await scene.work.enter(incident)
    base = naming.channel_name(scene.playbook, incident, now=scene.now)
    incident.channel_name = await scene.work.free_name(base)
    scene.here = incident
    reminders.promise(incident, scene.playbook, now=scene.now)
    if scene.actor is not TOCSIN:
        scene.bring(scene.actor)
    for role in scene.playbook.roles:
        holder = calling.first_holder(role, scene.playbook, incident=incident, overrides=scene.overrides, now=scene.now)
        if holder is not None:
            incident.roles[role.name] = holder
            scene.bring(holder)
    if incident.private:
        scene.bring(*scene.who(scene.playbook.permissions.private).people)
    if preview:
        duties.settle(scene)  # what would follow is shown; without an incident nothing of it is saved
        return why
    if incident.drill:
        incident.progress.drill_asked = await _asked_for(scene)
    await scene.work.keep_playbook(scene.playbook, at=scene.now)
    _note(scene, severity, facts)
    if noted:
        scene.record(Kind.PERMISSION, noted)
    for sentence in why:
        scene.record(Kind.SEVERITY, sentence, by=TOCSIN)
    return why


async def _may(scene: Scene, facts: Facts) -> str:
    """What is to be noted of that the actor may declare under this playbook; raises ``NotAllowed``."""
    try:
        return await permission.hold(scene, Right.DECLARE)
    except NotAllowed:
        if not facts.despite or await permission.locked(scene, Right.ANYWAY):
            raise
        return rules_say.declared_anyway()


async def _asked_for(scene: Scene) -> str:
    """Key of the announcement that asked for this drill; empty where none was due."""
    plan, here, name = scene.playbook.drills, scene.working_time, scene.playbook.name
    last = await scene.reader.last_drill(name)
    day = drills.next_day(plan, here, held=here.day(last.declared_at) if last is not None else None)
    at = drills.asked_last(plan, here, now=scene.now)
    due = day is not None and at is not None and here.opens(day) <= at
    return drills.key(name, here.day(at)) if due and at is not None else ""


def _incident(scene: Scene, severity: Severity, facts: Facts) -> Incident:
    title = naming.tidy(facts.title)
    first = scene.playbook.first_status(Stage.INVESTIGATING)
    incident = Incident(
        title=title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1]}…",
        severity=severity.name,
        status=first.name,
        stage=first.stage,
        playbook=scene.playbook.name,
        version=scene.playbook.version,
        private=facts.private,
        drill=facts.drill,
        declared_at=scene.now,
        declared_by=facts.by or scene.actor,
        began_at=min(facts.began_at or scene.now, scene.now),
        impact=facts.impact,
        component=facts.component,
        links=facts.links,
        rooms={platform: Room() for platform in scene.playbook.lives_on(scene.platforms)},
    )
    incident.progress.alerts = facts.alerted
    return incident


def _note(scene: Scene, severity: Severity, facts: Facts) -> None:
    marks = "".join(f"{mark} " for mark, so in (("drill", facts.drill), ("private", facts.private)) if so)
    by = facts.by or scene.actor
    scene.record(Kind.DECLARED, f"Declared {marks}{severity.name.upper()}: {naming.tidy(facts.title)}", by=by)
    for role, holder in scene.incident.roles.items():
        known = scene.playbook.role(role)
        scene.record(Kind.ROLE, f"{known.title if known else role}: {holder.name}", role=role, person=holder.key)
    for note in facts.notes:
        scene.record(Kind.NOTE, note)
