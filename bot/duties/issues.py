"""What a process keeps in a tracker is filed there, and changed as it changes here."""

from bot import filing
from bot.scene import Scene


class FileIssues:
    """Keep the issues in step."""

    name = "issues"

    def settle(self, scene: Scene) -> None:
        """Owe whatever is missing there."""
        filing.settle(scene)
