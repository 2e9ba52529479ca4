"""What a person, or nobody in particular, can do in the sandbox: one entry for each method of the two platforms."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, is_dataclass
from typing import Any

from pydantic import ConfigDict, ValidationError, validate_call

from adapters.sandbox.discord.errors import DiscordError
from adapters.sandbox.discord.guild import DiscordGuild
from adapters.sandbox.discord.interactions import Interaction
from adapters.sandbox.slack.errors import Refusal
from adapters.sandbox.slack.workspace import SlackWorkspace

SHORT = {
    "channel_id": "channel",
    "message_id": "message",
    "action_id": "control",
    "action_id_or_text": "control",
    "custom_id_or_label": "control",
}
"""Parameters of the methods that have a shorter name over HTTP, too."""

SHOWN = ("id", "name", "answered", "timed_out", "seconds", "response", "message", "followups", "modal", "choices")
"""What of a Discord interaction is told; the rest serves the guild."""


class Mistake(Exception):
    """A request that the sandbox cannot understand or follow; the words are for whoever sent it."""


@dataclass(frozen=True, slots=True)
class Act:
    """A method that can be called over HTTP; ``personal`` acts are done by the person named in ``as``."""

    method: Callable[..., Any]
    personal: bool = True


SLACK: Mapping[str, Act] = {
    "command": Act(SlackWorkspace.command),
    "press": Act(SlackWorkspace.press),
    "press_in_view": Act(SlackWorkspace.press_in_view),
    "submit_view": Act(SlackWorkspace.submit_view),
    "close_view": Act(SlackWorkspace.close_view),
    "suggest": Act(SlackWorkspace.suggest),
    "shortcut": Act(SlackWorkspace.shortcut),
    "open_home": Act(SlackWorkspace.open_home),
    "react": Act(SlackWorkspace.react),
    "unreact": Act(SlackWorkspace.unreact),
    "post": Act(SlackWorkspace.post),
    "edit": Act(SlackWorkspace.edit),
    "delete": Act(SlackWorkspace.delete),
    "join": Act(SlackWorkspace.join),
    "leave": Act(SlackWorkspace.leave),
    "post_as_bot": Act(SlackWorkspace.post_as_bot, personal=False),
    "post_alert": Act(SlackWorkspace.post_alert, personal=False),
    "edit_as_bot": Act(SlackWorkspace.edit_as_bot, personal=False),
    "redeliver": Act(SlackWorkspace.redeliver, personal=False),
    "drop_sockets": Act(SlackWorkspace.drop_sockets, personal=False),
    "refresh_sockets": Act(SlackWorkspace.refresh_sockets, personal=False),
}

DISCORD: Mapping[str, Act] = {
    "command": Act(DiscordGuild.command),
    "autocomplete": Act(DiscordGuild.autocomplete),
    "message_command": Act(DiscordGuild.message_command),
    "press": Act(DiscordGuild.press),
    "submit_modal": Act(DiscordGuild.submit_modal),
    "dismiss_modal": Act(DiscordGuild.dismiss_modal),
    "react": Act(DiscordGuild.react),
    "unreact": Act(DiscordGuild.unreact),
    "post": Act(DiscordGuild.post),
    "edit": Act(DiscordGuild.edit),
    "delete": Act(DiscordGuild.delete),
    "post_as_webhook": Act(DiscordGuild.post_as_webhook, personal=False),
    "post_alert": Act(DiscordGuild.post_alert, personal=False),
    "edit_as_webhook": Act(DiscordGuild.edit_as_webhook, personal=False),
    "redeliver": Act(DiscordGuild.redeliver, personal=False),
    "drop_sockets": Act(DiscordGuild.drop_sockets, personal=False),
    "ask_reconnect": Act(DiscordGuild.ask_reconnect, personal=False),
    "invalidate_sessions": Act(DiscordGuild.invalidate_sessions, personal=False),
}


async def perform(platform: SlackWorkspace | DiscordGuild, name: str, *, who: str, arguments: dict[str, Any]) -> Any:
    """Do the named act and return its result as JSON.

    Raises :class:`Mistake` for an unknown act or argument, and for what the platform would not let this person do.
    """
    acts = SLACK if isinstance(platform, SlackWorkspace) else DISCORD
    act = acts.get(name)
    if act is None:
        raise Mistake(f"There is no act {name!r} here; there are: {', '.join(acts)}.")
    signature = inspect.signature(act.method)
    given = (platform, who) if act.personal else (platform,)
    spelled = _spelled(arguments, signature)
    try:
        signature.bind(*given, **spelled)
    except TypeError as error:
        raise Mistake(f"{name}: {error}; it takes {_takes(act)}.") from error
    checked = validate_call(config=ConfigDict(arbitrary_types_allowed=True))(act.method)
    try:
        result = checked(*given, **spelled)
        return plain(await result if inspect.isawaitable(result) else result)
    except ValidationError as error:
        first = error.errors()[0]
        raise Mistake(f"{name}: {'.'.join(str(step) for step in first['loc'])}: {first['msg']}.") from error
    except Refusal as error:
        raise Mistake(f"Slack refuses: {error.error}.") from error
    except DiscordError as error:
        raise Mistake(f"Discord refuses: {error.message} ({error.code}).") from error
    except (ValueError, LookupError) as error:
        raise Mistake(f"{name}: {error.args[0] if error.args else error}.") from error


def plain(value: Any) -> Any:
    """A result as JSON can say it."""
    if isinstance(value, Interaction):
        return {key: getattr(value, key) for key in SHOWN}
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def _spelled(arguments: dict[str, Any], signature: inspect.Signature) -> dict[str, Any]:
    """The arguments under the method's own names."""
    short = {SHORT[name]: name for name in signature.parameters if name in SHORT}
    return {short.get(name, name): value for name, value in arguments.items()}


def _takes(act: Act) -> str:
    names = list(inspect.signature(act.method).parameters)[2 if act.personal else 1 :]
    return ", ".join(SHORT.get(name, name) for name in names) or "nothing more"
