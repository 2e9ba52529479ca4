"""Pagers on this machine, as Apprise speaks to them: ntfy and Gotify on a port of their own; PagerDuty, Opsgenie,
Twilio and Pushover at their own hosts, through a proxy that answers in their place with a certificate of the test's.
"""

import asyncio
import json
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.support.served import Served

HOSTS = {
    "events.pagerduty.com": "pagerduty",
    "api.opsgenie.com": "opsgenie",
    "api.twilio.com": "twilio",
    "api.pushover.net": "pushover",
}
SID, AUTH = "AC" + "0" * 31 + "1", "b" * 32
USER, TOKEN = "u" * 30, "t" * 30
ADDRESSES = {
    "pagerduty": f"pagerduty://{'r' * 32}@api-key-of-the-test/Tocsin",
    "opsgenie": "opsgenie://a1b2c3d4-0000-4000-8000-000000000001/@ana",
    "twilio": f"twilio://{SID}:{AUTH}@15550100001/15550100002",
    "pushover": f"pover://{USER}@{TOKEN}",
}
"""Addresses of the services that have hosts of their own."""


class Trouble(StrEnum):
    """How a service fails."""

    REFUSES = "refuses"
    """It takes nothing and answers 401."""
    FALLS = "falls"
    """It takes nothing and answers 500."""
    HANGS = "hangs"
    """It takes the page and never answers."""
    DRIPS = "drips"
    """It takes the page and answers a byte at a time for ever."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """One page that a service took."""

    service: str
    to: str
    """Topic, token, number, routing key: whom it reaches there."""
    text: str
    mark: str = ""
    """The key by which the service drops doubles."""


@dataclass(slots=True)
class Pagers(Served):
    """All of them; ``async with``."""

    folder: Path
    """Where the certificate of its authority is put."""
    arrived: list[Arrived] = field(default_factory=list)
    """What was taken, in order. A second page of the same mark is none."""
    asked: list[str] = field(default_factory=list)
    """The services that were asked, each time."""
    trouble: dict[str, Trouble] = field(default_factory=dict)
    """By service, or ``SERVICE/TO``."""
    ended: list[str] = field(default_factory=list)
    """Marks of what was ended at PagerDuty."""
    on_arrival: Callable[[Arrived], None] = lambda arrived: None

    def __post_init__(self) -> None:
        Served.__init__(self)
        self._certificates = Authority(self.folder)

    @property
    def environment(self) -> dict[str, str]:
        """What leads Apprise's requests here, and no others: Slack's client heeds HTTPS_PROXY and no NO_PROXY."""
        return {
            "ALL_PROXY": f"http://127.0.0.1:{self.port}",
            "NO_PROXY": "127.0.0.1,localhost",
            "REQUESTS_CA_BUNDLE": str(self._certificates.file),
        }

    def ntfy(self, topic: str) -> str:
        """The address of a topic."""
        return f"ntfy://127.0.0.1:{self.port}/{topic}"

    def gotify(self, token: str) -> str:
        """The address of an application."""
        return f"gotify://127.0.0.1:{self.port}/{token}"

    def texts(self) -> list[tuple[str, str]]:
        """Service and whom it reached, in order."""
        return [(one.service, one.to) for one in self.arrived]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await _head(reader)
        host = ""
        if head[0].startswith("CONNECT "):
            host = head[0].split(" ")[1].rpartition(":")[0]
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await writer.drain()
            await writer.start_tls(self._certificates.of(host))
            head = await _head(reader)
        body = await reader.readexactly(int(_headers(head).get("content-length", "0")))
        await self._answer(host, head, body, reader, writer)

    async def _answer(
        self, host: str, head: list[str], body: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        if b'"event_action": "resolve"' in body:
            self.ended.append(json.loads(body)["dedup_key"])
            await _write(writer, *_ANSWERS["pagerduty"])
            return
        page = _read(host, head, body)
        self.asked.append(page.service)
        trouble = self.trouble.get(f"{page.service}/{page.to}", self.trouble.get(page.service))
        if trouble in (Trouble.REFUSES, Trouble.FALLS):
            await _write(writer, 401 if trouble is Trouble.REFUSES else 500, {"error": "as told by the test"})
            return
        if not page.mark or all(page.mark != one.mark for one in self.arrived):
            self.arrived.append(page)
            self.on_arrival(page)
        if trouble is Trouble.HANGS:
            await reader.read()
        elif trouble is Trouble.DRIPS:
            await _drip(writer)
        else:
            status, said = _ANSWERS.get(page.service, (200, {}))
            await _write(writer, status, said)


_ANSWERS: dict[str, tuple[int, dict[str, Any]]] = {
    "pagerduty": (202, {"status": "success", "message": "Event processed", "dedup_key": "k"}),
    "opsgenie": (202, {"result": "Request will be processed", "took": 0.3, "requestId": "43a29c5c-3dbf-4fa4"}),
    "twilio": (201, {"sid": "SM1", "status": "queued"}),
    "pushover": (200, {"status": 1, "request": "e43"}),
}


def _read(host: str, head: list[str], body: bytes) -> Arrived:
    """A request in the one shape, whoever it is for."""
    path = urlsplit(head[0].split(" ")[1]).path
    service = HOSTS.get(host, "gotify" if path.endswith("/message") else "ntfy")
    if service in ("twilio", "pushover"):
        form = dict(parse_qsl(body.decode()))
        if service == "twilio":
            return Arrived(service, form["To"], form["Body"])
        return Arrived(service, form["user"], f"{form.get('title', '')}\n{form['message']}")
    said = json.loads(body)
    match service:
        case "pagerduty":
            return Arrived(service, said["routing_key"], said["payload"]["summary"], said.get("dedup_key", ""))
        case "opsgenie":
            return Arrived(service, _headers(head)["authorization"], f"{said['message']}\n{said['description']}",
                           said.get("alias", ""))  # fmt: skip
        case "gotify":
            return Arrived(service, _headers(head)["x-gotify-key"], f"{said['title']}\n{said['message']}")
    return Arrived(service, said["topic"], f"{said['title']}\n{said['message']}")


async def _head(reader: asyncio.StreamReader) -> list[str]:
    return (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").strip().split("\r\n")


def _headers(head: list[str]) -> dict[str, str]:
    parted = (line.partition(":") for line in head[1:])
    return {name.casefold(): value.strip() for name, _, value in parted}


async def _write(writer: asyncio.StreamWriter, status: int, said: dict[str, Any]) -> None:
    body = json.dumps(said).encode()
    lines = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    writer.write(f"{lines}Connection: close\r\n\r\n".encode() + body)
    await writer.drain()


async def _drip(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while not writer.is_closing():
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.2)


class Authority:
    """Signs for any host; whoever is to trust it reads :attr:`file`."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "authority.pem"
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Authority of the test")])
        own = _certificate(self._name, self._key).add_extension(
            x509.BasicConstraints(ca=True, path_length=0), critical=True
        ).issuer_name(self._name)  # fmt: skip
        self._own = own.sign(self._key, hashes.SHA256())
        self.file.write_bytes(self._own.public_bytes(serialization.Encoding.PEM))

    def of(self, host: str) -> ssl.SSLContext:
        """What a server of this host shows."""
        key = ec.generate_private_key(ec.SECP256R1())
        made = _certificate(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)]), key)
        made = made.issuer_name(self._name).add_extension(
            x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False
        )
        made = made.add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False
        )
        signed = made.sign(self._key, hashes.SHA256())
        file = self._folder / f"{host}.pem"
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        file.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context


def _certificate(name: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
