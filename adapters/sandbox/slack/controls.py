"""What a person finds in a message or a view to press, choose or fill in, by what it is called."""

from typing import Any

from adapters.sandbox.slack import fields
from adapters.sandbox.slack.blocks import elements_of
from adapters.sandbox.slack.errors import Impossible
from adapters.sandbox.slack.model import Wire


def element(blocks: list[Wire], wanted: str, value: Any) -> tuple[Wire, Wire]:
    """The element with this action_id, or else with this text on it; of several buttons the one with the value."""
    every = [(block, element) for block in blocks for element in elements_of(block)]
    found = [pair for pair in every if pair[1]["action_id"] == wanted]
    found = found or [pair for pair in every if wanted in (label(pair[1]), label(pair[0]))]
    exact = [pair for pair in found if value is not None and pair[1].get("value") == value]
    if not found:
        names = ", ".join(f"{element['action_id']} ({label(element)})" for _, element in every) or "nothing"
        raise Impossible(f"there is no {wanted!r} to press here, but {names}")
    return (exact or found)[0]


def label(part: Wire) -> str:
    """The words on a button, the hint in a menu, or the label of an input."""
    words = part.get("label") or part.get("text") or part.get("placeholder") or {}
    return str(words.get("text", "")) if isinstance(words, dict) else ""


def fill(view: Wire, values: dict[str, Any]) -> None:
    """Put values into the state. Raises :class:`Impossible` for one that has no field, and for what is left out."""
    state, left = view["state"]["values"], dict(values)
    inputs = [block for block in view["blocks"] if block["type"] == "input"]
    filled: dict[str, Wire] = {}
    for block in view["blocks"]:
        for element in elements_of(block):
            key = next((key for key in (block["block_id"], label(block), element["action_id"]) if key in left), None)
            if key is not None and element["type"] != "button":
                filled.setdefault(block["block_id"], {})[element["action_id"]] = fields.filled(element, left.pop(key))
    if left:
        raise Impossible(f"the view has no field {', '.join(left)}; it has {', '.join(label(b) for b in inputs)}")
    for block in inputs:
        given = {**state.get(block["block_id"], {}), **filled.get(block["block_id"], {})}
        if not block.get("optional") and all(fields.is_empty(value) for value in given.values()):
            raise Impossible(f"{label(block)!r} is required")
    for block_id, chosen in filled.items():
        state.setdefault(block_id, {}).update(chosen)
