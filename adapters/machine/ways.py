"""What the doctor examines about the ways in and out of this machine: its port, its public address, its proxy."""

import asyncio
import errno
import ipaddress
import socket
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

import httpx

from bot.doctor import Finding, doubt, fine, wrong

PATIENCE = 4.0
"""Seconds that one address is given."""
PROXIES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY")
PATHS = ("/slack/events", "/alerts", "/status", "/v2/enqueue", "/healthz", "/readyz", "/metrics", "/pages")
"""Where the bot serves something of its own."""
PUBLIC = "Public address"
LISTENING = "HTTP_HOST"


async def examine(values: Mapping[str, str], *, host: str, public_url: str) -> list[Finding]:
    """All of them at once."""
    looks = (asyncio.to_thread(_listening, host), _public(public_url), _proxies(values))
    return [one for some in await asyncio.gather(*looks) for one in some]


def _listening(host: str) -> list[Finding]:
    """Whether the bot can listen at its address, whichever port is free there."""
    try:
        with socket.create_server((host, 0), family=socket.AF_INET6 if ":" in host else socket.AF_INET):
            return []
    except (OSError, UnicodeError) as no:
        known = isinstance(no, OSError) and no.errno == errno.EADDRNOTAVAIL
        says = f"{host} is {'no address of this machine' if known else 'nothing that can be listened at'}."
        mend = "Set it to 127.0.0.1 (this machine only), 0.0.0.0 (everybody), or an address that `ip address` shows."
        return [wrong("settings.host", LISTENING, says, mend)]


async def _public(url: str) -> list[Finding]:
    """Whether the address that people are given leads here."""
    if not url:
        return []  # the finding about links says so
    found = list(_spelled(url))
    if any(one.name in ("settings.public-url-path", "settings.public-url-local") for one in found):
        return found
    return [*found, *await _answers(url)]


def _spelled(url: str) -> Iterator[Finding]:
    parts = urlsplit(url)
    host, path = parts.hostname or "", parts.path.rstrip("/")
    if any(path.endswith(own) for own in PATHS):
        mend = f"Leave the path away: PUBLIC_URL={parts.scheme}://{parts.netloc}."
        yield wrong(
            "settings.public-url-path", PUBLIC, f"PUBLIC_URL ends in {path}, which is added to it anyway.", mend
        )
    elif _local(host):
        says = f"PUBLIC_URL leads to {host}, which other machines cannot reach."
        yield wrong("settings.public-url-local", PUBLIC, says, "Set it to the address by which people reach the bot.")
    elif parts.scheme == "http":
        says = "PUBLIC_URL has no TLS: links to answer pages travel in the open, and Slack posts to https only."
        yield doubt("settings.public-url-plain", PUBLIC, says, "Put a reverse proxy with a certificate before it.")


def _local(host: str) -> bool:
    if host.casefold() in ("localhost", "0.0.0.0") or host.casefold().endswith((".local", ".localhost")):  # noqa: S104
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified or address.is_link_local


async def _answers(url: str) -> list[Finding]:
    """Ask the bot how it is by way of its public address."""
    mend = "Let the reverse proxy pass everything on to HTTP_HOST and HTTP_PORT; the bot has to run."
    try:
        async with httpx.AsyncClient(timeout=PATIENCE) as client:
            answer = await client.get(f"{url.rstrip('/')}/healthz")
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError, OSError) as no:
        says = f"PUBLIC_URL cannot be reached from here ({type(no).__name__})."
        return [doubt("settings.public-url-unreachable", PUBLIC, says, f"Look at its DNS and certificate. {mend}")]
    if answer.status_code != httpx.codes.OK:
        says = f"PUBLIC_URL answers {answer.status_code}, so it does not lead to the bot."
        return [doubt("settings.public-url-elsewhere", PUBLIC, says, mend)]
    return [fine(PUBLIC, "It leads to a bot that runs")]


async def _proxies(values: Mapping[str, str]) -> list[Finding]:
    """Whether the proxies that the environment names are there; an address may hold a password and is not told."""
    names = {value: name for name, value in values.items() if name.upper() in PROXIES}
    return [one for url, name in names.items() if (one := await _proxy(name, url)) is not None]


async def _proxy(name: str, url: str) -> Finding | None:
    parts = urlsplit(url if "//" in url else f"//{url}")
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
        async with asyncio.timeout(PATIENCE):
            _, writer = await asyncio.open_connection(parts.hostname, port)
        writer.close()
    except (OSError, ValueError) as no:
        says = f"Nothing answers at the proxy that it names ({type(no).__name__}), so nothing outside can be reached."
        return wrong("settings.proxy", name, says, f"Correct {name}, or unset it; NO_PROXY names what goes without.")
    return None
