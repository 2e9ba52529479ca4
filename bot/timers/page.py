"""Paging goes on: a step's wait is over and nobody has answered, so the next is owed."""

from datetime import datetime

from bot import pages, paging
from bot.incident import Incident
from bot.playbook.shape import Playbook
from bot.scene import Scene


class PageOn:
    """Page the next."""

    name = "page"

    def due(self, incident: Incident, playbook: Playbook) -> datetime | None:
        """When the first wait is over."""
        return min((page.next_at for page in pages.running(incident) if page.next_at is not None), default=None)

    def run(self, scene: Scene) -> None:
        """One stage of each page whose wait is over; after the last the channel is told."""
        for page in pages.running(scene.incident):
            if page.next_at is not None and page.next_at <= scene.now:
                paging.go_on(scene, page)
