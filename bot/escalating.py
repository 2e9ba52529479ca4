"""Calling people in: a rule's call, the next on its path, and the answer. Each goes on the timeline."""

from datetime import datetime

from bot import escalations
from bot.durations import say_duration
from bot.escalations import BY_HAND, Ground
from bot.people import Person
from bot.playbook.escalation import Escalation
from bot.progress import Called
from bot.scene import TOCSIN, Scene
from bot.timeline import Kind


def call(scene: Scene, ground: Ground, *, path: tuple[str, ...] = (), grounds: tuple[str, ...] = ()) -> Called:
    """Call the people of a ground's rule, once: where its call still waits for an answer, the reason is added to it.

    ``path`` are the rules called before it that nobody answered, and ``grounds`` the marks that it was all for. Where
    nobody is there to call, the next rule on the path is called at once. Returns the call that stands now.
    """
    rule, marks = ground.rule, grounds or (ground.mark,)
    before = escalations.standing(scene.incident, rule)
    if before is not None:
        return _add(scene, before, ground, marks)
    called = _called(scene, ground, path=path, marks=marks)
    then = escalations.following(called, scene.incident, scene.playbook)
    if not (called.people or called.groups) and then is not None:
        why = f"{ground.why}; nobody is {', '.join(called.nobody)} now"
        return call(scene, Ground(then, ground.mark, why), path=(*path, rule.name), grounds=marks)
    return _keep(
        scene, rule, called, then_at=scene.now + rule.wait if then is not None and rule.wait is not None else None
    )


def _called(scene: Scene, ground: Ground, *, path: tuple[str, ...], marks: tuple[str, ...]) -> Called:
    incident, rule = scene.incident, ground.rule
    meant = scene.who(rule.to)
    return Called(
        id=incident.progress.calls[-1].id + 1 if incident.progress.calls else 1,
        rule=rule.name,
        at=scene.now,
        why=ground.why,
        grounds=marks,
        people=meant.people,
        groups=tuple(group.key for group in meant.groups),
        nobody=meant.nobody,
        told=_leader(scene) if ground.by_time and not path else None,
        path=path,
    )


def _keep(scene: Scene, rule: Escalation, called: Called, *, then_at: datetime | None) -> Called:
    incident, playbook = scene.incident, scene.playbook
    called = called.model_copy(update={"then_at": then_at})
    incident.progress.calls = (*incident.progress.calls, called)
    if not incident.drill:
        scene.bring(*called.people)
    groups = [group.name for key in called.groups if (group := playbook.group(key)) is not None]
    names = ", ".join([*groups, *(person.name for person in called.people)]) or "nobody is known"
    did = "Would have called" if incident.drill else "Called"
    keys = ",".join([*called.groups, *(person.key for person in called.people)])
    said, by = f"{did} {rule.title} ({names}): {called.why}", _caller(scene, called.grounds)
    scene.record(Kind.ESCALATION, said, by=by, rule=rule.name, call=str(called.id), people=keys)
    if keys:
        scene.follows.append(f"{'In earnest this calls' if incident.drill else 'Called in'}: {rule.title}.")
    else:
        scene.follows.append(f"I found nobody to call for {rule.title}: please reach them yourself.")
    return called


def _add(scene: Scene, before: Called, ground: Ground, marks: tuple[str, ...]) -> Called:
    """Another reason for a call that stands."""
    new = tuple(mark for mark in marks if mark not in before.grounds)
    if ground.why in before.why and not new:
        return before
    also = f"{ground.rule.title}, called already: also {ground.why}"
    scene.record(Kind.ESCALATION, also, by=_caller(scene, marks), rule=ground.rule.name)
    why, grounds = f"{before.why}; {ground.why}", (*before.grounds, *new)
    told = _leader(scene) if ground.by_time else before.told
    return escalations.replace(scene.incident, before, why=why, grounds=grounds, told=told)


def _leader(scene: Scene) -> Person:
    return scene.incident.holder(scene.playbook.commander) or scene.incident.declared_by


def _caller(scene: Scene, grounds: tuple[str, ...]) -> Person:
    """Whose doing a call is: a person's where they asked for it, else the process's."""
    return scene.actor if BY_HAND in grounds else TOCSIN


def climb(scene: Scene, called: Called) -> None:
    """Nobody answered in time: the next rule on the path is called."""
    incident, playbook = scene.incident, scene.playbook
    rule, then = escalations.rule_of(called, playbook), escalations.following(called, incident, playbook)
    called = escalations.replace(incident, called, then_at=None)
    if rule is None or then is None:
        return
    why = f"{called.why}; nobody answered for {rule.title} within {say_duration(scene.now - called.at)}"
    path = (*called.path, called.rule)
    next_one = call(scene, Ground(then, called.grounds[0], why), path=path, grounds=called.grounds)
    escalations.replace(incident, called, followed=next_one.rule)


def answer(scene: Scene, called: Called) -> None:
    """Somebody is here: the path ends, also where it had climbed past this call."""
    incident = scene.incident
    new = escalations.replace(incident, called, answered_at=scene.now, answered_by=scene.actor.name, then_at=None)
    beyond = (*called.path, called.rule)
    for later in incident.progress.calls:
        if later.id > called.id and later.path[: len(beyond)] == beyond:
            escalations.replace(incident, later, then_at=None)
    rule = escalations.rule_of(called, scene.playbook)
    title = rule.title if rule is not None else called.rule
    after = say_duration(scene.now - new.at)
    scene.record(Kind.ESCALATION, f"{scene.actor.name} answered for {title}, {after} after the call", rule=called.rule)


def drop(scene: Scene, called: Called) -> None:
    """What it was called for is no longer so."""
    escalations.replace(scene.incident, called, dropped_at=scene.now, then_at=None)
    rule = escalations.rule_of(called, scene.playbook)
    title = rule.title if rule is not None else called.rule
    scene.record(Kind.ESCALATION, f"No longer needed: {title}", by=TOCSIN, rule=called.rule)
