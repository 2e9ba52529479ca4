"""Buttons and selects: checking them, and numbering them as Discord does."""

from collections.abc import Iterator
from itertools import count
from typing import Any

from adapters.sandbox.discord import limits
from adapters.sandbox.discord.embeds import LINKS, well_formed
from adapters.sandbox.discord.emoji import is_emoji
from adapters.sandbox.discord.errors import Wire
from adapters.sandbox.discord.forms import Problems, joined, listed, number, one_of, text

ROW, BUTTON, STRING_SELECT, INPUT = 1, 2, 3, 4
TEXT, LABEL = 10, 18
SELECTS = (3, 5, 6, 7, 8)
LINK, PREMIUM = 5, 6
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
    taken = {component["id"] for component in walk(components) if isinstance(component.get("id"), int)}
    free = (number for number in count(1) if number not in taken)
    for component in walk(components):
        if not component.get("id"):
            component["id"] = next(free)
    return components


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


def check_ids(problems: Problems, components: list[Wire], *, path: str) -> None:
    """Numbers and custom ids must be well formed, and custom ids unique."""
    seen: set[str] = set()
    for component in walk(components):
        number(problems, component, key="id", path=path, high=2**31 - 1)
        custom_id = component.get("custom_id")
        if custom_id is not None and str(custom_id) in seen:
            problems.at(path, "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
        if custom_id is not None:
            seen.add(str(custom_id))
