"""What must be there, counted: the database says what was promised, the sandbox what happened."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from adapters.database import Database
from adapters.discord.marks import nonce
from adapters.sandbox.server import Sandbox
from bot.chain import verify
from bot.incident import Incident
from bot.intents import Archive
from bot.ports import Job
from bot.timeline import Kind, Link
from tests.chaos.senders import Sent
from tests.support.ledger import Promise, promises


@dataclass
class Verdict:
    """Counts of effects that should be there once."""

    expected: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    """Anything else that is not as it should be."""

    def count(self, what: str, name: str, found: int) -> None:
        """``found`` effects where one was promised."""
        self.expected[what] += 1
        if found < 1:
            self.lost.append(f"{what} {name}")
        elif found > 1:
            self.doubled.append(f"{what} {name} ({found} times)")

    @property
    def clean(self) -> bool:
        """Nothing lost, nothing doubled, nothing wrong."""
        return not (self.lost or self.doubled or self.wrong)


async def judge(
    sandbox: Sandbox,
    database: Database,
    *,
    acknowledged: set[str],
    tried: set[str],
    looks: Callable[[Verdict, Incident, Sequence[Link]], None] = lambda verdict, incident, links: None,
) -> Verdict:
    """Hold what happened against what was promised. ``acknowledged`` and ``tried`` are titles of declarations.
    ``looks`` is shown each incident with its timeline."""
    verdict = Verdict()
    numbers = await database.reader.numbers()
    incidents = [found for n in numbers if (found := await database.reader.incident(n)) is not None]
    titles = Counter(one.title for one in incidents)
    for title in acknowledged:
        verdict.count("declaration", title, titles[title])
    for title in titles:
        if title not in tried:
            verdict.wrong.append(f"nobody declared {title}")
        elif titles[title] > 1:
            verdict.doubled.append(f"declaration {title}")
    rows = await promises(database)
    for row in rows:
        if not row.done:
            verdict.lost.append(f"{row.platform} {row.incident}/{row.key} is still owed")
    _messages(verdict, sandbox, rows)
    _channels(verdict, sandbox, rows, incidents)
    for one in incidents:
        looks(verdict, one, await _timeline(verdict, database, one))
    return verdict


async def judge_alerts(verdict: Verdict, database: Database, sent: Sent, *, platforms: tuple[str, ...]) -> None:
    """Hold how often each alert counts against how often it was accepted, and was sent at all; what nobody answered may
    have been accepted or not. And what became of them: one offer on each platform, one clear in the record."""
    known = {one.key: one for one in await database.reader.alerts.latest(limit=10_000)}
    for key in sent.tried:
        found = known[key].tally.posted if key in known else 0
        verdict.expected["alert"] += sent.accepted[key]
        if found < sent.accepted[key]:
            verdict.lost.append(f"alert {key}: {found} of {sent.accepted[key]}")
        elif found > sent.tried[key]:
            verdict.doubled.append(f"alert {key}: {found} of {sent.tried[key]}")
    verdict.wrong += [f"nobody sent alert {key}" for key in known if key not in sent.tried]
    if left := await database.inbox.depth(most=1000):
        verdict.lost.append(f"{left} alerts are still in the inbox")
    verdict.wrong += [f"set aside: {one.why}" for one in await database.inbox.strange()]
    posts = [(row.platform, row.key) for row in await promises(database) if row.kind == "post" and not row.gave_up]
    for key in sent.offered & known.keys():
        marked = f"alert/{known[key].id}/"
        for platform in platforms:
            made = sum(where == platform and what.startswith(marked) for where, what in posts)
            verdict.count(f"{platform} offer", key, made)
    for key in sent.cleared & known.keys():
        links = await database.reader.timeline(known[key].incident or 0, limit=1000)
        noted = sum(link.entry.text == f"Cleared: {known[key].alert.title}" for link in links)
        verdict.count("clear", key, noted if len(known[key].flips) == 1 and not known[key].fires else 0)


def _messages(verdict: Verdict, sandbox: Sandbox, rows: list[Promise]) -> None:
    posts = [row for row in rows if row.kind == "post" and row.done and not row.gave_up]
    slack = Counter(slack_keys(sandbox))
    discord = Counter(str(m["nonce"]) for m in _discord_messages(sandbox) if m.get("nonce"))
    for row in posts:
        key = f"{row.incident or 0}/{row.key}"
        found = slack[key] if row.platform == "slack" else discord[_nonce(key)]
        verdict.count(f"{row.platform} post", key, found)
    known = {f"{row.incident or 0}/{row.key}" for row in rows}
    verdict.wrong += [f"slack post {key} was never promised" for key in slack if key not in known]


def _nonce(key: str) -> str:
    return nonce(Job(key, Archive(), None, datetime.now(UTC)))


def slack_keys(sandbox: Sandbox) -> list[str]:
    """The marks on the bot's messages on Slack: the key of the effect that each is."""
    return [key for message in _slack_messages(sandbox) if (key := _slack_key(message))]


