"""Discord's errors: its codes, each with the HTTP status and the words it comes with."""

from typing import Any

Wire = dict[str, Any]
"""A JSON object as Discord writes it."""

INVALID_FORM = 50035

KNOWN: dict[int, tuple[int, str]] = {
    0: (401, "401: Unauthorized"),
    10002: (404, "Unknown Application"),
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10007: (404, "Unknown Member"),
    10008: (404, "Unknown Message"),
    10009: (404, "Unknown Overwrite"),
    10011: (404, "Unknown Role"),
    10013: (404, "Unknown User"),
    10014: (400, "Unknown Emoji"),
    10015: (404, "Unknown Webhook"),
    10062: (404, "Unknown interaction"),
    10063: (404, "Unknown application command"),
    20012: (403, "You are not authorized to perform this action on this application"),
    30003: (400, "Maximum number of pins reached (250)"),
    30005: (400, "Maximum number of guild roles reached (250)"),
    30010: (400, "Maximum number of reactions reached (20)"),
    30013: (400, "Maximum number of guild channels reached (500)"),
    30032: (400, "Maximum number of application commands reached (100)"),
    30033: (400, "Max number of thread participants has been reached (1000)"),
    30034: (400, "Max number of daily application command creates has been reached (200)"),
    40005: (413, "Request entity too large"),
    40060: (400, "Interaction has already been acknowledged."),
    50001: (403, "Missing Access"),
    50003: (403, "Cannot execute action on a DM channel"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50007: (403, "Cannot send messages to this user"),
    50013: (403, "Missing Permissions"),
    50016: (
        400,
        "Provided too few or too many messages to delete. Must provide at least 2 and fewer than 100 messages.",
    ),
    50021: (403, "Cannot execute action on a system message"),
    50024: (400, "Cannot execute action on this channel type"),
    50027: (401, "Invalid Webhook Token"),
    50028: (400, "Invalid Role"),
    50033: (400, "Invalid Recipient(s)"),
    50034: (400, "A message provided was too old to bulk delete"),
    50083: (400, "Thread is archived"),
    50109: (400, "The request body contains invalid JSON."),
    160002: (400, "You cannot reply without permission to read message history"),
    160004: (400, "A thread has already been created for this message"),
    160005: (400, "Thread is locked"),
}
"""Code → (HTTP status, message)."""


class DiscordError(Exception):
    """A request that Discord refuses, with everything its answer holds."""

    def __init__(self, status: int, code: int, message: str, *, errors: Wire | None = None) -> None:
        super().__init__(f"{status} (error code: {code}): {message}")
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors

    def body(self) -> Wire:
        answer: Wire = {"message": self.message, "code": self.code}
        return answer if self.errors is None else answer | {"errors": self.errors}


class RateLimited(Exception):
    """A request that came too soon; ``seconds`` until it may come again."""

    def __init__(
        self,
        seconds: float,
        *,
        shared: bool = False,
        everywhere: bool = False,
        code: int = 0,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(f"rate limited for {seconds} s")
        self.seconds = seconds
        self.shared = shared
        self.everywhere = everywhere
        self.code = code
        self.headers = headers or {}

    def body(self) -> Wire:
        words = "You are being rate limited."
        if self.code:
            words = "Maximum number of edits to messages older than 1 hour reached. Try again later."
        answer: Wire = {"message": words, "retry_after": self.seconds, "global": self.everywhere}
        return answer | {"code": self.code} if self.code else answer


def refusal(code: int) -> DiscordError:
    """The error of this code, in Discord's words; a code we do not know comes as 400."""
    status, message = KNOWN.get(code, (400, "Invalid request"))
    return DiscordError(status, code, message)
