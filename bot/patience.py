"""Patience: how long to wait before the next attempt, how many there are, and when people should hear of it."""

from bot import announcing
from bot.intents import (
    CallOff,
    ChangeIssue,
    Edit,
    Inquire,
    OpenChannel,
    OpenIssue,
    PagePerson,
    Post,
    Probe,
    React,
    SendMail,
    TellPublic,
    Unarchive,
    Whisper,
)
from bot.ledger import Claimed

LONGEST_WAIT = 15.0
"""Seconds between attempts at the most, unless a platform asks for more: what returns is complete within a minute."""
FIRST_WAIT = 0.25
"""Seconds before a second attempt; each further wait is twice as long."""
LATE = 20.0
"""Seconds of trying after which a person is told that a part of the set-up is late."""
MENDING = 300.0
"""Seconds until an issue, e-mail, or a text for customers, is tried again that was refused: somebody has to mend a
token, a right, a name."""
REFUSALS = 4
"""Attempts at something that is refused before it is given up; an operator may mend a permission meanwhile."""


def backoff(attempts: int) -> float:
    """Seconds to wait after this many attempts that got no answer."""
    return min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(attempts, 10))


def after_refusal(claim: Claimed) -> float | None:
    """Seconds until something that was refused is tried again; ``None`` gives it up.

    Without its channel an incident is nothing, so that is tried for ever; so are issues and texts for customers, which
    nobody would miss before it is too late, and e-mail, which has an end of its own. What only tidies is given up at
    once, and so is an announcement: people hear of it at once, and a clock of its own tries again.
    """
    if isinstance(claim.intent, OpenIssue | ChangeIssue | TellPublic | SendMail):
        return MENDING
    if isinstance(claim.intent, OpenChannel):
        return LONGEST_WAIT
    if isinstance(claim.intent, Edit | React | Unarchive) or announcing.about(claim) or claim.attempts >= REFUSALS:
        return None
    return min(LONGEST_WAIT, 4.0 ** (claim.attempts - 1))


def is_late(claim: Claimed) -> bool:
    """Whether it has been tried for so long that people should know."""
    return sum(backoff(n) for n in range(1, claim.attempts)) > LATE


def of_note(claim: Claimed) -> bool:
    """Whether people are told when it is late: what sets an incident up, not what is said on the way."""
    if claim.incident is None or isinstance(
        claim.intent, Edit | React | Whisper | Probe | Inquire | PagePerson | CallOff
    ):
        return False
    return not (isinstance(claim.intent, Post) and claim.key.startswith("said/"))
