"""What people do in Slack's own client: commands, buttons, forms, shortcuts, told to the app as Slack tells it."""

from typing import Any

from adapters.sandbox.slack import answers, controls, fields, views
from adapters.sandbox.slack.courier import Courier, Envelope
from adapters.sandbox.slack.errors import Impossible, Refusal
from adapters.sandbox.slack.model import Channel, Delivery, Wire
from adapters.sandbox.slack.scopes import COMMANDS
from adapters.sandbox.slack.world import World


class Acts:
    """The doing of it; :class:`SlackWorkspace` is what others call."""

    def __init__(self, world: World, courier: Courier) -> None:
        self._world = world
        self._courier = courier

    async def command(self, user_id: str, channel_id: str, text: str, *, command: str) -> Delivery:
        """A slash command. Slack delivers none without the ``commands`` scope."""
        world, channel = self._world, self._world.place(channel_id)
        payload = {
            "token": world.verification_token,
            "team_id": world.team_id,
            "team_domain": world.team_domain,
            "channel_id": channel_id,
            "channel_name": _shown_name(channel),
            "user_id": user_id,
            "user_name": self._user(user_id)["name"],
            "command": command,
            "text": world.typed(text.strip(), named=True),
            "api_app_id": world.app_id,
            "is_enterprise_install": "false",
            "response_url": world.response_url(user_id, channel_id, kind="commands"),
            "trigger_id": world.trigger(user_id),
        }
        envelope = Envelope("slash_commands", payload)
        if COMMANDS not in world.scopes:
            return Delivery(False, None, 0.0, envelope.wire, error="unknown_command")
        delivery = await self._courier.deliver(envelope)
        if delivery.acked:
            self._heed(delivery, user_id, channel_id)
        return delivery

    async def press(self, user_id: str, channel_id: str, ts: str, wanted: str, *, value: Any) -> Delivery:
        """A button, or a choice from a menu, in a message."""
        world, channel = self._world, self._world.place(channel_id)
        whispered = world.whisper(user_id, ts)
        message = whispered or channel.message(ts)
        if message is None:
            raise Impossible(f"there is no message {ts} in {channel_id} that {user_id} could see")
        blocks = [*message.get("blocks", [])]
        for attachment in message.get("attachments", []):
            blocks += attachment.get("blocks", [])
        block, element = controls.element(blocks, wanted, value)
        container = {
            "type": "message",
            "message_ts": ts,
            "channel_id": channel_id,
            "is_ephemeral": whispered is not None,
            **({"thread_ts": message["thread_ts"]} if message.get("thread_ts") else {}),
        }
        state = {"values": fields.initial(blocks)}
        action = self._action(block, element, value, state["values"])
        payload = {
            **self._common("block_actions", user_id),
            "container": container,
            "channel": {"id": channel_id, "name": _shown_name(channel)},
            # Slack does not send an ephemeral message back.
            **({} if whispered else {"message": message}),
            "state": state,
            "response_url": world.response_url(user_id, channel_id, ts=ts),
            "actions": [action],
        }
        return await self._courier.deliver(Envelope("interactive", payload))

    async def press_in_view(self, user_id: str, wanted: str, value: Any) -> Delivery:
        """A button, or a choice, in the top modal, or in the home tab while no modal is open."""
        view = self._view(user_id)
        block, element = controls.element(view["blocks"], wanted, value)
        action = self._action(block, element, value, view["state"]["values"])
        payload = {
            **self._common("block_actions", user_id),
            "container": {"type": "view", "view_id": view["id"]},
            "view": view,
            "actions": [action],
        }
        return await self._courier.deliver(Envelope("interactive", payload))

    async def submit(self, user_id: str, values: dict[str, Any]) -> Delivery:
        """The top modal, filled in and submitted. Values are keyed by block_id, by label, or by action_id."""
        view = self._modal(user_id)
        if not view["submit"]:
            raise Impossible("this view has no submit button")
        controls.fill(view, values)
        self._world.view_errors.pop(user_id, None)
        payload = {**self._common("view_submission", user_id), "view": view, "response_urls": []}
        delivery = await self._courier.deliver(Envelope("interactive", payload))
        if delivery.acked:
            self._follow(user_id, view, delivery)
        return delivery

    async def close(self, user_id: str) -> Delivery | None:
        """The top modal, closed by hand; the app hears of it if it asked to."""
        view = self._modal(user_id)
        views.pop(self._world, user_id, everything=view["clear_on_close"])
        if not view["notify_on_close"]:
            return None
        payload = {**self._common("view_closed", user_id), "view": view, "is_cleared": view["clear_on_close"]}
        payload.pop("trigger_id")
        return await self._courier.deliver(Envelope("interactive", payload))

    async def shortcut(self, user_id: str, callback_id: str, *, channel_id: str, ts: str) -> Delivery:
        """A shortcut: of a message, or a global one."""
        world = self._world
        common = {"callback_id": callback_id, "action_ts": world.stamps.ts()}
        if not channel_id:
            payload = {**self._common("shortcut", user_id), **common}
            payload.pop("container", None)
            return await self._courier.deliver(Envelope("interactive", payload))
        channel = world.place(channel_id)
        message = channel.message(ts)
        if message is None:
            raise Impossible(f"there is no message {ts} in {channel_id}")
        payload = {
            **self._common("message_action", user_id),
            **common,
            "message_ts": ts,
            "message": message,
            "channel": {"id": channel_id, "name": _shown_name(channel)},
            "response_url": world.response_url(user_id, channel_id, kind="app"),
        }
        return await self._courier.deliver(Envelope("interactive", payload))

    async def suggest(self, user_id: str, action_id: str, typed: str) -> list[Wire]:
        """The options that the app offers for what was typed into an external menu of the top modal."""
        view = self._view(user_id)
        block, element = controls.element(view["blocks"], action_id, None)
        payload = {
            **self._common("block_suggestion", user_id),
            "container": {"type": "view", "view_id": view["id"]},
            "view": view,
            "action_id": element["action_id"],
            "block_id": block["block_id"],
            "value": typed,
        }
        payload.pop("trigger_id")
        delivery = await self._courier.deliver(Envelope("interactive", payload))
        options: list[Wire] = (delivery.response or {}).get("options", [])
        return options

    def _common(self, kind: str, user_id: str) -> Wire:
        world, user = self._world, self._user(user_id)
        return {
            "type": kind,
            "token": world.verification_token,
            "team": {"id": world.team_id, "domain": world.team_domain},
            "enterprise": None,
            "is_enterprise_install": False,
            "user": {"id": user_id, "username": user["name"], "name": user["name"], "team_id": world.team_id},
            "api_app_id": world.app_id,
            "trigger_id": world.trigger(user_id),
        }

    def _action(self, block: Wire, element: Wire, value: Any, state: dict[str, Wire]) -> Wire:
        """What was done to an element, which its state then shows."""
        action: Wire = {"action_id": element["action_id"], "block_id": block["block_id"], "type": element["type"]}
        if element["type"] == "button":
            action |= {name: element[name] for name in ("text", "value", "style") if name in element}
        else:
            chosen = fields.filled(element, value)
            action |= chosen
            if element["type"] != "overflow":
                state.setdefault(block["block_id"], {})[element["action_id"]] = chosen
        return {**action, "action_ts": self._world.stamps.ts()}

    def _heed(self, delivery: Delivery, user_id: str, channel_id: str) -> None:
        try:
            answers.acknowledged(self._world, user_id, channel_id, delivery.response)
        except Refusal as refusal:
            delivery.error = refusal.error

    def _follow(self, user_id: str, view: Wire, delivery: Delivery) -> None:
        """Do with the modal what the app's acknowledgement says."""
        world, answer = self._world, delivery.response or {}
        if world.modals.get(user_id, [None])[-1:] != [view] and answer.get("response_action") is None:
            return
        try:
            match answer.get("response_action"):
                case "errors":
                    world.view_errors[user_id] = dict(answer.get("errors") or {})
                    world.changed("view errors")
                case "update":
                    views.replace(world, view, views.check_view(answer.get("view"), kind="modal"))
                case "push":
                    views.put(world, user_id, views.check_view(answer.get("view"), kind="modal"), on_top=True)
                case "clear":
                    views.pop(world, user_id, everything=True)
                case None:
                    views.pop(world, user_id)
                case other:
                    delivery.error = f"invalid response_action: {other}"
        except Refusal as refusal:
            complaints = refusal.more.get("response_metadata", {}).get("messages", [])
            delivery.error = " ".join([refusal.error, *complaints])

    def _user(self, user_id: str) -> Wire:
        user = self._world.users.get(user_id)
        if user is None:
            raise Impossible(f"there is no user {user_id}")
        return user

    def _modal(self, user_id: str) -> Wire:
        stack = self._world.modals.get(user_id)
        if not stack:
            raise Impossible(f"no view is open in front of {user_id}")
        return stack[-1]

    def _view(self, user_id: str) -> Wire:
        home = self._world.homes.get(user_id)
        return home if home is not None and not self._world.modals.get(user_id) else self._modal(user_id)


def _shown_name(channel: Channel) -> str:
    return {"im": "directmessage", "private": "privategroup"}.get(channel.kind, channel.name)
