"""Modals and home tabs: checked, opened, stacked, and what a person has filled into them."""

from typing import Any

from adapters.sandbox.slack import limits
from adapters.sandbox.slack.blocks import check_blocks, completed, elements_of
from adapters.sandbox.slack.check import Check
from adapters.sandbox.slack.errors import Refusal
from adapters.sandbox.slack.fields import initial
from adapters.sandbox.slack.model import Wire
from adapters.sandbox.slack.world import World

KNOWN = (
    *("type", "title", "blocks", "close", "submit", "private_metadata", "callback_id", "clear_on_close"),
    *("notify_on_close", "external_id", "submit_disabled"),
)


def check_view(view: Any, *, kind: str) -> Wire:
    """A view of a kind (``modal``, ``home``), or :class:`Refusal`."""
    check = Check()
    if not isinstance(view, dict):
        raise Refusal("invalid_arguments", response_metadata={"messages": ["[ERROR] must provide an object: view"]})
    if view.get("type") != kind:
        check.say("/view/type", f"must be one of: {kind}")
    check.known(view, "/view", KNOWN)
    if kind == "modal":
        check.text(view, "title", "/view", most=limits.VIEW_TITLE)
    for name in ("submit", "close"):
        check.text(view, name, "/view", most=limits.VIEW_BUTTON, needed=False)
    check.string(view, "private_metadata", "/view", most=limits.PRIVATE_METADATA)
    check.string(view, "callback_id", "/view", most=limits.CALLBACK_ID)
    check.string(view, "external_id", "/view", most=limits.CALLBACK_ID)
    blocks = check.array(view, "blocks", "/view", least=0, most=limits.VIEW_BLOCKS)
    check_blocks(check, blocks, "/view/blocks", surface=kind)
    asks = any(isinstance(block, dict) and block.get("type") == "input" for block in blocks)
    if kind == "modal" and asks and "submit" not in view:
        check.say("/view", "missing required field: submit, as the view has input blocks")
    if check.complaints:
        raise Refusal("invalid_arguments", response_metadata={"messages": check.complaints})
    return view


def made(world: World, view: Wire) -> Wire:
    """A view as Slack keeps it."""
    blocks = completed(view["blocks"], world.stamps)
    return {
        "id": world.stamps.id("V"),
        "team_id": world.team_id,
        "type": view["type"],
        "title": view.get("title"),
        "close": view.get("close"),
        "submit": view.get("submit"),
        "blocks": blocks,
        "private_metadata": view.get("private_metadata", ""),
        "callback_id": view.get("callback_id", ""),
        "external_id": view.get("external_id", ""),
        "state": {"values": initial(blocks)},
        "hash": f"{world.stamps.ts()}.{world.stamps.secret('hash')[:8]}",
        "clear_on_close": bool(view.get("clear_on_close")),
        "notify_on_close": bool(view.get("notify_on_close")),
        "submit_disabled": bool(view.get("submit_disabled")),
        "root_view_id": None,
        "previous_view_id": None,
        "app_id": world.app_id,
        "app_installed_team_id": world.team_id,
        "bot_id": world.bot_id,
    }


def put(world: World, user: str, view: Wire, *, on_top: bool = False) -> Wire:
    """Show a modal: as the only one, or on top of the others. Raises :class:`Refusal` if the pile is full."""
    stack = world.modals.get(user, []) if on_top else []
    if len(stack) >= limits.VIEW_STACK:
        raise Refusal("push_limit_reached")
    if view.get("external_id") and find(world, external_id=view["external_id"]):
        raise Refusal("duplicate_external_id")
    shown = made(world, view)
    shown["root_view_id"] = stack[0]["id"] if stack else shown["id"]
    shown["previous_view_id"] = stack[-1]["id"] if stack else None
    world.modals[user] = [*stack, shown]
    world.view_errors.pop(user, None)
    world.changed("view opened")
    return shown


def replace(world: World, old: Wire, view: Wire) -> Wire:
    """Put other content into a view that is shown; it stays the same view, and keeps what was filled in."""
    fresh = made(world, view)
    values = fresh["state"]["values"]
    kept = {block["block_id"]: {e["action_id"] for e in elements_of(block)} for block in fresh["blocks"]}
    for block_id, fields in old["state"]["values"].items():
        for action_id, value in fields.items():
            if action_id in kept.get(block_id, ()):
                values.setdefault(block_id, {})[action_id] = value
    lasting = ("id", "root_view_id", "previous_view_id")
    old.update({name: value for name, value in fresh.items() if name not in lasting})
    world.changed("view updated")
    return old


def find(world: World, *, view_id: str = "", external_id: str = "") -> Wire | None:
    """A modal that somebody sees, or a home tab."""
    shown = [view for stack in world.modals.values() for view in stack] + list(world.homes.values())
    for view in shown:
        if (view_id and view["id"] == view_id) or (external_id and view["external_id"] == external_id):
            return view
    return None


def owner(world: World, view: Wire) -> str:
    """Who sees the modal."""
    return next(user for user, stack in world.modals.items() if any(one["id"] == view["id"] for one in stack))


def pop(world: World, user: str, *, everything: bool = False) -> None:
    """Take the top modal away, or all of them."""
    world.modals[user] = [] if everything else world.modals.get(user, [])[:-1]
    world.view_errors.pop(user, None)
    world.changed("view closed")


def publish(world: World, user: str, view: Wire) -> Wire:
    """Show a home tab."""
    known = world.homes.get(user)
    fresh = made(world, view)
    if known is not None:
        fresh["id"] = known["id"]
    fresh["root_view_id"] = fresh["id"]
    world.homes[user] = fresh
    world.changed("home published")
    return fresh
