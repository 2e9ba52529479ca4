"""views.open, .push, .update, .publish."""

from adapters.sandbox.slack import limits, views
from adapters.sandbox.slack.ask import Ask
from adapters.sandbox.slack.errors import Refusal
from adapters.sandbox.slack.model import Trigger, Wire


def open_view(ask: Ask) -> Wire:
    view = views.check_view(ask.json("view"), kind="modal")
    trigger = _trigger(ask)
    shown = views.put(ask.world, trigger.user, view)
    trigger.used = True
    return {"view": shown}


def push(ask: Ask) -> Wire:
    view = views.check_view(ask.json("view"), kind="modal")
    trigger = _trigger(ask)
    shown = views.put(ask.world, trigger.user, view, on_top=True)
    trigger.used = True
    return {"view": shown}


def update(ask: Ask) -> Wire:
    view = views.check_view(ask.json("view"), kind="modal")
    if not ask.text("view_id") and not ask.text("external_id"):
        ask.required("view_id")
    found = views.find(ask.world, view_id=ask.text("view_id"), external_id=ask.text("external_id"))
    if found is None or found["type"] != "modal":
        raise Refusal("not_found")
    _same_hash(ask, found)
    return {"view": views.replace(ask.world, found, view)}


def publish(ask: Ask) -> Wire:
    view = views.check_view(ask.json("view"), kind="home")
    user = ask.user("user_id")
    if user in ask.world.homes:
        _same_hash(ask, ask.world.homes[user])
    return {"view": views.publish(ask.world, user, view)}


def _same_hash(ask: Ask, view: Wire) -> None:
    """Somebody else's change in between is not overwritten by a call that names the state it knew."""
    if ask.text("hash") and ask.text("hash") != view["hash"]:
        raise Refusal("hash_conflict")


def _trigger(ask: Ask) -> Trigger:
    """The trigger, unused and fresh."""
    (trigger_id,) = ask.required("trigger_id")
    trigger = ask.world.triggers.get(trigger_id)
    if trigger is None:
        raise Refusal("invalid_trigger_id")
    if trigger.used:
        raise Refusal("exchanged_trigger_id")
    if (ask.world.now() - trigger.at).total_seconds() > limits.TRIGGER_SECONDS:
        raise Refusal("expired_trigger_id")
    return trigger
