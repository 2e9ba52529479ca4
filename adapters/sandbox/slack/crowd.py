"""What people and other apps do in the workspace that needs no answer from the app: talk, react, come and go."""

from collections.abc import Callable
from typing import Any

from adapters.sandbox.alarm_posts import Stand
from adapters.sandbox.alarms import alarm, shape
from adapters.sandbox.slack import log, marks, rooms
from adapters.sandbox.slack.blocks import completed
from adapters.sandbox.slack.draft import PREVIEW, bot_profile
from adapters.sandbox.slack.errors import Impossible, Refusal
from adapters.sandbox.slack.model import Channel, Wire
from adapters.sandbox.slack.world import World

NAMED = {"danger": "a30200", "warning": "daa038", "good": "2eb886"}
"""Colours that Slack has names for, as its events tell them."""


class Crowd(World):
    """The doings of everybody but the app."""

    async def open_home(self, user_id: str) -> None:
        """Open the app's home tab."""
        channel = self.dm(self.bot_user_id, user_id)
        view = self.homes.get(user_id)
        event = {"type": "app_home_opened", "user": user_id, "channel": channel.id, "tab": "home"}
        shown = {"view": view} if view else {}
        self.emit({**event, **shown, "event_ts": self.stamps.ts()}, channel)

    async def react(self, user_id: str, channel_id: str, ts: str, name: str) -> None:
        """Add an emoji, by name without colons; harmless if it is there."""
        self._mark(marks.react, "already_reacted", user_id, channel_id, ts, name)

    async def unreact(self, user_id: str, channel_id: str, ts: str, name: str) -> None:
        """Take an emoji away; harmless if it is not there."""
        self._mark(marks.unreact, "no_reaction", user_id, channel_id, ts, name)

    async def post(self, user_id: str, channel_id: str, text: str, *, thread_ts: str | None = None) -> Wire:
        """Say something in a channel, or to the user or bot of that id.

        ``text`` is as typed (@ana, #general, &) or already in Slack's notation (<@U…>).
        """
        channel = self.dm(user_id, channel_id) if channel_id in self.users else self.place(channel_id)
        if channel.is_archived or user_id not in channel.members:
            raise Impossible(f"{user_id} cannot post in {channel_id}: it is archived, or not a member")
        if thread_ts and channel.message(thread_ts) is None:
            raise Impossible(f"there is no message {thread_ts} to reply to")
        message = {"user": user_id, "text": self.typed(text), "client_msg_id": self.stamps.secret("message")}
        return log.post(self, channel, message, thread_ts=thread_ts or "")

    async def post_as_bot(
        self,
        channel_id: str,
        *,
        name: str,
        text: str = "",
        attachments: list[Wire] | None = None,
        blocks: list[Wire] | None = None,
        icon: str = ":robot_face:",
        thread_ts: str = "",
        as_app: bool = False,
    ) -> Wire:
        """A message of another app: as an incoming webhook posts it, or (``as_app``) as a bot with a token of its own.

        ``thread_ts`` puts it into a thread.
        """
        bot = self.bot_named(name)
        message: Wire = {"text": text, "bot_id": bot["id"], "app_id": bot["app_id"]}
        if as_app:
            message |= {"user": f"U{bot['id'][1:]}", "bot_profile": bot_profile(bot, self.team_id)}
        else:
            message |= {"subtype": "bot_message", "username": name, "icons": {"emoji": icon}}
        message |= self._shown(attachments, blocks)
        return log.post(self, self.place(channel_id), message, thread_ts=thread_ts)

    async def edit_as_bot(
        self,
        channel_id: str,
        ts: str,
        *,
        text: str | None = None,
        attachments: list[Wire] | None = None,
        blocks: list[Wire] | None = None,
    ) -> Wire:
        """Another app puts something else in the place of what it posted; what is not named stays."""
        channel = self.place(channel_id)
        message = channel.message(ts)
        if message is None or "bot_id" not in message:
            raise Impossible(f"no app has a message {ts} in {channel_id}")
        changes = ({} if text is None else {"text": text}) | self._shown(attachments, blocks)
        return log.amend(self, channel, message, changes, edited_by=message["bot_id"])

    async def post_alert(self, channel_id: str, alert: str, *, stand: Stand = Stand.FIRING, instead: str = "") -> Wire:
        """An alert as its sender posts it, by its key in ``adapters/sandbox/alarms.py``.

        ``instead`` is the ``ts`` of an earlier post that the sender changes into it.
        """
        said = shape(alert, "slack", stand)
        if instead:
            return await self.edit_as_bot(channel_id, instead, **said)
        sender = alarm(alert)
        return await self.post_as_bot(channel_id, name=sender.sender, as_app=sender.as_app, **said)

    def _shown(self, attachments: list[Wire] | None, blocks: list[Wire] | None) -> Wire:
        """Attachments and blocks as Slack keeps them: numbered, with bare colours."""
        shown: Wire = {}
        if attachments:
            shown["attachments"] = [_attached(one, number) for number, one in enumerate(attachments, start=1)]
        if blocks:
            shown["blocks"] = completed(blocks, self.stamps)
        return shown

    async def edit(self, user_or_bot_id: str, channel_id: str, ts: str, **changes: Any) -> Wire:
        """Change a message of this user or bot."""
        channel, message = self.place(channel_id), self._own(user_or_bot_id, channel_id, ts)
        return log.amend(self, channel, message, changes, edited_by=user_or_bot_id)

    async def delete(self, user_or_bot_id: str, channel_id: str, ts: str) -> None:
        """Delete a message of this user or bot."""
        log.erase(self, self.place(channel_id), self._own(user_or_bot_id, channel_id, ts))

    async def join(self, user_id: str, channel_id: str) -> None:
        """Join a channel; harmless for a member."""
        channel = self.place(channel_id)
        if user_id not in channel.members:
            rooms.enter(self, channel, user_id)

    async def leave(self, user_id: str, channel_id: str) -> None:
        """Leave a channel; harmless for who is no member."""
        channel = self.place(channel_id)
        if user_id in channel.members:
            rooms.quit(self, channel, user_id)

    async def create_channel(self, user_id: str, name: str, *, private: bool = False) -> Channel:
        """Make a channel. Raises :class:`Impossible` for a name that Slack refuses."""
        try:
            return rooms.create(self, name, creator=user_id, private=private)
        except Refusal as refusal:
            raise Impossible(refusal.error) from refusal

    async def invite(self, user_id: str, channel_id: str, *others: str) -> None:
        """Bring others, the bot too, into a channel; harmless for its members."""
        channel = self.place(channel_id)
        for other in others:
            if other not in channel.members:
                rooms.enter(self, channel, other, inviter=user_id)

    async def archive(self, user_id: str, channel_id: str) -> None:
        """Archive a channel; harmless if it is."""
        if not self.place(channel_id).is_archived:
            rooms.archive(self, self.place(channel_id), user=user_id)

    async def unarchive(self, user_id: str, channel_id: str) -> None:
        """Bring a channel back, which people always may; harmless if it is not archived."""
        if self.place(channel_id).is_archived:
            rooms.unarchive(self, self.place(channel_id), user=user_id)

    async def pin(self, user_id: str, channel_id: str, ts: str) -> None:
        """Pin a message; harmless if it is pinned."""
        self._mark(marks.pin, "already_pinned", user_id, channel_id, ts)

    async def unpin(self, user_id: str, channel_id: str, ts: str) -> None:
        """Take a pin away; harmless if there is none."""
        self._mark(marks.unpin, "no_pin", user_id, channel_id, ts)

    def _own(self, author: str, channel_id: str, ts: str) -> Wire:
        message = self.place(channel_id).message(ts)
        if message is None or author not in (message.get("user"), message.get("bot_id")):
            raise Impossible(f"{author} has no message {ts} in {channel_id}")
        return message

    def _mark(
        self, act: Callable[..., None], harmless: str, user_id: str, channel_id: str, ts: str, *name: str
    ) -> None:
        channel = self.place(channel_id)
        message = channel.message(ts)
        if message is None:
            raise Impossible(f"there is no message {ts} in {channel_id}")
        try:
            act(self, channel, message, *(one.strip(":") for one in name), user=user_id)
        except Refusal as refusal:
            if refusal.error != harmless:
                raise Impossible(refusal.error) from refusal


def _attached(attachment: Wire, number: int) -> Wire:
    made = {"id": number, "fallback": PREVIEW, **attachment}
    if isinstance(made.get("color"), str):
        made["color"] = NAMED.get(made["color"], made["color"].removeprefix("#"))
    return made
