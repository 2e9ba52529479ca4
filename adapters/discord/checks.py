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
from bot.doctor import Finding, Health
from bot.errors import Outside, Refused, TryLater

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
    ) -> None:
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
            return [
                Finding(
                    what="Discord",
                    health=Health.WORTH_A_LOOK,
                    says=self._settings.off,
                    mend="see adapters/discord/README.md",
                )
            ]
        found: list[Finding] = []
        checks = (self._token, self._guild, self._intents, self._permissions, self._announcements, self._place)
        for check in (*checks, self._alerts) if self._watched else checks:
            finding = await self._examined(check)
            found.append(finding)
            if finding.health is Health.WRONG and check in (self._token, self._guild):
                break
        return found

    async def _examined(self, check: Callable[[], Awaitable[Finding]]) -> Finding:
        try:
            async with asyncio.timeout(limits.CALL):
                return await check()
        except (*WIRE_FAILURES, Outside) as error:
            said = error if isinstance(error, Outside) else outside(error)
            mend = "try again; see https://discordstatus.com" if isinstance(said, TryLater) else ""
            return Finding(what="Discord", health=Health.WRONG, says=said.why, mend=mend)

    async def _token(self) -> Finding:
        what = "Discord token"
        try:
            me = await self._wire.log_in()
        except discord.LoginFailure:
            mend = "Developer Portal, your application, Bot, Reset Token; put it into DISCORD_TOKEN"
            return Finding(what=what, health=Health.WRONG, says="Discord does not know this token", mend=mend)
        return Finding(what=what, health=Health.FINE, says=f"the bot's id is {me}")

    async def _application(self) -> Json:
        told: Json = await self._wire.ask("GET", "/oauth2/applications/@me")
        return told

    async def _guild(self) -> Finding:
        what = "Discord server"
        try:
            guild = await self._wire.ask("GET", "/guilds/{guild_id}", guild_id=self._settings.server)
        except discord.HTTPException as error:
            if error.code not in (Code.UNKNOWN_GUILD, Code.MISSING_ACCESS):
                raise
            link = invite_link(int((await self._application())["id"]), self._settings.server)
            says = f"the bot is not in the server {self._settings.server}"
            return Finding(
                what=what, health=Health.WRONG, says=says, mend=f"check DISCORD_GUILD_ID, or invite it: {link}"
            )
        return Finding(what=what, health=Health.FINE, says=str(guild["name"]))

    async def _intents(self) -> Finding:
        what = "Discord intents"
        if not self._settings.message_content:
            says = "Message Content is not asked for"
            if self._watched:
                says, mend = f"{says}: alerts that others post cannot be read", "unset DISCORD_MESSAGE_CONTENT"
                return Finding(what=what, health=Health.WORTH_A_LOOK, says=says, mend=mend)
            return Finding(what=what, health=Health.FINE, says=says)
        flags = int((await self._application()).get("flags") or 0)
        if flags & MESSAGE_CONTENT and not self._without:
            return Finding(what=what, health=Health.FINE, says="Message Content is on")
        return Finding(
            what=what,
            health=Health.WORTH_A_LOOK,
            says="Message Content is off: alerts that others post cannot be read; everything else works",
            mend="Developer Portal, your application, Bot, switch on Message Content Intent; "
            "or set DISCORD_MESSAGE_CONTENT=false",
        )

    async def _permissions(self) -> Finding:
        what = "Discord permissions"
        held = await self._held()
        missing = [name for name in NEEDED if not (held.administrator or getattr(held, name))]
        if not missing:
            return Finding(what=what, health=Health.FINE, says="all that are needed")
        link = invite_link(int((await self._application())["id"]), self._settings.server)
        return Finding(
            what=what,
            health=Health.WORTH_A_LOOK if WITHOUT.issuperset(missing) else Health.WRONG,
            says="; ".join(f"cannot {NEEDED[name]} ({name.replace('_', ' ')})" for name in missing),
            mend=f"open the invite link again, it adds what is missing: {link}",
        )

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

    async def _announcements(self) -> Finding:
        what = "Discord announcement channel"
        unseen = [name for name in self._announces if not await self._seen(name)]
        if unseen:
            says = ", ".join(f"#{name}" for name in unseen)
            mend = f"make a channel {says} that the bot sees, or set ANNOUNCE_CHANNEL (or `announce` in the playbook) "
            return Finding(
                what=what,
                health=Health.WRONG,
                says=f"the bot does not see {says}",
                mend=f"{mend}to another's name or id",
            )
        return Finding(what=what, health=Health.FINE, says=", ".join(f"#{name}" for name in self._announces))

    async def _alerts(self) -> Finding:
        what = "Discord alert channels"
        unseen = [name for name in self._watched if not await self._seen(name)]
        if unseen:
            says = ", ".join(f"#{name}" for name in unseen)
            return Finding(
                what=what,
                health=Health.WRONG,
                says=f"the bot does not see {says}, so it cannot read the alerts that are posted there",
                mend=f"give the bot's role View Channel and Read Message History in {says}, "
                "or name others in ALERT_CHANNELS (or `alerts` in the playbook)",
            )
        return Finding(what=what, health=Health.FINE, says=", ".join(f"#{name}" for name in self._watched))

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

    async def _place(self) -> Finding:
        what = "Discord room for channels"
        known = (await self._categories.known()).values()
        left = limits.GUILD_CHANNELS - len(known)
        standing = sum(1 for each in known if each.kind == CATEGORY and each.name == self._settings.category)
        says = f"{left} of {limits.GUILD_CHANNELS} places left" + (
            "" if standing else "; the category comes at the start"
        )
        if left > NARROW:
            return Finding(what=what, health=Health.FINE, says=says)
        mend = (
            f"delete old channels under “{self._settings.archive_category}”; until then threads stand in for channels"
        )
        return Finding(what=what, health=Health.WORTH_A_LOOK, says=says, mend=mend)


NARROW = 25
"""Places left in the guild from which on the doctor speaks up."""
