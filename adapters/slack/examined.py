"""What the doctor examines in Slack's channels, and of the people whom playbooks name."""

import asyncio
from collections.abc import Sequence
from typing import Any

from adapters.slack.api import Api
from adapters.slack.rooms import Rooms
from bot.doctor import Finding, doubt, fine, wrong
from bot.errors import Outside, Refused
from bot.people import Person

WHERE_NAMED = "ANNOUNCE_CHANNEL, or `announce` in a playbook"
"""Where an announcement channel is named."""
WHERE_WATCHED = "ALERT_CHANNELS, or `alerts` in a playbook"
"""Where an alert channel is named."""
MOST_PEOPLE = 50
"""People looked up: Slack lets a bot ask for about a hundred a minute."""
AT_ONCE = 8


async def announcements(api: Api, name: str) -> Finding:
    what = f"Slack channel #{name}"
    room = await _channel(api, name, what=what, named=WHERE_NAMED)
    if isinstance(room, Finding):
        return room
    if not room.get("is_member"):
        says = "The bot is not in it yet; into a public one it comes by itself."
        return doubt("slack.not-in-channel", what, says, f"Type /invite @Tocsin in #{name}.")
    return fine(what, "The bot is in it.")


async def alerts(api: Api, name: str) -> Finding:
    """Whether alerts can be read in a channel: Slack tells a bot only of those that it is in."""
    what = f"Slack alert channel #{name}"
    room = await _channel(api, name, what=what, named=WHERE_WATCHED)
    if isinstance(room, Finding):
        return room
    if not room.get("is_member"):
        says = "The bot is not in it, so it cannot read the alerts that are posted there."
        return wrong("slack.not-in-alert-channel", what, says, f"Type /invite @Tocsin in #{room.get('name') or name}.")
    return fine(what, "The bot is in it, and reads what other apps post there.")


async def _channel(api: Api, name: str, *, what: str, named: str) -> dict[str, Any] | Finding:
    """A channel as Slack describes it, or what is wrong with it; ``named`` says where its name is written."""
    try:
        rooms = Rooms(api)
        channel = await rooms.id_of(name)
        if channel is None and await rooms.was_archived(name):
            return _archived(what, named)
        if channel is None:
            mend = f"Make #{name}, or name another ({named}); into a private one invite the bot."
            return wrong("slack.channel-missing", what, "There is none that the bot can see.", mend)
        answer = await api.call(api.client.conversations_info, channel=channel)
    except Refused as no:
        mend = f"Name a channel that the bot can see ({named})."
        return wrong("slack.channel-unseen", what, f"Slack answered {no.why}.", mend)
    except Outside as no:
        return doubt("slack.silent", what, f"Slack answered {no.why}.", "Ask again later.")
    room: dict[str, Any] = answer.get("channel") or {}
    if room.get("is_archived"):
        return _archived(what, named)
    return room


def _archived(what: str, named: str) -> Finding:
    return wrong("slack.channel-archived", what, "It is archived.", f"Unarchive it, or name another ({named}).")


async def people(api: Api, known: Sequence[Person]) -> list[Finding]:
    """Whether Slack knows the people by the ids that playbooks have for them."""
    asked = [one for one in known if one.on("slack")][:MOST_PEOPLE]
    places = asyncio.Semaphore(AT_ONCE)

    async def look(one: Person) -> Finding | None:
        async with places:
            return await _person(api, one)

    found = [one for one in await asyncio.gather(*map(look, asked)) if one is not None]
    return found or ([fine("Slack people", f"Slack knows all {len(asked)} whom playbooks name.")] if asked else [])


async def _person(api: Api, one: Person) -> Finding | None:
    what, id = f"Slack person {one.key}", one.on("slack") or ""
    try:
        user = (await api.call(api.client.users_info, user=id)).get("user") or {}
    except Refused as no:
        if no.why not in ("user_not_found", "user_not_visible"):
            return None  # the finding about scopes says why
        says, mend = f"Slack knows nobody with the id {id}.", "In Slack: their profile, ⋮, Copy member ID."
        return wrong("slack.person-unknown", what, says, f"Correct it in the playbook. {mend}")
    except Outside:
        return None
    if user.get("deleted"):
        says = f"The account {id} is deactivated, so nobody is reached by it."
        return doubt("slack.person-gone", what, says, "Take them out of the playbook's rotations and roles.")
    return None
