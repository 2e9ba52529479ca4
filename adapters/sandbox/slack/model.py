"""What a Slack workspace is made of: channels, things handed out for one use, and the fate of a delivery."""

from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Wire = dict[str, Any]
"""An object as Slack's API writes it."""


@dataclass(slots=True)
class Channel:
    """A conversation: a channel, public or private, or direct messages of two (``is_im``) or more (``is_mpim``)."""

    id: str
    name: str
    creator: str
    created: int
    is_private: bool = False
    is_archived: bool = False
    is_im: bool = False
    is_mpim: bool = False
    is_general: bool = False
    topic: str = ""
    topic_by: str = ""
    topic_at: int = 0
    purpose: str = ""
    purpose_by: str = ""
    purpose_at: int = 0
    members: list[str] = field(default_factory=list)
    messages: list[Wire] = field(default_factory=list)
    """Oldest first, replies of threads among them."""
    pins: list[Wire] = field(default_factory=list)
    """Oldest first; each ``{"type", "channel", "created", "created_by", "message"}``."""
    bookmarks: list[Wire] = field(default_factory=list)
    previous_names: list[str] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """``public``, ``private``, ``im`` or ``mpim``."""
        if self.is_im:
            return "im"
        if self.is_mpim:
            return "mpim"
        return "private" if self.is_private else "public"

    @property
    def event_type(self) -> str:
        """The ``channel_type`` of events."""
        return {"public": "channel", "private": "group"}.get(self.kind, self.kind)

    def message(self, ts: str) -> Wire | None:
        """The message of that time stamp."""
        place = bisect_left(self.messages, ts, key=lambda message: str(message["ts"]))
        if place < len(self.messages) and self.messages[place]["ts"] == ts:
            return self.messages[place]
        return None

    def replies(self, ts: str) -> list[Wire]:
        """The replies to a message, oldest first, without itself."""
        return [m for m in self.messages if m.get("thread_ts") == ts and m["ts"] != ts]

    def pin_of(self, ts: str) -> Wire | None:
        return next((pin for pin in self.pins if pin["message"]["ts"] == ts), None)

    def wire(self, viewer: str = "") -> Wire:
        """The conversation as Slack's API writes it."""
        if self.is_im:
            other = next((member for member in self.members if member != viewer), viewer)
            return {
                "id": self.id,
                "created": self.created,
                "is_archived": False,
                "is_im": True,
                "is_org_shared": False,
                "user": other,
                "is_user_deleted": False,
                "priority": 0,
            }
        return {
            "id": self.id,
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": not self.is_private and not self.is_mpim,
            "is_group": self.is_private,
            "is_im": False,
            "is_mpim": self.is_mpim,
            "is_private": self.is_private or self.is_mpim,
            "is_archived": self.is_archived,
            "is_general": self.is_general,
            "is_member": viewer in self.members,
            "is_shared": False,
            "is_org_shared": False,
            "is_ext_shared": False,
            "is_pending_ext_shared": False,
            "created": self.created,
            "creator": self.creator,
            "unlinked": 0,
            "topic": {"value": self.topic, "creator": self.topic_by, "last_set": self.topic_at},
            "purpose": {"value": self.purpose, "creator": self.purpose_by, "last_set": self.purpose_at},
            "previous_names": list(self.previous_names),
            "num_members": len(self.members),
        }


@dataclass(slots=True)
class Trigger:
    """Permission to open one view for somebody who just acted."""

    user: str
    at: datetime
    used: bool = False


@dataclass(slots=True)
class ResponseUrl:
    """Permission to answer an act a few times, for a while, without being in the channel."""

    user: str
    channel: str
    at: datetime
    ts: str = ""
    """The message that was acted on, where there was one."""
    uses: int = 0


@dataclass(slots=True)
class Delivery:
    """What became of one command, action, view or event that was sent to the app."""

    acked: bool
    response: dict[str, Any] | None
    """What the app said with its acknowledgement."""
    seconds: float
    """Real seconds from sending to acknowledgement, or to giving up."""
    envelope: dict[str, Any]
    """What was sent, as Socket Mode frames it."""
    timed_out: bool = False
    error: str = ""
    """Why Slack would tell the user that it did not work: ``dispatch_failed``, ``operation_timeout``…"""


@dataclass(slots=True)
class Upload:
    """A file on its way in, or in."""

    id: str
    name: str
    length: int
    content: bytes | None = None
    wire: Wire = field(default_factory=dict)
