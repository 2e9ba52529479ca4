"""Structured logs: one line an event, with the incident's number where there is one, and never a secret."""

import logging
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import structlog

HIDDEN = "[secret]"
_TOKENS = re.compile(
    r"xox[a-z]-[\w-]{8,}|xapp-[\w-]{8,}|[MNO][\w-]{22,99}\.[\w-]{5,20}\.[\w-]{20,}|(?<=://)[^\s/:@]*:[^\s/@]+(?=@)"
)
"""Slack's and Discord's tokens by their shape, and a password within an address. Lengths are bounded where a match may
begin at every letter: whole bodies of strangers are cleaned with it."""


class Redactor:
    """Takes secrets out of everything that is logged: those it was told, and whatever looks like one."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._secrets = sorted((s for s in secrets if len(s) >= 6), key=len, reverse=True)

    def clean(self, text: str) -> str:
        """The text without secrets."""
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return _TOKENS.sub(HIDDEN, text)

    def __call__(self, logger: Any, name: str, rendered: Any) -> Any:
        """A structlog processor for after the rendering: it sees the whole line, nested values and tracebacks too."""
        return self.clean(str(rendered))


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
    last: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer() if for_people else structlog.processors.JSONRenderer()
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last, redactor],
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
