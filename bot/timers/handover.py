"""An offered role that nobody answered for stays where it was."""

from datetime import datetime

from bot.acts import role_title, settle_offer
from bot.incident import Incident, Offered
from bot.playbook.shape import Playbook
from bot.scene import Scene
from bot.timeline import Kind


class HandoverEnds:
    """End offers that have run out."""

    name = "handover"

    def due(self, incident: Incident, playbook: Playbook) -> datetime | None:
        """When the first open offer runs out."""
        return min((offer.until for offer in incident.offers if offer.state is Offered.OPEN), default=None)

    def run(self, scene: Scene) -> None:
        """Settle every offer that has run out."""
        for offer in scene.incident.offers:
            if offer.state is Offered.OPEN and offer.until <= scene.now:
                settle_offer(scene.incident, offer, Offered.EXPIRED)
                kept = f"{offer.giver.name} stays {role_title(scene, offer.role)}"
                scene.record(Kind.ROLE, f"No answer from {offer.taker.name}: {kept}")
