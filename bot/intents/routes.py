"""What is sent to a person's own route for its own sake. The intent names the route; its address, and the code, are
sealed in the database, and whoever sends asks for them at that moment (:class:`bot.routes.RouteBook`)."""

from typing import Literal

from bot.intents.intent import BaseIntent
from bot.people import Person


class SendToRoute(BaseIntent):
    """Send a route its code, or a test. What came of it comes back as ``RouteTried`` (``bot/learned.py``)."""

    kind: Literal["send_to_route"] = "send_to_route"
    route: int
    name: str
    """``Pushover …7f2a``."""
    person: Person
    """Whose it is, and who is told where it fails."""
    test: bool = False

    def about(self) -> str:
        return f"a test of {self.name}" if self.test else f"the code for {self.name}"
