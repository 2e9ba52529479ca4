"""The public page as one thing: built, started, asked over HTTP, stopped."""

from collections.abc import Sequence
from typing import Protocol

from starlette.routing import BaseRoute

from adapters.publicpage.courier import Courier
from adapters.publicpage.door import PageDoor
from adapters.publicpage.files import Copy
from adapters.publicpage.posting import Posting
from adapters.publicpage.press import Press
from adapters.publicpage.settings import PageSettings
from adapters.publicpage.subscribing import SubscribeDoor
from bot.keys import Keys
from bot.ports import Clock
from bot.reader import Reader
from bot.subscriptions import Subscriptions


class Kept(Protocol):
    """The database, as far as the page needs it."""

    @property
    def reader(self) -> Reader:
        """Answers what customers know."""
        ...

    @property
    def subscriptions(self) -> Subscriptions:
        """Who is told by webhook."""
        ...


class PublicPage:
    """A press that writes a folder, a door that answers with it, and a courier for those who are told by webhook."""

    def __init__(
        self,
        database: Kept,
        posting: Posting,
        clock: Clock,
        *,
        keys: Keys,
        settings: PageSettings,
        components: Sequence[str],
    ) -> None:
        self._settings = settings
        copy, subscriptions = Copy(settings.status_page_dir), database.subscriptions
        self._press = Press(database.reader, copy, clock, settings=settings, components=components)
        self._door = PageDoor(copy.folder)
        known, most = self._press.known, settings.status_page_subscribers
        self._subscribing = SubscribeDoor(subscriptions, posting, clock, keys=keys, edition=known, most=most)
        self._courier = Courier(subscriptions, posting, clock, keys=keys, edition=known)

    def routes(self) -> list[BaseRoute]:
        """Where it is."""
        subscribing = self._subscribing.routes() if self._settings.status_page_subscribers else []
        return [*subscribing, *self._door.routes()]

    def wake(self) -> None:
        """Something was saved."""
        self._press.wake()

    def start(self, port: int) -> None:
        """Begin to write; ``port`` is where the bot answers on this machine."""
        self._press.read(self._settings.address(port))
        self._press.start()
        if self._settings.status_page_subscribers:
            self._courier.start()

    def open(self) -> None:
        """The database may be asked from now on."""
        self._press.open()

    async def stop(self) -> None:
        """Write and send no more."""
        await self._courier.stop()
        await self._press.stop()
