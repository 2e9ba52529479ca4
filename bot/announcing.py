"""The announcement where its channel refuses it: under which key it stands, and when it is tried again.

Pure steps; what came of them is kept in ``incident.progress.announcing``. What is announced late is announced as things
are by then, in one message: nothing that was refused meanwhile is kept for later.
"""

import re
from datetime import datetime, timedelta

from bot.incident import Incident
from bot.intents import Edit, Post
from bot.ledger import Claimed
from bot.progress import Announcing

ANNOUNCEMENT = "announcement"
"""Key of the post in the announcement channel; a later one has its number behind it."""
SOON, WHILE_OPEN, AFTERWARDS = timedelta(minutes=1), timedelta(minutes=15), timedelta(hours=6)
"""The shortest wait before it is tried again, the longest one, and the longest once the incident is over."""
_KEY = re.compile(rf"{ANNOUNCEMENT}(/\d+)?")


def key(incident: Incident, platform: str) -> str:
    """Key of the announcement that stands, or is to stand, on a platform."""
    state = incident.progress.announcing.get(platform)
    return ANNOUNCEMENT if state is None or state.turn == 1 else f"{ANNOUNCEMENT}/{state.turn}"


def is_key(name: str) -> bool:
    """Whether this is the key of an announcement, be it an earlier one."""
    return _KEY.fullmatch(name) is not None


def about(claim: Claimed) -> str:
    """Key of the announcement that an effect posts or edits; empty for any other effect."""
    named = claim.intent.message if isinstance(claim.intent, Edit) else claim.key
    return named if isinstance(claim.intent, Edit | Post) and is_key(named) else ""


def tried_again(claim: Claimed) -> bool:
    """Whether it posts the announcement anew, after it was refused."""
    return isinstance(claim.intent, Post) and is_key(claim.key) and claim.key != ANNOUNCEMENT


def waits(incident: Incident, platform: str) -> bool:
    """Whether there is nothing to be posted or edited until it is tried again."""
    state = incident.progress.announcing.get(platform)
    return state is not None and state.try_at is not None


def refused(incident: Incident, platform: str, *, why: str, edited: bool, now: datetime) -> bool:
    """Its channel refused it, or its edit; returns whether that is news."""
    before = incident.progress.announcing.get(platform)
    news = before is None or before.back_at is not None
    since = now if news or before is None else before.since
    longest = WHILE_OPEN if incident.open else AFTERWARDS
    incident.progress.announcing[platform] = Announcing(
        turn=before.turn if before is not None else 1,
        since=since,
        why=why,
        try_at=now + min(max((now - since) / 4, SOON), longest),
        stood=key(incident, platform) if edited else before.stood if before is not None else "",
    )
    return news


def again(incident: Incident, platform: str) -> None:
    """Try it again, by a message of its own."""
    state = incident.progress.announcing[platform]
    incident.progress.announcing[platform] = state.model_copy(update={"turn": state.turn + 1, "try_at": None})


def back(incident: Incident, platform: str, *, now: datetime) -> bool:
    """It stands now; returns whether that is news."""
    state = incident.progress.announcing.get(platform)
    if state is None or state.back_at is not None:
        return False
    incident.progress.announcing[platform] = state.model_copy(update={"try_at": None, "back_at": now})
    return True
