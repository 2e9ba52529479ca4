"""The bot's first answer to an interaction, and the messages it writes afterwards with the interaction's token."""

from typing import Any

from adapters.sandbox.discord import limits
from adapters.sandbox.discord.drafts import LOADING, Draft, Upload, read_draft
from adapters.sandbox.discord.edits import apply, remove
from adapters.sandbox.discord.errors import Wire, refusal
from adapters.sandbox.discord.forms import Problems, listed, mapping, text, wrong
from adapters.sandbox.discord.interactions import AUTOCOMPLETE, COMMAND, COMPONENT, MODAL, Interaction, Interactions
from adapters.sandbox.discord.messages import CONTEXT, DEFAULT, REPLY, SLASH, add, blank, fill, reference
from adapters.sandbox.discord.modals import check_modal
from adapters.sandbox.discord.permissions import in_channel
from adapters.sandbox.discord.world import EPHEMERAL

MESSAGE, THINK, THINK_ON, UPDATE, CHOICES, FORM = 4, 5, 6, 7, 8, 9
ANSWERS = {
    COMMAND: (MESSAGE, THINK, FORM),
    COMPONENT: (MESSAGE, THINK, THINK_ON, UPDATE, FORM),
    AUTOCOMPLETE: (CHOICES,),
    MODAL: (MESSAGE, THINK, THINK_ON, UPDATE),
}
"""Which types of answer each type of interaction takes [D]."""


def answer(book: Interactions, interaction: Interaction, *, body: Any, uploads: list[Upload]) -> Wire:
    """Take the bot's first answer; returns the interaction callback resource."""
    form = mapping(body)
    kind = form.get("type")
    allowed = ANSWERS[interaction.kind]
    if interaction.kind == MODAL and interaction.source is None:
        allowed = (MESSAGE, THINK)
    if isinstance(kind, bool) or kind not in allowed:
        choices = ", ".join(str(one) for one in allowed)
        raise wrong("type", "BASE_TYPE_CHOICES", f"Value must be one of {{{choices}}}.")
    data = mapping(form.get("data") or {})
    if kind == CHOICES:
        interaction.choices = _choices(data)
    elif kind == FORM:
        interaction.modal = check_modal(data)
        book.open_modals[interaction.user_id] = interaction
    elif kind in (MESSAGE, THINK):
        interaction.message = _respond(book, interaction, data=data, uploads=uploads, think=kind == THINK)
    elif kind == UPDATE:
        _update(book, interaction, data=data, uploads=uploads)
    interaction.settle(form)
    if interaction.kind == MODAL:
        book.open_modals.pop(interaction.user_id, None)
    book.world.changed("INTERACTION_ANSWER")
    return _resource(interaction, kind=int(kind))


def _choices(data: Wire) -> list[Wire]:
    problems = Problems()
    choices = listed(problems, data, key="choices", path="data", high=limits.COMMAND_CHOICES)
    for index, choice in enumerate(choices):
        here = f"data.choices.{index}"
        text(problems, choice, key="name", path=here, low=1, high=limits.CHOICE_TEXT, required=True)
        if isinstance(choice.get("value"), str):
            text(problems, choice, key="value", path=here, high=limits.CHOICE_TEXT)
        elif choice.get("value") is None:
            problems.at(f"{here}.value", "BASE_TYPE_REQUIRED", "This field is required")
    problems.check()
    return choices


def _respond(book: Interactions, interaction: Interaction, *, data: Wire, uploads: list[Upload], think: bool) -> Wire:
    draft = read_draft(data, uploads, path="data")
    if draft.empty and not think:
        raise refusal(50006)
    if think:
        draft = Draft(frozenset(), flags=draft.flags)
    return _write(book, interaction, draft=draft, kind=_kind(interaction), loading=think)


def _kind(interaction: Interaction) -> int:
    if interaction.kind == COMMAND:
        return SLASH if interaction.payload["data"].get("type", 1) == 1 else CONTEXT
    return REPLY if interaction.source is not None else DEFAULT


