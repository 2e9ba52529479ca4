"""Structured logs: one line an event, with the incident's number where there is one, and never a secret."""

import json
import logging
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, quote_plus

import structlog

HIDDEN = "[secret]"
_TOKENS = re.compile(
    r"xox[a-z]-[\w-]{8,}|xapp-[\w-]{8,}|[MNO][\w-]{22,64}\.[\w-]{5,16}\.[\w-]{20,}|(?<=://)[^\s/:@]*:[^\s/@]+(?=@)"
)
"""Slack's and Discord's tokens by their shape, and a password within an address. Lengths are bounded where a match may
begin at every letter: whole bodies of strangers are cleaned with it."""


class Redactor:
    """Takes secrets out of everything that is logged: those it was told, and whatever looks like one."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        spelled = {each for secret in secrets if len(secret) >= 6 for each in _spellings(secret)}
        self._secrets = sorted(spelled, key=len, reverse=True)

    def clean(self, text: str) -> str:
        """The text without secrets."""
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return _TOKENS.sub(HIDDEN, text)

    def __call__(self, logger: Any, name: str, rendered: Any) -> Any:
        """A structlog processor for after the rendering: it sees the whole line, nested values and tracebacks too."""
        return self.clean(str(rendered))


def _spellings(secret: str) -> Iterator[str]:
    """A secret as it is, and as it stands in JSON, in a Python string and in an address, also in one within another."""
    for once in (secret, *_spelled(secret)):
        yield once
        yield from _spelled(once)


def _spelled(text: str) -> Iterator[str]:
    yield json.dumps(text)[1:-1]
    yield json.dumps(text, ensure_ascii=False)[1:-1]
    yield repr(text)[1:-1]
    yield quote(text, safe="")
    yield quote(text)
    yield quote_plus(text)


def password_in(address: str) -> str:
    """The password in an address, as it is spelled there; empty where there is none."""
    _, scheme, rest = address.partition("://")
    who, at, _ = rest.rpartition("@")
    return who.partition(":")[2] if scheme and at else ""


class Calm:
    """Sets what others wrote into a line for people: no sign of it moves the cursor or begins a line of its own.

    JSON needs none of it, and values are spelled out by whoever renders them; events and tracebacks are not.
    """

    def __call__(self, logger: Any, name: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
        """A structlog processor for before the rendering."""
        for key, acting in _ACTING.items():
            if isinstance(said := event.get(key), str):
                event[key] = acting.sub(_named, said)
        return event


_LINES = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
"""What a terminal obeys, but for the end of a line and the tabulator."""
_ACTING = {
    "event": re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]"), "exception": _LINES, "stack": _LINES
}  # fmt: skip


def _named(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode()


def set_up(*, format: str = "auto", level: str = "info", secrets: Iterable[str] = ()) -> None:
    """Log to standard error, as JSON or for people (``auto``: for people on a terminal)."""
    redactor = Redactor(secrets)
    for_people = format == "console" or (format == "auto" and sys.stderr.isatty())
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    last: list[structlog.typing.Processor] = (
        [Calm(), structlog.dev.ConsoleRenderer(repr_native_str=True)]
        if for_people
        else [structlog.processors.JSONRenderer()]
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last, redactor],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


@contextmanager
def hushed() -> Iterator[None]:
    """While libraries are loaded, which log how they set themselves up: only warnings, whoever speaks."""
    logging.disable(logging.INFO)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


def quiet(loggers: Mapping[str, str]) -> None:
    """Let these loggers, and those below them, speak only from these levels on; each adapter names its libraries'."""
    for name, level in loggers.items():
        logging.getLogger(name).setLevel(level)
