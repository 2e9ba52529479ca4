"""The posts of the reminder ladder stand, in the channel and in direct messages, and show how they were answered."""

from collections.abc import Iterator
from datetime import datetime

from bot.incident import Incident
from bot.intents import Urgency
from bot.messages import reminders
from bot.playbook.shape import Playbook
from bot.standing.message import DIRECT, Standing
from bot.standing.source import Source


class Reminders(Source):
    """The reminders of the present silence."""

    def messages(self, incident: Incident, playbook: Playbook, *, now: datetime) -> Iterator[Standing]:
        """One message a post; a later one makes those before it needless."""
        yield from _asked(incident, playbook)
        yield from _direct(incident, playbook)

    def stale(self, incident: Incident, key: str) -> bool:
        """Those of silences long answered."""
        return key.startswith("ask/") and not key.startswith(f"ask/{incident.reminding.silence}/")


def _asked(incident: Incident, playbook: Playbook) -> Iterator[Standing]:
    """The reminders in the channel."""
    clock = incident.reminding
    earlier: frozenset[str] = frozenset()
    for asked in clock.posts:
        key = f"ask/{clock.silence}/{asked.post}"
        card = reminders.post(incident, playbook, asked)
        past = clock.answer is not None or asked is not clock.posts[-1]
        yield Standing(key, card, urgency=Urgency.ASK, instead_of=earlier, past=past)
        earlier |= {key}


def _direct(incident: Incident, playbook: Playbook) -> Iterator[Standing]:
    """The reminders that went to people privately."""
    clock = incident.reminding
    earlier: dict[tuple[str, str], str] = {}
    newest = {(one.platform, one.person.key): one.post for one in clock.direct}
    for one in clock.direct:
        theirs = (one.platform, one.person.key)
        key = f"ask/{clock.silence}/{one.post}/direct/{one.person.key}"
        yield Standing(
            key,
            reminders.direct(incident, playbook, again=one.post != newest[theirs]),
            to=DIRECT,
            urgency=Urgency.ASK,
            instead_of=frozenset({earlier[theirs]} if theirs in earlier else ()),
            person=one.person,
            platform=one.platform,
        )
        earlier[theirs] = key