def _slack_key(message: dict[str, Any]) -> str:
    return str(((message.get("metadata") or {}).get("event_payload") or {}).get("key", ""))


def _slack_messages(sandbox: Sandbox) -> list[dict[str, Any]]:
    return [m for channel in sandbox.slack.channels.values() for m in channel.messages
            if m.get("user") == sandbox.slack.bot_user_id]  # fmt: skip


def _discord_messages(sandbox: Sandbox) -> list[dict[str, Any]]:
    box = sandbox.discord
    return [m for channel in box.channels for m in box.messages(channel) if m["author"]["id"] == str(box.bot_user_id)]


def _channels(verdict: Verdict, sandbox: Sandbox, rows: list[Promise], incidents: list[Incident]) -> None:
    names = {one.number: one.channel_name for one in incidents}
    from_slack = {one.channel_name for one in incidents if one.declared_by.on("slack")}
    slack = {c.name: c for c in sandbox.slack.channels.values()}
    discord = Counter(str(c.get("name", "")) for c in sandbox.discord.channels.values())
    for row in (row for row in rows if row.kind == "open" and row.done):
        name = names[row.incident or 0]
        found = int(name in slack) if row.platform == "slack" else discord[name]
        verdict.count(f"{row.platform} channel", name, found)
        if row.platform == "slack" and name in slack:
            if name in from_slack:
                verdict.count("slack member", name, int(len(slack[name].members) > 1))
            _pins(verdict, name, [str(p["message"]["ts"]) for p in slack[name].pins])
            kept = Counter(str(b["title"]) for b in slack[name].bookmarks)
            promised = [r for r in rows if (r.kind, r.platform, r.incident) == ("bookmark", "slack", row.incident)]
            for place, found in zip(promised, kept.values(), strict=False):
                verdict.count("slack bookmark", f"{place.key} of {name}", found)
            if len(promised) != len(kept):
                verdict.lost.append(f"bookmarks of {name}: {len(kept)} of {len(promised)}")
        elif row.platform == "discord" and discord[name] == 1:
            channel = sandbox.discord.channel_named(name)
            _pins(verdict, name, [str(p["id"]) for p in sandbox.discord.pins(channel["id"])])
    made = [c for c in (*slack, *discord) if c.startswith("incident-")]
    verdict.wrong += [f"channel {name} belongs to no incident" for name in made if name not in names.values()]


def _pins(verdict: Verdict, name: str, pins: list[str]) -> None:
    for place in range(2):
        verdict.count("pin", f"{place + 1} of {name}", int(len(pins) > place))
    if len(pins) > 2:
        verdict.doubled.append(f"pin of {name}: {len(pins)}")


async def _timeline(verdict: Verdict, database: Database, incident: Incident) -> Sequence[Link]:
    links = [link async for link in database.reader.chain(incident.number)]
    broken = verify(links, length=incident.entries, head=incident.head)
    if broken is not None:
        verdict.wrong.append(f"timeline of #{incident.number}: {broken}")
    declared = sum(link.entry.kind is Kind.DECLARED for link in links)
    verdict.count("timeline entry", f"declared of #{incident.number}", declared)
    verdict.expected["timeline entry"] += len(links) - 1
    ends = sum(link.entry.kind is Kind.END for link in links)
    if not incident.open:
        verdict.count("timeline entry", f"end of #{incident.number}", ends)
    return links
