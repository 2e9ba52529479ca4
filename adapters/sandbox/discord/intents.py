"""Which events a session asked for, and how much of a message it may read."""

from adapters.sandbox.discord.errors import Wire

GUILDS, MEMBERS, PRESENCES = 1 << 0, 1 << 1, 1 << 8
GUILD_MESSAGES, GUILD_REACTIONS, GUILD_TYPING = 1 << 9, 1 << 10, 1 << 11
DM_MESSAGES, DM_REACTIONS, DM_TYPING = 1 << 12, 1 << 13, 1 << 14
MESSAGE_CONTENT = 1 << 15
PRIVILEGED = MEMBERS | PRESENCES | MESSAGE_CONTENT
KNOWN = (1 << 17) - 1 | 3 << 20 | 3 << 24 | 1 << 30
"""Every bit that Discord accepts (and 1 << 30, which some libraries set); others close the socket with 4013."""

_GUILD = {
    "MESSAGE_REACTION": GUILD_REACTIONS,
    "MESSAGE": GUILD_MESSAGES,
    "TYPING": GUILD_TYPING,
    "GUILD_MEMBER": MEMBERS,
    "CHANNEL": GUILDS,
    "THREAD": GUILDS,
    "GUILD_ROLE": GUILDS,
    "GUILD_CREATE": GUILDS,
}
_DIRECT = {"MESSAGE_REACTION": DM_REACTIONS, "MESSAGE": DM_MESSAGES, "TYPING": DM_TYPING, "CHANNEL": DM_MESSAGES}


def wanted(event: str, data: Wire, *, intents: int, bot_id: str) -> bool:
    """Whether a session with these intents receives an event."""
    if event == "GUILD_MEMBER_UPDATE" and data["user"]["id"] == bot_id:
        return True
    in_guild = "guild_id" in data or event.startswith("GUILD_")
    for prefix, bit in (_GUILD if in_guild else _DIRECT).items():
        if event.startswith(prefix):
            return bool(intents & bit)
    return True


def readable(message: Wire, *, intents: int, bot_id: str) -> Wire:
    """A message as a session with these intents may read it: without the content of others, unless it is addressed.

    Exempt are the bot's own messages, direct messages and messages that mention the bot [D].
    """
    addressed = any(user["id"] == bot_id for user in message.get("mentions", []))
    direct = "guild_id" not in message
    if intents & MESSAGE_CONTENT or addressed or direct or message["author"]["id"] == bot_id:
        return message
    return message | {"content": "", "embeds": [], "attachments": [], "components": []}


def seen_by(event: str, data: Wire, *, intents: int, bot_id: str) -> Wire:
    """An event's data as a session with these intents sees it."""
    if event in ("MESSAGE_CREATE", "MESSAGE_UPDATE"):
        told = readable(data, intents=intents, bot_id=bot_id)
        quoted = data.get("referenced_message")
        if quoted and "guild_id" in data:
            quoted = readable(quoted | {"guild_id": data["guild_id"]}, intents=intents, bot_id=bot_id)
            told = told | {"referenced_message": quoted}
        return told
    return data
