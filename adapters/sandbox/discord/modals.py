"""Forms: checking what a modal is made of."""

from adapters.sandbox.discord import limits
from adapters.sandbox.discord.components import INPUT, LABEL, ROW, SELECTS, TEXT, check_ids, check_select, numbered
from adapters.sandbox.discord.errors import Wire
from adapters.sandbox.discord.forms import REQUIRED, Problems, joined, listed, number, one_of, text

OTHER_FIELDS = (19, 21, 22, 23)
"""File upload, radio group, checkbox group, checkbox."""


def check_modal(body: Wire) -> Wire:
    """The form that a modal's callback opens; raises 50035."""
    problems = Problems()
    text(problems, body, key="title", path="data", low=1, high=limits.MODAL_TITLE, required=True)
    text(problems, body, key="custom_id", path="data", low=1, high=limits.CUSTOM_ID, required=True)
    tops = listed(problems, body, key="components", path="data", low=1, high=limits.MODAL_INPUTS)
    for index, top in enumerate(tops):
        _check_modal_top(problems, top, path=f"data.components.{index}")
    check_ids(problems, tops, path="data.components")
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
    kind = one_of(problems, inner, key="type", path=here, choices=(*SELECTS, INPUT, *OTHER_FIELDS), default=INPUT)
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
