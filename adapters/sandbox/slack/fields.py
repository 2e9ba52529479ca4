"""What a person chose or typed, as Slack writes it into the state of a view or a message."""

from datetime import UTC, datetime
from typing import Any

from adapters.sandbox.slack.blocks import elements_of
from adapters.sandbox.slack.errors import Impossible
from adapters.sandbox.slack.model import Wire

SINGLE = {
    "users_select": "selected_user",
    "channels_select": "selected_channel",
    "conversations_select": "selected_conversation",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
}
SEVERAL = {
    "multi_users_select": "selected_users",
    "multi_channels_select": "selected_channels",
    "multi_conversations_select": "selected_conversations",
}
ONE_OPTION = ("static_select", "external_select", "radio_buttons", "overflow")
OPTIONS = ("multi_static_select", "multi_external_select", "checkboxes")
STARTS = {
    "plain_text_input": "initial_value",
    "number_input": "initial_value",
    "email_text_input": "initial_value",
    "url_text_input": "initial_value",
    "users_select": "initial_user",
    "channels_select": "initial_channel",
    "conversations_select": "initial_conversation",
    "multi_users_select": "initial_users",
    "multi_channels_select": "initial_channels",
    "multi_conversations_select": "initial_conversations",
    "datepicker": "initial_date",
    "timepicker": "initial_time",
    "datetimepicker": "initial_date_time",
    "rich_text_input": "initial_value",
    **dict.fromkeys(ONE_OPTION, "initial_option"),
    **dict.fromkeys(OPTIONS, "initial_options"),
}


def initial(blocks: list[Wire]) -> dict[str, Wire]:
    """The state in which blocks start: block id, then action id, then value."""
    values: dict[str, Wire] = {}
    for block in blocks:
        for element in elements_of(block):
            if element["type"] not in ("button", "overflow"):
                started = _written(element, element.get(STARTS.get(element["type"], "")))
                values.setdefault(block["block_id"], {})[element["action_id"]] = started
    return values


def filled(element: Wire, value: Any) -> Wire:
    """An element's value, given plainly: text, an option's value or label, a date, a list. Raises Impossible."""
    kind = element["type"]
    if value is None or value == "" or value == []:
        return _written(element, None)
    if kind in ONE_OPTION:
        return _written(element, _option(element, value))
    if kind in OPTIONS:
        return _written(element, [_option(element, one) for one in _listed(value)])
    if kind in SEVERAL:
        return _written(element, _listed(value))
    if kind == "datetimepicker":
        return _written(element, _seconds(value))
    if kind == "plain_text_input":
        return _written(element, _typed(element, str(value)))
    return _written(element, value if kind == "rich_text_input" else str(value))


def is_empty(value: Wire) -> bool:
    """Whether nothing was chosen or typed."""
    return not any(part for name, part in value.items() if name != "type")


def _written(element: Wire, value: Any) -> Wire:
    kind = element["type"]
    if kind in SINGLE:
        return {"type": kind, SINGLE[kind]: value}
    if kind in SEVERAL:
        return {"type": kind, SEVERAL[kind]: value or []}
    if kind in ONE_OPTION:
        return {"type": kind, "selected_option": value}
    if kind in OPTIONS:
        return {"type": kind, "selected_options": value or []}
    if kind == "datetimepicker":
        return {"type": kind, "selected_date_time": value}
    if kind == "rich_text_input":
        return {"type": kind, "rich_text_value": value}
    return {"type": kind, "value": value}


def _option(element: Wire, value: Any) -> Wire:
    external = "external" in element["type"]
    if isinstance(value, dict):
        # An option that the app offered, or one written as Slack writes it.
        if external:
            return value
        value = value.get("value")
    if external:
        text = {"type": "plain_text", "text": str(value), "emoji": True}
        return {"text": text, "value": str(value)}
    groups = [*(element.get("option_groups") or []), element]
    offered: list[Wire] = [option for group in groups for option in group.get("options") or []]
    for option in offered:
        if value in (option["value"], option["text"]["text"]):
            return option
    names = ", ".join(option["value"] for option in offered)
    raise Impossible(f"{element.get('action_id')} offers {names}; not {value!r}")


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple | set) else [value]


def _typed(element: Wire, text: str) -> str:
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if not least <= len(text) <= most:
        raise Impossible(f"{element.get('action_id')} takes {least} to {most} characters; these are {len(text)}")
    if "\n" in text and not element.get("multiline"):
        raise Impossible(f"{element.get('action_id')} takes a single line")
    return text


def _seconds(value: Any) -> int:
    if isinstance(value, datetime):
        return int(value.timestamp())
    if str(value).isdigit():
        return int(value)
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError as mistake:
        raise Impossible(f"not a date and time: {value!r}") from mistake
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
