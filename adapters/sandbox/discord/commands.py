"""Application commands: registering them, strictly."""

import re
from datetime import timedelta
from typing import Any

from adapters.sandbox.discord import limits
from adapters.sandbox.discord.errors import Wire, refusal
from adapters.sandbox.discord.forms import Problems, joined, listed, mapping, number, one_of, text, wrong
from adapters.sandbox.discord.world import World

NAME = re.compile(r"^[-_'\w]{1,32}$")
"""Discord's own: letters of any script, digits, dash, underscore, apostrophe; then it wants them in lower case."""
CHAT_INPUT, USER_MENU, MESSAGE_MENU = 1, 2, 3
SUBCOMMAND, GROUP, STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = range(1, 12)
NOTICE = "COMMANDS_UPDATE"
DEFAULTS: Wire = {
    "name_localizations": None,
    "description_localizations": None,
    "default_member_permissions": None,
    "nsfw": False,
    "contexts": None,
    "integration_types": [0],
}


def check(form: Wire, *, path: str = "") -> Wire:
    """One command as Discord keeps it, without ids; raises 50035."""
    problems = Problems()
    kind = one_of(problems, form, key="type", path=path, choices=(1, 2, 3), default=CHAT_INPUT)
    if kind == CHAT_INPUT:
        _check_name(problems, form, path=path)
        _check_description(problems, form, path=path)
        _check_options(problems, form, path=path, depth=0)
        if _weight(form) > limits.COMMAND_TOTAL:
            words = f"Command exceeds maximum size ({limits.COMMAND_TOTAL})"
            problems.at(path, "APPLICATION_COMMAND_TOO_LARGE", words)
    else:
        text(problems, form, key="name", path=path, low=1, high=limits.COMMAND_NAME, required=True)
        if form.get("description"):
            words = "Context menu commands cannot have description"
            problems.at(joined(path, "description"), "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION", words)
    problems.check()
    known = (*DEFAULTS, "name", "dm_permission")
    kept = {key: form[key] for key in known if key in form}
    more = {"type": kind, "description": form.get("description") or "", "options": form.get("options") or []}
    return DEFAULTS | kept | more


def _check_name(problems: Problems, form: Wire, *, path: str) -> None:
    name = text(problems, form, key="name", path=path, low=1, high=limits.COMMAND_NAME, required=True)
    if name and len(name) <= limits.COMMAND_NAME and not (NAME.match(name) and name == name.lower()):
        problems.at(joined(path, "name"), "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")


def _check_description(problems: Problems, form: Wire, *, path: str) -> None:
    text(problems, form, key="description", path=path, low=1, high=limits.COMMAND_DESCRIPTION, required=True)


