"""Listening: posts of bots, apps and webhooks in the watched channels, read as alerts."""

from collections.abc import Callable, Sequence

from bot.alerts import deciding
from bot.alerts.alert import Alert, Posted
from bot.alerts.post import Post
from bot.alerts.reading import read
from bot.alerts.source import Source
from bot.library import Library
from bot.playbook.shape import Playbook
from bot.ports import Clock
from bot.store import Store


class Listening:
    """Reads what is posted, and accepts the alerts in it."""

    def __init__(
        self,
        store: Store,
        library: Library,
        clock: Clock,
        *,
        sources: Sequence[Source],
        watched: Sequence[str],
        accepted: Callable[[], None],
    ) -> None:
        self._store, self._library, self._clock = store, library, clock
        self._sources, self._watched, self._accepted = tuple(sources), tuple(watched), accepted

    def watches(self, place: Posted) -> bool:
        """Whether posts in this channel are read: it is watched by a playbook, or by the setting."""
        return self._by(place) is not None or deciding.among(self._watched, place)

    async def hear(self, post: Post) -> list[Alert]:
        """Accept the alerts of a post; returns them. Raises :class:`~bot.errors.TryLater` where they are not saved."""
        if not self.watches(post.place):
            return []
        playbook = self._by(post.place) or self._library.current
        found = [alert for alert in read(post, self._sources, playbook) if deciding.about(playbook, alert)]
        if found:
            await self._store.inbox.accept(found, at=self._clock.now())
            self._accepted()
        return found

    def _by(self, place: Posted) -> Playbook | None:
        return next((one for one in self._library.loaded if deciding.watches(one, place)), None)
