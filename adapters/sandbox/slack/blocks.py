"""Blocks, checked as strictly as Slack checks them, and completed as Slack completes them."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from typing import Any, TypeGuard

from adapters.sandbox.slack import limits
from adapters.sandbox.slack.check import Check
from adapters.sandbox.slack.elements import ELEMENTS, IN_ACTIONS, IN_INPUT, IN_SECTION, check_element
from adapters.sandbox.slack.model import Wire
from adapters.sandbox.slack.stamps import Stamps


def check_blocks(check: Check, blocks: list[Any], where: str, *, surface: str = "message") -> None:
    """Every block of a ``message``, a ``modal`` or a ``home``."""
    for place, value in enumerate(blocks):
        here = f"{where}/{place}"
        block = check.object(value, here)
        if block is None:
            continue
        kind = block.get("type")
        checker = BLOCKS.get(kind) if isinstance(kind, str) else None
        if checker is None or (surface != "message" and kind in ONLY_MESSAGES):
            check.say(f"{here}/type", f"unsupported type: {kind}")
            continue
        check.string(block, "block_id", here, most=limits.BLOCK_ID)
        checker(check, block, here)
        _unique_actions(check, block, here)
    ids = Counter(b["block_id"] for b in blocks if isinstance(b, dict) and isinstance(b.get("block_id"), str))
    for block_id, times in ids.items():
        if times > 1:
            check.say(where, f"block_id already exists: {block_id}")


def size(blocks: Any) -> int:
    """Characters of all texts in the blocks."""
    if isinstance(blocks, dict):
        own = len(blocks["text"]) if isinstance(blocks.get("text"), str) else 0
        return own + sum(size(value) for value in blocks.values())
    return sum(size(value) for value in blocks) if isinstance(blocks, list) else 0


def completed(blocks: list[Wire], stamps: Stamps) -> list[Wire]:
    """A copy with the ids and defaults that Slack adds."""
    made = deepcopy(blocks)
    for block in made:
        block.setdefault("block_id", stamps.secret("block")[:5])
        for part in _parts(block):
            if part.get("type") == "plain_text":
                part.setdefault("emoji", True)
            elif part.get("type") == "mrkdwn":
                part.setdefault("verbatim", False)
            elif is_element(part):
                part.setdefault("action_id", stamps.secret("action")[:5])
    return made


def elements_of(block: Wire) -> list[Wire]:
    """The interactive elements of a block."""
    held = [block.get("accessory"), block.get("element")]
    if block.get("type") == "actions":
        held += block["elements"] if isinstance(block.get("elements"), list) else []
    return [part for part in held if is_element(part)]


def is_element(part: Any) -> TypeGuard[Wire]:
    return isinstance(part, dict) and isinstance(part.get("type"), str) and part["type"] in ELEMENTS


def _parts(value: Any) -> Iterator[Wire]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from _parts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _parts(inner)


def _unique_actions(check: Check, block: Wire, where: str) -> None:
    ids = Counter(str(part["action_id"]) for part in elements_of(block) if "action_id" in part)
    for action_id, times in ids.items():
        if times > 1:
            check.say(f"{where}/elements", f"action_id already exists: {action_id}")


def _section(check: Check, block: Wire, where: str) -> None:
    check.known(block, where, ("type", "text", "block_id", "fields", "accessory", "expand"))
    if "text" not in block and "fields" not in block:
        check.say(where, "must define either `text` or `fields`")
    check.text(block, "text", where, most=limits.SECTION_TEXT, plain=False, needed=False)
    fields = check.array(block, "fields", where, most=limits.SECTION_FIELDS, needed=False)
    for place, value in enumerate(fields):
        check.text_object(value, f"{where}/fields/{place}", most=limits.FIELD_TEXT, plain=False)
    accessory = block.get("accessory")
    if isinstance(accessory, dict) and accessory.get("type") == "image":
        _picture(check, accessory, f"{where}/accessory")
    elif accessory is not None:
        check_element(check, accessory, f"{where}/accessory", allowed=IN_SECTION)


def _header(check: Check, block: Wire, where: str) -> None:
    check.known(block, where, ("type", "text", "block_id", "level"))
    check.text(block, "text", where, most=limits.HEADER_TEXT)


def _context(check: Check, block: Wire, where: str) -> None:
    check.known(block, where, ("type", "elements", "block_id"))
    for place, value in enumerate(check.array(block, "elements", where, most=limits.CONTEXT_ELEMENTS)):
        here = f"{where}/elements/{place}"
        if isinstance(value, dict) and value.get("type") == "image":
            _picture(check, value, here)
        else:
            check.text_object(value, here, most=limits.CONTEXT_TEXT, plain=False)


def _actions(check: Check, block: Wire, where: str) -> None:
    check.known(block, where, ("type", "elements", "block_id"))
    for place, value in enumerate(check.array(block, "elements", where, most=limits.ACTION_ELEMENTS)):
        check_element(check, value, f"{where}/elements/{place}", allowed=IN_ACTIONS)


def _divider(check: Check, block: Wire, where: str) -> None:
    check.known(block, where, ("type", "block_id"))


def _input(check: Check, block: Wire, where: str) -> None:
    check.known(block, where, ("type", "label", "element", "dispatch_action", "block_id", "hint", "optional"))
    check.text(block, "label", where, most=limits.LABEL)
    check.text(block, "hint", where, most=limits.HINT, needed=False)
    if "element" not in block:
        check.say(where, "missing required field: element")
        return
    check_element(check, block["element"], f"{where}/element", allowed=IN_INPUT)


def _picture(check: Check, part: Wire, where: str) -> None:
    if ("image_url" in part) == ("slack_file" in part):
        check.say(where, "must define either `image_url` or `slack_file`")
    check.string(part, "image_url", where, most=limits.URL)
    check.string(part, "alt_text", where, most=limits.ALT_TEXT, needed=True)


def _image(check: Check, block: Wire, where: str) -> None:
    _picture(check, block, where)
    check.text(block, "title", where, most=limits.IMAGE_TITLE, needed=False)


def _rich_text(check: Check, block: Wire, where: str) -> None:
    kinds = ("rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote")
    for place, value in enumerate(check.array(block, "elements", where, most=10_000)):
        if check.object(value, f"{where}/elements/{place}") is not None:
            check.choice(value, "type", f"{where}/elements/{place}", kinds)


def _markdown(check: Check, block: Wire, where: str) -> None:
    check.string(block, "text", where, most=limits.MARKDOWN_TEXT, needed=True)


def _other(check: Check, block: Wire, where: str) -> None:
    """A block whose insides the sandbox does not check."""


BLOCKS: Mapping[str, Callable[[Check, Wire, str], None]] = {
    "section": _section,
    "header": _header,
    "context": _context,
    "actions": _actions,
    "divider": _divider,
    "input": _input,
    "image": _image,
    "rich_text": _rich_text,
    "markdown": _markdown,
    **dict.fromkeys(("video", "file", "call", "table", "context_actions"), _other),
}
ONLY_MESSAGES = ("markdown", "file", "call", "table", "context_actions")
