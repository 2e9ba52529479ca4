"""Using buttons, selects and forms as Discord's own client lets a person use them.

What it would not let a person do raises ``ValueError`` with a sentence that says why.
"""

from typing import Any

from adapters.sandbox.discord.components import BUTTON, INPUT, LABEL, LINK, ROW, SELECTS, STRING_SELECT, walk
from adapters.sandbox.discord.errors import Wire
from adapters.sandbox.discord.invoking import Filler

USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT = 5, 6, 7, 8


def find_component(message: Wire, wanted: str) -> Wire:
    """The button or select of a message, by custom id, label or placeholder."""
    usable = [c for c in walk(message["components"]) if c.get("type") in (BUTTON, *SELECTS)]
    for key in ("custom_id", "label", "placeholder"):
        for component in usable:
            if component.get(key) == wanted:
                return component
    names = ", ".join(str(c.get("label") or c.get("custom_id")) for c in usable)
    raise ValueError(f"the message has no button or select {wanted!r}; it has: {names or 'none'}")


def press_data(component: Wire, values: Any, *, filler: Filler, resolved: Wire) -> Wire:
    """The ``data`` of a component interaction."""
    name = component.get("label") or component.get("custom_id")
    if component.get("disabled"):
        raise ValueError(f"{name!r} is disabled")
    if component.get("style") == LINK and component["type"] == BUTTON:
        raise ValueError(f"{name!r} is a link: it opens {component['url']} and tells the bot nothing")
    data: Wire = {"custom_id": component["custom_id"], "component_type": component["type"], "id": component["id"]}
    if component["type"] in SELECTS:
        data["values"] = select_values(component, values, filler=filler)
        data |= {"resolved": resolved} if resolved else {}
    return data


def select_values(select: Wire, values: Any, *, filler: Filler) -> list[str]:
    """What was chosen, as the bot receives it; options may be named by value or label."""
    wanted = [] if values is None else [str(v) for v in (values if isinstance(values, list | tuple) else [values])]
    low = select.get("min_values", 1)
    high = select.get("max_values", 1)
    if select.get("required") is False and not wanted:
        low = 0
    if not low <= len(wanted) <= high:
        raise ValueError(f"{select['custom_id']!r} takes {low} to {high} values, not {len(wanted)}")
    if select["type"] == STRING_SELECT:
        return [_option(select, one) for one in wanted]
    finders = {
        USER_SELECT: filler.user,
        ROLE_SELECT: filler.role,
        MENTIONABLE_SELECT: filler.mentionable,
        CHANNEL_SELECT: filler.channel,
    }
    for one in wanted:
        if not finders[select["type"]](one):
            raise ValueError(f"{select['custom_id']!r} cannot take {one!r}: there is no such thing")
    return wanted


def _option(select: Wire, wanted: str) -> str:
    for key in ("value", "label"):
        for option in select["options"]:
            if option[key] == wanted:
                return str(option["value"])
    labels = ", ".join(str(option["label"]) for option in select["options"])
    raise ValueError(f"{select['custom_id']!r} has no option {wanted!r}; it has: {labels}")


def modal_data(modal: Wire, values: Wire, *, filler: Filler, resolved: Wire) -> Wire:
    """The ``data`` of a submitted form; ``values`` by custom id or label, what is missing keeps its default."""
    left = dict(values)
    tops = [_top(top, left, filler=filler) for top in modal["components"]]
    if left:
        names = ", ".join(f"{label or field['custom_id']}" for label, field in fields(modal))
        raise ValueError(f"the form has no field {next(iter(left))!r}; it has: {names}")
    data = {"custom_id": modal["custom_id"], "components": tops}
    return data | ({"resolved": resolved} if resolved else {})


def fields(modal: Wire) -> list[tuple[str, Wire]]:
    """The fields of a form with their labels."""
    found: list[tuple[str, Wire]] = []
    for top in modal["components"]:
        if top["type"] == ROW:
            found += [(str(inner.get("label", "")), inner) for inner in top["components"]]
        elif top["type"] == LABEL:
            found.append((str(top.get("label", "")), top["component"]))
    return found


def _top(top: Wire, left: Wire, *, filler: Filler) -> Wire:
    told: Wire = {"type": top["type"], "id": top["id"]}
    if top["type"] == ROW:
        inner = [_field(f, left, label=str(f.get("label", "")), filler=filler) for f in top["components"]]
        return told | {"components": inner}
    if top["type"] == LABEL:
        return told | {"component": _field(top["component"], left, label=str(top.get("label", "")), filler=filler)}
    return told


def _field(field: Wire, left: Wire, *, label: str, filler: Filler) -> Wire:
    told: Wire = {"type": field["type"], "id": field["id"], "custom_id": field["custom_id"]}
    key = field["custom_id"] if field["custom_id"] in left else label
    given = left.pop(key, None)
    if field["type"] == INPUT:
        return told | {"value": _typed(field, given, label=label)}
    if field["type"] in SELECTS:
        chosen = _preset(field) if given is None else given
        return told | {"values": select_values(field, chosen, filler=filler)}
    if field["type"] in (21, 23):
        return told | {"value": field.get("default") if given is None else given}
    return told | {"values": [] if given is None else list(given)}


def _preset(select: Wire) -> list[str]:
    if select["type"] == STRING_SELECT:
        return [str(option["value"]) for option in select["options"] if option.get("default")]
    return [str(preset["id"]) for preset in select.get("default_values") or []]


def _typed(field: Wire, given: Any, *, label: str) -> str:
    value = str(field.get("value") or "") if given is None else str(given)
    name = label or field["custom_id"]
    if field.get("required", True) and not value:
        raise ValueError(f"the field {name!r} is required")
    low, high = field.get("min_length") or 0, field.get("max_length") or 4000
    if value and not low <= len(value) <= high:
        raise ValueError(f"the field {name!r} takes {low} to {high} characters, not {len(value)}")
    return value
