"""What the doctor examines on Discord's side, and how to mend what is wrong."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import discord

from adapters.discord import limits
from adapters.discord.categories import CATEGORY, Categories
from adapters.discord.errors import WIRE_FAILURES, Code, outside
from adapters.discord.settings import DiscordSettings
from adapters.discord.wire import Wire
from bot.doctor import Finding, Health, doubt, fine, wrong
from bot.errors import Outside, Refused, TryLater
from bot.people import Group, Person

Json = dict[str, Any]

NEEDED: dict[str, str] = {
    "view_channel": "see the channels that it works in",
    "send_messages": "post cards, reminders and announcements",
    "send_messages_in_threads": "post updates into the announcement's thread",
    "create_public_threads": "open that thread; stand in for a channel where the server is full",
    "create_private_threads": "stand in for a private channel where the server is full",
    "manage_threads": "archive and lock such a thread",
    "embed_links": "show cards",
    "attach_files": "post texts as files, such as drafts and exports",
    "read_message_history": "see whether a message is there already, so that nothing is posted twice",
    "add_reactions": "put its own reactions on messages",
    "mention_everyone": "ring @here and roles when nobody answers",
    "manage_channels": "make the categories and incident channels, set topics, archive",
    "manage_roles": "make private incident channels and let people in (Discord calls channel overwrites so)",
    "manage_messages": "take away pins; pin where Discord does not know the permission to pin yet",
    "pin_messages": "pin the live card and the runbooks (since February 2026 a permission of its own)",
}
"""Permissions that the bot needs, by discord.py's name, and what for."""
MESSAGE_CONTENT = 1 << 18 | 1 << 19
"""Application flags: the intent is on, for a verified application or for one in few servers [D, Application Flags]."""
SLACKS_ID = re.compile("[CG][A-Z0-9]{8,}")
"""An id of Slack's: the setting names the alert channels of both platforms."""
WITHOUT = frozenset({"attach_files", "manage_messages", "create_private_threads", "manage_threads"})
"""Those without which an incident still runs."""


TOKEN = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+")
"""What a bot's token looks like: three parts with dots between."""
MOST_PEOPLE = 50
"""People looked up."""
NOBODY = (Code.UNKNOWN_USER, Code.UNKNOWN_MEMBER)
PORTAL = "https://discord.com/developers/applications"


def permissions() -> discord.Permissions:
    """Exactly the permissions that the bot needs."""
    return discord.Permissions(**dict.fromkeys(NEEDED, True))


def invite_link(application: int, guild: int | None = None) -> str:
    """The address under which somebody who manages a server invites the bot to it, with the needed permissions."""
    return discord.utils.oauth_url(
        application,
        permissions=permissions(),
        guild=discord.Object(id=guild) if guild is not None else discord.utils.MISSING,
        scopes=("bot", "applications.commands"),
    )


