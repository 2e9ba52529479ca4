"""What the stories of post-mortems share: a town that owes them, an incident that is over, the message that stands."""

from pathlib import Path

from tests.support.seen import Seen
from tests.support.story import acquainted, declared, posts, tell
from tests.support.town import ANA, BO, Side, Town, sqlite

RECORD = {
    "header": ("date", "severity", "duration", "affected", "lead"),
    "sections": (
        {"title": "What happened", "fills": "summary"},
        {"title": "Timeline", "fills": "timeline"},
        {"title": "Root cause", "asks": ("What made it possible?", "What set it off?")},
        {"title": "What went well", "asks": ("What helped us?",)},
        {"title": "Action items", "fills": "actions"},
    ),
}
REQUIRED = {"need": "required", "within": "2 business days", "meeting": "30m", "share": ("engineering",)}
RECOMMENDED = {"need": "recommended", "within": "5 business days"}


def town_of(folder: Path, platform: str, **record: object) -> Town:
    """A town on one platform that owes a post-mortem of sev1 and recommends one of sev2."""
    needs = {"sev1": REQUIRED, "sev2": RECOMMENDED}
    severities = [
        one.model_dump() | ({"postmortem": needs[one.name]} if one.name in needs else {})
        for one in acquainted().severities
    ]
    playbook = acquainted(severities=severities, record=RECORD | record, close=({"postmortem": True},))
    return Town(sqlite(folder), platforms=(platform,), playbook=playbook)


async def over(town: Town, side: Side, severity: str = "sev1") -> None:
    """An incident that began at 13:50, was handled by Ana and Bo, and is resolved at 14:30."""
    await declared(town, side, f"{severity} checkout is down")
    for words in ("take ic", "began 13:50 UTC", "impact nobody can pay", "affected 500"):
        await tell(town, side, ANA, words)
    await tell(town, side, BO, "ack")
    await tell(town, side, ANA, f"role comms {side.at(BO)}")
    await town.forward(minutes=10)
    await tell(town, side, BO, "update Ana restarted the pool, ana says it holds")
    await town.forward(minutes=20)
    await tell(town, side, ANA, "resolve the pool was doubled")


def stands(side: Side) -> Seen:
    """The message that tells how it stands."""
    return next(one for one in posts(side) if "Post-mortem of #1" in one.text)


def bare(text: str) -> str:
    """Text without the marks that make it bold or code."""
    return text.replace("`", "").replace("*", "")
