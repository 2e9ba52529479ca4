"""Who the severity names is paged, and whom an escalation rule calls; what the paged do in chat is their answer."""

from bot import escalations, pages, paging
from bot.heard import Moved
from bot.intents import PAGER
from bot.playbook.part import named
from bot.progress import Called
from bot.scene import TOCSIN, Scene


class PagePeople:
    """Page, hear the answer, and stop where nobody is needed any more. A drill pages nobody."""

    name = "paging"

    def settle(self, scene: Scene) -> None:
        """Answers first, so that nothing goes on that was answered by this very act."""
        self._answers(scene)
        self._ends(scene)
        if PAGER in scene.connected.tools and not scene.incident.drill:
            self._severity(scene)
            self._calls(scene)
            self._called_off(scene)

    def _answers(self, scene: Scene) -> None:
        """Whatever somebody who was paged does to the incident says that they have it, unless they said that they
        cannot; that they were brought into the channel says nothing, and what they answer elsewhere says so itself
        (``bot/answering.py``).
        """
        if scene.actor is TOCSIN or scene.heard is None or isinstance(scene.heard, Moved):
            return
        for page in pages.running(scene.incident):
            cannot = pages.cannot(page, scene.actor)  # then only that they have it says so
            if page.made <= scene.incident.revision and pages.pages(page, scene.actor) and not cannot:
                paging.acknowledge(scene, page)

    def _ends(self, scene: Scene) -> None:
        incident = scene.incident
        wanted = self._wanted(scene)
        for page in pages.running(incident):
            if not incident.open:
                paging.stop(scene, page, why=f"{incident.name} is {incident.status}")
            elif page.ground.startswith(pages.SEVERITY) and page.ground.removeprefix(pages.SEVERITY) not in wanted:
                paging.stop(scene, page, why=f"{incident.severity.upper()} does not page them")
            elif page.ground.startswith(pages.CALL) and (over := _over(page.ground, incident.progress.calls)):
                paging.stop(scene, page, why=over)

    def _called_off(self, scene: Scene) -> None:
        for page in scene.incident.progress.pages:
            if not page.running and not page.called_off:
                paging.call_off(scene, page)

    def _wanted(self, scene: Scene) -> tuple[str, ...]:
        severity = scene.playbook.severity(scene.incident.severity)
        return severity.page if severity is not None else ()

    def _severity(self, scene: Scene) -> None:
        """Whom the severity names and did not name before, or paged in vain when it was less; a reopened incident pages
        nobody again.
        """
        incident, wanted = scene.incident, self._wanted(scene)
        if not incident.open:
            return
        before, incident.progress.paging = incident.progress.paging, wanted
        if before is None and incident.revision:
            return  # it was declared before Tocsin paged anybody
        for name in wanted:
            if self._here(scene, name):
                continue
            if name not in (before or ()) or self._again(scene, f"{pages.SEVERITY}{name}"):
                why = f"it is {incident.severity.upper()}"
                paging.begin(scene, [name], title=_title(scene, name), why=why, ground=f"{pages.SEVERITY}{name}")

    def _again(self, scene: Scene, ground: str) -> bool:
        """Whether a page that nobody answered is begun anew, for it is worse now: quiet hours end where it is worst."""
        rank, severity = scene.playbook.rank, scene.incident.severity
        vain = [page for page in pages.running(scene.incident) if page.ground == ground and page.alone_at is not None
                and page.severity and rank(severity) < rank(page.severity)]  # fmt: skip
        for page in vain:
            paging.stop(scene, page, why=f"it is {severity.upper()} now, and they are paged anew")
        return bool(vain)

    def _here(self, scene: Scene, name: str) -> bool:
        """Whether everybody whom a name means has answered a page of this incident already."""
        answered = [page.acknowledged_by for page in scene.incident.progress.pages if page.acknowledged_by is not None]
        meant = scene.who([name]).people
        return bool(meant) and all(any(one.keys & each.keys for each in answered) for one in meant)

    def _ringing(self, scene: Scene, names: tuple[str, ...]) -> bool:
        """Whether everybody whom these names mean is being paged already: nobody's phone rings twice for one thing.
        A page that did not reach them, or that everybody left unanswered, counts for nothing."""
        meant = scene.who(names).people
        running = pages.running(scene.incident)
        return bool(meant) and all(any(pages.rings(page, one) for page in running) for one in meant)

    def _calls(self, scene: Scene) -> None:
        """Escalation rules page, too, where the playbook says by which routes; those that only inform do not."""
        if not scene.playbook.paging.routes:
            return
        paged = {page.ground for page in scene.incident.progress.pages}
        for called in scene.incident.progress.calls:
            rule, ground = escalations.rule_of(called, scene.playbook), f"{pages.CALL}{called.id}"
            fresh = called.standing and called.at == scene.now and ground not in paged
            if fresh and rule is not None and not rule.informs and not self._ringing(scene, rule.to):
                paging.begin(scene, rule.to, title=rule.title, why=called.why, ground=ground)


def _over(ground: str, calls: tuple[Called, ...]) -> str:
    """Why a call's page is over; empty while the call stands."""
    called = next((one for one in calls if f"{pages.CALL}{one.id}" == ground), None)
    if called is None or called.standing:
        return ""
    return f"{called.answered_by} is here" if called.answered_at is not None else "the call was taken back"


def _title(scene: Scene, name: str) -> str:
    """What a rotation, role, group or person is called."""
    rotation = named(scene.playbook.rotations, name)
    if rotation is not None:
        return str(rotation.title)
    role, known = scene.playbook.role(name), scene.playbook.group(name) or scene.playbook.person(name)
    return role.title if role is not None else known.name if known is not None else name