def _check_options(problems: Problems, form: Wire, *, path: str, depth: int) -> None:
    options = listed(problems, form, key="options", path=path, high=limits.COMMAND_OPTIONS)
    here = joined(path, "options")
    names: set[str] = set()
    optional = False
    for index, option in enumerate(options):
        at = joined(here, index)
        _check_option(problems, option, path=at, depth=depth)
        if str(option.get("name")) in names:
            words = f"Option name {option.get('name')!r} already exists"
            problems.at(at, "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", words)
        names.add(str(option.get("name")))
        if option.get("required") and optional:
            words = "Required options must be placed before non-required options"
            problems.at(at, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", words)
        optional = optional or not option.get("required")
    kinds = {option.get("type") in (SUBCOMMAND, GROUP) for option in options}
    if len(kinds) > 1:
        words = "Sub-command and sub-command group option types are mutually exclusive to all other types"
        problems.at(here, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", words)


def _check_option(problems: Problems, option: Wire, *, path: str, depth: int) -> None:
    choices = {0: range(1, 12), 1: (*range(3, 12), 1), 2: range(3, 12)}[min(depth, 2)]
    kind = one_of(problems, option, key="type", path=path, choices=choices, default=0)
    _check_name(problems, option, path=path)
    _check_description(problems, option, path=path)
    if kind in (SUBCOMMAND, GROUP):
        _check_options(problems, option, path=path, depth=2 if kind == SUBCOMMAND else 1)
        return
    given = listed(problems, option, key="choices", path=path, high=limits.COMMAND_CHOICES)
    if given and option.get("autocomplete"):
        words = "Autocomplete and choices are mutually exclusive"
        problems.at(joined(path, "autocomplete"), "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_CHOICES", words)
    for index, choice in enumerate(given):
        here = f"{path}.choices.{index}"
        text(problems, choice, key="name", path=here, low=1, high=limits.CHOICE_TEXT, required=True)
        if kind == STRING:
            text(problems, choice, key="value", path=here, high=limits.CHOICE_TEXT, required=True)
    if kind == STRING:
        number(problems, option, key="min_length", path=path, high=6000)
        number(problems, option, key="max_length", path=path, low=1, high=6000, default=6000)


def _weight(form: Wire) -> int:
    """Characters of names, descriptions and values, as Discord sums them."""
    own = sum(len(str(form.get(key) or "")) for key in ("name", "description"))
    lists = [form[key] for key in ("options", "choices") if isinstance(form.get(key), list)]
    own += len(str(form["value"])) if isinstance(form.get("value"), str) else 0
    return own + sum(_weight(part) for parts in lists for part in parts if isinstance(part, dict))


def scope(world: World, guild_id: str) -> dict[str, Wire]:
    """The commands of a guild, or with ``""`` those for everywhere."""
    if guild_id not in world.commands:
        raise refusal(50001)
    return world.commands[guild_id]


def register(world: World, guild_id: str, *, body: Any) -> tuple[Wire, bool]:
    """Create a command, or replace the one of the same name and type; also says whether it is new."""
    held = scope(world, guild_id)
    checked = check(mapping(body))
    before = _same(held, checked)
    if before is None:
        _count_creates(world, held, fresh=[checked])
    command = _placed(world, guild_id, checked, before=before)
    held[command["id"]] = command
    world.changed(NOTICE)
    return command, before is None


def replace_all(world: World, guild_id: str, *, body: Any) -> list[Wire]:
    """Exactly these commands from now on."""
    held = scope(world, guild_id)
    if not isinstance(body, list):
        raise wrong("", "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
    checked = [check(mapping(form), path=str(index)) for index, form in enumerate(body)]
    seen: set[tuple[str, int]] = set()
    for index, one in enumerate(checked):
        if (one["name"], one["type"]) in seen:
            raise wrong(str(index), "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique")
        seen.add((one["name"], one["type"]))
    if sum(one["type"] == CHAT_INPUT for one in checked) > limits.COMMANDS:
        raise refusal(30032)
    _count_creates(world, {}, fresh=[one for one in checked if _same(held, one) is None])
    placed = [_placed(world, guild_id, one, before=_same(held, one)) for one in checked]
    world.commands[guild_id] = {command["id"]: command for command in placed}
    world.changed(NOTICE)
    return placed


def _same(held: dict[str, Wire], checked: Wire) -> Wire | None:
    alike = (c for c in held.values() if (c["name"], c["type"]) == (checked["name"], checked["type"]))
    return next(alike, None)


def _count_creates(world: World, held: dict[str, Wire], *, fresh: list[Wire]) -> None:
    if sum(c["type"] == CHAT_INPUT for c in [*held.values(), *fresh]) > limits.COMMANDS:
        raise refusal(30032)
    now = world.clock.now()
    world.command_creates = [at for at in world.command_creates if now - at < timedelta(days=1)]
    if len(world.command_creates) + len(fresh) > limits.COMMAND_CREATES_PER_DAY:
        raise refusal(30034)
    world.command_creates += [now] * len(fresh)


def _placed(world: World, guild_id: str, checked: Wire, *, before: Wire | None) -> Wire:
    """With its ids; a command that says the same as before keeps its version."""
    ids = {"id": before["id"] if before else world.ids.new(), "application_id": world.application_id}
    ids |= {"guild_id": guild_id} if guild_id else {}
    same = before is not None and {**before, **checked} == before
    return ids | {"version": before["version"] if before and same else world.ids.new()} | checked


def change(world: World, guild_id: str, *, command_id: str, body: Any) -> Wire:
    before = find(world, guild_id, command_id=command_id)
    checked = check(before | mapping(body))
    command = _placed(world, guild_id, checked, before=before)
    scope(world, guild_id)[command_id] = command
    world.changed(NOTICE)
    return command


def find(world: World, guild_id: str, *, command_id: str) -> Wire:
    command = scope(world, guild_id).get(command_id)
    if command is None:
        raise refusal(10063)
    return command


def delete(world: World, guild_id: str, *, command_id: str) -> None:
    find(world, guild_id, command_id=command_id)
    del scope(world, guild_id)[command_id]
    world.changed(NOTICE)
