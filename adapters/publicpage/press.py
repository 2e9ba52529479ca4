"""The press: looks whether customers were told anything new, and writes the page anew where they were."""

import asyncio
import contextlib
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog

from adapters.publicpage.edition import Edition, fit
from adapters.publicpage.feeds import feeds
from adapters.publicpage.files import Copy
from adapters.publicpage.pages import incident_page, look, pages
from adapters.publicpage.settings import PageSettings
from adapters.publicpage.summary import history, summary
from bot.errors import Refused, TryLater
from bot.overview import oldest
from bot.ports import Clock
from bot.public import PublicIncident
from bot.reader import Reader

log = structlog.get_logger()

LOOK = 2.0
"""Seconds between two looks: what other replicas and the command line saved is found by them."""
REST = 0.2
"""Seconds from one look to the next at least, however much is saved."""
FRESH = timedelta(minutes=5)
"""How old the copy's own time becomes while nothing changes, so that a copy elsewhere shows that it is alive."""
AWAY = timedelta(seconds=15)
"""For so long the database may not answer until the page says that it may be out of date."""


class Press:
    """Writes the page, as long as it runs."""

    def __init__(
        self, reader: Reader, copy: Copy, clock: Clock, *, settings: PageSettings, components: Sequence[str]
    ) -> None:
        self._reader, self._copy, self._clock = reader, copy, clock
        self._settings, self._components, self._address = settings, tuple(components), ""
        self._known: dict[int, tuple[int, PublicIncident | None]] = {}
        self._drawn: dict[str, tuple[PublicIncident, bytes]] = {}
        """Pages of incidents that are over: they change no more."""
        self._standing: Edition | None = None
        """What is written, or was when the last process ended."""
        self._seen: Edition | None = None
        """What the last look saw."""
        self._own = False
        """Whether this process wrote it: an earlier version of Tocsin may have drawn it otherwise."""
        self._asks = False
        """Whether the database is there to be asked."""
        self._looked_at: datetime | None = None
        """When the database answered last."""
        self._failing = ""
        self._woken = asyncio.Event()
        self._running: asyncio.Task[None] | None = None

    def read(self, address: str) -> None:
        """Read what an earlier process wrote; ``address`` is the page's own."""
        self._address, self._standing = address, self._copy.edition()

    def start(self) -> None:
        """Begin to look."""
        self._running = asyncio.create_task(self._run(), name="public page")

    def known(self) -> Edition | None:
        """What customers know; ``None`` while the database cannot be asked."""
        return self._seen

    def open(self) -> None:
        """The database is up to date and may be asked from now on."""
        self._asks = True
        self.wake()

    async def stop(self) -> None:
        """Look no more; what is being written is written."""
        if self._running is not None:
            self._running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._running

    def wake(self) -> None:
        """Something was saved."""
        self._woken.set()

    async def _run(self) -> None:
        while True:
            self._woken.clear()
            try:
                await self.look()
            except Exception:
                log.exception("public_page_fault")  # the outermost edge: the copy stands, and the next look tries again
            await asyncio.sleep(REST)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), LOOK)

    async def look(self) -> None:
        """Ask the database, and write where there is news; what fails is tried at the next look."""
        now = self._clock.now()
        edition = self._seen = await self._asked(now) if self._asks else None
        if edition is None:
            edition = self._unasked(now)
        if edition is not None and self._tells(edition):
            await self._write(edition)

    async def _asked(self, now: datetime) -> Edition | None:
        """The edition of now; ``None`` where the database does not answer.

        What an incident takes over from an alert in this very moment may be found at both: the incident's counts.
        """
        try:
            revisions = await self._reader.public_revisions(oldest(now))
            new = [number for number, at in revisions.items() if self._known.get(number, (0, None))[0] != at]
            found = await self._reader.public(new) if new else {}
        except (TryLater, Refused):
            return None
        self._looked_at = now
        self._known |= {each: (revisions[each], fit(found[each]) if each in found else None) for each in new}
        self._known = {number: known for number, known in self._known.items() if number in revisions}
        shown = {one.mark: one for _, (_, one) in sorted(self._known.items()) if one is not None}
        return Edition(
            title=self._settings.status_page_title,
            link=self._settings.status_page_link,
            address=self._address,
            subscribe=self._settings.status_page_subscribers > 0,
            components=self._components,
            incidents=tuple(shown.values()),
            as_of=now,
        )

    def _unasked(self, now: datetime) -> Edition | None:
        """The last edition, which says that it may be old; ``None`` while that is not worth a word."""
        last = self._standing
        if last is None:
            return None
        since = self._looked_at or last.as_of
        return last.model_copy(update={"stale": True, "as_of": since}) if now - since > AWAY else None

    def _tells(self, edition: Edition) -> bool:
        """Whether the edition is worth writing."""
        last = self._standing
        if not edition.stale and self._copy.stale():
            return True  # a replica that shares the folder, and cannot ask, wrote what it knew
        if last is None or (not self._own and not edition.stale) or last.digest() != edition.digest():
            return True
        return abs(edition.as_of - last.as_of) >= FRESH  # a clock may be set back

    async def _write(self, edition: Edition) -> None:
        try:
            await asyncio.shield(asyncio.to_thread(self._print, edition))
        except OSError as no:
            if self._failing != str(no):
                log.error("public_page_not_written", folder=str(self._copy.folder), why=str(no))
            self._failing = str(no)
            return
        if self._failing:
            log.info("public_page_written_again", folder=str(self._copy.folder))
        self._failing, self._standing = "", edition
        self._own = self._own or not edition.stale

    def _print(self, edition: Edition) -> None:
        """Everything but the first page comes first: what that leads to is there when it does. The note of it all comes
        before: what follows a process that was killed in between, and cannot ask, brings nothing back.
        """
        self._copy.keep(edition)
        seen = edition.seen()
        incidents = dict(self._draw(edition, one) for one in (*seen.open, *seen.past))
        files = look() | incidents
        self._drawn = {mark: drawn for mark, drawn in self._drawn.items() if f"incidents/{mark}.html" in files}
        files |= feeds(edition)
        files["history.json"] = history(edition, seen).model_dump_json(indent=1).encode()
        files["status.json"] = summary(edition, seen).model_dump_json(indent=1).encode()
        first = dict(pages(edition, seen))
        index = first.pop("index.html")
        self._copy.write(files | first | {"index.html": index})
        self._copy.drop(besides=incidents)

    def _draw(self, edition: Edition, one: PublicIncident) -> tuple[str, bytes]:
        if one.resolved_at is None:
            return incident_page(edition, one)
        held = self._drawn.get(one.mark)
        if held is None or held[0] != one:
            held = self._drawn[one.mark] = (one, incident_page(edition, one)[1])
        return f"incidents/{one.mark}.html", held[1]
