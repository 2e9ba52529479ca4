"""One API call as a method sees it: its arguments, who makes it, and the channels and messages it may reach."""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from adapters.sandbox.slack import limits, scopes
from adapters.sandbox.slack.errors import Refusal, invalid_arguments
from adapters.sandbox.slack.model import Channel, Wire
from adapters.sandbox.slack.world import World

TRUE = ("1", "true", "True")
NUMBER = re.compile(r"[0-9]{1,12}")


@dataclass(slots=True)
class Ask:
    """A call of one method."""

    world: World
    method: str
    arguments: Wire
    needs: scopes.Needs

    def text(self, name: str, default: str = "") -> str:
        """An argument as text."""
        value = self.arguments.get(name)
        if value is None:
            return default
        if isinstance(value, list | dict):
            raise invalid_arguments(f"must be a string [json-pointer:/{name}]")
        return ("true" if value else "false") if isinstance(value, bool) else str(value)

    def required(self, *names: str) -> list[str]:
        """These arguments as text, all of them needed."""
        missing = [name for name in names if not self.text(name)]
        if missing:
            raise invalid_arguments(*(f"missing required field: {name}" for name in missing))
        return [self.text(name) for name in names]

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.text(name)
        return value in TRUE if value else default

    def number(self, name: str, default: int, *, most: int) -> int:
        """A whole number from 1 to ``most``."""
        value = self.text(name) or str(default)
        if not NUMBER.fullmatch(value) or not 1 <= int(value) <= most:
            raise Refusal("invalid_limit") if name == "limit" else invalid_arguments(f"must be 1 to {most}: {name}")
        return int(value)

    def words(self, name: str) -> list[str]:
        """A list, however it is written: comma-separated, as JSON, or as a list."""
        value = self.json(name) if self._looks_json(name) else self.arguments.get(name)
        parts = value if isinstance(value, list) else self.text(name).split(",")
        return [str(part).strip() for part in parts if str(part).strip()]

    def json(self, name: str, error: str = "") -> Any:
        """An argument that is JSON, or text that holds JSON; ``None`` if it is absent or empty."""
        value = self.arguments.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError as mistake:
            raise (Refusal(error) if error else invalid_arguments(f"must be valid JSON: {name}")) from mistake

    def user(self, name: str = "user") -> str:
        """The id of a user who exists."""
        (user,) = self.required(name)
        if user not in self.world.users:
            raise Refusal("user_not_found")
        return user

    def channel(self, name: str = "channel", *, member: bool = False, live: bool = False) -> Channel:
        """The conversation an argument names; ``member`` and ``live`` refuse what the bot is not in, what is archived.

        What the bot cannot see does not exist for it: private channels and messages of others.
        """
        (channel_id,) = self.required(name)
        return self.reach(self.world.channels.get(channel_id), member=member, live=live)

    def reach(self, channel: Channel | None, *, member: bool = False, live: bool = False) -> Channel:
        inside = channel is not None and self.world.bot_user_id in channel.members
        if channel is None or (channel.kind != "public" and not inside):
            raise Refusal("channel_not_found")
        if not scopes.allowed(self.needs, self.world.scopes, channel.kind):
            raise self.missing_scope(scopes.wanted(self.needs, channel.kind))
        if member and not inside:
            raise Refusal("not_in_channel")
        if live and channel.is_archived:
            raise Refusal("is_archived")
        return channel

    def missing_scope(self, needed: str) -> Refusal:
        return Refusal("missing_scope", needed=needed, provided=",".join(sorted(self.world.scopes)))

    def message(self, channel: Channel, name: str = "timestamp") -> Wire:
        """The message an argument names."""
        (ts,) = self.required(name)
        found = channel.message(ts)
        if found is None or found.get("subtype") == "tombstone":
            raise Refusal("message_not_found")
        return found

    def page(self, items: Sequence[Any], *, default: int = 100, most: int = limits.PAGE) -> tuple[list[Any], Wire]:
        """One page of a listing, and what tells of the next."""
        limit = self.number("limit", default, most=most)
        start = _place(self.text("cursor"))
        if start > len(items):
            raise Refusal("invalid_cursor")
        following = start + limit
        cursor = urlsafe_b64encode(f"next:{following}".encode()).decode() if following < len(items) else ""
        return list(items[start:following]), {"response_metadata": {"next_cursor": cursor}}

    def _looks_json(self, name: str) -> bool:
        value = self.arguments.get(name)
        return isinstance(value, str) and value.lstrip().startswith("[")


def _place(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        word, _, number = urlsafe_b64decode(cursor.encode()).decode().partition(":")
        place = int(number)
    except ValueError as mistake:
        raise Refusal("invalid_cursor") from mistake
    if word != "next" or place < 0:
        raise Refusal("invalid_cursor")
    return place
