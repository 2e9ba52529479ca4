"""A message that the app wants to say: its text, blocks, attachments and metadata, read and checked."""

import json
from typing import Any

from adapters.sandbox.slack import limits
from adapters.sandbox.slack.ask import Ask
from adapters.sandbox.slack.blocks import check_blocks, completed, size
from adapters.sandbox.slack.check import Check
from adapters.sandbox.slack.errors import Refusal
from adapters.sandbox.slack.model import Wire
from adapters.sandbox.slack.world import World

PREVIEW = "[no preview available]"


def as_bot(world: World) -> Wire:
    """Whose message it is, when it is the app's."""
    bot = {"id": world.bot_id, "app_id": world.app_id, "name": world.bot_name}
    return {
        "user": world.bot_user_id,
        "bot_id": world.bot_id,
        "app_id": world.app_id,
        "bot_profile": bot_profile(bot, world.team_id),
    }


def bot_profile(bot: Wire, team: str) -> Wire:
    """Which bot it is, as messages of bots with a token carry it."""
    profile = {"id": bot["id"], "app_id": bot["app_id"], "name": bot["name"], "team_id": team}
    return {**profile, "icons": {}, "deleted": False, "updated": 0}


def content(ask: Ask) -> Wire:
    """What a call says, checked. Raises :class:`Refusal` for what Slack refuses."""
    text = ask.text("text") or ask.text("markdown_text")
    if len(text) > limits.TEXT:
        raise Refusal("msg_too_long")
    said: Wire = {"text": text}
    blocks = ask.json("blocks", "invalid_blocks_format")
    if blocks is not None:
        said["blocks"] = message_blocks(ask.world, blocks)
    attachments = ask.json("attachments", "invalid_attachments")
    if attachments is not None:
        said["attachments"] = _attachments(ask.world, attachments)
    metadata = ask.json("metadata", "invalid_metadata_format")
    if metadata is not None:
        said["metadata"] = _metadata(metadata)
    if not (text.strip() or said.get("blocks") or said.get("attachments")):
        raise Refusal("no_text")
    return said


def changes(ask: Ask, message: Wire) -> Wire:
    """What chat.update makes of a message: what is not named stays, what is named empty goes (``None``) [S]."""
    said = content(ask)
    if "text" not in ask.arguments and "markdown_text" not in ask.arguments:
        said["text"] = message.get("text", "")
    return {name: value if value or name == "text" else None for name, value in said.items()}


def replacement(ask: Ask) -> Wire:
    """What stands in the place of a message that is replaced as a whole."""
    said = content(ask)
    return {**dict.fromkeys(("blocks", "attachments")), **said}


def message_blocks(world: World, blocks: Any) -> list[Wire]:
    """The blocks of a message, checked and completed. Raises :class:`Refusal` (invalid_blocks…)."""
    if not isinstance(blocks, list):
        raise Refusal("invalid_blocks_format")
    check = Check()
    if len(blocks) > limits.MESSAGE_BLOCKS:
        check.say("/blocks", f"no more than {limits.MESSAGE_BLOCKS} items allowed")
    check_blocks(check, blocks, "/blocks")
    if check.complaints:
        plain = [complaint.removeprefix("[ERROR] ") for complaint in check.complaints]
        raise Refusal("invalid_blocks", errors=plain, response_metadata={"messages": check.complaints})
    if size(blocks) > limits.BLOCKS_TOTAL:
        raise Refusal("msg_blocks_too_long")
    return completed(blocks, world.stamps)


def _attachments(world: World, attachments: Any) -> list[Wire]:
    if not isinstance(attachments, list) or not all(isinstance(one, dict) for one in attachments):
        raise Refusal("invalid_attachments")
    if len(attachments) > limits.ATTACHMENTS:
        raise Refusal("too_many_attachments")
    return [_attachment(world, one, number) for number, one in enumerate(attachments, start=1)]


def _attachment(world: World, attachment: Wire, number: int) -> Wire:
    made = {**attachment, "id": number, "fallback": attachment.get("fallback") or attachment.get("text") or PREVIEW}
    if isinstance(made.get("color"), str):
        made["color"] = made["color"].removeprefix("#")
    if "blocks" in attachment:
        made["blocks"] = message_blocks(world, attachment["blocks"])
    return made


def _metadata(metadata: Any) -> Wire:
    if metadata == {}:
        return {}
    if not isinstance(metadata, dict) or not isinstance(metadata.get("event_payload"), dict):
        raise Refusal("invalid_metadata_format")
    kind = metadata.get("event_type")
    if not isinstance(kind, str) or not kind:
        raise Refusal("invalid_metadata_format")
    if len(json.dumps(metadata["event_payload"]).encode()) > limits.METADATA_BYTES:
        raise Refusal("metadata_too_large")
    return {"event_type": kind, "event_payload": metadata["event_payload"]}
