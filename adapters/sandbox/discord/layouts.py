"""What a message is laid out of: rows of buttons and selects, or the newer containers, sections and texts."""

from adapters.sandbox.discord import limits
from adapters.sandbox.discord.components import (
    BUTTON,
    ROW,
    TEXT,
    check_button,
    check_ids,
    check_row,
    numbered,
    walk,
)
from adapters.sandbox.discord.embeds import PICTURES, well_formed
from adapters.sandbox.discord.errors import Wire
from adapters.sandbox.discord.forms import REQUIRED, Problems, joined, listed, one_of, text

SECTION, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER = 9, 11, 12, 13, 14, 17
V2_INSIDE = (ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR)
V2_TOP = (*V2_INSIDE, CONTAINER)


def check_components(problems: Problems, body: Wire, *, path: str, v2: bool) -> list[Wire]:
    """The components of a message as Discord keeps them."""
    here = joined(path, "components")
    high = limits.V2_COMPONENTS if v2 else limits.ROWS
    components = listed(problems, body, key="components", path=path, high=high)
    for index, component in enumerate(components):
        _check_top(problems, component, path=joined(here, index), choices=V2_TOP if v2 else (ROW,))
    if v2:
        _check_totals(problems, components, path=here)
    check_ids(problems, components, path=here)
    return numbered(components)


def _check_top(problems: Problems, component: Wire, *, path: str, choices: tuple[int, ...]) -> None:
    kind = one_of(problems, component, key="type", path=path, choices=choices, default=ROW)
    if kind == ROW:
        check_row(problems, component, path=path)
    elif kind == CONTAINER:
        inner = listed(problems, component, key="components", path=path, low=1, high=limits.V2_COMPONENTS)
        for index, one in enumerate(inner):
            _check_top(problems, one, path=f"{path}.components.{index}", choices=V2_INSIDE)
    elif kind == TEXT:
        text(problems, component, key="content", path=path, high=limits.V2_TEXT, required=True)
    elif kind == SECTION:
        _check_section(problems, component, path=path)
    elif kind == GALLERY:
        for index, item in enumerate(listed(problems, component, key="items", path=path, low=1, high=10)):
            _check_media(problems, item, key="media", path=f"{path}.items.{index}")
    elif kind == FILE:
        _check_media(problems, component, key="file", path=path)


def _check_section(problems: Problems, section: Wire, *, path: str) -> None:
    for index, inner in enumerate(listed(problems, section, key="components", path=path, low=1, high=3)):
        here = f"{path}.components.{index}"
        one_of(problems, inner, key="type", path=here, choices=(TEXT,), default=TEXT)
        text(problems, inner, key="content", path=here, high=limits.V2_TEXT, required=True)
    accessory = section.get("accessory")
    here = joined(path, "accessory")
    if not isinstance(accessory, dict):
        problems.at(here, *REQUIRED)
    elif one_of(problems, accessory, key="type", path=here, choices=(BUTTON, THUMBNAIL), default=BUTTON) == BUTTON:
        check_button(problems, accessory, path=here)
    else:
        _check_media(problems, accessory, key="media", path=here)


def _check_media(problems: Problems, holder: Wire, *, key: str, path: str) -> None:
    media = holder.get(key)
    if not isinstance(media, dict) or not well_formed(str(media.get("url", "")), PICTURES):
        problems.at(f"{path}.{key}.url", "URL_TYPE_INVALID_SCHEME", "Not a well formed URL.")


def _check_totals(problems: Problems, components: list[Wire], *, path: str) -> None:
    everything = list(walk(components))
    if len(everything) > limits.V2_COMPONENTS:
        problems.at(path, "BASE_TYPE_MAX_LENGTH", f"Must be {limits.V2_COMPONENTS} or fewer in length.")
    if sum(len(str(c.get("content", ""))) for c in everything if c.get("type") == TEXT) > limits.V2_TEXT:
        why = f"The total length of all text must be {limits.V2_TEXT} or fewer."
        problems.at(path, "COMPONENT_MAX_TEXT_LENGTH", why)
