"""On the way to *resolved*: what is still missing, the health checks, the quiet period, and the resolution itself."""

from collections.abc import Sequence
from datetime import timedelta

from bot import acts, checks, gates, quiet, reminders
from bot.card import Card
from bot.duties.deadlines import KeepDeadlines
from bot.intents import Asking, Probe
from bot.messages import answers, calm, notices
from bot.messages import gates as gates_said
from bot.playbook.outside import Gate
from bot.playbook.process import Stage
from bot.progress import Lack, Lacking, QuietEnd
from bot.scene import TOCSIN, Scene
from bot.timeline import Kind

PATIENCE = timedelta(minutes=10)
"""Answers of health checks that come later than this resolve nothing any more."""


def asked_for(scene: Scene) -> list[Gate]:
    """The gates that hold for the incident now."""
    return gates.applying(scene.playbook.resolve, scene.incident, scene.playbook)


def lacks(scene: Scene) -> list[Lack]:
    """What people have to do first."""
    return gates.lacks(scene.incident, scene.playbook, asked_for(scene))


def unmet(scene: Scene) -> list[Lack]:
    """All that is not met at this moment, health checks and quiet period included."""
    wanted, waiting = asked_for(scene), quiet.running(scene.incident)
    span = gates.quiet(wanted)
    found = lacks(scene)
    if any(gate.checks for gate in wanted) or waiting is not None:
        found += _not_green(scene)
    if span is not None and (waiting is None or waiting.until > scene.now):
        found.append(Lack(kind=Lacking.QUIET, span=span))
    return found


def _not_green(scene: Scene) -> list[Lack]:
    incident, playbook = scene.incident, scene.playbook
    bad = [*checks.red(incident, playbook), *checks.unknown(incident, playbook)]
    return [Lack(kind=Lacking.CHECKS, names=tuple(check.called for check in bad))] if bad else []


def step(scene: Scene, *, fix: str) -> Card:
    """Go on, where nothing is left for people to do: ask the health checks, or begin the quiet period, or resolve."""
    waiting, asked = quiet.running(scene.incident), checks.belonging(scene.incident, scene.playbook)
    if waiting is not None:
        return calm.still(waiting, red=checks.red(scene.incident, scene.playbook))
    if asked and any(gate.checks for gate in asked_for(scene)):
        checks.ask(scene, asked, why=Asking.RESOLVE)
        return gates_said.asking_first(len(asked))
    return _quietly(scene, fix=fix)


def _quietly(scene: Scene, *, fix: str) -> Card:
    span = gates.quiet(asked_for(scene))
    if span is None:
        return finish(scene, fix=fix)
    return calm.begun(quiet.begin(scene, span))


def answered(scene: Scene, probe: Probe) -> None:
    """The health checks were asked for somebody who wants to resolve: go on as that person, or say what is missing."""
    incident = scene.incident
    if probe.by is None or not incident.open or quiet.running(incident) is not None:
        return
    if scene.now - probe.asked_at > PATIENCE:
        checks.tell(scene, probe, gates_said.too_late(incident))
        return
    missing = [*lacks(scene), *_not_green(scene)]
    if missing:
        scene.record(Kind.END, f"Not resolved yet; missing: {gates_said.phrases(missing, scene.playbook)}")
        checks.tell(scene, probe, gates_said.not_resolved(missing, incident, scene.playbook))
        return
    scene.actor = probe.by
    _quietly(scene, fix=incident.fix)
    scene.actor = TOCSIN


def at_end(scene: Scene) -> None:
    """The quiet period has passed: resolve as whoever asked for it, if all still holds."""
    incident, waiting = scene.incident, quiet.running(scene.incident)
    if waiting is None:
        return
    missing = lacks(scene)
    if missing:
        quiet.end(scene, QuietEnd.LACKING, by=TOCSIN)
        named = gates_said.phrases(missing, scene.playbook)
        scene.record(Kind.END, f"It stayed quiet, but is not resolved; missing: {named}")
        scene.say(calm.lacking(waiting, missing, scene.playbook))
        reminders.promise(incident, scene.playbook, now=scene.now)
        return
    scene.actor = waiting.by
    quiet.end(scene, QuietEnd.HELD, by=waiting.by)
    finish(scene, fix=incident.fix)
    scene.actor = TOCSIN


def finish(scene: Scene, *, fix: str = "", because: str = "", without: Sequence[Lack] = ()) -> Card:
    """Resolve, as the scene's actor; returns what that person is told."""
    incident, playbook = scene.incident, scene.playbook
    named = gates_said.phrases(without, playbook)
    quiet.end(scene, QuietEnd.AT_ONCE, by=scene.actor)
    acts.enter_stage(scene, Stage.RESOLVED)
    acts.acknowledge(scene)
    why = f" now, because {because}" if because else ""
    fixed = f": {fix}" if fix else ""
    left = f" (not met: {named})" if named else ""
    scene.record(Kind.END, f"Resolved{why}{fixed}{left}")
    KeepDeadlines().settle(scene)  # the resolution says when the post-mortem is due
    card = notices.resolved(incident, playbook, now=scene.now, without=named, anchor=scene.anchor)
    scene.say(card)
    acts.announce(scene, card)
    return answers.resolved(incident)
