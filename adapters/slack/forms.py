"""Forms as Slack's modals."""

from typing import Any

from pydantic import ConfigDict

from adapters.slack import limits
from adapters.slack.payloads import State
from bot.forms import Ask, Form, FormField
from bot.model import Model

CALLBACK = "form"
"""``callback_id`` of every modal of ours."""
ANSWER = "answer"
"""``action_id`` of every field; its block bears the field's name."""


class Kept(Model):
    """What a modal carries along from where it was opened to where it is sent."""

    model_config = ConfigDict(frozen=True)

    does: str
    channel: str | None = None
    message: str | None = None


def view(form: Form, *, channel: str | None = None, message: str | None = None) -> dict[str, Any]:
    """A form as a modal."""
    kept = Kept(does=form.does, channel=channel, message=message)
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": _words(form.title, limits.VIEW_TITLE),
        "submit": _words(form.submit, limits.VIEW_TITLE),
        "private_metadata": kept.model_dump_json(exclude_none=True),
        "blocks": [_input(field) for field in form.fields],
    }


def answers(state: State) -> dict[str, str]:
    """What was filled in, by field; an empty string where nothing was."""
    given: dict[str, str] = {}
    for field, actions in state.values.items():
        for answer in actions.values():
            chosen = answer.selected_option.value if answer.selected_option else answer.value
            given[field] = chosen or ""
    return given


def _input(field: FormField) -> dict[str, Any]:
    element = _select(field) if field.ask is Ask.CHOICE and field.choices else _text(field)
    return {
        "type": "input",
        "block_id": field.name,
        "label": _words(field.label, limits.LABEL),
        "optional": not field.required,
        "element": element | {"action_id": ANSWER},
    }


def _text(field: FormField) -> dict[str, Any]:
    longest = max(1, min(field.longest, limits.ANSWER))
    made: dict[str, Any] = {
        "type": "plain_text_input",
        "multiline": field.ask is Ask.PARAGRAPH,
        "max_length": longest,
    }
    if field.initial:
        made["initial_value"] = _within(field.initial, longest)
    return made | _placeholder(field)


def _select(field: FormField) -> dict[str, Any]:
    options = [
        {"text": _words(label, limits.OPTION), "value": value[: limits.OPTION_VALUE]} for value, label in field.choices
    ]
    chosen = [option for option in options if option["value"] == field.initial]
    initial = {"initial_option": chosen[0]} if chosen else {}
    return {"type": "static_select", "options": options} | initial | _placeholder(field)


def _placeholder(field: FormField) -> dict[str, Any]:
    return {"placeholder": _words(field.hint, limits.PLACEHOLDER)} if field.hint else {}


def _words(text: str, most: int) -> dict[str, Any]:
    return {"type": "plain_text", "text": _within(text, most), "emoji": False}


def _within(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
