"""What the doctor examines: tokens, scopes, the announcement channel, and how events come in."""

import asyncio
import re
from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from pydantic import SecretStr

from adapters.slack import examined
from adapters.slack.api import Api, Identity
from adapters.slack.settings import Mode, SlackSettings
from bot.doctor import Finding, doubt, fine, wrong
from bot.errors import Outside, Refused, TryLater
from bot.people import Person
from bot.ports import Clock

NEEDED = {
    "commands": "hear /incident and the shortcuts",
    "chat:write": "post cards, reminders and private answers",
    "channels:manage": "make, name and archive incident channels",
    "channels:read": "find the announcement channel",
    "channels:join": "come into the announcement channel by itself",
    "channels:history": "see whether a message is there already, and read alerts",
    "groups:write": "make private incident channels",
    "groups:read": "find private channels that it is in",
    "groups:history": "see whether a message is there already in private channels",
    "im:write": "write to people who are not in the channel",
    "pins:write": "pin the live card and the runbooks",
    "bookmarks:write": "keep runbooks as bookmarks",
    "bookmarks:read": "see whether a bookmark is there already",
    "reactions:read": "take reactions as answers",
    "reactions:write": "put its own reactions on messages",
    "files:write": "post post-mortems and other texts as files",
    "users:read": "know the names of people, and which of them are bots",
}
"""The bot scopes of ``manifest.yaml``, and what each is for."""
SKEW = timedelta(minutes=5)
"""How old a signed request may be; Slack counts by its clock, the bot by this machine's."""
KINDS = {
    "xoxp-": "a user's token",
    "xoxe": "a token that runs out (token rotation)",
    "xapp-": "an app-level token",
    "xoxa-": "a legacy token",
    "xoxb-": "a bot token",
}
"""How Slack's tokens begin."""
SECRET = re.compile("[0-9a-f]{32}")
"""What a signing secret looks like."""
REVOKED = {
    "token_revoked": "slack.token-revoked",
    "account_inactive": "slack.token-revoked",
    "token_expired": "slack.token-expired",
}
"""Slack's words for tokens that it knew."""
REINSTALL = "Reinstall the app (“Install App”), and copy the new Bot User OAuth Token to SLACK_BOT_TOKEN."
ROTATION = "Switch token rotation off: make the app anew from the manifest, for Slack never takes rotation back."
NEW_APP_TOKEN = "Make one under “Basic Information” → “App-Level Tokens” with connections:write; switch on Socket Mode."  # noqa: S105


async def examine(
    settings: SlackSettings,
    announces: Sequence[str] = ("",),
    *,
    watched: Sequence[str] = (),
    people: Sequence[Person] = (),
    clock: Clock | None = None,
    public_url: str | None = None,
) -> list[Finding]:
    """Everything that may keep the bot from working in Slack, with how to mend it.

    ``announces`` names the channels in which the playbooks announce; an empty name is the setting's. ``watched`` are
    the channels in which alerts are read; ids of other platforms among them are passed over. ``people`` are looked up,
    ``clock`` is compared with Slack's, ``public_url`` is where Slack would post to (``None``: not known).
    """
    mixed = _mixed(settings)
    if settings.mode is Mode.OFF:
        return [*mixed, _off(settings)]
    found = [*mixed, fine("Slack mode", settings.reason), *_way(settings, public_url)]
    api = Api(settings)
    try:
        return [*found, *await _asked(api, settings, announces, watched, people, clock)]
    finally:
        await api.close()


async def _asked(
    api: Api,
    settings: SlackSettings,
    announces: Sequence[str],
    watched: Sequence[str],
    people: Sequence[Person],
    clock: Clock | None,
) -> list[Finding]:
    """What Slack itself says; all questions at once, once the token is known to be right."""
    try:
        identity = await _identity(api)
    except Outside as no:
        return [_token(no)]
    names = dict.fromkeys(name or settings.announce_channel for name in announces)
    alerts = dict.fromkeys(bare for name in watched if not (bare := name.removeprefix("#")).isdecimal())
    told = await asyncio.gather(
        _app(api, settings, identity) if settings.mode is Mode.SOCKET else _nothing(),
        _each(examined.announcements, api, names),
        _each(examined.alerts, api, alerts),
        examined.people(api, people),
    )
    here = [
        fine("Slack bot token", f"It belongs to {identity.user} in {identity.url}."),
        *_install(identity),
        _scopes(identity),
        *(_clock(identity, clock) if clock is not None else ()),
    ]
    return [*here, *(one for some in told for one in some)]


async def _identity(api: Api) -> Identity:
    """Who the bot is. Asked twice, for all parts are examined at once, and a busy machine may miss the first answer."""
    try:
        return await api.identify()
    except TryLater:
        return await api.identify()


async def _nothing() -> list[Finding]:
    return []


async def _each(
    look: Callable[[Api, str], Coroutine[Any, Any, Finding]], api: Api, names: Iterable[str]
) -> list[Finding]:
    return [await look(api, name) for name in names]


