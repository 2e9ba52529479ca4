"""Round trips and posts: what a declaration costs, and how much the bot says in the first ten minutes. Counted."""

from adapters.sandbox.calls import round_trips
from tests.bench.figures import Figure, Unit
from tests.bench.places import Bench
from tests.support.town import ANA, BO, Side, Town

SECTION = "Round trips and posts (150 ms per call; counted, not timed)"
LATENCY = 0.15
BROUGHT_IN = {"slack": "conversations.invite", "discord": "POST /channels/*/messages"}
"""What brings the declarer into the channel: Slack's invitation; on Discord, where everybody sees it, the first message
that mentions them there."""
OTHERS = (
    ("incidentbot", 13, 13, 15),
    ("Netflix Dispatch", 9, 19, 21),
    ("incidental", 4, 11, 17),
    ("FireFighter (estimated)", 4, 14, 18),
)
"""Of four other open-source bots, each with one form to fill in first, as measured against a fake Slack with a fixed
latency per call: the round trip in which the reporter is invited, the one in which all is ready (both after the last
form is sent), and calls in all."""

BEST = "the best of four other bots"


async def measure(bench: Bench) -> None:
    """Declare on each platform, then follow an ordinary incident for ten minutes of a still clock."""
    for platform in ("slack", "discord"):
        async with bench.address("SQLite") as url, Town(url, platforms=(platform,)) as town:
            await _declare(bench, town, town.sides[platform])
        async with bench.address("SQLite") as url, Town(url, platforms=(platform,)) as town:
            bench.note(await _ten_minutes(town, town.sides[platform]))
    for name, invited, ready, calls in OTHERS:
        bench.note(
            Figure(SECTION, "other bots: reporter invited in", name, invited, Unit.ROUND_TRIPS),
            Figure(SECTION, "other bots: all is ready after", name, ready, Unit.ROUND_TRIPS),
            Figure(SECTION, "other bots: API calls", name, calls, Unit.CALLS),
        )


async def _declare(bench: Bench, town: Town, side: Side) -> None:
    book = town.sandbox.calls
    await side.says(BO, "sev1 the first one finds the connections cold")
    await town.settle()
    town.sandbox.slack.latency = town.sandbox.discord.latency = LATENCY
    before = len(book.calls)
    await side.says(ANA, "sev1 checkout is down", room="general")
    await town.settle()
    calls = [call for call in book.calls[before:] if not call.method.endswith("/callback")]
    depths = round_trips(calls)
    invited = next(depths[call.began] for call in calls if call.method == BROUGHT_IN[side.name])
    where = side.name.capitalize()
    bench.note(
        _beside("declarer is in the channel after", where, invited, Unit.ROUND_TRIPS, 1, most=2),
        _beside("all is ready after", where, max(depths.values()), Unit.ROUND_TRIPS, 2, most=4),
        _beside("API calls of a declaration", where, len(calls), Unit.CALLS, 3, most=11),
    )


def _beside(what: str, where: str, value: float, unit: Unit, column: int, *, most: float) -> Figure:
    """A figure beside the least of the same column of the others."""
    least = min(float(row[column]) for row in OTHERS)
    return Figure(SECTION, what, where, value, unit, most, baseline=least, bare=BEST, main=True)


async def _ten_minutes(town: Town, side: Side) -> Figure:
    """Declared, acknowledged after two minutes, a note, one update after six; then nothing until ten are over."""
    before = _posts(side)
    await side.says(ANA, "sev1 checkout is down")
    await town.settle()
    room = next(name for name in side.rooms() if name.startswith("incident-"))
    for minutes, words in ((2, "ack"), (2, "note the new release went out at 13:50"),
                           (2, "update we are rolling the release back")):  # fmt: skip
        await town.forward(minutes=minutes)
        await side.says(ANA, words, room=room)
        await town.settle()
    await town.forward(minutes=4)
    note = "in all channels and threads; private answers and edits ring nobody"
    return Figure(SECTION, "bot posts in the first ten minutes", side.name.capitalize(), _posts(side) - before,
                  Unit.POSTS, 6, note, main=True)  # fmt: skip


def _posts(side: Side) -> int:
    """Messages of the bot in any channel or thread; what Slack itself writes about joins and topics is not its own."""
    return sum(one.by_bot for name in side.rooms() for one in side.room(name) if not one.raw.get("subtype"))
