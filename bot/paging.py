"""Paging: a chain begins, goes on while nobody answers, and ends. Each page and each answer goes on the timeline."""

from collections.abc import Sequence

from bot import acts, escalating, pages
from bot.durations import say_duration
from bot.intents import PAGER, CallOff, PagePerson, Urgency
from bot.learned import PageBegun, Paged, Received
from bot.messages import paging as says
from bot.people import Person
from bot.progress import Page, PageStep, StepState
from bot.scene import TOCSIN, Scene
from bot.store import Owed
from bot.timeline import Kind

_BECAME = {Received.SENT: StepState.SENT, Received.FAILED: StepState.FAILED, Received.UNKNOWN: StepState.UNKNOWN}


def begin(
    scene: Scene,
    names: Sequence[str],
    *,
    title: str,
    why: str,
    ground: str,
    by: Person = TOCSIN,
    person: Person | None = None,
) -> Page:
    """Page whom these names mean, or this person whom no playbook names, until somebody has it."""
    incident = scene.incident
    page = Page(
        id=incident.progress.pages[-1].id + 1 if incident.progress.pages else 1,
        at=scene.now,
        made=incident.revision + 1,
        ground=ground,
        title=title,
        why=why,
        severity=incident.severity,
        by="" if by is TOCSIN else by.name,
        steps=pages.plan(names, incident, scene.playbook, overrides=scene.overrides, now=scene.now, person=person),
        nobody=scene.who(names).nobody if person is None else (),
    )
    incident.progress.pages = (*incident.progress.pages, page)
    scene.bring(*(step.person for step in page.steps if step.stage == 0))
    first = ", ".join(step.person.name for step in page.steps if step.stage == 0) or "nobody is there"
    shown = f"{title} ({first})" if first != title else title
    scene.record(Kind.PAGE, f"Page to {shown}{f': {why}' if why else ''}", by=by, page=str(page.id))
    scene.follows.append(f"Paging: {shown}.")
    return go_on(scene, page)


def go_on(scene: Scene, page: Page) -> Page:
    """The next stage is owed; where there is none, the channel is told."""
    ahead = [step.stage for step in page.steps if step.stage > page.stage and step.state is StepState.PLANNED]
    if not ahead:
        return _alone(scene, page)
    stage = min(ahead)
    planned = [place for place, step in enumerate(page.steps) if step.state is StepState.PLANNED]
    wanted = {place for place in planned if page.steps[place].stage == stage}
    steps = tuple(
        step.model_copy(update={"state": StepState.OWED, "owed_at": scene.now}) if place in wanted else step
        for place, step in enumerate(page.steps)
    )
    wait = max(page.steps[place].wait for place in wanted)
    page = pages.replace(scene.incident, page, steps=steps, stage=stage, next_at=scene.now + wait)
    scene.bring(*(page.steps[place].person for place in wanted))
    for place in sorted(wanted):
        scene.owed.append(_owed(scene, page, place))
    return page


def _owed(scene: Scene, page: Page, place: int) -> Owed:
    step = page.steps[place]
    stream = _stream(page, step)
    return Owed(f"page/{page.id}/{place}", PAGER, _intent(scene, page, place), Urgency.SETUP, stream=stream)


def _stream(page: Page, step: PageStep) -> str:
    """What one person is sent of a page is sent in order; one who is slow holds up nobody else."""
    return f"page/{page.id}/{step.person.key}"[:100]


def _intent(scene: Scene, page: Page, place: int) -> PagePerson:
    incident, step = scene.incident, page.steps[place]
    said = "" if incident.private else incident.title
    mine = [at for at, other in enumerate(page.steps) if other.person.key == step.person.key]
    return PagePerson(
        page=page.id, step=place, person=step.person, route=step.route, turn=mine.index(place), last=place == mine[-1],
        severity=incident.severity, most_severe=not scene.playbook.rank(incident.severity),
        title=said, why="" if incident.private else page.why, at=page.at,
    )  # fmt: skip


def _alone(scene: Scene, page: Page) -> Page:
    """Nobody is left to page: people in the channel have to reach them."""
    page = pages.replace(scene.incident, page, next_at=None, alone_at=scene.now)
    after = f", {say_duration(scene.now - page.at)} after it began" if page.sent else ""
    told = "Nobody answered" if page.sent else "Nobody could be paged"
    scene.record(Kind.PAGE, f"{told} for {page.title}{after}: the channel was told", by=TOCSIN, page=str(page.id))
    scene.say(says.alone(scene.incident, scene.playbook, page))
    return page


# What comes back


def begun(scene: Scene, came: PageBegun) -> None:
    """A step is about to be sent: only while its page runs, and by the attempt whose token is kept."""
    page = pages.get(scene.incident, came.page)
    if page is None or came.step >= len(page.steps):
        return
    scene.changed, state = True, page.steps[came.step].state
    if page.running and (state is StepState.OWED or (state is StepState.BEGUN and came.again)):
        begins = pages.with_step(page, came.step, state=StepState.BEGUN, token=came.token)
        pages.replace(scene.incident, page, steps=begins)


