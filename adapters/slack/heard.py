"""From Slack's payloads to the core's words."""

from pydantic import ValidationError

from adapters.slack import emojis
from adapters.slack.api import Identity, ref
from adapters.slack.forms import Kept, answers
from adapters.slack.payloads import (
    Command,
    MembershipEvent,
    Message,
    Press,
    ReactionEvent,
    Shortcut,
    Submission,
    Unreadable,
    moment,
)
from adapters.slack.spans import PLATFORM
from adapters.slack.words import typed
from bot.heard import Filled, Moved, Original, Reacted, Spoken
from bot.people import stranger


def command(body: Command) -> Spoken:
    """A slash command."""
    return Spoken(
        key=_trigger(body.trigger_id),
        platform=PLATFORM,
        actor=stranger(PLATFORM, body.user_id, body.user_name),
        channel=body.channel_id,
        room=body.channel_name,
        reply=body.response_url,
        words=typed(body.text).strip(),
    )


def press(body: Press) -> Spoken:
    """A pressed button. A private message cannot be referred to later, so it has no reference."""
    channel = body.channel.id if body.channel else body.container.channel_id
    ts = body.container.message_ts
    return Spoken(
        key=_trigger(body.trigger_id),
        platform=PLATFORM,
        actor=stranger(PLATFORM, body.user.id, body.user.name),
        channel=channel,
        room=body.channel.name if body.channel else "",
        message=ref(channel, ts) if channel and ts and not body.private else None,
        reply=body.response_url,
        words=body.actions[0].value,
    )


def shortcut(body: Shortcut, identity: Identity | None, author: str) -> Spoken:
    """A shortcut; with the message that it was used on, if it was."""
    channel = body.channel.id if body.channel else None
    original = None
    if body.message is not None and channel is not None:
        original = pointed_at(body.message, channel, identity, author)
    return Spoken(
        key=_trigger(body.trigger_id),
        platform=PLATFORM,
        actor=stranger(PLATFORM, body.user.id, body.user.name),
        channel=channel,
        room=body.channel.name if body.channel else "",
        reply=body.response_url,
        words="",
        original=original,
    )


def pointed_at(message: Message, channel: str, identity: Identity | None, author: str) -> Original:
    """A message as the core keeps it."""
    return Original(
        text=typed(message.text),
        author=author,
        at=moment(message.ts),
        url=identity.permalink(ref(channel, message.ts)) if identity else None,
    )


def filled(body: Submission) -> Filled:
    """A modal that was sent."""
    kept = _kept(body.view.private_metadata)
    return Filled(
        key=_trigger(body.trigger_id),
        platform=PLATFORM,
        actor=stranger(PLATFORM, body.user.id, body.user.name),
        channel=kept.channel,
        message=kept.message,
        words=kept.does,
        values=answers(body.view.state),
    )


def reacted(body: ReactionEvent, name: str, original: Original | None) -> Reacted:
    """A reaction, put on a message or taken away."""
    event = body.event
    return Reacted(
        key=f"slack:event:{body.event_id}",
        platform=PLATFORM,
        actor=stranger(PLATFORM, event.user, name),
        channel=event.item.channel,
        message=ref(event.item.channel, event.item.ts),
        emoji=emojis.character(event.reaction),
        added=event.type == "reaction_added",
        original=original,
    )


def moved(body: MembershipEvent, name: str) -> Moved:
    """Somebody who joined a channel or left it."""
    return Moved(
        key=f"slack:event:{body.event_id}",
        platform=PLATFORM,
        actor=stranger(PLATFORM, body.event.user, name),
        channel=body.event.channel,
        joined=body.event.type == "member_joined_channel",
    )


def _kept(metadata: str) -> Kept:
    try:
        return Kept.model_validate_json(metadata)
    except ValidationError as wrong:
        raise Unreadable("Submission: view.private_metadata") from wrong


def _trigger(trigger_id: str) -> str:
    return f"slack:trigger:{trigger_id}"
