"""What every disorder is."""

from typing import ClassVar

from tests.chaos.fire import Fire


class Disorder:
    """One way in which things go wrong, for a while; bots are killed meanwhile."""

    name: ClassVar[str]
    says: ClassVar[str]
    """What happens, for people."""
    databases: ClassVar[tuple[str, ...]] = ("sqlite", "postgres")
    replicas: ClassVar[int] = 2
    """On PostgreSQL; SQLite has one process."""
    share: ClassVar[int] = 4
    """Of a hundred kills, so many happen in this disorder, over all its databases."""

    def lacks(self, database: str) -> str:
        """Why it cannot be had on this machine; empty where it can."""
        return ""

    def prepare(self, fire: Fire) -> None:
        """Before any bot is started."""

    def lasts(self, fire: Fire) -> float:
        """Seconds over which the kills are spread; 0 where they follow each other as quickly as they can."""
        return 0.0

    async def burn(self, fire: Fire) -> None:
        """Let it happen; returns once all is well again."""
