"""What the doctor looks at: playbooks, the database, and what each adapter finds of its own."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from typing import Any

from bot.building import announcing, filing, sources, status_pages, trackers, watching
from bot.doctor import Finding, Health
from bot.errors import Refused, TryLater
from bot.loading import named
from bot.playbook.load import BadPlaybook
from bot.playbook.shape import Playbook
from bot.ports import Clock
from bot.settings import Settings


class Examination:
    """One call of the doctor's."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        *,
        loaded: Callable[[], tuple[Playbook, ...]],
        saving: Callable[[], AbstractAsyncContextManager[Any]],
    ) -> None:
        self._settings, self._clock, self._loaded, self._saving = settings, clock, loaded, saving

    async def findings(self) -> list[Finding]:
        """All of them, what is right as well."""
        playbooks, said = self._examine_playbooks()
        findings = [*said, await self._examine_database(), *await self._examine_alerts()]
        findings += await self._examine_repository(playbooks)
        findings += named("adapters.publicpage.checks", "examine")(playbooks, port=self._settings.http_port)
        findings += await named("adapters.web.probe", "links")([book for one in playbooks for book in one.runbooks])
        settings = self._settings
        findings += named("adapters.keys.checks", "examine")(
            settings.secret_keys, database_url=settings.database_url, public_url=settings.public_url
        )
        slack = named("adapters.slack.settings", "SlackSettings")()
        watched = {on: [*watching(on, playbooks), *self._settings.watched] for on in ("slack", "discord")}
        examine = named("adapters.slack.checks", "examine")
        findings += await examine(slack, announcing("slack", playbooks), watched=watched["slack"])
        findings += await self._examine_discord(announcing("discord", playbooks), watched["discord"])
        pager = named("adapters.pager.settings", "PagerSettings").read()
        findings += named("adapters.pager.checks", "examine")(pager, playbooks)
        findings += await named("adapters.tracker.adapter", "examine")(trackers(self._clock), filing(playbooks))
        names = [name for one in playbooks for name in one.status_page.components.values()]
        findings += await named("adapters.statuspage.adapter", "examine")(status_pages(), names)
        mails = [one.mail for one in playbooks]
        wanted = any(one.within is not None or one.subject for one in mails)
        recipients = [to for one in mails for to in one.to]
        findings += await named("adapters.mail.checks", "examine")(recipients, wanted=wanted)
        running = named("adapters.web.probe", "running")
        return [*findings, await running(self._settings.http_host, self._settings.http_port)]

    async def _examine_discord(self, announces: Sequence[str], watched: Sequence[str]) -> list[Finding]:
        settings = named("adapters.discord.settings", "DiscordSettings")()
        if not settings.on:
            says = f"{settings.off}, so Discord is off."
            return [Finding(what="Discord", health=Health.WORTH_A_LOOK, says=says)]
        adapter = named("adapters.discord.adapter", "DiscordAdapter")(settings, self._clock)
        try:
            return list(await adapter.examine(announces, watched=watched))
        finally:
            await adapter.stop()

    async def _examine_repository(self, playbooks: Sequence[Playbook]) -> list[Finding]:
        settings = named("adapters.git.settings", "RecordSettings")()
        wanted = any(one.record.file or one.record.log for one in playbooks)
        found = list(await named("adapters.git.checks", "examine")(settings, wanted=wanted))
        gated = any(gate.links for one in playbooks for gate in (*one.resolve, *one.close))
        forge = named("adapters.tracker.settings", "TrackerSettings")()
        return [*found, *await named("adapters.tracker.forge", "examine")(forge, wanted=gated)]

    async def _examine_alerts(self) -> list[Finding]:
        names = [source.name for source in sources()]
        secrets_set = named("adapters.web.settings", "secrets")(names)
        examine = named("adapters.web.checks", "examine")
        try:
            async with self._saving() as database:
                return list(await examine(secrets_set, database.inbox, sources=names, now=datetime.now(UTC)))
        except (TryLater, Refused):
            return []  # the database's own finding says why

    def _examine_playbooks(self) -> tuple[tuple[Playbook, ...], list[Finding]]:
        try:
            found = self._loaded()
        except BadPlaybook as bad:
            says = f"{len(bad.problems)} mistakes, the first: {bad.problems[0]}"
            mend = "`tocsin check` lists them all."
            return (), [Finding(what="Playbook", health=Health.WRONG, says=says, mend=mend)]
        return found, [
            Finding(what=f"Playbook {one.name}", health=Health.FINE, says=f"{one.title}, version {one.version}")
            for one in found
        ]

    async def _examine_database(self) -> Finding:
        what = f"Database ({self._settings.database_url.split(':')[0]})"
        try:
            async with self._saving() as database:
                await database.reader.ping()
        except (TryLater, Refused) as no:
            mend = "Check DATABASE_URL: is the server up, the name right, the password known to it?"
            return Finding(what=what, health=Health.WRONG, says=no.why, mend=mend)
        return Finding(what=what, health=Health.FINE, says="answers and is up to date")
