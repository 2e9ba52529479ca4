"""Whether customers see an incident on the status page: by somebody's word, else by what the process does."""

from typing import Any

import pytest

from bot.gates import public
from bot.progress import Alerted, Progress, Public, PublicState, Round
from tests.core.test_templates import incident
from tests.support.story import acquainted
from tests.support.town import FRIDAY


def said(state: PublicState) -> Progress:
    """Somebody's word."""
    return Progress(public=Public(state=state, at=FRIDAY, by="Ana"))


@pytest.mark.parametrize(
    ("progress", "page", "seen"),
    [
        (Progress(), {"opens": "by hand"}, False),
        (Progress(), {"opens": "declared"}, True),
        (Progress(), {"opens": "declared", "url": ""}, False),
        (Progress(), {"opens": "alert"}, False),
        (Progress(alerts=Alerted()), {"opens": "alert"}, False),
        (Progress(alerts=Alerted(declared=True)), {"opens": "alert"}, True),
        (Progress(alerts=Alerted(declared=True)), {"opens": "by hand"}, False),
        (Progress(alerts=Alerted(publish=True)), {"opens": "by hand"}, True),
        (said(PublicState.OPEN), {"opens": "by hand"}, True),
        (said(PublicState.RESOLVED), {"opens": "declared"}, False),
        (said(PublicState.NONE), {"opens": "declared"}, False),
    ],
)
def test_by_somebodys_word_else_by_what_the_process_opens(progress: Progress, page: dict[str, Any], seen: bool) -> None:
    playbook = acquainted(status_page={"url": "https://status.example.com"} | page)
    assert public(incident(progress=progress), playbook) is seen


@pytest.mark.parametrize(
    ("audience", "told", "seen"),
    [("customers", True, True), ("customers", False, False), ("stakeholders", True, False)],
)
def test_what_customers_were_told_of_they_see(audience: str, told: bool, seen: bool) -> None:
    cadences = [{"name": "news", "title": "News", "audience": audience, "every": "30m"}]
    severities = [one.model_dump() | {"cadences": cadences} for one in acquainted().severities]
    playbook = acquainted(severities=severities, status_page={"url": "https://status.example.com", "opens": "by hand"})
    progress = Progress(rounds={"news": Round(told_at=FRIDAY if told else None)})
    assert public(incident(progress=progress), playbook) is seen
