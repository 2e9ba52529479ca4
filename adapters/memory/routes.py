"""Routes in memory: nobody has set any."""

from collections.abc import Collection

from bot.routes import QuietHours, Route


class NoRoutes:
    """See :class:`bot.routes.Routes`."""

    async def of(self, keys: Collection[str]) -> list[Route]:
        """Nobody has one."""
        return []

    async def keep(self, route: Route) -> int:
        """Not kept."""
        return route.id

    async def drop(self, id: int) -> None:
        """Nothing to forget."""

    async def quiet(self, keys: Collection[str]) -> QuietHours | None:
        """Nobody has quiet hours."""
        return None

    async def keep_quiet(self, keys: Collection[str], hours: QuietHours | None) -> None:
        """Not kept."""
