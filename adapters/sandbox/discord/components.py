"""Checking the components of messages, and numbering them as Discord does."""

from collections.abc import Iterator
from itertools import count
from typing import Any

from adapters.sandbox.discord import limits
from adapters.sandbox.discord.embeds import LINKS, well_formed
from adapters.sandbox.discord.emoji import is_emoji
from adapters.sandbox.discord.errors import Wire
from adapters.sandbox.discord.forms import REQUIRED, Problems, joined, listed, number, one_of, text

ROW, BUTTON, STRING_SELECT, INPUT = 1, 2, 3, 4
SECTION, TEXT, GALLERY, FILE, SEPARATOR, CONTAINER, LABEL = 9, 10, 12, 13, 14, 17, 18
SELECTS = (3, 5, 6, 7, 8)
LINK, PREMIUM = 5, 6
V2_TOP = (ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR, CONTAINER)
INSIDE = ("components", "component", "accessory")


def walk(components: Any) -> Iterator[Wire]:
    """Every component, outer before inner, in the order of reading."""
    for component in components if isinstance(components, list) else []:
        if not isinstance(component, dict):
            continue
        yield component
        for key in INSIDE:
            inner = component.get(key)
            yield from walk(inner if isinstance(inner, list) else [inner])


def numbered(components: list[Wire]) -> list[Wire]:
    """Give each component that has none its ``id``; in place."""
    taken = {component["id"] for component in walk(components) if component.get("id")}
    free = (number for number in count(1) if number not in taken)
    for component in walk(components):
        if not component.get("id"):
            component["id"] = next(free)
    return components


def check_components(problems: Problems, body: Wire, *, path: str, v2: bool) -> list[Wire]:
    """The components of a message as Discord keeps them."""
    here = joined(path, "components")
    high = limits.V2_COMPONENTS if v2 else limits.ROWS
    components = listed(problems, body, key="components", path=path, high=high)
    for index, component in enumerate(components):
        _check_top(problems, component, path=joined(here, index), v2=v2)
    if v2:
        _check_v2(problems, components, path=here)
    check_custom_ids(problems, components, path=here)
    return numbered(components)


def _check_top(problems: Problems, component: Wire, *, path: str, v2: bool) -> None:
    kind = one_of(problems, component, key="type", path=path, choices=V2_TOP if v2 else (ROW,), default=ROW)
    if kind == ROW:
        check_row(problems, component, path=path)
    elif kind == CONTAINER:
        for index, inner in enumerate(listed(problems, component, key="components", path=path, low=1, high=40)):
            _check_top(problems, inner, path=f"{path}.components.{index}", v2=True)
    elif kind == TEXT:
        text(problems, component, key="content", path=path, high=limits.V2_TEXT, required=True)
    elif kind == SECTION and isinstance(component.get("accessory"), dict):
        accessory = component["accessory"]
        if accessory.get("type") == BUTTON:
            check_button(problems, accessory, path=joined(path, "accessory"))


def _check_v2(problems: Problems, components: list[Wire], *, path: str) -> None:
    everything = list(walk(components))
    if len(everything) > limits.V2_COMPONENTS:
        problems.at(path, "BASE_TYPE_MAX_LENGTH", f"Must be {limits.V2_COMPONENTS} or fewer in length.")
    if sum(len(str(c.get("content", ""))) for c in everything if c.get("type") == TEXT) > limits.V2_TEXT:
        words = f"The total length of all text must be {limits.V2_TEXT} or fewer."
        problems.at(path, "COMPONENT_MAX_TEXT_LENGTH", words)


def check_row(problems: Problems, row: Wire, *, path: str) -> None:
    inner = listed(problems, row, key="components", path=path, low=1, high=limits.BUTTONS_IN_ROW)
    for index, component in enumerate(inner):
        here = f"{path}.components.{index}"
        kind = one_of(problems, component, key="type", path=here, choices=(BUTTON, *SELECTS), default=BUTTON)
        if kind == BUTTON:
            check_button(problems, component, path=here)
        else:
            check_select(problems, component, path=here)
            if len(inner) > 1:
                problems.at(
                    here, "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "The specified component exceeds the maximum width"
                )


def check_button(problems: Problems, button: Wire, *, path: str) -> None:
    style = one_of(problems, button, key="style", path=path, choices=range(1, 7), default=1)
    text(problems, button, key="label", path=path, high=limits.BUTTON_LABEL)
    if not (button.get("label") or button.get("emoji") or style == PREMIUM):
        problems.at(path, "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED", "A button must have a label or an emoji")
    check_emoji(problems, button, path=path)
    if style == LINK:
        url = text(problems, button, key="url", path=path, high=limits.BUTTON_URL, required=True)
        if url and not well_formed(url, (*LINKS, "discord")):
            problems.at(joined(path, "url"), "URL_TYPE_INVALID_SCHEME", "Not a well formed URL.")
        if button.get("custom_id"):
            words = "A custom id and url cannot both be specified"
            problems.at(path, "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", words)
    elif style != PREMIUM:
        text(problems, button, key="custom_id", path=path, low=1, high=limits.CUSTOM_ID, required=True)


