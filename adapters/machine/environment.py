"""What the doctor examines about settings as they were written: names nearly right, values that were pasted wrong."""

import os
import re
import stat
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from dotenv import dotenv_values
from rapidfuzz import fuzz, process

from bot.doctor import Finding, doubt, fine, wrong

FILE = Path(".env")
MEANT = {
    "SLACK_TOKEN": "SLACK_BOT_TOKEN",
    "SLACK_API_TOKEN": "SLACK_BOT_TOKEN",
    "SLACK_APP_LEVEL_TOKEN": "SLACK_APP_TOKEN",
    "SLACK_SECRET": "SLACK_SIGNING_SECRET",
    "SLACK_CHANNEL": "ANNOUNCE_CHANNEL",
    "DISCORD_BOT_TOKEN": "DISCORD_TOKEN",
    "DISCORD_SERVER_ID": "DISCORD_GUILD_ID",
    "DISCORD_GUILD": "DISCORD_GUILD_ID",
    "DB_URL": "DATABASE_URL",
    "POSTGRES_URL": "DATABASE_URL",
    "BASE_URL": "PUBLIC_URL",
    "PLAYBOOKS": "PLAYBOOK",
    "SMTP_HOST": "SMTP_URL",
    "SMTP_FROM": "MAIL_FROM",
    "JIRA_API_TOKEN": "JIRA_TOKEN",
    "LINEAR_TOKEN": "LINEAR_API_KEY",
}
"""Names that other programs have for the same thing, and ours."""
OURS = ("SLACK_", "DISCORD_", "PAGER_", "WEBHOOK_SECRET", "JIRA_", "LINEAR_", "STATUSPAGE_", "BETTERSTACK_", "RECORD_")
"""Beginnings by which a setting of Tocsin's is known, also where the rest is wrong."""
NEAR = 88
"""Likeness (0 to 100) from which on another name is a slip of the finger."""
SECRET = re.compile(r"TOKEN|SECRET|API_KEY|PAGER_URLS|SMTP_URL|RECORD_REPOSITORY")
OWN = re.compile(r"^(SECRET_KEY|FREEZE_TOKEN|GITHUB_WEBHOOK_SECRET)$")
"""Secrets that the operator makes up."""
SHORT, PLAIN = 16, 6
"""Letters, and different letters, below which a secret can be guessed."""
SAMPLE = re.compile(r"\.\.\.|…|^<.*>$|changeme|change-me|your[-_ ]|x{6,}|^todo$|^secret$|^password$", re.IGNORECASE)
MAKE = "`openssl rand -hex 32` makes one."


def read(file: Path = FILE) -> dict[str, str]:
    """What is set: the lines of the file, and the environment, which goes before them."""
    lines = {name: value for name, value in dotenv_values(file).items() if value}
    return {**lines, **{name: value for name, value in os.environ.items() if value}}


def examine(
    values: Mapping[str, str], known: Collection[str], *, open_ended: Collection[str] = (), file: Path = FILE
) -> list[Finding]:
    """``known`` are the names of all settings, ``open_ended`` the beginnings of those that operators name themselves.
    No value is told.
    """
    held = {name: value for name, value in values.items() if _is(name, known, open_ended)}
    found = [
        *_names(values, known, open_ended),
        *_values(held),
        *_reused(held),
        *_guessed(held),
        *_file(file),
    ]
    return found or [fine("Settings", f"{len(held)} are set, and each is known")]


def _is(name: str, known: Collection[str], open_ended: Collection[str]) -> bool:
    return name.upper() in known or any(name.upper().startswith(one) for one in open_ended)


def _names(values: Mapping[str, str], known: Collection[str], open_ended: Collection[str]) -> Iterator[Finding]:
    """Settings that nobody reads."""
    for name in values:
        if _is(name, known, open_ended):
            continue
        meant = MEANT.get(name.upper()) or _like(name.upper(), known)
        if meant and meant not in values:
            says = f"Nothing is called so; {meant} is, and that is not set."
            yield wrong("settings.misspelt", name, says, f"Rename it to {meant}.")
        elif name.upper().startswith(OURS):
            mend = ".env.example has every setting; take this one out, or correct its name."
            yield doubt("settings.unknown", name, "There is no such setting, so it does nothing.", mend)


def _like(name: str, known: Collection[str]) -> str:
    best = process.extractOne(name, known, scorer=fuzz.ratio, score_cutoff=NEAR)
    return str(best[0]) if best is not None else ""


def _values(held: Mapping[str, str]) -> Iterator[Finding]:
    """Values that came with something around them, or that nobody filled in."""
    for name, value in held.items():
        bare = value.strip()
        quoted = len(bare) > 1 and bare[0] == bare[-1] and bare[0] in "\"'`"
        if quoted or bare != value:
            says = f"Its value {'stands in quotation marks' if quoted else 'begins or ends with a space'}."
            mend = "Take them away: `docker run --env-file` and some shells hand them over as part of the value."
            yield wrong("settings.quoted", name, says, mend)
        elif SAMPLE.search(bare) and SECRET.search(name):
            yield wrong("settings.sample", name, "Its value is a sample, not a real one.", "Put the real one there.")


def _reused(held: Mapping[str, str]) -> Iterator[Finding]:
    """One secret for several things: whoever learns it from one has them all."""
    by_value: dict[str, list[str]] = defaultdict(list)
    for name, value in held.items():
        if SECRET.search(name) or OWN.search(name):
            by_value[value].append(name)
    for names in by_value.values():
        if len(names) > 1:
            says = f"{' and '.join(sorted(names))} have the same value."
            yield doubt("settings.secret-reused", "Secrets", says, f"Give each a value of its own: {MAKE}")


def _guessed(held: Mapping[str, str]) -> Iterator[Finding]:
    """Secrets of the operator's own making that can be guessed."""
    for name, value in held.items():
        parts = [part for part in value.split(",") if part] if OWN.search(name) else []
        if any(len(part) < SHORT or len(set(part)) < PLAIN for part in parts):
            yield wrong("settings.secret-weak", name, "It can be guessed.", f"Set a long, random one: {MAKE}")


def _file(file: Path) -> Iterator[Finding]:
    """Whether others can read the secrets in the file."""
    if file.is_file() and file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        says = f"Others than its owner may read {file}, and the tokens in it."
        yield doubt("settings.file-readable", str(file), says, f"chmod 600 {file}")
