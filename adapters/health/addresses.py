"""Which addresses a health check may reach: its host is looked up once, and only what was judged is connected to."""

import asyncio
import ipaddress
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

LookUp = Callable[[str, int], list[str]]
"""Host and port to addresses, in the order in which they should be tried; raises ``OSError`` where there are none."""

WITHIN_SIX = ipaddress.IPv6Network("64:ff9b::/96")
"""Addresses of IPv4 as a translator for IPv6 networks writes them (RFC 6052)."""
PUBLIC_SIX = ipaddress.IPv6Network("2000::/3")
"""All of IPv6 that is given out to the public internet (IANA, RFC 4291 §2.4). What lies beside it may be a way inside:
addresses of IPv4 in older spellings (``::a.b.c.d``, ``::ffff:0:a.b.c.d``), translators of one's own network
(``64:ff9b:1::/48``), sites (``fec0::/10``)."""
LOOKING = 8
"""Names looked up at once. In threads of their own: a name server that hangs must not hold up other look-ups."""


class NoName(OSError):
    """The host has no address."""


class AddressRefused(OSError):
    """The host has an address that is not public, and may not have one."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


def ask_the_system(host: str, port: int) -> list[str]:
    """The operating system's answer: its resolver and its hosts file."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(place[0]) for *_, place in found))


def is_public(address: str) -> bool:
    """Whether an address belongs to the public internet: not this machine, a private network, a link or a group."""
    found = ipaddress.ip_address(address)
    inner = found if isinstance(found, ipaddress.IPv4Address) else _within(found)
    if isinstance(inner, ipaddress.IPv6Address) and inner not in PUBLIC_SIX:
        return False
    return all(each.is_global and not each.is_multicast for each in (found, inner))


def _within(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """The address of IPv4 that is written inside one of IPv6, where one is."""
    if address in WITHIN_SIX:
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour or address


class Addresses:
    """Looks hosts up."""

    def __init__(self, look_up: LookUp = ask_the_system) -> None:
        self._look_up = look_up
        self._threads = ThreadPoolExecutor(LOOKING, thread_name_prefix="health look-up")

    async def of(self, host: str, port: int, *, any_kind: bool) -> list[str]:
        """Where to connect; raises :class:`NoName`, or :class:`AddressRefused` unless it may be ``any_kind``."""
        try:
            found = await asyncio.get_running_loop().run_in_executor(self._threads, self._look_up, host, port)
        except (OSError, UnicodeError) as error:
            raise NoName(host) from error
        if not found:
            raise NoName(host)
        refused = [address for address in found if not any_kind and not is_public(address)]
        if refused:
            raise AddressRefused(refused[0])
        return found

    def close(self) -> None:
        """Look nothing up any more."""
        self._threads.shutdown(wait=False, cancel_futures=True)
