"""The public page as one thing: built, started, asked over HTTP, stopped."""

from collections.abc import Sequence

from starlette.routing import BaseRoute

from adapters.publicpage.door import PageDoor
from adapters.publicpage.files import Copy
from adapters.publicpage.press import Press
from adapters.publicpage.settings import PageSettings
from bot.ports import Clock
from bot.store import Reader


class PublicPage:
    """A press that writes a folder, and a door that answers with it."""

    def __init__(self, reader: Reader, clock: Clock, *, settings: PageSettings, components: Sequence[str]) -> None:
        self._settings = settings
        copy = Copy(settings.status_page_dir)
        self._press = Press(reader, copy, clock, settings=settings, components=components)
        self._door = PageDoor(copy.folder)

    def routes(self) -> list[BaseRoute]:
        """Where it is."""
        return self._door.routes()

    def wake(self) -> None:
        """Something was saved."""
        self._press.wake()

    def start(self, port: int) -> None:
        """Begin to write; ``port`` is where the bot answers on this machine."""
        self._press.read(self._settings.address(port))
        self._press.start()

    def open(self) -> None:
        """The database may be asked from now on."""
        self._press.open()

    async def stop(self) -> None:
        """Write no more."""
        await self._press.stop()
