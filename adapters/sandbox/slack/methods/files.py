"""Files in two steps: files.getUploadURLExternal, the upload itself, files.completeUploadExternal."""

import asyncio
from math import isinf
from mimetypes import guess_type

from adapters.sandbox.preview import LINES, preview
from adapters.sandbox.slack import log
from adapters.sandbox.slack.ask import NUMBER, Ask
from adapters.sandbox.slack.draft import as_bot, message_blocks
from adapters.sandbox.slack.errors import Refusal, invalid_arguments
from adapters.sandbox.slack.model import Channel, Upload, Wire
from adapters.sandbox.slack.world import World


def get_upload_url(ask: Ask) -> Wire:
    name, length = ask.required("filename", "length")
    if not NUMBER.fullmatch(length) or int(length) < 1:
        raise invalid_arguments("must be greater than 0: length")
    upload = Upload(ask.world.stamps.id("F"), name, int(length))
    ask.world.files[upload.id] = upload
    return {"upload_url": f"{ask.world.base_url}/upload/v1/{upload.id}", "file_id": upload.id}


def complete_upload(ask: Ask) -> Wire:
    """Share the files. The answer says little and comes at once; the messages come when sharing is done."""
    files = ask.json("files")
    if not isinstance(files, list) or not files:
        raise invalid_arguments("missing required field: files")
    names = ask.words("channels") or ask.words("channel_id")
    channels = [ask.reach(ask.world.channels.get(name), member=True, live=True) for name in names]
    thread_ts, said = ask.text("thread_ts"), _beside(ask)
    if thread_ts and any(channel.message(thread_ts) is None for channel in channels):
        raise Refusal("thread_not_found")
    uploads = [_finished(ask, file) for file in files]
    said |= {"subtype": "file_share", "files": [upload.wire for upload in uploads], "upload": True}
    for channel in channels:
        _share(ask.world, channel, said, thread_ts)
    return {"files": [{"id": upload.id, "title": upload.wire["title"]} for upload in uploads]}


def received(world: World, file_id: str, content: bytes) -> Upload | None:
    """Take the bytes of an upload; ``None`` if nobody announced it, or its length is another."""
    upload = world.files.get(file_id)
    if upload is None or upload.content is not None or len(content) != upload.length:
        return None
    upload.content = content
    return upload


def _beside(ask: Ask) -> Wire:
    """What is said beside the files; blocks count only where there is no comment [M]."""
    comment, blocks = ask.text("initial_comment"), ask.json("blocks", "invalid_blocks_format")
    if comment or blocks is None:
        return {"text": comment}
    if isinstance(blocks, list) and any(isinstance(one, dict) and one.get("type") == "markdown" for one in blocks):
        raise Refusal("internal_error")  # [I python-slack-sdk#1756]
    return {"text": "", "blocks": message_blocks(ask.world, blocks)}


def _finished(ask: Ask, file: object) -> Upload:
    upload = ask.world.files.get(str(file.get("id"))) if isinstance(file, dict) else None
    if upload is None or upload.content is None or not isinstance(file, dict):
        raise Refusal("file_not_found")
    if upload.wire:
        # Once only [M: files.completeUploadExternal]; with which word Slack refuses a second call it does not say.
        raise Refusal("file_not_found")
    link = f"{ask.world.base_url}/files/{upload.id}"
    upload.wire = {
        "id": upload.id,
        "created": ask.world.stamps.seconds(),
        "timestamp": ask.world.stamps.seconds(),
        "name": upload.name,
        "title": str(file.get("title") or upload.name),
        "mimetype": guess_type(upload.name)[0] or "application/octet-stream",
        "filetype": upload.name.rpartition(".")[2].lower() if "." in upload.name else "text",
        "size": upload.length,
        "user": ask.world.bot_user_id,
        "mode": "hosted",
        "is_external": False,
        "url_private": link,
        "url_private_download": link,
        "permalink": link,
        **_preview(upload.content),
    }
    return upload


def _preview(content: bytes) -> Wire:
    """The first lines of a text, as Slack's file objects carry them; nothing of what is no text."""
    shown = preview(content)
    if shown is None:
        return {}
    lines = content.count(b"\n") + 1
    return {"mode": "snippet", "preview": shown, "lines": lines, "lines_more": max(0, lines - LINES)}


def _share(world: World, channel: Channel, said: Wire, thread_ts: str) -> None:
    def post() -> None:
        said["files"][0].setdefault("channels", []).append(channel.id)
        log.post(world, channel, {**as_bot(world), **said}, thread_ts=thread_ts)

    if not world.sharing:
        post()
    elif not isinf(world.sharing):
        asyncio.get_running_loop().call_later(world.sharing, post)
