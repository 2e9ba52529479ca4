"""What Slack refuses, and what a person cannot do in Slack's own client."""

from typing import Any


class Refusal(Exception):
    """An API call that Slack answers with ``{"ok": false, "error": …}``."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.error = error
        self.more = more

    @property
    def answer(self) -> dict[str, Any]:
        """The body of the answer."""
        return {"ok": False, "error": self.error, **self.more}


class Impossible(ValueError):
    """Slack's client would not let the person do this: no such button, a required field left empty."""


def invalid_arguments(*complaints: str) -> Refusal:
    """Slack's answer to arguments that it cannot read."""
    return Refusal("invalid_arguments", response_metadata={"messages": [f"[ERROR] {what}" for what in complaints]})
