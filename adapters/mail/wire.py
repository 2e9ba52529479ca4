"""SMTP to one mail server: a connection that is kept for a while, one recipient at a time.

Whatever goes wrong before the message's end was sent has no effect there. From then on until the answer nobody can
know (:class:`InDoubt`), and SMTP has no way to ask [RFC 5321 4.5.3.2.6, RFC 1047].
"""

import socket
import ssl
from contextlib import suppress
from time import monotonic

from aiosmtplib import SMTP
from aiosmtplib.errors import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPException,
    SMTPNotSupported,
    SMTPRecipientRefused,
    SMTPResponseException,
    SMTPServerDisconnected,
    SMTPTimeoutError,
)

from adapters.mail.settings import MailSettings
from bot.errors import Refused, TryLater

PATIENCE = 20.0
"""Seconds for each answer."""
AT_THE_END = 60.0
"""Seconds for the answer to a message's end: servers look into it before they answer."""
IDLE = 20.0
"""Seconds after which a connection is not used again."""
_FOR_GOOD = 500
_CLOSING = 421
"""The server as a whole goes away for a while [RFC 5321 3.8]."""


class InDoubt(Exception):
    """It may have been accepted."""


class NotTaken(Exception):
    """The server says no to this one recipient or message."""

    def __init__(self, why: str, *, for_good: bool) -> None:
        super().__init__(why)
        self.why, self.for_good = why, for_good


class Server:
    """The mail server; ``trust`` is what its certificate is checked with."""

    def __init__(
        self,
        settings: MailSettings,
        *,
        trust: ssl.SSLContext | None = None,
        patience: float = PATIENCE,
        at_the_end: float = AT_THE_END,
    ) -> None:
        self._settings, self._trust = settings, trust
        self._patience, self._at_the_end = patience, at_the_end
        self._client: SMTP | None = None
        self._used = 0.0

    async def send(self, message: bytes, *, sender: str, to: str, utf8: bool) -> None:
        """Hand a message over; raises :class:`NotTaken`, :class:`InDoubt`, and as :meth:`connect` does."""
        client = await self._ready(sender, utf8=utf8)
        try:
            await client.rcpt(to, encoding="utf-8" if utf8 else "ascii")
        except SMTPRecipientRefused as no:
            raise await self._no(client, no) from no
        except (SMTPException, OSError) as gone:
            raise self._lost(gone) from gone
        try:
            await client.data(message, timeout=self._at_the_end)
        except SMTPResponseException as no:
            raise await self._no(client, no) from no
        except (SMTPException, OSError) as gone:
            self.close()
            raise InDoubt from gone
        except BaseException:
            self.close()  # cancelled in the middle: nothing may be sent on what is left of it
            raise
        self._used = monotonic()

    async def _ready(self, sender: str, *, utf8: bool) -> SMTP:
        """A connection that takes the sender; one that was kept and is gone meanwhile is made anew."""
        kept = self._client if monotonic() - self._used < IDLE else None
        if kept is not None and kept.is_connected:
            with suppress(TryLater):
                return await self._greet(kept, sender, utf8=utf8)
        self.close()
        return await self._greet(await self.connect(), sender, utf8=utf8)

    async def _greet(self, client: SMTP, sender: str, *, utf8: bool) -> SMTP:
        if utf8 and not client.supports_extension("smtputf8"):
            raise NotTaken("the mail server takes no such address", for_good=True)
        try:
            await client.mail(sender, options=["SMTPUTF8", "BODY=8BITMIME"] if utf8 else None)
        except SMTPResponseException as no:
            self.close()
            raise refused(f"{said(no)} (MAIL_FROM is {sender})", no.code) from no
        except (SMTPException, OSError) as gone:
            raise self._lost(gone) from gone
        return client

    async def connect(self) -> SMTP:
        """A connection on which one may send; raises ``TryLater``, or ``Refused`` where somebody has to mend something.

        Without TLS neither a password nor a message goes to another machine.
        """
        settings = self._settings
        client = SMTP(hostname=settings.host, port=settings.port, timeout=self._patience, use_tls=settings.tls,
                      start_tls=False, tls_context=self._trust, local_hostname=socket.gethostname())  # fmt: skip
        try:
            await client.connect()
            await client.ehlo()
            if not settings.tls:
                await self._encrypt(client)
            if settings.login is not None:
                await client.login(*settings.login)
        except SMTPAuthenticationError as no:
            client.close()
            raise refused(f"{said(no)} (name or password of SMTP_URL)", no.code) from no
        except SMTPNotSupported as no:
            client.close()
            raise Refused("the mail server takes no name and password") from no
        except ssl.SSLError as no:
            client.close()
            raise Refused(f"no TLS: {getattr(no, 'verify_message', '') or no.reason or 'it failed'}") from no
        except SMTPResponseException as no:
            client.close()
            raise refused(said(no), no.code) from no
        except (SMTPException, OSError) as gone:
            client.close()
            raise unreachable(gone) from gone
        except BaseException:
            client.close()
            raise
        self._client = client
        return client

    async def trial(self, sender: str) -> bool:
        """Whether the server takes this sender, over TLS or not; raises as :meth:`send` does, and sends nothing."""
        client = await self._greet(await self.connect(), sender, utf8=False)
        await self._begin_anew(client)
        return client.get_transport_info("ssl_object") is not None

    async def _encrypt(self, client: SMTP) -> None:
        if client.supports_extension("starttls"):
            if self._settings.must_encrypt or self._trust is not None:
                await client.starttls()
                await client.ehlo()
        elif self._settings.must_encrypt:
            raise Refused("the mail server offers no STARTTLS, and without it nothing is sent there")

    async def _no(self, client: SMTP, no: SMTPResponseException) -> NotTaken | TryLater:
        if no.code == _CLOSING:
            self.close()
            return TryLater(said(no), unreachable=True)
        await self._begin_anew(client)
        return NotTaken(said(no), for_good=no.code >= _FOR_GOOD)

    async def _begin_anew(self, client: SMTP) -> None:
        """The connection is good for the next recipient, or closed."""
        try:
            await client.rset()
            self._used = monotonic()
        except (SMTPException, OSError):
            self.close()

    def _lost(self, gone: Exception) -> TryLater:
        self.close()
        return unreachable(gone)

    def close(self) -> None:
        """Drop what is open."""
        if self._client is not None:
            self._client.close()
            self._client = None


def refused(why: str, code: int) -> TryLater | Refused:
    """What the server says of us all: for now, or until somebody mends it."""
    return Refused(why) if code >= _FOR_GOOD else TryLater(why, unreachable=True)


def unreachable(gone: Exception) -> TryLater:
    """No answer; its own words may hold an address, so they are not repeated."""
    match gone:
        case SMTPTimeoutError() | TimeoutError():
            return TryLater("no answer in time", unreachable=True)
        case SMTPServerDisconnected():
            return TryLater("the connection broke off", unreachable=True)
        case SMTPConnectError() | OSError():
            return TryLater("no connection", unreachable=True)
    return TryLater("no SMTP", unreachable=True)


def said(no: SMTPResponseException) -> str:
    """``550 no such user``, on one line."""
    return f"{no.code} {' '.join(no.message.split())}"[:200].strip()
