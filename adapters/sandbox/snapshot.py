"""The sandbox as JSON: what one person sees on one platform, and everything there is."""

from dataclasses import asdict
from typing import Any

from adapters.sandbox.acts import Mistake
from adapters.sandbox.calls import Call
from adapters.sandbox.parts import Parts
from adapters.sandbox.people import PEOPLE
from adapters.sandbox.views import discord_side, slack_side

RECENT = 60
"""Calls that a snapshot lists, without their arguments."""


class Snapshots:
    """Reads the sandbox and changes nothing."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._clock, self._calls, self._slack, self._discord = parts.clock, parts.calls, parts.slack, parts.discord
        # A running clock has moved on by the first request, a standing one never does.
        self._base = self._clock.now() - self._clock.offset

    def state(self, platform: str, *, who: str, channel: str) -> dict[str, Any]:
        """What ``who`` sees on a platform, with one channel open: the named one, or the first that they see."""
        account = self.account(platform, who)
        wanted = self.channel_id(platform, channel) if channel else ""
        if platform == "slack":
            side = slack_side(self._slack, account, wanted, self._parts.manifest)
        else:
            side = discord_side(self._discord, account, wanted)
        return {
            "clock": self.clock(),
            "people": [asdict(person) for person in PEOPLE],
            "faults": self.faults(),
            "settings": self.settings(),
            "calls": {"total": self._calls.total, "recent": [_brief(call) for call in self._calls.calls[-RECENT:]]},
            "side": side,
        }

    def dump(self) -> dict[str, Any]:
        """Everything, seen by nobody in particular: for programs that count what happened."""
        return {
            "clock": self.clock(),
            "faults": self.faults(),
            "settings": self.settings(),
            "calls": {"total": self._calls.total},
            "slack": self._slack_dump(),
            "discord": self._discord_dump(),
        }

    def calls(self, *, since: int) -> dict[str, Any]:
        """Calls that began, or ended, after a place in the common order of events."""
        later = [call for call in self._calls.calls if max(call.began, call.ended or 0) > since]
        return {"total": self._calls.total, "calls": [_whole(call) for call in later]}

    def clock(self) -> dict[str, Any]:
        now, offset = self._clock.now(), self._clock.offset
        return {"now": now.isoformat(), "offset": offset.total_seconds(), "stands": now - offset == self._base}

    def faults(self) -> list[dict[str, Any]]:
        return [fault.model_dump(mode="json") for fault in self._parts.faults.active]

    def settings(self) -> dict[str, dict[str, Any]]:
        slack, discord, manifest = self._slack, self._discord, self._parts.manifest
        return {
            "slack": {
                "commands": [command.model_dump() for command in manifest.commands],
                "shortcuts": [shortcut.model_dump() for shortcut in manifest.shortcuts],
                "latency": slack.latency,
                "enforce_limits": slack.enforce_limits,
                "refuses_unarchive": slack.refuses_unarchive,
                "http_url": slack.http_url,
            },
            "discord": {"latency": discord.latency, "enforce_limits": discord.enforce_limits},
        }

    def account(self, platform: str, who: str) -> str:
        """The platform's id of a person, who may be named by key or by that id."""
        if platform not in ("slack", "discord"):
            raise Mistake(f"platform is 'slack' or 'discord', not {platform!r}.")
        for person in PEOPLE:
            account = person.slack_id if platform == "slack" else person.discord_id
            if who in (person.key, account):
                return account
        raise Mistake(f"There is nobody called {who!r}; there are: {', '.join(person.key for person in PEOPLE)}.")

    def channel_id(self, platform: str, channel: str) -> str:
        """A channel's id; a name may be given as ``#name``."""
        if not channel.startswith("#"):
            return channel
        try:
            if platform == "slack":
                return self._slack.channel_named(channel[1:]).id
            return str(self._discord.channel_named(channel[1:])["id"])
        except KeyError as error:
            raise Mistake(f"There is no channel {channel} on {platform}.") from error

    def _slack_dump(self) -> dict[str, Any]:
        slack = self._slack
        accounts = [person.slack_id for person in PEOPLE]
        return {
            "connected": slack.connected,
            "channels": {channel_id: asdict(channel) for channel_id, channel in slack.channels.items()},
            "ephemerals": {account: slack.ephemerals(account) for account in accounts},
            "homes": {account: slack.home(account) for account in accounts},
            "views": {account: slack.open_view(account) for account in accounts},
        }

    def _discord_dump(self) -> dict[str, Any]:
        guild = self._discord
        accounts = [person.discord_id for person in PEOPLE]
        return {
            "connected": guild.connected,
            "guild_id": guild.guild_id,
            "channels": dict(guild.channels),
            "messages": {channel_id: guild.messages(channel_id) for channel_id in guild.channels},
            "pins": {channel_id: guild.pins(channel_id) for channel_id in guild.channels},
            "ephemerals": {account: guild.ephemerals(account) for account in accounts},
            "modals": {account: guild.open_modal(account) for account in accounts},
            "roles": dict(guild.roles),
            "members": dict(guild.members),
            "commands": guild.commands,
        }


def _brief(call: Call) -> dict[str, Any]:
    return {
        "platform": call.platform,
        "method": call.method,
        "at": call.at.isoformat(),
        "began": call.began,
        "ended": call.ended,
        "outcome": call.outcome,
    }


def _whole(call: Call) -> dict[str, Any]:
    return _brief(call) | {"arguments": call.arguments, "result": call.result}
