"""Fetching a sender's page: over TLS from a real server, little and soon, and never from where one is sent on to."""

import asyncio
import ipaddress
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from adapters.health.addresses import Addresses
from adapters.health.asking import client
from adapters.web.fetching import MOST, Fetching
from bot.errors import Refused, TryLater

PAGES = {
    "/certificate": b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\npem",
    "/moved": b"HTTP/1.1 302 Found\r\nLocation: /certificate\r\nContent-Length: 0\r\n\r\n",
    "/missing": b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
    "/tired": b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n",
    "/slower": b"HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n\r\n",
    "/huge": b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + b"x" * (MOST + 1),
    "/nonsense": b"what?\r\n\r\n",
    "/silent": b"",
}


def certificate(folder: Path) -> Path:
    """A certificate for this machine, signed by itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sender")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, SHA256())
    )
    file = folder / "sender.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(private + made.public_bytes(Encoding.PEM))
    return file


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer one request with the page that it asks for."""
    head = await reader.readuntil(b"\r\n\r\n")
    writer.write(PAGES[head.split()[1].decode()])
    await writer.drain()
    writer.close()


@pytest.fixture
async def sender(tmp_path: Path) -> AsyncIterator[tuple[Fetching, str]]:
    """Fetching, and the address of a sender's pages."""
    file = certificate(tmp_path)
    serving = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    serving.load_cert_chain(file)
    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=serving)
    trusting = ssl.create_default_context(cafile=str(file))
    async with httpx.AsyncClient(verify=trusting, trust_env=False, follow_redirects=True) as http:
        yield Fetching(http), f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    server.close()
    await server.wait_closed()


async def test_a_page_is_fetched(sender: tuple[Fetching, str]) -> None:
    fetch, base = sender
    assert await fetch(f"{base}/certificate") == b"pem"


@pytest.mark.parametrize(("page", "why"), [("moved", "302"), ("missing", "404"), ("huge", "64 KiB")])
async def test_another_answer_is_a_no(sender: tuple[Fetching, str], page: str, why: str) -> None:
    fetch, base = sender
    with pytest.raises(Refused, match=why):
        await fetch(f"{base}/{page}")


@pytest.mark.parametrize("page", ["tired", "slower", "nonsense", "silent"])
async def test_no_answer_is_asked_for_again(sender: tuple[Fetching, str], page: str) -> None:
    fetch, base = sender
    with pytest.raises(TryLater):
        await fetch(f"{base}/{page}")


async def test_only_https_is_asked(sender: tuple[Fetching, str]) -> None:
    fetch, base = sender
    for url in (base.replace("https", "http") + "/certificate", "ftp://x/", "file:///etc/passwd", ""):
        with pytest.raises(Refused):
            await fetch(url)
    with pytest.raises(TryLater):
        await fetch("https://[::1")


async def test_an_address_that_is_not_public_is_not_asked() -> None:
    asked: list[str] = []

    def look_up(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["93.184.216.34", "169.254.169.254"]

    addresses = Addresses(look_up)
    async with client(addresses) as http:
        with pytest.raises(TryLater, match="AddressRefused"):
            await Fetching(http)("https://sns.eu-central-1.amazonaws.com/x.pem")
    addresses.close()
    assert asked == ["sns.eu-central-1.amazonaws.com"]
