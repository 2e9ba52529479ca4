"""Who may talk to the sandbox: programs and pages of this machine, and no page of anybody else's."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler


def is_loopback(host: str) -> bool:
    """Whether a host name or address (without port or brackets) is this machine's own."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what a foreign page could make a browser send: a name that was rebound to us, or another origin."""
    if not is_loopback(host_of(f"//{request.headers.get('Host', '')}")):
        return _refuse("The sandbox answers only to 127.0.0.1 and localhost; this request named another host.")
    origin = request.headers.get("Origin")
    if origin is not None and request.path.startswith("/sandbox/") and not _same(origin, request):
        return _refuse("The sandbox is steered only from its own page; this request came from another origin.")
    return await handler(request)


def host_of(address: str) -> str:
    """The host of an address, without port and brackets; ``""`` where there is none."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _same(origin: str, request: web.Request) -> bool:
    return origin.lower() == f"http://{request.headers['Host']}".lower()


def _refuse(why: str) -> web.Response:
    return web.json_response({"error": why}, status=403)
