"""The tool with which blocks and views are checked: it collects complaints, worded and placed as Slack's are."""

from collections.abc import Collection
from typing import Any

from adapters.sandbox.slack.model import Wire


class Check:
    """Complaints about one structure."""

    def __init__(self) -> None:
        self.complaints: list[str] = []

    def say(self, where: str, what: str) -> None:
        self.complaints.append(f"[ERROR] {what} [json-pointer:{where}]")

    def object(self, value: Any, where: str) -> Wire | None:
        """The value as an object, or a complaint."""
        if isinstance(value, dict):
            return value
        self.say(where, "must provide an object")
        return None

    def array(
        self, parent: Wire, name: str, where: str, *, least: int = 1, most: int, needed: bool = True
    ) -> list[Any]:
        """The list under ``name``, with as many items as it may have."""
        value, place = parent.get(name), f"{where}/{name}"
        if value is None:
            if needed:
                self.say(where, f"missing required field: {name}")
            return []
        if not isinstance(value, list):
            self.say(place, "must provide an array")
            return []
        if len(value) < least:
            self.say(place, f"must have at least {least} item{'s' if least > 1 else ''}")
        if len(value) > most:
            self.say(place, f"no more than {most} items allowed")
        return value

    def string(self, parent: Wire, name: str, where: str, *, most: int, needed: bool = False) -> str:
        """The text under ``name``, not empty and not too long."""
        value, place = parent.get(name), f"{where}/{name}"
        if value is None:
            if needed:
                self.say(where, f"missing required field: {name}")
            return ""
        if not isinstance(value, str):
            self.say(place, "must be a string")
            return ""
        if needed and not value:
            self.say(place, "must be more than 0 characters")
        if len(value) > most:
            self.say(place, f"must be less than {most + 1} characters")
        return value

    def text(
        self, parent: Wire, name: str, where: str, *, most: int, needed: bool = True, plain: bool = True, least: int = 1
    ) -> None:
        """The text object under ``name``; ``plain`` refuses mrkdwn."""
        if name not in parent or parent[name] is None:
            if needed:
                self.say(where, f"missing required field: {name}")
            return
        self.text_object(parent[name], f"{where}/{name}", most=most, plain=plain, least=least)

    def text_object(self, value: Any, where: str, *, most: int, plain: bool, least: int = 1) -> None:
        found = self.object(value, where)
        if found is None:
            return
        kinds = ("plain_text",) if plain else ("plain_text", "mrkdwn")
        if found.get("type") not in kinds:
            self.say(f"{where}/type", f"must be one of: {', '.join(kinds)}")
        self.known(found, where, ("type", "text", "emoji", "verbatim"))
        words = self.string(found, "text", where, most=most, needed=least > 0)
        if least == 0 and "text" not in found:
            self.say(where, "missing required field: text")
        if words and not words.strip() and least > 0:
            self.say(f"{where}/text", "must be more than 0 characters")

    def choice(self, parent: Wire, name: str, where: str, options: Collection[str]) -> None:
        """An optional field with few values."""
        if name in parent and parent[name] not in options:
            self.say(f"{where}/{name}", f"must be one of: {', '.join(sorted(options))}")

    def known(self, parent: Wire, where: str, names: Collection[str]) -> None:
        """No field but these."""
        for name in parent:
            if name not in names:
                self.say(where, f"invalid additional property: {name}")
