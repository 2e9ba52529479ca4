"""A mail server on this machine, as far as the bot speaks with one: it keeps what it took, and fails as it is told."""

import asyncio
import base64
import datetime as dt
import ipaddress
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from adapters.mail.settings import MailSettings

NAME, PASSWORD = "tocsin", "p%ss:w@rd"
SENDER = "Werkly <support@werkly.example>"


@dataclass(frozen=True, slots=True)
class Taken:
    """One message that it took."""

    sender: str
    to: tuple[str, ...]
    data: bytes
    encrypted: bool
    options: str

    @property
    def message(self) -> EmailMessage:
        """As a mail program reads it."""
        read = message_from_bytes(self.data, policy=default)
        assert isinstance(read, EmailMessage)
        return read


@dataclass(slots=True)
class MailServer:
    """``async with MailServer() as server``; every list of faults is used up from its front."""

    starttls: bool = True
    smtputf8: bool = True
    login: bool = True
    """Whether it wants a name and a password."""
    refuses: dict[str, str] = field(default_factory=dict)
    """Recipients, and what it says to them: ``550 no such user``."""
    says: dict[str, str] = field(default_factory=dict)
    """Instead of its own answer to a command (``MAIL``, ``DATA``, ``.`` for the message's end, ``GREETING``)."""
    after: list[str] = field(default_factory=list)
    """What happens at the next messages' ends: ``drop`` and ``hang`` take the message and give no answer; ``vanish``
    breaks off before it is taken; empty lets one pass."""
    taken: list[Taken] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    """Every line that clients said, without what they signed in with."""
    connections: int = 0
    port: int = 0
    _server: asyncio.Server | None = None
    _open: set[asyncio.StreamWriter] = field(default_factory=set)
    _key: tuple[Path, Path] | None = None

    async def __aenter__(self) -> Self:
        await self.listen()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.away()

    async def listen(self) -> None:
        """Come (back) on the same port."""
        self._server = await asyncio.start_server(self._client, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def away(self) -> None:
        """Answer nobody any more, and drop whoever is connected."""
        assert self._server is not None
        self._server.close()
        for writer in list(self._open):
            writer.transport.abort()
        with suppress(TimeoutError):
            async with asyncio.timeout(2):
                await self._server.wait_closed()

    def certificate(self, folder: Path) -> ssl.SSLContext:
        """Make it one, and return what a client has to trust."""
        self._key = _certificate(folder)
        return ssl.create_default_context(cafile=str(self._key[0]))

    @property
    def url(self) -> str:
        """How the bot reaches it."""
        return f"smtp://{NAME}:p%25ss%3Aw%40rd@127.0.0.1:{self.port}"

    def settings(self, **more: object) -> MailSettings:
        """The bot's settings."""
        return MailSettings.model_validate({"smtp_url": self.url, "mail_from": SENDER} | more)

    def to(self) -> list[str]:
        """Whom it took messages for, in order."""
        return [address for one in self.taken for address in one.to]

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._open.add(writer)
        try:
            await _Session(self, reader, writer).run()
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            pass
        finally:
            self._open.discard(writer)
            writer.close()


@dataclass(slots=True)
class _Session:
    """One client."""

    server: MailServer
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    encrypted: bool = False
    known: bool = False
    sender: str = ""
    options: str = ""
    to: list[str] = field(default_factory=list)

    async def run(self) -> None:
        await self.say(self.server.says.get("GREETING", "220 mail.example ESMTP"))
        while line := (await self.reader.readline()).decode():
            verb, _, rest = line.strip().partition(" ")
            self.server.heard.append(verb if verb == "AUTH" else line.strip())
            if verb == "QUIT":
                await self.say("221 bye")
                return
            await self.command(verb.upper(), rest)

    async def say(self, words: str) -> None:
        self.writer.write(f"{words}\r\n".encode())
        await self.writer.drain()

    async def command(self, verb: str, rest: str) -> None:
        if verb != "DATA" and verb in self.server.says:
            await self.say(self.server.says[verb])
            return
        match verb:
            case "EHLO" | "HELO":
                await self.hello()
            case "STARTTLS":
                await self.encrypt()
            case "AUTH":
                await self.sign_in(rest)
            case "MAIL":
                await self.mail(rest)
            case "RCPT":
                await self.rcpt(rest)
            case "DATA":
                await self.data()
            case "RSET":
                self.sender, self.to = "", []
                await self.say("250 OK")
            case _:
                await self.say("500 what?")

    async def hello(self) -> None:
        can = ["mail.example", "8BITMIME", *(["SMTPUTF8"] if self.server.smtputf8 else [])]
        can += ["STARTTLS"] if self.server.starttls and self.server._key and not self.encrypted else []
        can += ["AUTH PLAIN LOGIN"] if self.server.login else []
        await self.say("\r\n".join(f"250{' ' if one is can[-1] else '-'}{one}" for one in can))

    async def encrypt(self) -> None:
        assert self.server._key is not None
        await self.say("220 go on")
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(*self.server._key)
        await self.writer.start_tls(context)
        self.encrypted = True

    async def sign_in(self, rest: str) -> None:
        given = base64.b64decode(rest.partition(" ")[2]).decode().split("\0")
        self.known = given[1:] == [NAME, PASSWORD]
        await self.say("235 welcome" if self.known else "535 5.7.8 authentication failed")

    async def mail(self, rest: str) -> None:
        if self.server.login and not self.known:
            await self.say("530 5.7.0 who are you?")
            return
        self.sender, _, self.options = rest.removeprefix("FROM:").partition(" ")
        await self.say("250 OK")

    async def rcpt(self, rest: str) -> None:
        address = rest.removeprefix("TO:").strip("<>")
        if address in self.server.refuses:
            await self.say(self.server.refuses[address])
            return
        self.to.append(address)
        await self.say("250 OK")

    async def data(self) -> None:
        if "DATA" in self.server.says:
            await self.say(self.server.says["DATA"])
            return
        await self.say("354 go on")
        lines = []
        while (line := await self.reader.readline()) != b".\r\n":
            if not line:
                raise ConnectionError
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        await self.end(b"".join(lines))

    async def end(self, data: bytes) -> None:
        fault = self.server.after.pop(0) if self.server.after else ""
        no = self.server.says.get(".", "")
        if fault != "vanish" and not no:
            self.server.taken.append(Taken(self.sender.strip("<>"), tuple(self.to), data, self.encrypted, self.options))
        if fault in ("drop", "vanish"):
            self.writer.transport.abort()
            raise ConnectionError
        if fault == "hang":
            await self.reader.read()
        self.sender, self.to = "", []
        await self.say(no or "250 2.0.0 queued")


class FixedLists:
    """The operator's lists as a test says; see :class:`bot.ports.Lists`."""

    def __init__(self, lists: Mapping[str, tuple[str, ...]]) -> None:
        self.lists = dict(lists)

    def addresses(self, name: str) -> tuple[str, ...]:
        """Of the list."""
        return self.lists.get(name, ())


def _certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate of 127.0.0.1, signed by itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, secret = folder / "mail.pem", folder / "mail.key"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate, secret
