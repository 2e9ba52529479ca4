"""Rehearsals tell what a change owes, in the words of the playbook's people."""

from datetime import UTC, datetime

from bot.happenings import Kind, Teller
from bot.incident import Incident
from bot.intents import Attach, Pin
from bot.people import Person
from bot.playbook.process import Stage
from bot.store import Change, Owed
from tests.support.story import default

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
ANA = Person(key="ana", name="Ana Reyes")


def test_a_file_and_its_pin_are_told_by_its_title() -> None:
    incident = Incident(
        title="checkout is down",
        severity="sev1",
        status="investigating",
        stage=Stage.INVESTIGATING,
        playbook="default",
        version="1",
        declared_at=NOON,
        declared_by=ANA,
        began_at=NOON,
    )
    draft = Attach(name="postmortem-42.md", title="Post-mortem, a draft", content="# Checkout")
    change = Change(incident, owed=[Owed("draft", "slack", draft), Owed("pin", "slack", Pin(message="draft"))])
    told = list(Teller(default()).tell(change, at=NOON))
    assert [(one.kind, one.text) for one in told] == [
        (Kind.POST, "Post-mortem, a draft\nPosted as the file postmortem-42.md"),
        (Kind.PIN, "Pinned: Post-mortem, a draft"),
    ]
