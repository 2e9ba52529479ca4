"""A public page to look at: incidents as customers know them, an edition of them, and a database that can go away."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from adapters.publicpage.settings import PageSettings
from bot.errors import TryLater
from bot.progress import Condition, PublicStage
from bot.public import PublicIncident, PublicUpdate
from tests.database.build import NOW

C, S = Condition, PublicStage
ADDRESS = "https://tocsin.example/status/"
COMPONENTS = ("Checkout", "Search", "Sign-in", "Webhooks")
SETTINGS = PageSettings(status_page="on", status_page_title="Acme Shop", status_page_link="https://acme.example")

Step = tuple[int, PublicStage, str, str, dict[str, Condition]]
"""Minutes after it began, stage, the process's word, the text, and how components are."""


def incident(title: str, opened: datetime, *steps: Step) -> PublicIncident:
    """A public incident; its mark follows from its title."""
    updates = tuple(
        PublicUpdate(
            id=place, at=opened + timedelta(minutes=minutes), stage=stage, word=word, text=text, components=components
        )
        for place, (minutes, stage, word, text, components) in enumerate(steps, 1)
    )
    return PublicIncident(mark=str(uuid5(NAMESPACE_URL, title)), title=title, opened_at=opened, updates=updates)


def ago(**span: float) -> datetime:
    """So long before now: ``days=2``."""
    return NOW - timedelta(**span)


OUTAGE = incident(
    "Some payments fail at checkout",
    ago(minutes=52),
    (0, S.INVESTIGATING, "investigating",
     "Card payments fail for some customers. Orders that were paid are safe. "
     "We are looking into it and write again within 30 minutes.", {"Checkout": C.MAJOR, "Search": C.DEGRADED}),
    (21, S.IDENTIFIED, "identified",
     "A change to how we keep database connections is the cause. We are undoing it now.", {}),
    (44, S.MONITORING, "watching",
     "Payments go through again. We watch for another half hour before we call it over.",
     {"Checkout": C.PARTIAL, "Search": C.OPERATIONAL}),
)  # fmt: skip
ARABIC = incident(
    "بطء في البحث",
    ago(days=2),
    (0, S.INVESTIGATING, "", "البحث بطيء لبعض العملاء. نحن نحقق في الأمر.", {"Search": C.DEGRADED}),
    (95, S.RESOLVED, "resolved", "عاد البحث إلى سرعته المعتادة.", {"Search": C.OPERATIONAL}),
)
LATE = incident(
    "Webhooks are delivered late",
    ago(days=13),
    (0, S.INVESTIGATING, "investigating", "Webhooks arrive up to ten minutes late.", {"Webhooks": C.PARTIAL}),
    (300, S.RESOLVED, "resolved", "Webhooks arrive in time again. None was lost.", {}),
)
NIGHT = incident(
    "Sign-in is unavailable",
    ago(days=41),
    (0, S.INVESTIGATING, "investigating", "Nobody can sign in. Who is signed in already stays so.",
     {"Sign-in": C.MAJOR}),
    (1000, S.RESOLVED, "resolved", "Sign-in works again.", {}),
)  # fmt: skip
PLANNED = incident(
    "Work on the database",
    ago(days=60),
    (0, S.MONITORING, "maintenance", "We move the database, as announced.",
     {"Checkout": C.MAINTENANCE, "Sign-in": C.MAINTENANCE}),
    (120, S.RESOLVED, "done", "The move is done.", {}),
)  # fmt: skip
ALL = (OUTAGE, ARABIC, LATE, NIGHT, PLANNED)


class Shelf:
    """A database with public incidents, as the press asks it; it goes away and comes back when it is told."""

    def __init__(self, *incidents: PublicIncident) -> None:
        self.incidents = dict(enumerate(incidents, 1))
        self.revisions = dict.fromkeys(self.incidents, 1)
        self.away = False
        self.asked: list[int] = []
        """Numbers of the incidents that were read whole."""

    def put(self, number: int, incident: PublicIncident) -> None:
        """Save one."""
        self.incidents[number] = incident
        self.revisions[number] = self.revisions.get(number, 0) + 1

    async def public_revisions(self, since: datetime) -> dict[int, int]:
        """All of them."""
        if self.away:
            raise TryLater("database", unreachable=True)
        return dict(self.revisions)

    async def public(self, numbers: Collection[int]) -> dict[int, PublicIncident]:
        """These."""
        self.asked += numbers
        return {number: self.incidents[number] for number in numbers if number in self.incidents}
