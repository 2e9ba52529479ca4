"""A watched channel: other apps post alerts there, and the bot answers under them."""

from typing import Any

from bot.alerts.tracked import Tracked
from tests.support.seen import Seen
from tests.support.story import posts
from tests.support.town import Side, Town

ALERTS = "alerts"
"""Its name."""
OURS = "A0TOCSIN1"


async def heard(town: Town, *, posted: int = 1, count: int = 1) -> Tracked:
    """Wait until the only alert was heard so often, and for what comes of it."""

    async def arrived() -> bool:
        await town.settle()
        known = await town.store.reader.alerts.latest(limit=10)
        return len(known) == count and known[0].tally.posted >= posted

    await town.until(arrived)
    await town.settle()
    return (await town.store.reader.alerts.latest(limit=10))[0]


async def cleared(town: Town) -> None:
    """Wait until the only alert cleared, and for what comes of it."""

    async def over() -> bool:
        await town.settle()
        return not (await town.store.reader.alerts.latest(limit=10))[0].fires

    await town.until(over)
    await town.settle()


def answers(side: Side, room: str = ALERTS) -> list[Seen]:
    """What the bot itself said there; in Slack other apps are bots, too."""
    return [one for one in posts(side, room) if one.raw.get("app_id", OURS) == OURS]


def under(one: Seen) -> str:
    """The message that it answers."""
    return one.thread or str((one.raw.get("message_reference") or {}).get("message_id", ""))


async def recorded(town: Town, platform: str, message: dict[str, Any], *, instead: str = "") -> str:
    """Its app posts a recorded message there, or puts it in the place of an earlier one; returns the post's id."""
    return await (_slack if platform == "slack" else _discord)(town, message, instead)


async def _slack(town: Town, event: dict[str, Any], instead: str) -> str:
    box, message = town.sandbox.slack, event.get("message", event)
    channel = box.channel_named(ALERTS).id
    said = {name: message[name] for name in ("text", "attachments", "blocks") if name in message}
    if instead:
        return str((await box.edit_as_bot(channel, instead, **said))["ts"])
    profile = message.get("bot_profile", {})
    name = message.get("username") or profile["name"]
    return str((await box.post_as_bot(channel, name=name, as_app=bool(profile), **said))["ts"])


async def _discord(town: Town, message: dict[str, Any], instead: str) -> str:
    box = town.sandbox.discord
    channel = str(box.channel_named(ALERTS)["id"])
    said = {name: message[name] for name in ("content", "embeds")}
    if instead:
        return str((await box.edit_as_webhook(channel, instead, **said))["id"])
    name, app = message["author"]["username"], "webhook_id" not in message
    return str((await box.post_as_webhook(channel, name=name, as_app=app, **said))["id"])
