"""The transport: connects to an address that was judged, and to no other that the name may come to mean meanwhile."""

import httpx

from adapters.health.addresses import Addresses

INSIDE = "tocsin.inside"
"""Extension of a request: the hosts, in small letters, that may have an address that is not public."""
ONE_OF_SEVERAL = 1.5
"""Seconds for connecting to an address while there is another: one that nobody answers at must not use up the time."""
PORTS = {"http": 80, "https": 443}


class PinnedTransport(httpx.AsyncBaseTransport):
    """Puts the judged address in the place of the host's name.

    The name still goes along where it belongs: as ``Host``, and to TLS, which checks the certificate against it.
    Connections are not kept: the pool knows them by address only, so that two hosts could share one that was checked
    against the other's certificate; and a health check should find out whether one can connect.
    """

    def __init__(self, addresses: Addresses) -> None:
        self._addresses = addresses
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
        self._inner = httpx.AsyncHTTPTransport(limits=limits)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Connect to the host's addresses one after the other."""
        host = request.url.raw_host.decode("ascii")
        port = request.url.port or PORTS[request.url.scheme]
        inside = request.url.host.casefold() in request.extensions.get(INSIDE, ())
        found = await self._addresses.of(host, port, any_kind=inside)
        for address in found[:-1]:
            try:
                return await self._to(request, address, host=host, within=ONE_OF_SEVERAL)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
        return await self._to(request, found[-1], host=host, within=None)

    async def _to(self, request: httpx.Request, address: str, *, host: str, within: float | None) -> httpx.Response:
        pinned = httpx.Request(
            request.method,
            request.url.copy_with(host=address),
            headers=request.headers,
            stream=request.stream,
            extensions={"sni_hostname": host, "timeout": {"connect": within}},
        )
        return await self._inner.handle_async_request(pinned)

    async def aclose(self) -> None:
        """Close what is open."""
        await self._inner.aclose()
