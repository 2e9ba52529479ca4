"""What the doctor examines about keys and links: whether what seals can be kept, and whether pages have a link."""

import stat
from collections.abc import Sequence

from adapters.keys.making import file_of
from bot.doctor import Finding, Health

MAKE = "`openssl rand -hex 32` makes one."


def examine(keys: Sequence[str], *, database_url: str, public_url: str) -> list[Finding]:
    """Nothing of a key is told."""
    return [_key(keys, database_url), _link(public_url)]


def _key(keys: Sequence[str], database_url: str) -> Finding:
    what, file = "Secret key", file_of(database_url)
    if keys:
        more = f", and {len(keys) - 1} older open what they sealed" if len(keys) > 1 else ""
        return Finding(what=what, health=Health.FINE, says=f"SECRET_KEY is set{more}.")
    if file is None:
        says = "SECRET_KEY is not set, so the key lies in the database beside what it seals."
        return Finding(what=what, health=Health.WORTH_A_LOOK, says=says, mend=f"Set it on every replica: {MAKE}")
    if not file.exists():
        return Finding(what=what, health=Health.FINE, says=f"none yet: the first start makes {file}.")
    if file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        says = f"Others than its owner may read {file}."
        return Finding(what=what, health=Health.WRONG, says=says, mend=f"chmod 600 {file}")
    return Finding(
        what=what, health=Health.FINE, says=f"It lies in {file}. Keep a copy: without it stored secrets are lost."
    )


def _link(public_url: str) -> Finding:
    what = "Links in pages"
    if public_url:
        return Finding(what=what, health=Health.FINE, says=f"They begin with {public_url}.")
    says = "PUBLIC_URL is not set, so pages have no link by which they can be answered."
    return Finding(what=what, health=Health.WORTH_A_LOOK, says=says, mend="Set it to where people reach this bot.")
