"""Files that came with messages, kept in memory and served again."""

from typing import Any
from urllib.parse import quote

from adapters.sandbox.discord.drafts import Draft, Upload
from adapters.sandbox.discord.errors import Wire
from adapters.sandbox.discord.world import World


def stored(world: World, message: Wire, *, draft: Draft) -> list[Wire]:
    """The attachments a message has once the draft's files are added and those it does not name are dropped."""
    named = {str(given.get("id")): given for given in draft.attachments}
    before: list[Wire] = message["attachments"]
    kept = [old for old in before if old["id"] in named or "attachments" not in draft.given]
    return kept + [_store(world, message, upload=upload, given=named.get(upload.index, {})) for upload in draft.uploads]


def _store(world: World, message: Wire, *, upload: Upload, given: dict[str, Any]) -> Wire:
    file_id = world.ids.new()
    world.files[file_id] = (upload.content_type, upload.data)
    name = str(given.get("filename") or upload.filename)
    url = f"{world.origin}/attachments/{message['channel_id']}/{file_id}/{quote(name, safe='')}"
    attachment = {
        "id": file_id,
        "filename": name,
        "size": len(upload.data),
        "url": url,
        "proxy_url": url,
        "content_type": upload.content_type,
    }
    description = given.get("description")
    return attachment | {"description": str(description)} if description else attachment
