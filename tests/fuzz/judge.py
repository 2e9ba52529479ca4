"""Whether an answer is a clear one: our sentence, whole, within the platforms' limits, nothing hidden in it."""

import json
import re
from collections.abc import Iterator
from typing import Any

from adapters.discord import render as discord
from adapters.discord.answers import private
from adapters.discord.forms import modal
from adapters.sandbox.discord.drafts import read_draft
from adapters.sandbox.discord.errors import DiscordError
from adapters.sandbox.discord.modals import check_modal
from adapters.sandbox.slack.blocks import check_blocks
from adapters.sandbox.slack.check import Check
from adapters.sandbox.slack.errors import Refusal
from adapters.sandbox.slack.views import check_view
from adapters.slack import forms as slack_forms
from adapters.slack import render as slack
from bot.card import Card, Tone, plain
from bot.forms import Form
from bot.heard import Answer
from tests.fuzz.found import Wrong

INNARDS = re.compile(
    r"Traceback|<class |object at 0x|\b(?:Value|Key|Type|Attribute|Index|Runtime|Recursion|Overflow|Validation|"
    r"Unicode\w*|OS|JSONDecode|Assertion|NotImplemented)Error\b|\bException\b|pydantic|sqlalchemy|sqlite|errors\.pydantic"
)
"""What only somebody who knows the house would understand."""
NOTHING = re.compile(r"\bNone\b(?! (?:is|are|so far|of|yet|was|were|found)\b|[.,])|\b(?:NaN|nan|null)\b")
TAKEN = re.compile(f"{INNARDS.pattern}|{NOTHING.pattern}")
"""What would be taken for ours, unless somebody wrote it."""
MOST = 5_000_000
"""Characters in which that is looked for: no door reads more."""
TURNING = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
"""Characters that turn the direction of whatever stands behind them."""
ENDS = re.compile(r"[.!?…)”`’»:]\s*$")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
SURROGATE = re.compile(r"[\ud800-\udfff]")
HALF_MENTION = re.compile(r"<[@#!][^<>\s]*$")


def sentence(said: str, *, given: str = "") -> None:
    """Judge a sentence of ours; ``given`` is what was sent, whose own words may stand in it."""
    if not said.strip():
        raise Wrong("nothing is said")
    whole(said, given=given)
    if not ENDS.search(said):
        raise Wrong("it does not end", said)


def whole(said: str, *, given: str = "") -> None:
    """Judge any text that people read."""
    for pattern, what in ((INNARDS, "innards"), (NOTHING, "a value that is none")):
        found = pattern.search(said)
        if found is not None and found[0].casefold() not in given.casefold():
            raise Wrong(what, said, at=found.span())
    for pattern, what in ((TURNING, "turning"), (CONTROL, "control"), (SURROGATE, "half")):
        found = pattern.search(said)
        if found is not None:
            raise Wrong(f"a {what} character", said, at=found.span())


def answer(answered: Answer, *, given: str = "") -> str:
    """Judge what somebody is answered; returns its kind."""
    if answered.form is not None:
        form(answered.form)
        return "form"
    if answered.card is None:
        return "nothing"
    card(answered.card, given=given)
    if answered.card.tone is not Tone.ASK:
        return "done"
    if answered.card.text and isinstance(answered.card.text[-1], str):
        sentence(plain(answered.card.text), given=given)
    return "asked back"


def card(shown: Card, *, given: str = "") -> None:
    """Judge a card, and as each platform shows it."""
    said = [shown.title, plain(shown.text), plain(shown.footer)]
    said += [part for one in shown.fields for part in (one.name, plain(one.value))]
    said += [button.label for button in shown.buttons]
    if not any(part.strip() for part in said):
        raise Wrong("an empty card")
    for part in said:
        whole(part, given=given)
    in_slack(shown)
    in_discord(shown)


def in_slack(shown: Card) -> None:
    """Whether Slack takes it."""
    message, check = slack.message(shown), Check()
    json.dumps(message).encode()
    for said in _marked_up(message):
        if HALF_MENTION.search(said):
            raise Wrong("it ends within a mention", said)
    check_blocks(check, message.get("blocks", []), "/blocks")
    for attached in message.get("attachments", []):
        check_blocks(check, attached.get("blocks", []), "/attachments/blocks")
    if check.complaints:
        raise Wrong("Slack refuses it", str(check.complaints[:3]))


def _marked_up(body: Any) -> Iterator[str]:
    """Texts in which Slack reads mentions; people's own ``<`` is escaped there."""
    if isinstance(body, dict):
        if body.get("type") == "mrkdwn":
            yield str(body["text"])
        for part in body.values():
            yield from _marked_up(part)
    elif isinstance(body, list):
        for part in body:
            yield from _marked_up(part)


def in_discord(shown: Card) -> None:
    """Whether Discord takes it, as a message and as a private answer."""
    for body in (discord.message(shown, {}), private(shown, {})):
        _discord(body)


def _discord(body: dict[str, Any]) -> None:
    try:
        read_draft(json.loads(json.dumps(body)), [])
    except DiscordError as refused:
        raise Wrong("Discord refuses it", str(refused.__dict__)) from refused


def form(asked: Form) -> None:
    """Whether both platforms open a form."""
    whole(asked.title)
    try:
        check_view(slack_forms.view(asked, channel="C1"), kind="modal")
    except Refusal as refused:
        raise Wrong("Slack refuses the form", str(refused.answer)) from refused
    try:
        check_modal(json.loads(json.dumps(modal(asked))))
    except DiscordError as refused:
        raise Wrong("Discord refuses the form", str(refused.__dict__)) from refused


def http(status: int, headers: dict[str, str], body: bytes, *, given: str = "") -> str:
    """Judge what a door answers; returns the status as its kind."""
    if not 200 <= status < 500:
        raise Wrong(f"answered {status}", repr(body[:200]))
    said = body.decode()
    if status >= 400:
        kind = headers.get("content-type", "")
        if kind.startswith("application/json"):
            told = json.loads(said)
            errors = told.get("errors") or [told.get("error") or told.get("message")]
            if not all(isinstance(one, str) for one in errors):
                raise Wrong("a refusal without a sentence", said)
            for one in errors:  # those of PagerDuty's Events API are phrases, as PagerDuty's own
                (whole if "errors" in told else sentence)(str(one), given=given)
        elif kind.startswith("text/html"):
            whole(re.sub(r"<[^>]*>", " ", said), given=given)
        elif said:
            whole(said, given=given)
    return str(status)
