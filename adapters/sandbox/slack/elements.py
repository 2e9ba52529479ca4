"""Interactive elements, checked against Slack's limits: buttons, menus, pickers, inputs."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from adapters.sandbox.slack import limits
from adapters.sandbox.slack.check import Check
from adapters.sandbox.slack.model import Wire

DATE = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
Checker = Callable[[Check, Wire, str], None]


def check_element(check: Check, value: Any, where: str, *, allowed: tuple[str, ...]) -> None:
    """An element of one of the allowed types."""
    element = check.object(value, where)
    if element is None:
        return
    kind = element.get("type")
    if kind not in allowed or kind not in ELEMENTS:
        check.say(f"{where}/type", f"unsupported type: {kind}")
        return
    check.string(element, "action_id", where, most=limits.ACTION_ID)
    if element.get("action_id") == "":
        check.say(f"{where}/action_id", "must be more than 0 characters")
    if "confirm" in element:
        _confirm(check, element["confirm"], f"{where}/confirm")
    check.text(element, "placeholder", where, most=limits.PLACEHOLDER, needed=False)
    ELEMENTS[kind](check, element, where)


def _confirm(check: Check, value: Any, where: str) -> None:
    confirm = check.object(value, where)
    if confirm is None:
        return
    check.text(confirm, "title", where, most=limits.CONFIRM_TITLE)
    check.text(confirm, "text", where, most=limits.CONFIRM_TEXT, plain=False)
    check.text(confirm, "confirm", where, most=limits.CONFIRM_BUTTON)
    check.text(confirm, "deny", where, most=limits.CONFIRM_BUTTON)
    check.choice(confirm, "style", where, ("primary", "danger"))


def _button(check: Check, element: Wire, where: str) -> None:
    names = ("type", "text", "action_id", "url", "value", "style", "confirm", "accessibility_label")
    check.known(element, where, names)
    check.text(element, "text", where, most=limits.BUTTON_TEXT)
    check.string(element, "value", where, most=limits.BUTTON_VALUE)
    check.string(element, "url", where, most=limits.URL)
    check.string(element, "accessibility_label", where, most=limits.BUTTON_TEXT)
    check.choice(element, "style", where, ("primary", "danger"))


def _option(check: Check, value: Any, where: str, *, plain: bool) -> None:
    option = check.object(value, where)
    if option is None:
        return
    check.known(option, where, ("text", "value", "description", "url"))
    check.text(option, "text", where, most=limits.OPTION_TEXT, plain=plain)
    check.string(option, "value", where, most=limits.OPTION_VALUE, needed=True)
    check.text(option, "description", where, most=limits.OPTION_TEXT, plain=plain, needed=False)


def _options(check: Check, element: Wire, where: str, *, most: int, plain: bool = True, needed: bool = True) -> None:
    options = check.array(element, "options", where, most=most, needed=needed)
    for place, option in enumerate(options):
        _option(check, option, f"{where}/options/{place}", plain=plain)
    given = [option.get("value") for option in options if isinstance(option, dict)]
    if len(set(map(str, given))) < len(given):
        check.say(f"{where}/options", "option values must be unique")


def _select(check: Check, element: Wire, where: str) -> None:
    grouped = "option_groups" in element
    if grouped and "options" in element:
        check.say(where, "must provide only one of options, option_groups")
    _options(check, element, where, most=limits.OPTIONS, needed=not grouped)
    for place, value in enumerate(
        check.array(element, "option_groups", where, most=limits.OPTION_GROUPS, needed=False)
    ):
        group = check.object(value, f"{where}/option_groups/{place}")
        if group is not None:
            check.text(group, "label", f"{where}/option_groups/{place}", most=limits.OPTION_TEXT)
            _options(check, group, f"{where}/option_groups/{place}", most=limits.OPTIONS)
    _initial(check, element, where)


def _initial(check: Check, element: Wire, where: str) -> None:
    """An initial option must be one of the options, exactly."""
    groups = [group for group in _list(element.get("option_groups")) if isinstance(group, dict)]
    offered = [option for group in [element, *groups] for option in _list(group.get("options"))]
    chosen = [element["initial_option"]] if "initial_option" in element else _list(element.get("initial_options"))
    if any(option not in offered for option in chosen):
        check.say(where, "initial options must be among the options")


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _boxes(check: Check, element: Wire, where: str) -> None:
    _options(check, element, where, most=limits.BOXES, plain=False)
    _initial(check, element, where)


def _overflow(check: Check, element: Wire, where: str) -> None:
    _options(check, element, where, most=limits.OVERFLOW_OPTIONS)


def _date(check: Check, element: Wire, where: str) -> None:
    _matches(check, element, "initial_date", where, DATE)


def _time(check: Check, element: Wire, where: str) -> None:
    _matches(check, element, "initial_time", where, TIME)


def _matches(check: Check, element: Wire, name: str, where: str, pattern: re.Pattern[str]) -> None:
    value = element.get(name)
    if value is not None and not (isinstance(value, str) and pattern.fullmatch(value)):
        check.say(f"{where}/{name}", "has an invalid format")


def _plain_input(check: Check, element: Wire, where: str) -> None:
    check.string(element, "initial_value", where, most=limits.INPUT_LENGTH)
    for name, least in (("min_length", 0), ("max_length", 1)):
        value = element.get(name)
        if value is not None and not (isinstance(value, int) and least <= value <= limits.INPUT_LENGTH):
            check.say(f"{where}/{name}", f"must be between {least} and {limits.INPUT_LENGTH}")


def _number_input(check: Check, element: Wire, where: str) -> None:
    if not isinstance(element.get("is_decimal_allowed"), bool):
        check.say(where, "missing required field: is_decimal_allowed")


def _anything(check: Check, element: Wire, where: str) -> None:
    """Nothing more to check."""


def _external(check: Check, element: Wire, where: str) -> None:
    least = element.get("min_query_length", 0)
    if not isinstance(least, int) or least < 0:
        check.say(f"{where}/min_query_length", "must be a number, 0 or more")


ELEMENTS: Mapping[str, Checker] = {
    "button": _button,
    "static_select": _select,
    "multi_static_select": _select,
    "external_select": _external,
    "multi_external_select": _external,
    "overflow": _overflow,
    "checkboxes": _boxes,
    "radio_buttons": _boxes,
    "datepicker": _date,
    "timepicker": _time,
    "plain_text_input": _plain_input,
    "number_input": _number_input,
    **dict.fromkeys(
        (
            *("users_select", "multi_users_select", "channels_select", "multi_channels_select"),
            *("conversations_select", "multi_conversations_select", "datetimepicker"),
            *("email_text_input", "url_text_input", "rich_text_input", "file_input"),
        ),
        _anything,
    ),
}
MENUS = tuple(kind for kind in ELEMENTS if kind.endswith("_select"))
PICKERS = ("datepicker", "timepicker", "datetimepicker", "checkboxes", "radio_buttons")
SINGLE_MENUS = tuple(kind for kind in MENUS if not kind.startswith("multi_"))
IN_ACTIONS = ("button", "overflow", *SINGLE_MENUS, *(kind for kind in MENUS if kind.startswith("multi_")), *PICKERS)
IN_SECTION = IN_ACTIONS
TYPED = ("plain_text_input", "number_input", "email_text_input", "url_text_input", "rich_text_input", "file_input")
IN_INPUT = (*MENUS, *PICKERS, *TYPED)
