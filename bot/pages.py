"""Pages as pure steps on an incident: who is paged by which route, one stage after the other, and how far that is.

The plan is frozen when a page begins: whoever takes over the rotation meanwhile is not in it.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from bot import calling
from bot.incident import Incident
from bot.people import Person
from bot.playbook.escalation import Rotation, Route
from bot.playbook.part import named
from bot.playbook.shape import Playbook
from bot.progress import Page, PageStep, StepState
from bot.rotations import Override

WAIT = timedelta(minutes=5)
"""How long a page waits where neither its route nor the rotation says."""
USUAL = Route(name="pager", title="the pager")
"""The one route of a playbook that names none."""
SEVERITY, CALL, HAND = "severity/", "call/", "hand/"
"""What the ground of a page begins with."""
_MARK = re.compile(r"tocsin/(?P<number>\d{1,9})/page/(?P<page>\d{1,6})/(?P<step>\d{1,4})")


def plan(
    names: Sequence[str],
    incident: Incident,
    playbook: Playbook,
    *,
    overrides: Sequence[Override],
    now: datetime,
    person: Person | None = None,
) -> tuple[PageStep, ...]:
    """Every step of a page to these names, or to a person whom no playbook names: the people meant by each route in
    turn; where one of the names is a rotation, then its backups and whom the playbook calls in an emergency, each in
    the same way. Nobody comes twice.
    """
    routes, wait = playbook.paging.routes or (USUAL,), _answers(names, playbook)
    steps: list[PageStep] = []
    seen: set[str] = set()
    for people in [[person]] if person is not None else _turns(names, incident, playbook, overrides, now=now):
        new = [person for person in people if person.key not in seen]
        seen |= {person.key for person in new}
        for route in routes if new else ():
            stage = steps[-1].stage + 1 if steps else 0
            by = route.title or route.name
            steps += [PageStep(person=person, route=route.name, by=by, stage=stage, wait=route.wait or wait)
                      for person in new]  # fmt: skip
    return tuple(steps)


def _turns(
    names: Sequence[str], incident: Incident, playbook: Playbook, overrides: Sequence[Override], *, now: datetime
) -> Iterator[Sequence[Person]]:
    """Whom to page at once, then the others, one after the other."""
    yield calling.who(names, incident, playbook, overrides=overrides, now=now).people
    rotations = _rotations(names, playbook)
    backups = [backup for rotation in rotations for backup in rotation.backup]
    for name in (*backups, *(playbook.paging.emergency if rotations else ())):
        yield calling.who([name], incident, playbook, overrides=overrides, now=now).people


def _answers(names: Sequence[str], playbook: Playbook) -> timedelta:
    """Within which a page is answered, as the first of its rotations says."""
    spans = [rotation.answer for rotation in _rotations(names, playbook) if rotation.answer is not None]
    return spans[0] if spans else WAIT


def _rotations(names: Sequence[str], playbook: Playbook) -> list[Rotation]:
    """The rotations among names, and those that stand behind roles."""
    roles = [(name, playbook.role(name)) for name in names]
    meant = [role.rotation if role is not None else name for name, role in roles]
    found: list[Rotation | None] = [named(playbook.rotations, name) for name in meant]
    return [rotation for rotation in found if rotation is not None]


def get(incident: Incident, id: int) -> Page | None:
    """The page of this number."""
    return next((page for page in incident.progress.pages if page.id == id), None)


def running(incident: Incident) -> list[Page]:
    """Those that wait for somebody."""
    return [page for page in incident.progress.pages if page.running]


def pages(page: Page, person: Person) -> bool:
    """Whether this person was paged by it so far, under whichever of their keys."""
    return any(person.keys & paged.keys for paged in page.paged)


def cannot(page: Page, person: Person) -> bool:
    """Whether this person said that they cannot, under whichever of their keys."""
    return any(person.keys & each.keys for each in page.cannot)


def rings(page: Page, person: Person) -> bool:
    """Whether a page that somebody may still answer was sent to this person, or is on its way."""
    lost = (StepState.PLANNED, StepState.FAILED, StepState.LEFT)
    there = any(step.person.keys & person.keys and step.state not in lost for step in page.steps)
    return page.running and page.alone_at is None and there and not cannot(page, person)


def waiting(page: Page) -> list[PageStep]:
    """The steps of the stage that was reached, but for those of whoever said that they cannot."""
    return [step for step in page.steps if step.stage == page.stage and not cannot(page, step.person)]


def replace(incident: Incident, page: Page, **changes: object) -> Page:
    """Change one page of an incident; returns it as it is now."""
    new = page.model_copy(update=changes)
    incident.progress.pages = tuple(new if one.id == page.id else one for one in incident.progress.pages)
    return new


def with_step(page: Page, place: int, **changes: object) -> tuple[PageStep, ...]:
    """The page's steps, one of them changed."""
    return tuple(step.model_copy(update=changes) if at == place else step for at, step in enumerate(page.steps))


def let_go(page: Page) -> tuple[PageStep, ...]:
    """The page's steps, where those that have not begun never will."""
    still = (StepState.PLANNED, StepState.OWED)
    return tuple(
        step.model_copy(update={"state": StepState.LEFT}) if step.state in still else step for step in page.steps
    )


def without(page: Page, person: Person) -> tuple[PageStep, ...]:
    """The page's steps, where none that has not begun goes to this person any more."""
    still = (StepState.PLANNED, StepState.OWED)
    return tuple(
        step.model_copy(update={"state": StepState.LEFT})
        if step.state in still and step.person.keys & person.keys else step
        for step in page.steps
    )  # fmt: skip


def mark(number: int, page: int, step: int) -> str:
    """Names a step for services that know what they were sent before: ``tocsin/42/page/3/0``."""
    return f"tocsin/{number}/page/{page}/{step}"


def read_mark(words: str) -> tuple[int, int, int] | None:
    """Incident, page and step of such a name; ``None`` where it is none."""
    found = _MARK.fullmatch(words.strip())
    return (int(found["number"]), int(found["page"]), int(found["step"])) if found is not None else None
