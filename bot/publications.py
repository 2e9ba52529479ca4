"""Publications: when a process wants customers to be told, how an incident stands in public, how its components are.

All of it follows from the incident and its playbook; nothing here reads a clock.
"""

from collections.abc import Mapping

from bot.incident import Incident
from bot.playbook.part import fold
from bot.playbook.process import Stage
from bot.playbook.shape import Playbook
from bot.progress import Condition, Drafted, Publication, PublicStage, Told

_STAGES = {
    Stage.INVESTIGATING: PublicStage.INVESTIGATING,
    Stage.IDENTIFIED: PublicStage.IDENTIFIED,
    Stage.MONITORING: PublicStage.MONITORING,
}
"""Those of an open incident; once it is over, it is resolved in public."""
_BY_RANK = (Condition.MAJOR, Condition.PARTIAL)
"""How a component is at the most severe severity, and at the next; it is degraded at all milder ones."""

Stand = tuple[PublicStage, str]
"""Where a public incident stands, and the process's own word for that."""


def opens(incident: Incident, playbook: Playbook) -> bool:
    """Whether the process opens a public incident by itself. Private incidents and drills never have one."""
    if incident.private or incident.drill:
        return False
    page, alerts = playbook.status_page, incident.progress.alerts
    applies = playbook.applies(page.severities, incident.severity)
    if alerts is not None and (alerts.publish or (alerts.declared and page.opens == "alert" and applies)):
        return True
    return page.opens == "declared" and applies


def stand(incident: Incident, playbook: Playbook) -> Stand:
    """How the incident stands in public now.

    A word that is one of the four stages means that stage: a process may show its *monitoring* as *identified*. What is
    over stays over in the word that customers read, or are about to, where the process has no other.
    """
    stage = _STAGES.get(incident.stage, PublicStage.RESOLVED)
    word = playbook.status_page.states.get(incident.status, _over(incident) or stage.value)
    said = word.strip().casefold()
    if incident.open and any(said == one for one in PublicStage):
        stage = PublicStage(said)
    return stage, word


def _over(incident: Incident) -> str:
    """The word in which customers read that it is over; empty where they do not."""
    kept = incident.progress.publication
    if kept is None or incident.open:
        return ""
    last = kept.draft or (kept.told[-1] if kept.told else None)
    return last.word if last is not None and last.stage is PublicStage.RESOLVED else ""


def stands(one: Told | Drafted | None, there: Stand) -> bool:
    """Whether a text says that it stands so."""
    return one is not None and (one.stage, one.word) == there


def components(
    incident: Incident, playbook: Playbook, stage: PublicStage, publication: Publication | None = None
) -> dict[str, Condition]:
    """How components are from a text on, by their names on the page, as far as this incident goes.

    One that an earlier text named and that is none of its matter any more is well again.
    """
    before = publication.told[-1].components if publication is not None and publication.told else {}
    name = on_page(playbook, incident.component)
    now = {name: condition(playbook, incident.severity, stage)} if name else {}
    left = {other: Condition.OPERATIONAL for other, was in before.items() if was is not Condition.OPERATIONAL}
    return left | now


def condition(playbook: Playbook, severity: str, stage: PublicStage) -> Condition:
    """How a component is at a severity: the playbook's word, else by its rank; well once it is resolved."""
    if stage is PublicStage.RESOLVED:
        return Condition.OPERATIONAL
    said = _folded(playbook.status_page.conditions).get(fold(severity))
    rank = playbook.rank(severity)
    return Condition(said) if said else _BY_RANK[rank] if rank < len(_BY_RANK) else Condition.DEGRADED


def on_page(playbook: Playbook, component: str | None) -> str:
    """The name of a component on the page; empty where it has none there. Where a playbook names none, its own."""
    if not component:
        return ""
    names = playbook.status_page.components
    return _folded(names).get(fold(component), "") if names else component


def _folded(given: Mapping[str, str]) -> dict[str, str]:
    return {fold(name): value for name, value in given.items()}
