"""What the doctor examines about keys and links: whether what seals can be kept, and whether pages have a link."""

import stat
from collections.abc import Iterable, Sequence

from adapters.keys.keyring import Keyring
from adapters.keys.making import file_of
from bot.doctor import Finding, doubt, fine, wrong
from bot.keys import Purpose, Unsealable

MAKE = "`openssl rand -hex 32` makes one."


def examine(keys: Sequence[str], *, database_url: str, public_url: str) -> list[Finding]:
    """Nothing of a key is told."""
    return [_key(keys, database_url), _link(public_url)]


def _key(keys: Sequence[str], database_url: str) -> Finding:
    what, file = "Secret key", file_of(database_url)
    if keys:
        more = f", and {len(keys) - 1} older open what they sealed" if len(keys) > 1 else ""
        return fine(what, f"SECRET_KEY is set{more}.")
    if file is None:
        says = "SECRET_KEY is not set, so the key lies in the database beside what it seals."
        return doubt("keys.in-database", what, says, f"Set it on every replica: {MAKE}")
    if not file.exists():
        return fine(what, f"none yet: the first start makes {file}.")
    if file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        says = f"Others than its owner may read {file}."
        return wrong("keys.readable", what, says, f"chmod 600 {file}")
    return fine(what, f"It lies in {file}. Keep a copy: without it stored secrets are lost.")


def sealed(
    keys: Sequence[str], rows: Iterable[tuple[Purpose, str, str]], *, kept: str | None, database_url: str
) -> list[Finding]:
    """Whether what is sealed in the database can be opened. ``rows``: what for, sealed, whose; ``kept``: the key that
    the database itself holds, which counts where no setting and no file does."""
    rows, file = list(rows), file_of(database_url)
    if not keys:
        keys = [file.read_text().strip()] if file is not None and file.exists() else [kept] if kept else []
    ring = Keyring(keys)
    shut = sum(not _opens(ring, *row) for row in rows)
    if not shut:
        return [fine("Sealed secrets", f"all {len(rows)} can be opened")] if rows else []
    says = f"{shut} of {len(rows)} routes and subscriptions were sealed with another key, so nobody is reached by them."
    mend = "Put the former key behind the present one in SECRET_KEY, with a comma between; else people set them anew."
    return [wrong("keys.lost", "Sealed secrets", says, mend)]


def _opens(ring: Keyring, purpose: Purpose, text: str, owner: str) -> bool:
    try:
        ring.unseal(purpose, text, owner=owner)
    except Unsealable:
        return False
    return True


def _link(public_url: str) -> Finding:
    what = "Links in pages"
    if public_url:
        return fine(what, f"They begin with {public_url}.")
    says = "PUBLIC_URL is not set, so pages have no link by which they can be answered."
    return doubt("settings.public-url-missing", what, says, "Set it to where people reach this bot.")
