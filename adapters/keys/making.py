"""Where the keys come from: the setting, else a key that was made once and is found again."""

import contextlib
import os
import secrets
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

NAME = "secret.key"


def made() -> str:
    """A new key of 256 bits."""
    return secrets.token_urlsafe(32)


def file_of(database_url: str) -> Path | None:
    """The file in which the key of a database of one machine is kept, beside it; ``None`` where several machines may
    share the database."""
    scheme, slashes, path = database_url.partition(":///")
    return Path(path).parent / NAME if slashes and scheme.startswith("sqlite") and path else None


async def found(keys: Sequence[str], *, database_url: str, keep: Callable[[str], Awaitable[str]]) -> Sequence[str]:
    """The keys of a bot. ``keep`` proposes a key to the database and returns the one that is kept there: of several
    replicas that start together, the first one's.

    Raises ``OSError`` where the file can neither be read nor made.
    """
    if keys:
        return keys
    file = file_of(database_url)
    return [kept(file) if file is not None else await keep(made())]


def kept(file: Path) -> str:
    """The key in a file that only its owner may read; made where there is none. Of two that make it at once, one wins:
    it is written elsewhere and linked, which happens whole or not at all."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        own = file.with_name(f".{NAME}.{os.getpid()}.{secrets.token_hex(4)}")
        try:
            with os.fdopen(os.open(own, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as written:
                written.write(made() + "\n")
            with contextlib.suppress(FileExistsError):
                file.hardlink_to(own)
        finally:
            own.unlink(missing_ok=True)
    return file.read_text().strip()