def check_emoji(problems: Problems, component: Wire, *, path: str) -> None:
    emoji = component.get("emoji")
    if emoji is None:
        return
    # The guild has no emoji of its own, so an id can name none.
    if not isinstance(emoji, dict) or emoji.get("id") or not is_emoji(str(emoji.get("name") or "")):
        problems.at(f"{path}.emoji.name", "COMPONENT_INVALID_EMOJI", "Invalid emoji")


def check_select(problems: Problems, select: Wire, *, path: str) -> None:
    text(problems, select, key="custom_id", path=path, low=1, high=limits.CUSTOM_ID, required=True)
    text(problems, select, key="placeholder", path=path, high=limits.SELECT_PLACEHOLDER)
    low = number(problems, select, key="min_values", path=path, high=limits.SELECT_OPTIONS, default=1)
    high = number(problems, select, key="max_values", path=path, low=1, high=limits.SELECT_OPTIONS, default=1)
    if low > high:
        problems.at(joined(path, "min_values"), "BASE_TYPE_BAD_LENGTH", "min_values must not be above max_values")
    if select.get("type") == STRING_SELECT:
        check_options(problems, select, path=path)


def check_options(problems: Problems, select: Wire, *, path: str) -> None:
    options = listed(problems, select, key="options", path=path, low=1, high=limits.SELECT_OPTIONS)
    seen: set[str] = set()
    for index, option in enumerate(options):
        here = f"{path}.options.{index}"
        text(problems, option, key="label", path=here, low=1, high=limits.SELECT_OPTION_TEXT, required=True)
        value = text(problems, option, key="value", path=here, low=1, high=limits.SELECT_OPTION_TEXT, required=True)
        text(problems, option, key="description", path=here, high=limits.SELECT_OPTION_TEXT)
        check_emoji(problems, option, path=here)
        if value in seen:
            words = "The specified option value is already used"
            problems.at(joined(here, "value"), "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", words)
        seen.add(value)


def check_custom_ids(problems: Problems, components: list[Wire], *, path: str) -> None:
    seen: set[str] = set()
    for component in walk(components):
        custom_id = component.get("custom_id")
        if custom_id is not None and str(custom_id) in seen:
            problems.at(path, "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
        if custom_id is not None:
            seen.add(str(custom_id))


def check_modal(body: Wire) -> Wire:
    """The form that a modal's callback opens; raises 50035."""
    problems = Problems()
    text(problems, body, key="title", path="data", low=1, high=limits.MODAL_TITLE, required=True)
    text(problems, body, key="custom_id", path="data", low=1, high=limits.CUSTOM_ID, required=True)
    tops = listed(problems, body, key="components", path="data", low=1, high=limits.MODAL_INPUTS)
    for index, top in enumerate(tops):
        _check_modal_top(problems, top, path=f"data.components.{index}")
    check_custom_ids(problems, tops, path="data.components")
    problems.check()
    return body | {"components": numbered(tops)}


def _check_modal_top(problems: Problems, top: Wire, *, path: str) -> None:
    kind = one_of(problems, top, key="type", path=path, choices=(ROW, TEXT, LABEL), default=LABEL)
    if kind == ROW:
        for index, inner in enumerate(listed(problems, top, key="components", path=path, low=1, high=1)):
            here = f"{path}.components.{index}"
            one_of(problems, inner, key="type", path=here, choices=(INPUT,), default=INPUT)
            text(problems, inner, key="label", path=here, low=1, high=limits.MODAL_LABEL, required=True)
            _check_input(problems, inner, path=here)
    elif kind == TEXT:
        text(problems, top, key="content", path=path, high=limits.V2_TEXT, required=True)
    else:
        text(problems, top, key="label", path=path, low=1, high=limits.MODAL_LABEL, required=True)
        text(problems, top, key="description", path=path, high=limits.MODAL_DESCRIPTION)
        _check_labelled(problems, top, path=path)


def _check_labelled(problems: Problems, label: Wire, *, path: str) -> None:
    inner = label.get("component")
    here = joined(path, "component")
    if not isinstance(inner, dict):
        problems.at(here, *REQUIRED)
        return
    kind = one_of(problems, inner, key="type", path=here, choices=(*SELECTS, INPUT, 19, 21, 22, 23), default=INPUT)
    if kind == INPUT:
        _check_input(problems, inner, path=here)
    elif kind in SELECTS:
        check_select(problems, inner, path=here)
    else:
        text(problems, inner, key="custom_id", path=here, low=1, high=limits.CUSTOM_ID, required=True)


def _check_input(problems: Problems, field: Wire, *, path: str) -> None:
    text(problems, field, key="custom_id", path=path, low=1, high=limits.CUSTOM_ID, required=True)
    one_of(problems, field, key="style", path=path, choices=(1, 2), default=0)
    text(problems, field, key="placeholder", path=path, high=limits.INPUT_PLACEHOLDER)
    low = number(problems, field, key="min_length", path=path, high=limits.INPUT_VALUE)
    high = number(problems, field, key="max_length", path=path, low=1, high=limits.INPUT_VALUE, default=4000)
    text(problems, field, key="value", path=path, low=low if field.get("value") else 0, high=high)
