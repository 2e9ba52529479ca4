"""The toll: what became of a storm's alerts, counted once nothing waits and nothing is owed any more."""

from collections import Counter
from dataclasses import dataclass

from adapters.database import Database
from adapters.sandbox.server import Sandbox
from bot.alerts.tracked import Tracked
from tests.bench.load import KEYS, Told
from tests.bench.storm import Depths
from tests.support.senders import key


@dataclass(frozen=True, slots=True)
class Toll:
    """Numbers of alerts, incidents and posts."""

    forgotten: int
    """Alerts answered with 2xx that no incident has."""
    repeated: int
    """Times that an alert was acted on beyond the times it was accepted."""
    strange: int
    """Set aside, because acting on them failed."""
    refused: int
    """Answers that were neither 202 nor 429."""
    early: int
    """Answers of 429 though there was room."""
    incidents: int
    posts: int
    """Of the bot's for an incident, at most."""


async def toll(told: Told, depths: Depths, store: Database, sandbox: Sandbox) -> Toll:
    """Count it."""
    known = {one.key: one for one in await store.reader.alerts.latest(limit=10 * KEYS)}
    incidents = await _incidents(store)
    posts = _posts(sandbox, incidents)
    acted = {name: _acted(known.get(key(name)), incidents) for name in told.accepted}
    return Toll(
        forgotten=sum(max(0, count - acted[name]) for name, count in told.accepted.items()),
        repeated=sum(max(0, acted[name] - count) for name, count in told.accepted.items()),
        strange=len(await store.inbox.strange()),
        refused=sum(count for status, count in told.statuses.items() if status not in (202, 429)),
        early=sum(depths.had_room(sent, answered) for sent, answered in told.turned),
        incidents=len(incidents),
        posts=max((posts[number] for number in incidents), default=0),
    )


def _acted(tracked: Tracked | None, incidents: set[int]) -> int:
    """How many alerts of a key count; none where no incident has them."""
    if tracked is None or tracked.incident not in incidents or not tracked.became.of_incident:
        return 0
    return tracked.tally.posted


async def _incidents(store: Database) -> set[int]:
    """Those that alerts made."""
    numbers = await store.reader.numbers()
    found = [one for number in numbers if (one := await store.reader.incident(number)) is not None]
    return {one.number for one in found if one.by_alert}


def _posts(sandbox: Sandbox, incidents: set[int]) -> Counter[int]:
    """The bot's messages in any channel or thread, by incident; those that answer a person's command are among them.

    Discord's messages say nothing of which incident they belong to: there all of them count for each.
    """
    discord = sandbox.discord
    said = [one for channel in discord.channels for one in discord.messages(channel) if one["author"].get("bot")]
    mine = [one for channel in sandbox.slack.channels.values() for one in channel.messages
            if one.get("user") == sandbox.slack.bot_user_id]  # fmt: skip
    keys = [str(((one.get("metadata") or {}).get("event_payload") or {}).get("key", "")) for one in mine]
    found = Counter(int(each.partition("/")[0]) for each in keys if each)
    return found + Counter(dict.fromkeys(incidents, len(said)))
