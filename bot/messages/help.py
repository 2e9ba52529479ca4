"""What one can type, told from the verbs themselves."""

import re
from collections.abc import Collection, Sequence
from typing import Protocol

from bot.card import Bold, Card, Code, Span, join
from bot.messages.permissions import who_may
from bot.playbook.permissions import Right
from bot.playbook.shape import Playbook

_SEVERITY = re.compile(r"\bsev\d\b")
"""A severity in a verb's usage or example, which are written in the words of the default playbook."""


class Described(Protocol):
    """What help needs to know of a verb."""

    words: tuple[str, ...]
    usage: str
    says: str
    example: str
    right: Right

    @property
    def where(self) -> str:
        """``anywhere``, or what it needs to find."""
        ...

    def offered(self, playbook: Playbook) -> bool:
        """Whether help shows it."""
        ...


def overview(
    verbs: Sequence[Described],
    about: str,
    playbook: Playbook,
    others: Sequence[Playbook] = (),
    *,
    locked: Collection[Right] = (),
) -> Card:
    """All that can be typed, or one command explained; ``others`` are the playbooks loaded besides, ``locked`` the
    rights that the reader lacks now.
    """
    wanted = about.casefold().removeprefix("/incident").strip()
    one = next((verb for verb in verbs if wanted and wanted in verb.words), None)
    if one is not None:
        return _explain(one, playbook)
    text: list[str | Span] = []
    if wanted:
        text.append(f"I know no command “{about[:60]}”. These are all:\n")
    for heading, fits in (("Anywhere", True), ("In an incident", False)):
        usages = [
            Code(text=f"{'🔒 ' if verb.right in locked else ''}{_ours(verb.usage, playbook)}")
            for verb in verbs
            if verb.offered(playbook) and (verb.where == "anywhere") is fits
        ]
        text += [Bold(text=heading), "\n", *join([(usage,) for usage in usages], "  "), "\n"]
    text += [Code(text="help COMMAND"), " tells what each does. "]
    if locked:
        text.append("🔒 is for others by the playbook's rules; help tells for whom. ")
    levels = "; ".join(f"{s.name}: {s.meaning}" for s in playbook.severities)
    text.append(f"Put a number before any of them, like #42 status. Severities of {playbook.title}: {levels}.")
    if others:
        text += [" Other playbooks: ", Code(text=f"/incident {others[0].name} {others[0].severities[0].name} …")]
        text += [
            "".join(f", {other.name}" for other in others[1:]),
            ". ",
            Code(text="/incident playbook"),
            " tells more.",
        ]
    return Card(title="What you can type after /incident", text=tuple(part for part in text if part))


def _ours(words: str, playbook: Playbook) -> str:
    """Words in which severities are called as the playbook calls them."""

    def called(found: re.Match[str]) -> str:
        return (playbook.severity(found[0]) or playbook.severities[0]).name

    return _SEVERITY.sub(called, words)


def _explain(verb: Described, playbook: Playbook) -> Card:
    others = ", ".join(verb.words[1:])
    usage, example = _ours(verb.usage, playbook), _ours(verb.example, playbook)
    text: list[str | Span] = [Code(text=f"/incident {usage}"), f"\n{verb.says.capitalize()}.\n"]
    text += ["For example: ", Code(text=example)]
    rule = who_may(verb.right, playbook)
    if rule:
        text.append(f"\n{rule}")
    if others:
        text += ["\nAlso understood: ", Bold(text=others)]
    return Card(title=verb.words[0], text=tuple(text))
