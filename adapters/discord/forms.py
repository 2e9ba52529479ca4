"""A form as a Discord modal, and the modal's answers back."""

from collections.abc import Iterator
from typing import Any

import discord
from discord import ui

from adapters.discord import limits
from adapters.discord.escape import clean, cut
from adapters.discord.render import custom_id
from bot.forms import Ask, Form, FormField

Json = dict[str, Any]


def modal(form: Form) -> Json:
    """The form as the data of a modal callback. Needs a running event loop, as discord.py's views do."""
    shown: ui.Modal = ui.Modal(
        title=cut(clean(form.title), limits.MODAL_TITLE) or "…", custom_id=custom_id(form.does), timeout=None
    )
    for field in form.fields:
        label: ui.Label[Any] = ui.Label(
            text=cut(clean(field.label), limits.LABEL_TEXT),
            description=cut(clean(field.hint), limits.LABEL_DESCRIPTION) or None,
            component=_choice(field) if field.ask is Ask.CHOICE and field.choices else _input(field),
        )
        shown.add_item(label)
    body: Json = shown.to_dict()
    shown.stop()
    return body


def _input(field: FormField) -> ui.TextInput[Any]:
    longest = max(1, min(field.longest, limits.TEXT_INPUT))
    return ui.TextInput(
        custom_id=field.name,
        style=discord.TextStyle.paragraph if field.ask is Ask.PARAGRAPH else discord.TextStyle.short,
        default=clean(field.initial)[:longest] or None,
        required=field.required,
        max_length=longest,
    )


def _choice(field: FormField) -> ui.Select[Any]:
    options = [
        discord.SelectOption(
            label=cut(clean(label), limits.OPTION_TEXT) or value, value=value, default=value == field.initial
        )
        for value, label in field.choices[: limits.SELECT_OPTIONS]
    ]
    return ui.Select(
        custom_id=field.name,
        options=options,
        min_values=1 if field.required else 0,
        max_values=1,
        required=field.required,
    )


def answers(components: list[Json]) -> dict[str, str]:
    """What was filled in, by the field's name; fields left empty are left out."""
    return {name: value for name, value in _values(components) if value}


def _values(components: list[Json]) -> Iterator[tuple[str, str]]:
    """Labels hold one component, the older action rows a list; a select answers with a list of values."""
    for component in components:
        inner = component.get("components") or ([component["component"]] if "component" in component else [])
        yield from _values(inner)
        name = component.get("custom_id")
        if isinstance(name, str):
            chosen = component.get("values")
            yield name, str((chosen or [""])[0] if isinstance(chosen, list) else component.get("value") or "")
