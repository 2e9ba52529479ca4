"""A page is answered from outside chat: whose answer it is, and what follows."""

from bot import pages, paging
from bot.learned import Meant, PageAnswered
from bot.people import Person
from bot.playbook.shape import Playbook
from bot.progress import Page
from bot.scene import Scene


def answered(scene: Scene, came: PageAnswered) -> None:
    """Somebody has it, or cannot. Nothing changes where the page is over: whoever looks is told who has it."""
    page = pages.get(scene.incident, came.page)
    person = _who(page, came, scene.playbook) if page is not None else None
    if page is None or person is None or not page.running:
        return
    scene.actor = person
    scene.changed = True
    scene.recognise(person)
    if came.meant is Meant.HAVE:
        paging.acknowledge(scene, page, how=came.how)
    elif not pages.cannot(page, person):
        paging.cannot(scene, page, how=came.how)


def _who(page: Page, came: PageAnswered, playbook: Playbook) -> Person | None:
    """Whoever's link it is; of a pager's word whoever it names, else the person who was paged there."""
    if came.step is None:
        return next((step.person for step in page.steps if step.person.key == came.person), None)
    if not 0 <= came.step < len(page.steps):
        return None
    paged = page.steps[came.step].person
    by = came.by.strip()
    return _called(by, (paged, *playbook.people), playbook) if by else paged


def _called(by: str, people: tuple[Person, ...], playbook: Playbook) -> Person:
    """The person of this name or e-mail address; one whom nobody knows here by what the pager calls them."""
    name = by.casefold()
    for person in people:
        contact = playbook.contacts.get(person.key)
        if name in (person.name.casefold(), contact.email.casefold() if contact is not None else ""):
            return person
    return Person(key=f"pager:{name}"[:100], name=by[:80])
