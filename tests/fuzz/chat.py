"""What the fuzzers of both chat platforms share: a world, whatever was opened with it, and its end."""

from contextlib import AsyncExitStack

from tests.fuzz import grammar
from tests.fuzz.world import World, Worlds


class Chat:
    """A listener of a platform on a world."""

    block = 250

    def __init__(self) -> None:
        self._worlds = Worlds()
        self._world: World
        self._open = AsyncExitStack()
        self._fed = 0

    async def settle(self) -> None:
        """The world is unharmed."""
        await self._world.delivered()
        await grammar.unharmed(self._world)

    async def close(self) -> None:
        """Leave the world."""
        await self._open.aclose()
        await self._world.close()

    def end(self) -> None:
        """Leave nothing behind."""
        self._worlds.remove()