class Checks:
    """Examines the token, the server and the permissions; changes nothing."""

    def __init__(
        self,
        settings: DiscordSettings,
        *,
        wire: Wire,
        without: tuple[str, ...] = (),
        announces: Sequence[str] = ("",),
        watched: Sequence[str] = (),
        people: Sequence[Person] = (),
        groups: Sequence[Group] = (),
    ) -> None:
        self._groups = [one for one in groups if one.handles.get("discord")]
        self._app: Json = {}
        self._people = [one for one in people if one.on("discord")][:MOST_PEOPLE]
        self._settings = settings
        self._wire = wire
        self._without = without
        names = (name or settings.announce_channel for name in announces)
        self._announces = tuple(dict.fromkeys(name.lstrip("#") for name in names))
        self._watched = tuple(
            dict.fromkeys(bare for name in watched if not SLACKS_ID.fullmatch(bare := name.lstrip("#")))
        )
        self._categories = Categories(wire, settings)

    async def run(self) -> list[Finding]:
        """All findings; those that depend on a failed one are left out."""
        if self._settings.off is not None:
            return [off(self._settings)]
        found: list[Finding] = []
        first = (self._looks, self._token, self._guild)
        checks = [*first, self._endpoint, self._intents, self._permissions, self._commands, self._announcements]
        checks += [self._alerts] if self._watched else []
        checks += [self._place, *([self._members] if self._people else [])]
        checks += [self._roles] if self._groups else []
        for check in checks:
            some = await self._examined(check)
            found += some
            if check in first and any(one.health is Health.WRONG for one in some):
                break
        return found

    async def _examined(self, check: Callable[[], Awaitable[list[Finding]]]) -> list[Finding]:
        try:
            async with asyncio.timeout(limits.CALL):
                return await check()
        except (*WIRE_FAILURES, Outside) as error:
            said = error if isinstance(error, Outside) else outside(error)
            if isinstance(said, TryLater):
                mend = "Check the network, the proxy and DISCORD_API_URL; then https://discordstatus.com."
                return [wrong("discord.unreachable", "Discord", said.why, mend)]
            mend = "Look it up in the Developer Portal's documentation, under “Opcodes and Status Codes”."
            return [wrong("discord.refused", "Discord", said.why, mend)]

    async def _looks(self) -> list[Finding]:
        """Whether it can be a token at all: the Developer Portal shows several secrets."""
        if TOKEN.fullmatch(self._settings.secret):
            return []
        says = "It is no bot token: one has three parts with dots between (not the client secret, nor the public key)."
        mend = f"{PORTAL}, your application, Bot, Reset Token; put it into DISCORD_TOKEN, without “Bot ” before it."
        return [wrong("discord.token-kind", "Discord token", says, mend)]

    async def _token(self) -> list[Finding]:
        what = "Discord token"
        try:
            me = await self._wire.log_in()
        except discord.LoginFailure:
            mend = "Developer Portal, your application, Bot, Reset Token; put it into DISCORD_TOKEN"
            return [wrong("discord.token-unknown", what, "Discord does not know this token", mend)]
        return [fine(what, f"the bot's id is {me}")]

    async def _application(self) -> Json:
        self._app = self._app or await self._wire.ask("GET", "/oauth2/applications/@me")
        return self._app

    async def _invite(self) -> str:
        return invite_link(int((await self._application())["id"]), self._settings.server)

    async def _guild(self) -> list[Finding]:
        what, server = "Discord server", self._settings.server
        try:
            guild = await self._wire.ask("GET", "/guilds/{guild_id}", guild_id=server)
        except discord.HTTPException as error:
            if error.code not in (Code.UNKNOWN_GUILD, Code.MISSING_ACCESS):
                raise
            return [await self._elsewhere(what)]
        found = [fine(what, str(guild["name"]))]
        if guild.get("mfa_level"):
            says = "It asks moderators for two-factor authentication, which goes for the bot's owner as well."
            mend = "Whoever owns the application switches it on for their Discord account, or channels cannot be made."
            found.append(doubt("discord.two-factor", what, says, mend))
        return found

    async def _elsewhere(self, what: str) -> Finding:
        """The bot is in no server of this id: perhaps it is the id of something else."""
        server, right = self._settings.server, "Right-click the server itself, Copy Server ID; put it there."
        if str(server) == str((await self._application())["id"]):
            return wrong("discord.server-is-app", what, "DISCORD_GUILD_ID is the application's own id.", right)
        try:
            await self._wire.ask("GET", "/channels/{channel_id}", channel_id=server)
        except discord.HTTPException:
            says = f"the bot is not in the server {server}"
            return wrong(
                "discord.not-in-server", what, says, f"check DISCORD_GUILD_ID, or invite it: {await self._invite()}"
            )
        return wrong("discord.server-is-channel", what, "DISCORD_GUILD_ID is the id of a channel.", right)

    async def _endpoint(self) -> list[Finding]:
        if not (await self._application()).get("interactions_endpoint_url"):
            return []
        says = (
            "It has an Interactions Endpoint URL, so Discord posts commands and buttons there and the bot hears none."
        )
        mend = f"{PORTAL}, your application, General Information: leave Interactions Endpoint URL empty."
        return [wrong("discord.endpoint", "Discord application", says, mend)]

    async def _intents(self) -> list[Finding]:
        what = "Discord intents"
        if not self._settings.message_content:
            says = "Message Content is not asked for"
            if self._watched:
                says, mend = f"{says}: alerts that others post cannot be read", "unset DISCORD_MESSAGE_CONTENT"
                return [doubt("discord.intent-unasked", what, says, mend)]
            return [fine(what, says)]
        flags = int((await self._application()).get("flags") or 0)
        if flags & MESSAGE_CONTENT and not self._without:
            return [fine(what, "Message Content is on")]
        says = "Message Content is off: alerts that others post cannot be read; everything else works"
        mend = "Developer Portal, your application, Bot, switch on Message Content Intent; "
        return [doubt("discord.intent-off", what, says, f"{mend}or set DISCORD_MESSAGE_CONTENT=false")]

    async def _permissions(self) -> list[Finding]:
        what = "Discord permissions"
        held = await self._held()
        if held.administrator:
            says = "The bot is Administrator: it may do far more than it needs."
            mend = f"Take that from its role; the invite link asks for what it needs: {await self._invite()}"
            return [doubt("discord.administrator", what, says, mend)]
        missing = [name for name in NEEDED if not getattr(held, name)]
        if not missing:
            return [fine(what, "all that are needed")]
        says = "; ".join(f"cannot {NEEDED[name]} ({name.replace('_', ' ')})" for name in missing)
        mend = f"open the invite link again, it adds what is missing: {await self._invite()}"
        if WITHOUT.issuperset(missing):
            return [doubt("discord.permissions-some", what, says, mend)]
        return [wrong("discord.permissions", what, says, mend)]

    async def _commands(self) -> list[Finding]:
        """Whether commands may be registered; the start does it."""
        app, path = int((await self._application())["id"]), "/applications/{application_id}/guilds/{guild_id}/commands"
        try:
            known = await self._wire.ask("GET", path, application_id=app, guild_id=self._settings.server)
        except discord.Forbidden:
            says = "The bot was invited without the right to commands (applications.commands)."
            mend = f"Open the invite link again: {await self._invite()}"
            return [wrong("discord.commands", "Discord commands", says, mend)]
        there = any(one["name"] == "incident" for one in known)
        return [fine("Discord commands", "/incident is registered" if there else "the start registers /incident")]

    async def _held(self) -> discord.Permissions:
        """What the bot's roles grant it in the whole server."""
        me, server = await self._wire.log_in(), self._settings.server
        member = await self._wire.ask("GET", "/guilds/{guild_id}/members/{user_id}", guild_id=server, user_id=me)
        roles = await self._wire.ask("GET", "/guilds/{guild_id}/roles", guild_id=server)
        mine = {str(server), *map(str, member["roles"])}
        bits = 0
        for role in roles:
            bits |= int(role["permissions"]) if str(role["id"]) in mine else 0
        return discord.Permissions(bits)

    async def _announcements(self) -> list[Finding]:
        what = "Discord announcement channel"
        unseen = [name for name in self._announces if not await self._seen(name)]
        if unseen:
            says = ", ".join(f"#{name}" for name in unseen)
            mend = f"make a channel {says} that the bot sees, or set ANNOUNCE_CHANNEL (or `announce` in the playbook) "
            unseen_says = f"the bot does not see {says}"
            return [wrong("discord.channel-unseen", what, unseen_says, f"{mend}to another's name or id")]
        mute = [name for name in self._announces if not await self._may_post(name)]
        if mute:
            says = ", ".join(f"#{name}" for name in mute)
            mend = f"In {says}, Edit Channel, Permissions: let the bot's role send messages and embed links."
            return [wrong("discord.channel-mute", what, f"the bot may not post in {says}", mend)]
        return [fine(what, ", ".join(f"#{name}" for name in self._announces))]

    async def _may_post(self, name: str) -> bool:
        """Whether the channel's own overwrites leave the bot what it needs to announce there."""
        me, server = await self._wire.log_in(), self._settings.server
        channel = await self._wire.ask("GET", "/channels/{channel_id}", channel_id=await self._categories.named(name))
        member = await self._wire.ask("GET", "/guilds/{guild_id}/members/{user_id}", guild_id=server, user_id=me)
        held = await self._held()
        own = {str(one["id"]): one for one in channel.get("permission_overwrites") or ()}
        roles = [own[id] for role in member["roles"] if (id := str(role)) in own]
        steps = (
            [[own[id]] for id in (str(server),) if id in own] + [roles] + [[own[id]] for id in (str(me),) if id in own]
        )
        bits = held.value
        for step in steps:  # everyone, then all roles together, then the member, as Discord computes it
            bits &= ~_bits(step, "deny")
            bits |= _bits(step, "allow")
        may = discord.Permissions(bits)
        return held.administrator or (may.send_messages and may.embed_links)

    async def _alerts(self) -> list[Finding]:
        what = "Discord alert channels"
        unseen = [name for name in self._watched if not await self._seen(name)]
        if unseen:
            names = ", ".join(f"#{name}" for name in unseen)
            says = f"the bot does not see {names}, so it cannot read the alerts that are posted there"
            mend = f"give the bot's role View Channel and Read Message History in {names}, "
            return [
                wrong(
                    "discord.alerts-unseen",
                    what,
                    says,
                    f"{mend}or name others in ALERT_CHANNELS (or `alerts` in the playbook)",
                )
            ]
        return [fine(what, ", ".join(f"#{name}" for name in self._watched))]

    async def _seen(self, name: str) -> bool:
        try:
            channel = await self._categories.named(name)
            await self._wire.ask("GET", "/channels/{channel_id}/messages", query={"limit": 1}, channel_id=channel)
        except Refused:
            return False
        except discord.HTTPException as error:
            if error.status not in (403, 404):
                raise
            return False
        return True

    async def _place(self) -> list[Finding]:
        what = "Discord room for channels"
        known = (await self._categories.known()).values()
        left = limits.GUILD_CHANNELS - len(known)
        standing = sum(1 for each in known if each.kind == CATEGORY and each.name == self._settings.category)
        says = f"{left} of {limits.GUILD_CHANNELS} places left" + (
            "" if standing else "; the category comes at the start"
        )
        if left > NARROW:
            return [fine(what, says)]
        mend = (
            f"delete old channels under “{self._settings.archive_category}”; until then threads stand in for channels"
        )
        return [doubt("discord.server-full" if left <= 0 else "discord.server-narrow", what, says, mend)]

    async def _members(self) -> list[Finding]:
        """Whether the people whom playbooks name are in the server."""
        found = []
        for one in self._people:
            id = one.on("discord") or ""
            if await self._member(id):
                continue
            says, mend = f"Nobody in the server has the id {id}.", "In Discord: right-click them, Copy User ID."
            what = f"Discord person {one.key}"
            found.append(wrong("discord.person-unknown", what, says, f"Correct it in the playbook. {mend}"))
        return found or [fine("Discord people", f"all {len(self._people)} whom playbooks name are in the server")]

    async def _roles(self) -> list[Finding]:
        """Whether the server has the roles that playbooks name as groups."""
        roles = await self._wire.ask("GET", "/guilds/{guild_id}/roles", guild_id=self._settings.server)
        there, found = {str(role["id"]) for role in roles}, []
        for one in self._groups:
            if (id := one.handles["discord"]) not in there:
                says, mend = f"The server has no role with the id {id}.", "Server Settings, Roles, ⋯, Copy Role ID."
                what = f"Discord role of {one.key}"
                found.append(wrong("discord.role-unknown", what, says, f"Correct it in the playbook. {mend}"))
        return found or [fine("Discord roles", f"all {len(self._groups)} that playbooks name are there")]

    async def _member(self, id: str) -> bool:
        if not id.isdecimal():
            return False
        try:
            await self._wire.ask(
                "GET", "/guilds/{guild_id}/members/{user_id}", guild_id=self._settings.server, user_id=id
            )
        except discord.HTTPException as error:
            if error.code not in NOBODY:
                raise
            return False
        return True


def off(settings: DiscordSettings) -> Finding:
    """Why Discord is off, and whether that is meant."""
    says, mend = f"{settings.off}, so Discord is off.", "See adapters/discord/README.md, or leave Discord off."
    if settings.token is not None:
        return wrong("discord.no-server", "Discord", says, mend)
    if settings.guild is not None:
        return wrong("discord.no-token", "Discord", f"DISCORD_GUILD_ID is set, and {says}", mend)
    return fine("Discord", says, mend)


def _bits(overwrites: Sequence[Json], which: str) -> int:
    bits = 0
    for one in overwrites:
        bits |= int(one[which])
    return bits


NARROW = 25
"""Places left in the guild from which on the doctor speaks up."""
