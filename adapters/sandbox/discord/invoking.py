"""Turning what a person typed after a slash into the data of an interaction.

What Discord's own client would not let a person send raises ``ValueError`` with a sentence that says why.
"""

from typing import Any

from adapters.sandbox.discord.commands import (
    ATTACHMENT,
    BOOLEAN,
    CHANNEL,
    CHAT_INPUT,
    GROUP,
    INTEGER,
    MENTIONABLE,
    NUMBER,
    ROLE,
    STRING,
    SUBCOMMAND,
    USER,
)
from adapters.sandbox.discord.errors import Wire
from adapters.sandbox.discord.permissions import in_channel
from adapters.sandbox.discord.world import World


def find_command(world: World, name: str, *, kind: int = CHAT_INPUT) -> Wire:
    """The registered command of a name; a guild's own comes before one for everywhere."""
    for scope in (world.guild_id, ""):
        for command in world.commands[scope].values():
            if command["type"] == kind and command["name"] == name:
                return command
    known = sorted(c["name"] for held in world.commands.values() for c in held.values() if c["type"] == kind)
    raise ValueError(f"no command {name!r} is registered; there are: {', '.join(known) or 'none'}")


def command_data(world: World, words: str, *, options: Wire, channel: Wire, focused: str = "") -> Wire:
    """The ``data`` of a slash command. ``words`` may name a subcommand: ``incident declare``.

    ``focused`` names the option that is being typed: then nothing else is required.
    """
    name, *path = words.split()
    command = find_command(world, name)
    given: Wire = dict(options)
    for step in reversed(path):
        given = {step: given}
    resolved: Wire = {}
    filler = Filler(world, channel=channel, resolved=resolved, focused=focused)
    data: Wire = {"id": command["id"], "name": command["name"], "type": CHAT_INPUT}
    data["options"] = filler.fill(command["options"], given)
    if command.get("guild_id"):
        data["guild_id"] = command["guild_id"]
    return data | ({"resolved": resolved} if resolved else {})


class Filler:
    """Fills a command's options, and gathers the objects that its values name."""

    def __init__(self, world: World, *, channel: Wire, resolved: Wire, focused: str = "") -> None:
        self._world = world
        self._channel = channel
        self._resolved = resolved
        self._focused = focused

    def fill(self, options: list[Wire], given: Wire) -> list[Wire]:
        by_name = {option["name"]: option for option in options}
        unknown = [name for name in given if name not in by_name]
        if unknown:
            raise ValueError(f"no option {unknown[0]!r}; there are: {', '.join(by_name) or 'none'}")
        missing = [o["name"] for o in options if o.get("required") and given.get(o["name"]) is None]
        if missing and not self._focused:
            raise ValueError(f"the option {missing[0]!r} is required")
        if any(option["type"] in (SUBCOMMAND, GROUP) for option in options) and len(given) != 1:
            raise ValueError(f"exactly one subcommand must be named; there are: {', '.join(by_name)}")
        return [self._option(by_name[name], value) for name, value in given.items() if value is not None]

    def _option(self, option: Wire, value: Any) -> Wire:
        filled: Wire = {"name": option["name"], "type": option["type"]}
        if option["type"] in (SUBCOMMAND, GROUP):
            return filled | {"options": self.fill(option.get("options") or [], dict(value or {}))}
        if option["name"] == self._focused:
            return filled | {"value": value, "focused": True}
        return filled | {"value": self._value(option, value)}

    def _value(self, option: Wire, value: Any) -> Any:
        name, kind = option["name"], option["type"]
        if option.get("choices"):
            return _chosen(option, value)
        if kind == STRING:
            return _sized(option, str(value))
        if kind == BOOLEAN:
            return bool(value)
        if kind in (INTEGER, NUMBER):
            return _bounded(option, int(value) if kind == INTEGER else float(value))
        finders = {USER: self.user, ROLE: self.role, CHANNEL: self.channel, MENTIONABLE: self.mentionable}
        if kind == ATTACHMENT:
            return self._attachment(dict(value))
        found = str(value).strip("<@!&#>")
        if not finders[kind](found):
            raise ValueError(f"the option {name!r} names nothing that exists: {value!r}")
        return found

    def user(self, user_id: str) -> bool:
        if user_id not in self._world.users:
            return False
        self._resolved.setdefault("users", {})[user_id] = dict(self._world.users[user_id])
        if user_id in self._world.members:
            rights = in_channel(self._world, user_id, channel=self._channel)
            member = self._world.member_without_user(user_id) | {"permissions": str(rights)}
            self._resolved.setdefault("members", {})[user_id] = member
        return True

    def role(self, role_id: str) -> bool:
        if role_id in self._world.roles:
            self._resolved.setdefault("roles", {})[role_id] = dict(self._world.roles[role_id])
        return role_id in self._world.roles

    def channel(self, channel_id: str) -> bool:
        channel = self._world.channels.get(channel_id)
        if channel is None:
            return False
        rights = in_channel(self._world, self._world.bot_id, channel=channel)
        told = self._world.shown(channel) | {"permissions": str(rights)}
        self._resolved.setdefault("channels", {})[channel_id] = told
        return True

    def mentionable(self, some_id: str) -> bool:
        return self.user(some_id) or self.role(some_id)

    def _attachment(self, given: Wire) -> str:
        file_id = self._world.ids.new()
        data = bytes(given["data"])
        kind = str(given.get("content_type", "application/octet-stream"))
        self._world.files[file_id] = (kind, data)
        url = f"{self._world.origin}/attachments/{self._channel['id']}/{file_id}/{given['filename']}"
        told = {
            "id": file_id,
            "filename": given["filename"],
            "size": len(data),
            "content_type": kind,
            "ephemeral": True,
        }
        self._resolved.setdefault("attachments", {})[file_id] = told | {"url": url, "proxy_url": url}
        return file_id


def _chosen(option: Wire, value: Any) -> Any:
    for choice in option["choices"]:
        if value in (choice["value"], choice["name"]):
            return choice["value"]
    names = ", ".join(str(choice["name"]) for choice in option["choices"])
    raise ValueError(f"the option {option['name']!r} must be one of: {names}")


def _sized(option: Wire, value: str) -> str:
    low, high = option.get("min_length") or 0, option.get("max_length") or 6000
    if not low <= len(value) <= high:
        raise ValueError(f"the option {option['name']!r} must have {low} to {high} characters")
    return value


def _bounded(option: Wire, value: float) -> float:
    low, high = option.get("min_value"), option.get("max_value")
    if (low is not None and value < low) or (high is not None and value > high):
        raise ValueError(f"the option {option['name']!r} must be between {low} and {high}")
    return value
