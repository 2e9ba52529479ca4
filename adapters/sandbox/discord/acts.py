"""What a person does in the sandbox's Discord: types, presses, reacts, writes."""

from typing import Any

from adapters.sandbox.alarm_posts import Stand
from adapters.sandbox.alarms import alarm, shape
from adapters.sandbox.discord import edits, messages, reactions
from adapters.sandbox.discord.commands import MESSAGE_MENU
from adapters.sandbox.discord.drafts import Draft, read_draft
from adapters.sandbox.discord.errors import Wire
from adapters.sandbox.discord.filling import find_component, modal_data, press_data
from adapters.sandbox.discord.interactions import AUTOCOMPLETE, COMMAND, COMPONENT, MODAL, Interaction, Interactions
from adapters.sandbox.discord.invoking import Filler, command_data, find_command
from adapters.sandbox.discord.permissions import EVERY, P, require
from adapters.sandbox.discord.world import World, user_object


class Acts:
    """The people's side of the guild.

    Raises ``ValueError`` for what Discord's own client would not let a person do, and ``DiscordError`` for what
    Discord itself refuses (an unknown channel, a missing permission).
    """

    def __init__(self, world: World, interactions: Interactions) -> None:
        self.world = world
        self.interactions = interactions
        self.hooks: dict[str, str] = {}
        """Ids of the other applications that post here, by name."""

    def _place(self, user_id: str, channel_id: str, *, needs: int = 0) -> Wire:
        """The channel that somebody acts in, who must be able to see it."""
        channel = self.world.channel(channel_id)
        self.world.user(user_id)
        require(self.world, user_id, channel=channel, needs=needs)
        return channel

    def _message(self, user_id: str, channel_id: str, message_id: str) -> Wire:
        """A message that this person can see."""
        held = self.world.whispers.get(user_id, {}).get(message_id)
        return held if held is not None else self.world.message(channel_id, message_id)

    async def command(
        self, user_id: str, channel_id: str, name: str = "incident", options: dict[str, Any] | None = None
    ) -> Interaction:
        """Run a slash command and wait for the bot's answer. ``name`` may hold a subcommand: ``incident declare``."""
        channel = self._place(user_id, channel_id, needs=P.USE_APPLICATION_COMMANDS)
        data = command_data(self.world, name, options=options or {}, channel=channel)
        return await self.interactions.send(self.interactions.make(COMMAND, user_id, channel=channel, data=data))

    async def autocomplete(
        self, user_id: str, channel_id: str, name: str, options: dict[str, Any], focused: str
    ) -> list[dict[str, Any]]:
        """The choices that the bot offers for the option ``focused``; ``options`` holds what is typed so far."""
        channel = self._place(user_id, channel_id, needs=P.USE_APPLICATION_COMMANDS)
        typed = {focused: ""} | options
        data = command_data(self.world, name, options=typed, channel=channel, focused=focused)
        made = self.interactions.make(AUTOCOMPLETE, user_id, channel=channel, data=data)
        return (await self.interactions.send(made)).choices

    async def message_command(self, user_id: str, channel_id: str, message_id: str, name: str) -> Interaction:
        """Use a command from a message's context menu."""
        channel = self._place(user_id, channel_id, needs=P.USE_APPLICATION_COMMANDS)
        command = find_command(self.world, name, kind=MESSAGE_MENU)
        message = self._message(user_id, channel_id, message_id)
        data: Wire = {"id": command["id"], "name": name, "type": MESSAGE_MENU, "target_id": message_id}
        data |= {"guild_id": command["guild_id"]} if "guild_id" in command else {}
        data["resolved"] = {"messages": {message_id: dict(message)}}
        return await self.interactions.send(self.interactions.make(COMMAND, user_id, channel=channel, data=data))

    async def press(
        self, user_id: str, channel_id: str, message_id: str, custom_id_or_label: str, *, values: Any = None
    ) -> Interaction:
        """Press a button, or choose ``values`` in a select."""
        channel = self._place(user_id, channel_id)
        message = self._message(user_id, channel_id, message_id)
        component = find_component(message, custom_id_or_label)
        resolved: Wire = {}
        filler = Filler(self.world, channel=channel, resolved=resolved)
        data = press_data(component, values, filler=filler, resolved=resolved)
        made = self.interactions.make(COMPONENT, user_id, channel=channel, data=data, source=message)
        return await self.interactions.send(made)

    def open_modal(self, user_id: str) -> dict[str, Any] | None:
        """The form that this person has before him."""
        opener = self.interactions.open_modals.get(user_id)
        return None if opener is None else opener.modal

    async def submit_modal(self, user_id: str, values: dict[str, Any]) -> Interaction:
        """Fill in the open form, by custom id or label, and send it; without an answer it stays open."""
        opener = self.interactions.open_modals.get(user_id)
        if opener is None or opener.modal is None:
            raise ValueError("no form is open")
        channel = self._place(user_id, opener.channel_id)
        resolved: Wire = {}
        filler = Filler(self.world, channel=channel, resolved=resolved)
        data = modal_data(opener.modal, values, filler=filler, resolved=resolved)
        made = self.interactions.make(MODAL, user_id, channel=channel, data=data, source=opener.source)
        return await self.interactions.send(made)

    async def dismiss_modal(self, user_id: str) -> None:
        """Close the form; the bot hears nothing of it."""
        if self.interactions.open_modals.pop(user_id, None) is not None:
            self.world.changed("MODAL_CLOSE")

    async def react(self, user_id: str, channel_id: str, message_id: str, emoji: str) -> None:
        self._place(user_id, channel_id)
        reactions.add(self.world, user_id, message=self.world.message(channel_id, message_id), emoji=emoji)

    async def unreact(self, user_id: str, channel_id: str, message_id: str, emoji: str) -> None:
        message = self.world.message(channel_id, message_id)
        reactions.remove(self.world, user_id, message=message, emoji=emoji, user_id=user_id)

    async def post(self, user_id: str, channel_id: str, content: str, *, reply_to: str | None = None) -> dict[str, Any]:
        """Write a message."""
        body: Wire = {"content": content}
        if reply_to is not None:
            body["message_reference"] = {"message_id": reply_to}
        channel = self.world.channel(channel_id)
        return messages.send(self.world, user_id, channel=channel, draft=read_draft(body, []))

    async def post_as_webhook(
        self,
        channel_id: str,
        *,
        name: str,
        content: str = "",
        embeds: list[dict[str, Any]] | None = None,
        reply_to: str = "",
        as_app: bool = False,
    ) -> dict[str, Any]:
        """A message by another application, such as an alert: through a webhook, or (``as_app``) as a bot of its own.

        ``reply_to`` makes it a reply, which only a bot of its own can write.
        """
        draft: Draft = read_draft({"content": content, "embeds": embeds or []}, [])
        hook = self.hooks.setdefault(name, self.world.ids.new())
        author = user_object(hook, name, username=name, bot=True) | {"discriminator": "0000"}
        channel = self.world.channel(channel_id)
        whose = {"application_id": hook} if as_app or reply_to else {"webhook_id": hook}
        message = messages.blank(self.world, channel, author, kind=messages.REPLY if reply_to else 0, **whose)
        if reply_to:
            replied = self.world.message(channel_id, reply_to)
            message |= {"message_reference": messages.reference(self.world, replied), "referenced_message": replied}
        messages.fill(self.world, message, draft=draft, rights=EVERY)
        return messages.add(self.world, message)

    async def edit_as_webhook(self, channel_id: str, message_id: str, **changes: Any) -> dict[str, Any]:
        """Another application changes what it posted; ``changes`` are the API's fields, such as ``embeds``."""
        message = self.world.message(channel_id, message_id)
        if message["author"]["id"] not in self.hooks.values():
            raise ValueError(f"no other application posted {message_id}")
        return edits.apply(self.world, message, draft=read_draft(changes, []), rights=EVERY)

    async def post_alert(
        self, channel_id: str, alert: str, *, stand: Stand = Stand.FIRING, instead: str = ""
    ) -> dict[str, Any]:
        """An alert as its sender posts it, by its key in ``adapters/sandbox/alarms.py``.

        ``instead`` is the id of an earlier post that the sender changes into it.
        """
        said = shape(alert, "discord", stand)
        if instead:
            return await self.edit_as_webhook(channel_id, instead, **said)
        sender = alarm(alert)
        return await self.post_as_webhook(channel_id, name=sender.sender, as_app=sender.as_app, **said)

    async def edit(self, author_id: str, channel_id: str, message_id: str, **changes: Any) -> dict[str, Any]:
        """Change a message of one's own; ``changes`` are the API's fields, such as ``content``."""
        message = self.world.message(channel_id, message_id)
        return edits.change(self.world, author_id, message=message, draft=read_draft(changes, []))

    async def delete(self, author_id: str, channel_id: str, message_id: str) -> None:
        """Delete a message; one that only this person sees is dismissed."""
        message = self._message(author_id, channel_id, message_id)
        if message_id in self.world.whispers.get(author_id, {}):
            edits.remove(self.world, message)
        else:
            edits.delete(self.world, author_id, message=message)