def took(scene: Scene, came: Paged) -> None:
    """A step was sent, or not: what failed is followed by the next at once."""
    incident = scene.incident
    page = pages.get(incident, came.page)
    if page is None or came.step >= len(page.steps) or page.steps[came.step].state.settled:
        return
    step = page.steps[came.step]
    became = pages.with_step(page, came.step, state=_BECAME[came.came], settled_at=scene.now, why=came.why)
    page = pages.replace(incident, page, steps=became)
    _note(scene, page, step, came)
    if not page.running or step.stage != page.stage or page.alone_at is not None:
        return
    stage = pages.waiting(page)
    if any(each.state is StepState.SENT for each in stage):
        if came.came is Received.SENT and page.next_at is not None:
            pages.replace(incident, page, next_at=max(page.next_at, scene.now + step.wait))
    elif all(each.state.settled for each in stage):
        go_on(scene, page)


def _note(scene: Scene, page: Page, step: PageStep, came: Paged) -> None:
    took = scene.now - page.at
    after = f"{say_duration(took)} after the page began"
    match came.came:
        case Received.SENT:
            said = f"Paged {step.person.name} by {step.by}, {after}"
        case Received.FAILED:
            said = f"Could not page {step.person.name} by {step.by}, {after}: {came.why}"
        case Received.UNKNOWN:
            said = f"Perhaps paged {step.person.name} by {step.by}: I was stopped while I sent it; {after}"
    delay = str(round(took.total_seconds()))
    scene.record(
        Kind.PAGE, said, by=TOCSIN, page=str(page.id), came=came.came.value, person=step.person.key, route=step.route,
        delay=delay,
    )  # fmt: skip


# How it ends


def cannot(scene: Scene, page: Page, *, how: str) -> None:
    """The scene's actor cannot: nothing more is sent to them, and the next is paged at once, unless others who were
    paged with them may still answer."""
    person, took = scene.actor, scene.now - page.at
    said = f"{person.name} cannot take the page to {page.title}, {how}, {say_duration(took)} after it began"
    scene.record(Kind.PAGE, said, page=str(page.id), delay=str(round(took.total_seconds())))
    page = pages.replace(
        scene.incident, page, steps=pages.without(page, person), cannot=(*page.cannot, person)
    )  # fmt: skip
    lost = (StepState.FAILED, StepState.UNKNOWN, StepState.LEFT)
    if page.alone_at is None and all(step.state in lost for step in pages.waiting(page)):
        go_on(scene, page)


def acknowledge(scene: Scene, page: Page, *, how: str = "") -> None:
    """The scene's actor has it: the chain ends. A call that it was for is answered, and one of the actor, who may have
    been paged for another reason already."""
    incident, how = scene.incident, how or _how(scene)
    pages.replace(
        incident, page, steps=pages.let_go(page), next_at=None, acknowledged_at=scene.now,
        acknowledged_by=scene.actor, how=how,
    )  # fmt: skip
    took = scene.now - page.at
    said = f"{scene.actor.name} acknowledged the page to {page.title} {how}, {say_duration(took)} after it began"
    scene.record(Kind.PAGE, said, page=str(page.id), delay=str(round(took.total_seconds())))
    scene.bring(scene.actor)
    if incident.open:
        acts.acknowledge(scene)
    for called in incident.progress.calls:
        theirs = any(scene.actor.keys & one.keys for one in called.people)
        if called.standing and (theirs or page.ground == f"{pages.CALL}{called.id}"):
            escalating.answer(scene, called)


def acknowledge_incident(scene: Scene) -> None:
    """Somebody is on it: whatever the severity pages for has been heard."""
    for page in pages.running(scene.incident):
        if page.ground.startswith(pages.SEVERITY):
            acknowledge(scene, page)


def stop(scene: Scene, page: Page, *, why: str) -> None:
    """It is no longer needed."""
    pages.replace(scene.incident, page, steps=pages.let_go(page), next_at=None, stopped_at=scene.now, stopped=why)
    scene.record(Kind.PAGE, f"No longer pages {page.title}: {why}", by=TOCSIN, page=str(page.id))


def call_off(scene: Scene, page: Page) -> None:
    """What stands at the pagers of a page that is over is ended there, so that they go on with nobody either; where it
    was answered at a pager, that stands there as its people left it."""
    pages.replace(scene.incident, page, called_off=True)
    if page.how.startswith("at "):
        return
    for place, step in enumerate(page.steps):
        if step.state in (StepState.BEGUN, StepState.SENT, StepState.UNKNOWN):
            off, stream = CallOff(sent=_intent(scene, page, place)), _stream(page, step)
            scene.owed.append(Owed(f"page/{page.id}/{place}/off", PAGER, off, Urgency.TIDY, stream=stream))


def _how(scene: Scene) -> str:
    """In which way somebody answered, in words."""
    if scene.platform in (*scene.platforms, "cli", ""):
        return "in chat" if scene.platform in scene.platforms else "by the command line"
    return f"by {scene.platform}"
