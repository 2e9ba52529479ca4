"""What the doctor examines about alerts: who may send them, what nobody understood, and whether they are handled."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter

from adapters.web.accepting import FULL
from adapters.web.secrets import Secrets
from bot.alerts.book import Inbox, Strange
from bot.doctor import Finding, doubt, fine, wrong
from bot.errors import Outside

SHORT = 16
"""Characters below which a secret can be guessed."""
LATELY = timedelta(days=7)
MOST = 100
"""Payloads looked at."""
MANY = 1000
"""Alerts waiting from which on something seems to be wrong; a running bot handles as many in seconds."""
MAKE = "`openssl rand -hex 16` makes one."


async def examine(secrets: Secrets, inbox: Inbox | None, *, sources: Sequence[str], now: datetime) -> list[Finding]:
    """Everything that may keep alerts from coming in, with how to mend it; no ``inbox`` where the database is away."""
    found = [_secret(secrets, sources)]
    if inbox is None:
        return found  # the database's own findings say why
    try:
        return [*found, _waiting(await inbox.depth(most=FULL)), *_strange(await inbox.strange(limit=MOST), now)]
    except Outside as gone:
        says = f"The database does not say ({gone.why})."
        return [*found, doubt("alerts.unknown", "Alerts waiting", says, "Mend the database first; then ask again.")]


def _secret(secrets: Secrets, sources: Sequence[str]) -> Finding:
    what = "Webhook secret"
    short = [
        name for name, value in secrets.named.items() if len(value) < SHORT and name != "WEBHOOK_SECRET_CLOUDWATCH"
    ]
    if short:
        says = f"{' and '.join(short)}: shorter than {SHORT} characters, so it can be guessed."
        return wrong("alerts.secret-short", what, says, f"Set a long, random one: {MAKE}")
    if secrets.set:
        return fine(what, f"It is set: senders may post to /alerts/ and one of {', '.join(sorted(sources))}.")
    mend = f"Set WEBHOOK_SECRET if monitoring should post to /alerts/SENDER: {MAKE} Posts in chat need none."
    if secrets.named:
        says = f"WEBHOOK_SECRET is not set, so only senders that sign are let in: {', '.join(secrets.named)}."
        return fine(what, says, mend)
    says = "WEBHOOK_SECRET is not set, so no alert comes in by webhook."
    return doubt("alerts.no-secret", what, says, mend)


def _waiting(depth: int) -> Finding:
    what = "Alerts waiting"
    if depth < MANY:
        return fine(what, f"{depth} accepted and not handled yet.")
    mend = "They are handled while `tocsin run` runs; its log says what holds it up."
    if depth >= FULL:
        return wrong("alerts.full", what, f"{depth:,} or more wait, so no more are taken.", mend)
    return doubt("alerts.waiting", what, f"{depth:,} wait to be handled.", mend)


def _strange(strange: Sequence[Strange], now: datetime) -> list[Finding]:
    lately = sorted((one for one in strange if now - one.at <= LATELY), key=attrgetter("source"))
    if not lately:
        return [fine("Alerts not understood", "None in the last seven days.")]
    return [_from(source, list(some)) for source, some in groupby(lately, key=attrgetter("source"))]


def _from(source: str, strange: Sequence[Strange]) -> Finding:
    last = max(strange, key=attrgetter("at", "id"))
    count = "one payload" if len(strange) == 1 else f"{len(strange)} payloads"
    return doubt(
        "alerts.not-understood",
        f"Alerts from {source}",
        f"{count} not understood, the last at {last.at:%Y-%m-%d %H:%M} UTC: {last.why}",
        f"Compare the sender's template and address with adapters/{source}/README.md.",
    )
