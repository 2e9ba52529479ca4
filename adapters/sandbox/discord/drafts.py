"""Reading the body of a message that somebody wants to send or edit, strictly."""

from dataclasses import dataclass, field
from typing import Any

from adapters.sandbox.discord import limits
from adapters.sandbox.discord.embeds import check_embeds
from adapters.sandbox.discord.errors import Wire, refusal
from adapters.sandbox.discord.forms import Problems, joined, listed, mapping, number, text
from adapters.sandbox.discord.layouts import check_components
from adapters.sandbox.discord.mentions import Allowed, check_allowed
from adapters.sandbox.discord.world import EPHEMERAL

SUPPRESS_EMBEDS = 1 << 2
LOADING = 1 << 7
SILENT = 1 << 12
V2 = 1 << 15
SETTABLE = SUPPRESS_EMBEDS | EPHEMERAL | SILENT | V2


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a request; ``index`` is its n in ``files[n]``."""

    index: str
    filename: str
    content_type: str
    data: bytes


@dataclass(slots=True)
class Draft:
    """What a message shall hold. ``given`` are the fields that the request named: an edit leaves the others alone."""

    given: frozenset[str]
    content: str = ""
    embeds: list[Wire] = field(default_factory=list)
    components: list[Wire] = field(default_factory=list)
    attachments: list[Wire] = field(default_factory=list)
    uploads: list[Upload] = field(default_factory=list)
    flags: int = 0
    nonce: str = ""
    enforce_nonce: bool = False
    tts: bool = False
    allowed: Allowed = field(default_factory=Allowed)
    reference: Any = None

    @property
    def empty(self) -> bool:
        return not (self.content or self.embeds or self.components or self.uploads or self.attachments)


def read_draft(body: Any, uploads: list[Upload], *, path: str = "", flags_before: int = 0) -> Draft:
    """The draft in a request's body; raises 50035, or 40005 for files that are too large."""
    if sum(len(upload.data) for upload in uploads) > limits.UPLOAD_BYTES:
        raise refusal(40005)
    form = mapping(body)
    problems = Problems()
    flags = number(problems, form, key="flags", path=path) & SETTABLE
    v2 = bool((flags | flags_before) & V2)
    draft = Draft(
        given=frozenset(form) | ({"attachments"} if uploads else frozenset()),
        content=text(problems, form, key="content", path=path, high=limits.CONTENT).strip(),
        embeds=check_embeds(problems, form, path=path),
        components=check_components(problems, form, path=path, v2=v2),
        attachments=listed(problems, form, key="attachments", path=path, high=limits.UPLOAD_FILES),
        uploads=uploads,
        flags=flags,
        nonce=text(problems, form, key="nonce", path=path, high=limits.NONCE),
        enforce_nonce=bool(form.get("enforce_nonce")),
        tts=bool(form.get("tts")),
        allowed=check_allowed(problems, form, path=path),
        reference=form.get("message_reference"),
    )
    if v2 and (draft.content or draft.embeds):
        words = "Legacy fields cannot be used with the IS_COMPONENTS_V2 flag"
        problems.at(joined(path, "flags"), "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", words)
    problems.check()
    return draft
