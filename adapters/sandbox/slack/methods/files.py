"""Files in two steps: files.getUploadURLExternal, the upload itself, files.completeUploadExternal."""

from adapters.sandbox.slack import log
from adapters.sandbox.slack.ask import NUMBER, Ask
from adapters.sandbox.slack.draft import as_bot
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
    files = ask.json("files")
    if not isinstance(files, list) or not files:
        raise invalid_arguments("missing required field: files")
    uploads = [_finished(ask, file) for file in files]
    names = ask.words("channels") or ask.words("channel_id")
    channels = [ask.reach(ask.world.channels.get(name), member=True, live=True) for name in names]
    for channel in channels:
        _share(ask, channel, uploads)
    return {"files": [upload.wire for upload in uploads]}


def received(world: World, file_id: str, content: bytes) -> Upload | None:
    """Take the bytes of an upload; ``None`` if nobody announced it, or its length is another."""
    upload = world.files.get(file_id)
    if upload is None or upload.content is not None or len(content) != upload.length:
        return None
    upload.content = content
    return upload


def _finished(ask: Ask, file: object) -> Upload:
    upload = ask.world.files.get(str(file.get("id"))) if isinstance(file, dict) else None
    if upload is None or upload.content is None or not isinstance(file, dict):
        raise Refusal("file_not_found")
    kind = upload.name.rpartition(".")[2].lower() if "." in upload.name else "text"
    link = f"{ask.world.base_url}/files/{upload.id}"
    upload.wire = {
        "id": upload.id,
        "created": ask.world.stamps.seconds(),
        "timestamp": ask.world.stamps.seconds(),
        "name": upload.name,
        "title": str(file.get("title") or upload.name),
        "filetype": kind,
        "size": upload.length,
        "user": ask.world.bot_user_id,
        "mode": "hosted",
        "is_external": False,
        "url_private": link,
        "url_private_download": link,
        "permalink": link,
    }
    return upload


def _share(ask: Ask, channel: Channel, uploads: list[Upload]) -> None:
    thread_ts = ask.text("thread_ts")
    if thread_ts and channel.message(thread_ts) is None:
        raise Refusal("thread_not_found")
    said = {"subtype": "file_share", "text": ask.text("initial_comment"), "files": [u.wire for u in uploads]}
    log.post(ask.world, channel, {**as_bot(ask.world), **said, "upload": True}, thread_ts=thread_ts)
