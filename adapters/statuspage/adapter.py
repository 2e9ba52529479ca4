"""A status page as a tool: what is owed to its lane is shown there, and where it stands is brought back."""

from collections.abc import Iterable

from adapters.statuspage.atlassian import Statuspage
from adapters.statuspage.betterstack import BetterStack
from adapters.statuspage.page import Page, Shown, failed
from adapters.statuspage.settings import StatusPageSettings, secret
from bot.doctor import Finding, wrong
from bot.errors import Outside, Refused, TryLater
from bot.intents import TellPublic
from bot.learned import Published
from bot.ports import Ear, Found, Job
from bot.understanding import understood


def status_pages(settings: StatusPageSettings) -> list[Page]:
    """Those that are switched on."""
    found: list[Page] = []
    key, token = secret(settings.statuspage_api_key), secret(settings.betterstack_api_token)
    if key and settings.statuspage_page_id:
        found.append(Statuspage(url=settings.statuspage_api_url, key=key, page=settings.statuspage_page_id))
    if token and settings.betterstack_page_id:
        found.append(BetterStack(url=settings.betterstack_api_url, token=token, page=settings.betterstack_page_id))
    return found


async def examine(
    pages: Iterable[Page], components: Iterable[str], *, settings: StatusPageSettings | None = None
) -> list[Finding]:
    """What the doctor finds of every page that is on; ``components`` are the names on the page that playbooks use."""
    found, names = [], list(components)
    for page in pages:
        try:
            found += await understood(page.examine(names))
        except TryLater as no:
            found += failed(page.title, no)
        await page.close()
    for title, name in (settings or StatusPageSettings()).half.items():
        says, mend = f"{name} is not set, so nothing is published there.", "docs/statuspage.md says how to connect it."
        found.append(wrong("statuspage.half", title, says, mend))
    return found


class StatusPagePlatform:
    """Tells customers on one page; see :class:`bot.ports.Platform`."""

    ready = True
    """The bot does without it."""

    def __init__(self, page: Page) -> None:
        self.page, self.name = page, page.lane
        self.ear: Ear | None = None
        self.connected = True

    async def perform(self, job: Job) -> str | None:
        """Show the text, and bring back where it stands."""
        tell = _tell(job)
        try:
            shown = await understood(self.page.tell(tell))
        except TryLater as lost:
            self.connected = not lost.unreachable
            if not lost.maybe_done:
                raise
            raise TryLater(lost.why, shows=self.page.settles, maybe_done=True, unreachable=lost.unreachable) from lost
        except Outside:
            self.connected = True
            raise
        return await self._bring(job, tell, shown)

    async def find(self, job: Job) -> Found | None:
        """Where the text stands, if an earlier attempt had its effect."""
        tell = _tell(job)
        shown = await understood(self.page.find(tell))
        return Found(await self._bring(job, tell, shown)) if shown is not None else None

    async def _bring(self, job: Job, tell: TellPublic, shown: Shown) -> str:
        self.connected = True
        if self.ear is None:
            raise TryLater("not started yet", maybe_done=True)
        if job.incident is not None:
            came = Published(key=f"{self.name}:{job.key}", incident=job.incident, tell=tell, page=self.name,
                             url=shown.url, unknown=shown.unknown)  # fmt: skip
            try:
                await self.ear.learn(came)
            except TryLater as gone:  # it stands there: the next attempt has to look first
                raise TryLater(gone.why, maybe_done=True, unreachable=gone.unreachable) from gone
        return shown.ref


def _tell(job: Job) -> TellPublic:
    if not isinstance(job.intent, TellPublic):
        raise Refused(f"a status page knows no “{job.intent.kind}”")
    return job.intent


class StatusPageAdapter:
    """A tool of the bot; see :class:`bot.running.Outside`."""

    def __init__(self, page: Page) -> None:
        self.platform = StatusPagePlatform(page)

    @property
    def pages(self) -> tuple[str, ...]:
        """The lane of its page."""
        return (self.platform.name,)

    async def start(self, ear: Ear) -> None:
        """From now on customers can be told."""
        self.platform.ear = ear

    async def stop(self) -> None:
        """Let go of the page."""
        await self.platform.page.close()
