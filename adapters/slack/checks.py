"""What the doctor examines: tokens, scopes, the announcement channel, and how events come in."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.api import Api, Identity
from adapters.slack.rooms import Rooms
from adapters.slack.settings import Mode, SlackSettings
from bot.doctor import Finding, Health
from bot.errors import Outside, Refused

NEEDED = (
    "commands",
    "chat:write",
    "channels:manage",
    "channels:read",
    "channels:join",
    "channels:history",
    "groups:write",
    "groups:read",
    "groups:history",
    "im:write",
    "pins:write",
    "bookmarks:write",
    "bookmarks:read",
    "reactions:read",
    "reactions:write",
    "files:write",
    "users:read",
)
"""The bot scopes of ``manifest.yaml``."""
WHERE_NAMED = "ANNOUNCE_CHANNEL, or `announce` in a playbook"
"""Where an announcement channel is named."""
WHERE_WATCHED = "ALERT_CHANNELS, or `alerts` in a playbook"
"""Where an alert channel is named."""


async def examine(
    settings: SlackSettings, announces: Sequence[str] = ("",), *, watched: Sequence[str] = ()
) -> list[Finding]:
    """Everything that may keep the bot from working in Slack, with how to mend it.

    ``announces`` names the channels in which the playbooks announce; an empty name is the setting's. ``watched`` are
    the channels in which alerts are read; ids of other platforms among them are passed over.
    """
    if settings.mode is Mode.OFF:
        return [_off(settings)]
    api = Api(settings)
    try:
        found = [finding async for finding in _findings(api, settings)]
        names = dict.fromkeys(name or settings.announce_channel for name in announces) if api.identity else ()
        alerts = (
            dict.fromkeys(bare for name in watched if not (bare := name.removeprefix("#")).isdecimal())
            if api.identity
            else ()
        )
        found += [await _announcements(api, name) for name in names]
        return [*found, *[await _alerts(api, name) for name in alerts]]
    finally:
        await api.close()


async def _findings(api: Api, settings: SlackSettings) -> AsyncIterator[Finding]:
    yield _fine("Slack mode", settings.reason)
    try:
        identity = await api.identify()
    except Outside as no:
        yield _token(no)
        return
    yield _fine("Slack bot token", f"It belongs to {identity.user} in {identity.url}.")
    yield _scopes(identity)
    if settings.mode is Mode.SOCKET:
        yield await _app_token(api, settings)


def _off(settings: SlackSettings) -> Finding:
    begun = (settings.slack_bot_token, settings.slack_app_token, settings.slack_signing_secret)
    health = Health.WRONG if any(begun) else Health.WORTH_A_LOOK
    mend = "Follow “Connect a real Slack” in adapters/slack/README.md, or leave Slack off."
    return Finding(what="Slack mode", health=health, says=settings.reason, mend=mend)


def _token(no: Outside) -> Finding:
    if no.why == "connection_failed":
        mend = "Check the network, the proxy and SLACK_API_URL."
    else:
        mend = "Copy the Bot User OAuth Token (xoxb-…) from “OAuth & Permissions” to SLACK_BOT_TOKEN."
    return _wrong("Slack bot token", f"Slack answered {no.why}.", mend)


def _scopes(identity: Identity) -> Finding:
    what = "Slack scopes"
    if not identity.scopes:
        return Finding(what=what, health=Health.WORTH_A_LOOK, says="Slack did not say which scopes the token has.")
    missing = [scope for scope in NEEDED if scope not in identity.scopes]
    if missing:
        mend = "Add them under “OAuth & Permissions” → “Bot Token Scopes”, then reinstall the app."
        return _wrong(what, f"Missing: {', '.join(missing)}.", mend)
    return _fine(what, "All there.")


async def _app_token(api: Api, settings: SlackSettings) -> Finding:
    what, token = "Slack app token", settings.slack_app_token
    client: AsyncWebClient = api.client
    try:
        await api.call(client.apps_connections_open, app_token=token.get_secret_value() if token else "")
    except Outside as no:
        mend = "Make one under “Basic Information” → “App-Level Tokens” with connections:write; switch on Socket Mode."
        return _wrong(what, f"Slack answered {no.why}.", mend)
    return _fine(what, "Slack opens sockets for it.")


async def _announcements(api: Api, name: str) -> Finding:
    what = f"Slack channel #{name}"
    room = await _channel(api, name, what=what, named=WHERE_NAMED)
    if isinstance(room, Finding):
        return room
    if not room.get("is_member"):
        says = "The bot is not in it yet; into a public one it comes by itself."
        return Finding(what=what, health=Health.WORTH_A_LOOK, says=says, mend=f"Type /invite @Tocsin in #{name}.")
    return _fine(what, "The bot is in it.")


async def _alerts(api: Api, name: str) -> Finding:
    """Whether alerts can be read in a channel: Slack tells a bot only of those that it is in."""
    what = f"Slack alert channel #{name}"
    room = await _channel(api, name, what=what, named=WHERE_WATCHED)
    if isinstance(room, Finding):
        return room
    if not room.get("is_member"):
        says = "The bot is not in it, so it cannot read the alerts that are posted there."
        return _wrong(what, says, f"Type /invite @Tocsin in #{room.get('name') or name}.")
    return _fine(what, "The bot is in it, and reads what other apps post there.")


async def _channel(api: Api, name: str, *, what: str, named: str) -> dict[str, Any] | Finding:
    """A channel as Slack describes it, or what is wrong with it; ``named`` says where its name is written."""
    try:
        channel = await Rooms(api).id_of(name)
        if channel is None:
            mend = f"Make #{name}, or name another ({named}); into a private one invite the bot."
            return _wrong(what, "There is none that the bot can see.", mend)
        answer = await api.call(api.client.conversations_info, channel=channel)
    except Refused as no:
        return _wrong(what, f"Slack answered {no.why}.", f"Name a channel that the bot can see ({named}).")
    except Outside as no:
        return Finding(what=what, health=Health.WORTH_A_LOOK, says=f"Slack answered {no.why}.", mend="Ask again later.")
    room: dict[str, Any] = answer.get("channel") or {}
    if room.get("is_archived"):
        return _wrong(what, "It is archived.", f"Unarchive it, or name another ({named}).")
    return room


def _fine(what: str, says: str) -> Finding:
    return Finding(what=what, health=Health.FINE, says=says)


def _wrong(what: str, says: str, mend: str) -> Finding:
    return Finding(what=what, health=Health.WRONG, says=says, mend=mend)