def _mixed(settings: SlackSettings) -> list[Finding]:
    """Tokens that stand in each other's place, as far as their looks tell."""
    bot, app = _bare(settings.slack_bot_token), _bare(settings.slack_app_token)
    if bot.startswith("xapp-") and app.startswith("xoxb-"):
        says, mend = "They stand in each other's place.", "Swap SLACK_BOT_TOKEN (xoxb-…) and SLACK_APP_TOKEN (xapp-…)."
        return [wrong("slack.tokens-swapped", "Slack tokens", says, mend)]
    found = []
    for what, token, right in (("SLACK_BOT_TOKEN", bot, "xoxb-"), ("SLACK_APP_TOKEN", app, "xapp-")):
        kind = next((said for begins, said in KINDS.items() if token.startswith(begins)), "no token of Slack's")
        if token and not token.startswith(right):
            mend = f"Put the one there that starts with {right}; adapters/slack/README.md says where it stands."
            found.append(wrong("slack.token-kind", what, f"It is {kind}.", mend))
    return found


def _way(settings: SlackSettings, public_url: str | None) -> Iterator[Finding]:
    """In HTTP mode: whether Slack can post to the bot."""
    if settings.mode is not Mode.HTTP:
        return
    if not SECRET.fullmatch(_bare(settings.slack_signing_secret)):
        says = "A signing secret is 32 digits and letters from a to f; this is something else, so no request is taken."
        mend = "Copy the Signing Secret (not the Client Secret or the Verification Token) from “Basic Information”."
        yield wrong("slack.signing-secret", "SLACK_SIGNING_SECRET", says, mend)
    if public_url == "":
        says = "Slack posts to /slack/events, and PUBLIC_URL does not say where that is from outside."
        mend = "Set PUBLIC_URL and name it in the app's three Request URLs; or set SLACK_APP_TOKEN (Socket Mode)."
        yield doubt("slack.no-address", "Slack requests", says, mend)


def _off(settings: SlackSettings) -> Finding:
    begun = (settings.slack_bot_token, settings.slack_app_token, settings.slack_signing_secret)
    mend = "Follow “Connect a real Slack” in adapters/slack/README.md, or leave Slack off."
    if not any(begun):
        return fine("Slack mode", settings.reason, mend)
    name = "slack.no-way-in" if settings.slack_bot_token else "slack.no-bot-token"
    return wrong(name, "Slack mode", settings.reason, mend)


def _token(no: Outside) -> Finding:
    what, says = "Slack bot token", f"Slack answered {no.why}."
    if no.why in REVOKED:
        return wrong(REVOKED[no.why], what, says, ROTATION if no.why == "token_expired" else REINSTALL)
    if isinstance(no, Refused) or no.why in ("invalid_auth", "not_authed"):
        mend = "Copy the Bot User OAuth Token (xoxb-…) from “OAuth & Permissions” to SLACK_BOT_TOKEN."
        return wrong("slack.token-unknown", what, says, mend)
    return wrong("slack.unreachable", what, says, "Check the network, the proxy and SLACK_API_URL.")


def _install(identity: Identity) -> Iterator[Finding]:
    if identity.everywhere:
        says = "The app is installed in a whole organisation, and the bot serves one workspace."
        mend = "Install it in the one workspace: “Install App” there, and copy that token to SLACK_BOT_TOKEN."
        yield wrong("slack.organisation", "Slack workspace", says, mend)


def _scopes(identity: Identity) -> Finding:
    what = "Slack scopes"
    if not identity.scopes:
        mend = "Look under “OAuth & Permissions” whether all of adapters/slack/manifest.yaml are there."
        return doubt("slack.scopes-untold", what, "Slack did not say which scopes the token has.", mend)
    missing = [scope for scope in NEEDED if scope not in identity.scopes]
    if not missing:
        return fine(what, "All there.")
    what_for = "; ".join(f"without {scope} it cannot {NEEDED[scope]}" for scope in missing)
    mend = "Add them under “OAuth & Permissions” → “Bot Token Scopes”, then reinstall the app."
    return wrong("slack.scopes", what, f"Missing: {', '.join(missing)} ({what_for}).", mend)


def _clock(identity: Identity, clock: Clock) -> Iterator[Finding]:
    """Slack's clock and this machine's: signed requests are refused where they differ."""
    if identity.at is None:
        return
    apart = abs(clock.now() - identity.at)
    if apart > SKEW:
        says = f"This machine's clock is {round(apart / timedelta(minutes=1))} minutes off Slack's."
        mend = "Let it be set by NTP (`timedatectl set-ntp true`): signed requests and reminders go by it."
        yield wrong("slack.clock", "Clock", says, mend)


async def _app(api: Api, settings: SlackSettings, identity: Identity) -> list[Finding]:
    """Whether sockets are opened for the app token, and whether it is the same app's."""
    token, client = _bare(settings.slack_app_token), api.client
    what = "Slack app token"
    try:
        await api.call(client.apps_connections_open, app_token=token)
    except Outside as no:
        name = "slack.app-token-scope" if no.why in ("missing_scope", "not_allowed_token_type") else "slack.app-token"
        return [wrong(name, what, f"Slack answered {no.why}.", NEW_APP_TOKEN)]
    try:
        bot = (await api.call(client.bots_info, bot=identity.bot)).get("bot") or {}
    except Outside:
        bot = {}  # without users:read Slack does not say; the finding about scopes does
    mine, parts = str(bot.get("app_id") or ""), token.split("-")
    if mine and len(parts) > 2 and parts[2].startswith("A") and parts[2] != mine:
        says = f"It belongs to the app {parts[2]}, and the bot token to {mine}: no event would come in."
        mend = f"Take both from one app: https://api.slack.com/apps/{mine}."
        return [wrong("slack.apps-differ", what, says, mend)]
    return [fine(what, "Slack opens sockets for it.")]


def _bare(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret is not None else ""
