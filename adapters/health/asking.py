"""Asking one service: a request, and as little of the answer as the check needs."""

import asyncio
import ssl
from collections.abc import Iterator
from http.cookiejar import CookieJar, DefaultCookiePolicy
from time import monotonic

import httpx

from adapters.health.addresses import Addresses, AddressRefused, NoName
from adapters.health.pinned import INSIDE, PinnedTransport
from bot.learned import Met, Reading
from bot.playbook.help import HealthCheck

MOST = 64 * 1024
"""Bytes of a body that are read."""
LONGEST = 30.0
"""Seconds; no check may wait longer (see ``HealthCheck.timeout``)."""


def client(addresses: Addresses) -> httpx.AsyncClient:
    """A client that follows no redirect, keeps no cookie, and takes no proxy or password from its surroundings."""
    return httpx.AsyncClient(
        transport=PinnedTransport(addresses),
        headers={"User-Agent": "Tocsin", "Accept": "*/*", "Accept-Encoding": "identity"},
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        timeout=LONGEST,  # for each step; each check has a time of its own for everything, see ask
        follow_redirects=False,
        trust_env=False,
    )


async def ask(http: httpx.AsyncClient, check: HealthCheck, *, inside: frozenset[str]) -> Reading:
    """Ask one health check; whatever happens on the way is a reading. ``inside``: hosts that need not be public."""
    began = monotonic()
    try:
        async with asyncio.timeout(check.patience):
            reading = await _ask(http, check, inside=inside)
    except TimeoutError:
        reading = Reading(met=Met.SILENCE)
    except (NoName, UnicodeError):  # a name that is no Punycode, though it says so, has no address either
        reading = Reading(met=Met.NO_NAME)
    except AddressRefused as refused:
        reading = Reading(met=Met.NOT_ALLOWED, address=refused.address)
    except httpx.RemoteProtocolError:
        reading = Reading(met=Met.NONSENSE)
    except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, OSError) as error:
        reading = Reading(met=Met.DISTRUST if any(map(_distrusts, _causes(error))) else Met.NO_WAY)
    return reading.model_copy(update={"seconds": monotonic() - began})


async def _ask(http: httpx.AsyncClient, check: HealthCheck, *, inside: frozenset[str]) -> Reading:
    async with http.stream(check.method, check.url, extensions={INSIDE: inside}) as answer:
        words = not check.contains or await _holds(answer, check.contains)
        return Reading(met=Met.ANSWER, status=answer.status_code, words=words)


async def _holds(answer: httpx.Response, words: str) -> bool:
    """Whether words stand in the first part of a body, read as it comes: unpacked, a small one might be huge."""
    wanted, body = words.encode(), b""
    async for piece in answer.aiter_raw():
        body += piece[: MOST - len(body)]
        if wanted in body:
            return True
        if len(body) == MOST:
            return False
    return False


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _distrusts(error: BaseException) -> bool:
    return isinstance(error, ssl.SSLCertVerificationError)
