"""What reached pagers and the status page, held against what was promised."""

from collections import Counter
from collections.abc import Iterable, Sequence

from bot.incident import Incident
from bot.progress import Page, StepState
from tests.chaos.model import Verdict
from tests.support.pagers import Arrived
from tests.support.statuspages import FakeStatuspage

SERVICES = {"push": "ntfy", "sms": "gotify"}
"""The service that each route goes by."""
NONE = (StepState.PLANNED, StepState.OWED, StepState.LEFT)
"""Steps that were never begun: nothing may have arrived."""


def judge_pages(verdict: Verdict, incident: Incident, arrived: Sequence[Arrived]) -> None:
    """Nobody is paged twice by the same step, and nobody is skipped.

    A step that its sender died over may have arrived or not: it is in doubt, the next one follows, and it is not sent
    again.
    """
    if not incident.progress.pages:
        verdict.lost.append(f"page of #{incident.number}")
    for page in incident.progress.pages:
        _judge_page(verdict, incident.number, page, arrived)


def _judge_page(verdict: Verdict, number: int, page: Page, arrived: Sequence[Arrived]) -> None:
    ours = Counter(one.service for one in arrived if f"SEV1 #{number}:" in one.text)
    for place, step in enumerate(page.steps):
        found, name = ours[SERVICES[step.route]], f"{step.route} of #{number}"
        if step.state is StepState.SENT:
            verdict.count("page", name, found)
        elif found > 1:
            verdict.doubled.append(f"page {name} ({found} times)")
        elif found and step.state in NONE:
            verdict.wrong.append(f"page {name} was sent and is {step.state}")
        if step.state is StepState.BEGUN:
            verdict.lost.append(f"page {name}: nobody knows what became of it")
        if place and step.state not in NONE and page.steps[place - 1].state in NONE:
            verdict.lost.append(f"page {page.steps[place - 1].route} of #{number} was skipped")


def judge_public(
    verdict: Verdict, incidents: Iterable[Incident], page: FakeStatuspage, *, promised: set[tuple[str, str]]
) -> None:
    """Every text that was let out is on the page once, and whatever was acknowledged was let out."""
    seen = {one.title: Counter(one.texts) for one in page.seen()}
    titles = Counter(one.title for one in page.seen())
    told: set[tuple[str, str]] = set()
    for incident in incidents:
        kept = incident.progress.publication
        if kept is None:
            continue
        verdict.count("public incident", kept.title, titles[kept.title])
        wanted = Counter(one.text for one in kept.told)
        told |= {(incident.title, text) for text in wanted}
        for text, many in wanted.items():
            found = seen.get(kept.title, Counter())[text]
            verdict.expected["public text"] += many
            if found < many:
                verdict.lost.append(f"public text {text!r} of #{incident.number}")
            elif found > many:
                verdict.doubled.append(f"public text {text!r} of #{incident.number} ({found} times)")
    verdict.lost += [f"public text {text!r} of {title} was never let out" for title, text in promised - told]
