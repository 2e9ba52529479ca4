"""Slack's Web API, one call at a time: one shared session, one try each, errors in the core's words."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from io import BytesIO
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from slack_sdk.webhook.async_client import AsyncWebhookClient

from adapters.slack import limits
from adapters.slack.errors import from_answer, translated
from adapters.slack.settings import SlackSettings
from bot.errors import Refused, TryLater

Method = Callable[..., Awaitable[AsyncSlackResponse]]

SLACKS_OWN = ("slack.com", "slack-gov.com")
"""Domains to whose hosts files and answers may be brought, beside the Web API's own."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the bot is in its workspace."""

    user: str
    bot: str
    team: str
    url: str
    """The workspace's address, with a slash at the end."""
    scopes: frozenset[str]
    at: datetime | None = None
    """When Slack answered, by its own clock; to the second."""
    everywhere: bool = False
    """Whether the app was installed in a whole Enterprise organisation, not in one workspace."""

    def permalink(self, ref: str) -> str:
        """The address of a message."""
        channel, ts = parts(ref)
        return f"{self.url}archives/{channel}/p{ts.replace('.', '')}"


def ref(channel: str, ts: str) -> str:
    """A message's reference, as the core keeps it."""
    return f"{channel}:{ts}"


def parts(ref: str) -> tuple[str, str]:
    """The channel and the timestamp of a message's reference."""
    channel, _, ts = ref.partition(":")
    return channel, ts


class Api:
    """Slack's Web API with one session for all calls. What it raises is ``TryLater`` or ``Refused``."""

    def __init__(self, settings: SlackSettings) -> None:
        token = settings.slack_bot_token
        self.client = AsyncWebClient(
            token=token.get_secret_value() if token else None, base_url=settings.slack_api_url, retry_handlers=[]
        )
        self.direct = _is_loopback(settings.slack_api_url)
        """Whether a proxy named by the environment is to be passed by (the SDK does not know ``NO_PROXY``)."""
        if self.direct:
            self.client.proxy = None
        self.identity: Identity | None = None
        self.reachable = False
        """Whether the last call was answered at all."""

    async def open(self) -> aiohttp.ClientSession:
        """The session, made if there is none."""
        if self.client.session is None or self.client.session.closed:
            timeout = aiohttp.ClientTimeout(total=limits.TIMEOUT, sock_connect=limits.CONNECT_TIMEOUT)
            self.client.session = aiohttp.ClientSession(timeout=timeout)
        return self.client.session

    async def close(self) -> None:
        """Hang up."""
        if self.client.session is not None:
            await self.client.session.close()

    async def call(self, method: Method, **arguments: Any) -> dict[str, Any]:
        """Call one of the client's methods once, and return its answer."""
        await self.open()
        try:
            with translated():
                answer = await method(**arguments)
        except TryLater as later:
            self.reachable = not later.unreachable
            raise
        self.reachable = True
        return answer.data if isinstance(answer.data, dict) else {}

    async def settle(self, method: Method, *already: str, **arguments: Any) -> dict[str, Any]:
        """Like ``call``, where refusals with these words mean that it is so already."""
        try:
            return await self.call(method, **arguments)
        except Refused as no:
            if no.why in already:
                return {}
            raise

    async def respond(self, url: str, body: dict[str, Any]) -> bool:
        """Post to a ``response_url``; ``False`` where it is used up, too old, or no address of Slack's."""
        if not self._is_slacks(url):
            return False
        await self.open()
        hook = AsyncWebhookClient(url, session=self.client.session, retry_handlers=[])
        if self.direct:
            hook.proxy = None
        with translated():
            answer = await hook.send_dict(body)
        if answer.status_code == 200 and answer.body.strip() in ("ok", ""):
            return True
        outcome = from_answer(answer.status_code, "", answer.headers)
        if isinstance(outcome, TryLater) and answer.status_code >= 400:
            raise outcome
        return False

    async def upload(self, url: str, content: bytes) -> None:
        """Bring a file's bytes to the address that Slack gave for them; to any other host they are not sent."""
        if not self._is_slacks(url):
            raise Refused("upload_address_is_not_slacks")
        session = await self.open()
        with translated():
            sending = session.post(
                url, data=BytesIO(content), proxy=self.client.proxy, ssl=self.client.ssl or True, allow_redirects=False
            )
            async with sending as answer:
                if answer.status != HTTPStatus.OK:
                    raise from_answer(answer.status, "", answer.headers)

    def _is_slacks(self, url: str) -> bool:
        try:
            there, home = urlsplit(url), urlsplit(self.client.base_url)
        except ValueError:
            return False
        if (there.scheme, there.netloc) == (home.scheme, home.netloc):
            return True
        host = there.hostname or ""
        return there.scheme == "https" and any(f".{host}".endswith(f".{own}") for own in SLACKS_OWN)

    async def who(self) -> Identity:
        """Who we are; Slack is asked once."""
        return self.identity or await self.identify()

    async def identify(self) -> Identity:
        """Ask Slack who we are, and keep it."""
        await self.open()
        with translated():
            answer = await self.client.auth_test()
        self.reachable = True
        self.identity = Identity(
            user=str(answer["user_id"]),
            bot=str(answer.get("bot_id") or ""),
            team=str(answer.get("team_id") or ""),
            url=str(answer.get("url") or "https://slack.com/").rstrip("/") + "/",
            scopes=frozenset(scope.strip() for scope in _header(answer, "x-oauth-scopes").split(",") if scope.strip()),
            at=_moment(_header(answer, "date")),
            everywhere=bool(answer.get("is_enterprise_install")),
        )
        return self.identity


def _header(answer: AsyncSlackResponse, name: str) -> str:
    return next((str(value) for key, value in answer.headers.items() if key.lower() == name), "")


def _moment(date: str) -> datetime | None:
    """What an HTTP date says (RFC 9110 §5.6.7)."""
    try:
        return parsedate_to_datetime(date)
    except ValueError:
        return None


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
