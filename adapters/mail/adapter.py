"""E-mail as a tool of the bot: each recipient's message is handed over once, and what came of it is brought back.

A first attempt acts. Where an earlier one may have handed its message over and nobody noted it, this process may still
know; else the message counts as perhaps sent, and is not sent again by itself.
"""

import asyncio
from datetime import timedelta

from adapters.mail.letter import compose, envelope
from adapters.mail.settings import MailSettings
from adapters.mail.wire import InDoubt, NotTaken, Server
from bot.errors import Refused, TryLater
from bot.intents import MAIL, SendMail
from bot.intents.mail import mark_of
from bot.learned import Mailed
from bot.ports import Clock, Ear, Found, Job, Lists
from bot.progress import End

PUT_OFF = timedelta(minutes=10)
"""How long a recipient who was put off is tried again, while others in the same state wait: greylisting takes five."""


class MailPlatform:
    """Sends e-mail; see :class:`bot.ports.Platform`."""

    name = MAIL
    ready = connected = True
    """There is nothing to be connected to while nothing is sent."""

    def __init__(self, settings: MailSettings, lists: Lists, clock: Clock, server: Server) -> None:
        self.ear: Ear | None = None
        self._settings, self._lists, self._clock, self._server = settings, lists, clock, server
        self._turn = asyncio.Lock()
        """One message at a time: a mail server counts connections, and a crash leaves one in doubt."""
        self._last = ""
        """Why the last attempt was in vain."""
        self._known: dict[str, Mailed] = {}
        """What was done and could not be saved yet."""

    async def perform(self, job: Job) -> str | None:
        """Send it, and bring back what the mail server said."""
        mail = _mail(job)
        async with self._turn:
            self._known[job.key] = await self._send(job, mail)
        await self._bring(job.key)
        return None

    async def find(self, job: Job) -> Found | None:
        """An earlier attempt began: what is known of it counts, else nobody knows, and that is brought back."""
        mail = _mail(job)
        self._known.setdefault(job.key, _came(job, mail, End.PERHAPS))
        await self._bring(job.key)
        return Found(None)

    async def _bring(self, key: str) -> None:
        """It is done outside: the next attempt must not do it again."""
        if self.ear is None:
            raise TryLater("not started yet", maybe_done=True)
        try:
            await self.ear.learn(self._known[key])
        except TryLater as gone:
            raise TryLater(gone.why, maybe_done=True, unreachable=gone.unreachable) from gone
        del self._known[key]

    async def _send(self, job: Job, mail: SendMail) -> Mailed:
        """What came of it; raises where it had no effect and is to be tried again."""
        if self._clock.now() >= mail.until:
            return _came(job, mail, End.LEFT, why=self._last or "I could not ask it")
        address = self._address(mail)
        if not address:
            return _came(job, mail, End.REFUSED, why="it is not on the list any more")
        try:
            to, utf8 = envelope(address)
            sender = self._settings.sender
            message = compose(mail, sender=sender, to=to, utf8=utf8)
        except ValueError:
            return _came(job, mail, End.REFUSED, address, "no address that e-mail can be sent to")
        try:
            await self._server.send(message, sender=envelope(sender.addr_spec)[0], to=to, utf8=utf8)
        except InDoubt:
            return _came(job, mail, End.PERHAPS, address)
        except NotTaken as no:
            return self._not_taken(job, mail, address, no)
        except (TryLater, Refused) as no:
            self._last = no.why
            raise
        return _came(job, mail, End.SENT, address)

    def _not_taken(self, job: Job, mail: SendMail, address: str, no: NotTaken) -> Mailed:
        if no.for_good:
            return _came(job, mail, End.REFUSED, address, no.why)
        if not mail.again:
            return _came(job, mail, None, address, no.why)
        if self._clock.now() < min(mail.until, job.first_try_at + PUT_OFF):
            raise TryLater(no.why)
        return _came(job, mail, End.LEFT, address, no.why)

    def _address(self, mail: SendMail) -> str:
        """The recipient's address; empty where the list holds it no longer."""
        known = (mail.to,) if "@" in mail.to else self._lists.addresses(mail.to)
        return next((one for one in known if mark_of(mail.seed, one) == mail.mark), "")

    def close(self) -> None:
        """Drop what is open."""
        self._server.close()


class MailAdapter:
    """A tool of the bot; see :class:`bot.running.Outside`."""

    def __init__(self, settings: MailSettings, lists: Lists, clock: Clock, *, server: Server | None = None) -> None:
        self.lists = lists
        self.platform = MailPlatform(settings, lists, clock, server or Server(settings))

    async def start(self, ear: Ear) -> None:
        """From now on what is owed can be sent."""
        self.platform.ear = ear

    async def stop(self) -> None:
        """Send nothing more."""
        self.platform.close()


def _mail(job: Job) -> SendMail:
    if not isinstance(job.intent, SendMail) or job.incident is None:
        raise Refused(f"the mail server knows no “{job.intent.kind}”")
    return job.intent


def _came(job: Job, mail: SendMail, end: End | None, address: str = "", why: str = "") -> Mailed:
    """Doubt has a key of its own, so that what is known later still counts."""
    key = f"{MAIL}:{job.key}{':doubt' if end is End.PERHAPS else ''}"
    return Mailed(key=key, incident=job.incident or 0, mail=mail, end=end, address=address, why=why)