def _write(book: Interactions, interaction: Interaction, *, draft: Draft, kind: int, loading: bool = False) -> Wire:
    """A new message of the bot's, for all or for this person alone."""
    world = book.world
    channel = world.channel(interaction.channel_id)
    fields: Wire = {"type": kind, "flags": LOADING if loading else 0}
    answered = interaction.message or interaction.source
    if kind == REPLY and answered is not None:
        fields |= {"message_reference": reference(world, answered), "referenced_message": dict(answered)}
    hidden = bool(draft.flags & EPHEMERAL)
    message = blank(world, channel, world.users[world.bot_id]) | fields | book.marks(interaction)
    fill(world, message, draft=draft, rights=in_channel(world, world.bot_id, channel=channel))
    if not hidden:
        return add(world, message)
    message["flags"] |= EPHEMERAL
    world.whispers.setdefault(interaction.user_id, {})[message["id"]] = message
    world.changed("EPHEMERAL_CREATE")
    return message


def _update(book: Interactions, interaction: Interaction, *, data: Wire, uploads: list[Upload]) -> None:
    source = _living(book, interaction.source)
    draft = read_draft(data, uploads, path="data", flags_before=source["flags"])
    _edit(book, source, draft=draft)


def _edit(book: Interactions, message: Wire, *, draft: Draft) -> Wire:
    channel = book.world.channel(message["channel_id"])
    rights = in_channel(book.world, book.world.bot_id, channel=channel)
    return apply(book.world, message, draft=draft, rights=rights)


def _living(book: Interactions, message: Wire | None) -> Wire:
    """The message itself, if it has not been deleted."""
    if message is None:
        raise refusal(10008)
    if message["flags"] & EPHEMERAL:
        found = book.world.whisper(message["id"])
        if found is None:
            raise refusal(10008)
        return found
    return book.world.message(message["channel_id"], message["id"])


def _resource(interaction: Interaction, *, kind: int) -> Wire:
    told: Wire = {"id": interaction.id, "type": interaction.kind}
    shown = interaction.message if kind in (MESSAGE, THINK) else interaction.source
    if kind in (CHOICES, FORM) or shown is None:
        return {"interaction": told, "resource": {"type": kind}}
    told |= {
        "response_message_id": shown["id"],
        "response_message_loading": bool(shown["flags"] & LOADING),
        "response_message_ephemeral": bool(shown["flags"] & EPHEMERAL),
        "channel_id": shown["channel_id"],
    }
    resource: Wire = {"type": kind}
    return {"interaction": told, "resource": resource if kind == THINK_ON else resource | {"message": dict(shown)}}


def original(book: Interactions, interaction: Interaction) -> Wire:
    """What ``@original`` means: the message that was answered with, or the one that was answered on."""
    kind = (interaction.response or {}).get("type")
    return _living(book, interaction.source if kind in (THINK_ON, UPDATE) else interaction.message)


def follow(book: Interactions, interaction: Interaction, *, body: Any, uploads: list[Upload]) -> Wire:
    """A further message. The first one after "thinking …" takes that message's place, as in Discord."""
    message = interaction.message
    draft = read_draft(body, uploads, flags_before=0)
    if draft.empty:
        raise refusal(50006)
    if message is not None and message["flags"] & LOADING and not interaction.followups:
        return _edit(book, _living(book, message), draft=draft)
    written = _write(book, interaction, draft=draft, kind=REPLY if message or interaction.source else DEFAULT)
    interaction.followups.append(written)
    return written


def own_message(book: Interactions, interaction: Interaction, *, message_id: str) -> Wire:
    """A message that this interaction's token may touch."""
    if message_id == "@original":
        return original(book, interaction)
    for message in (interaction.message, interaction.source, *interaction.followups):
        if message is not None and message["id"] == message_id:
            return _living(book, message)
    raise refusal(10008)


def edit_own(
    book: Interactions, interaction: Interaction, *, message_id: str, body: Any, uploads: list[Upload]
) -> Wire:
    message = own_message(book, interaction, message_id=message_id)
    return _edit(book, message, draft=read_draft(body, uploads, flags_before=message["flags"]))


def delete_own(book: Interactions, interaction: Interaction, *, message_id: str) -> None:
    remove(book.world, own_message(book, interaction, message_id=message_id))
