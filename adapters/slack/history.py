"""What was said in a channel since a moment: where a second attempt looks for what the first one left."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

from adapters.slack import limits
from adapters.slack.api import Api


async def said_since(
    api: Api, channel: str, moment: datetime, *, thread: str | None = None
) -> AsyncIterator[dict[str, Any]]:
    """Messages of a channel, or of a thread, that are not older than ``moment`` (aware), a page at a time.

    Raises as :meth:`Api.call` does.
    """
    read = api.client.conversations_history if thread is None else api.client.conversations_replies
    place = {"channel": channel} if thread is None else {"channel": channel, "ts": thread}
    oldest = f"{(moment - limits.SLACK_IN_CLOCKS).timestamp():.6f}"
    cursor: str | None = None
    while cursor != "":
        page = await api.call(read, **place, oldest=oldest, limit=limits.PAGE, include_all_metadata=True, cursor=cursor)
        for said in page.get("messages", ()):
            yield said
        cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
